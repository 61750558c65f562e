// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "undulith/metrology/profile.hpp"
#include "undulith/metrology/roughness.hpp"
#include "undulith/resist/resist.hpp"

using namespace undulith;
using namespace undulith::metrology;

namespace {

constexpr double kPitchNm = 32, kLengthNm = 96, kFilmNm = 24, kDose = 16;

// Dense spaces about the middle of the cell, with voxels of this side.
resist::ImageInResist spaces(double voxel_nm) {
  const auto cells = [&](double length) { return static_cast<int>(std::lround(length / voxel_nm)); };
  resist::ImageInResist image{.intensity = Field3D<double>(Grid3D{.nx = cells(kPitchNm),
                                                                  .ny = cells(kLengthNm),
                                                                  .nz = cells(kFilmNm) + 1,
                                                                  .dx = voxel_nm,
                                                                  .dy = voxel_nm,
                                                                  .dz = voxel_nm})};
  const Grid3D& grid = image.intensity.grid();
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix)
        image.intensity(iz, iy, ix) = 0.4 - 0.36 * std::cos(2 * std::numbers::pi * ix / grid.nx);
  return image;
}

resist::ResistParameters generic() {
  resist::ResistParameters p{.model = resist::ResistModel::chemically_amplified};
  p.film.thickness_nm = kFilmNm;
  p.bake.n_steps = 12;
  return p;
}

const Gauge kAcross{.name = "space", .x_nm = kPitchNm / 2, .y_nm = kLengthNm / 2, .length_nm = kPitchNm - 1};

struct Edges {
  RoughnessResult roughness;
  double mean_cd_nm = 0;
};

Edges edges_of(const resist::ImageInResist& image, const resist::ResistParameters& parameters, double dose,
               int n_realisations) {
  std::vector<std::vector<double>> edges;
  Edges out;
  double step_nm = 1;
  for (int k = 0; k < n_realisations; ++k) {
    const auto one = develop_stochastic(image, parameters, dose, {.n_realisations = n_realisations}, k);
    const EdgeTrace trace = trace_edges(one.result.profile, kAcross, 0.5);
    CHECK(trace.n_missing == 0);
    step_nm = trace.step_nm;
    for (std::size_t i = 0; i < trace.left_nm.size(); ++i)
      out.mean_cd_nm += (trace.right_nm[i] - trace.left_nm[i]) /
                        (static_cast<double>(trace.left_nm.size()) * n_realisations);
    edges.push_back(trace.left_nm);
    edges.push_back(trace.right_nm);
  }
  out.roughness = analyse_roughness(edges, step_nm, false);
  return out;
}

}  // namespace

TEST_CASE("stochastics: edges are as rough on voxels of half the side", "[property][metrology]") {
  // Eight voxels for one: counts that were not those of their volume would make edges 8^(1/2) as rough.
  constexpr int kRealisations = 8;
  const Edges coarse = edges_of(spaces(1), generic(), kDose, kRealisations),
              fine = edges_of(spaces(0.5), generic(), kDose, kRealisations);
  const double error_nm = std::hypot(coarse.roughness.standard_error_nm, fine.roughness.standard_error_nm);
  CHECK(error_nm < 0.1 * fine.roughness.biased_nm);  // or the next line says nothing
  CHECK(std::abs(coarse.roughness.biased_nm - fine.roughness.biased_nm) < 3 * error_nm);
  CHECK(coarse.roughness.step_nm == 2 * fine.roughness.step_nm);
}

TEST_CASE("stochastics: with more of everything edges come to those of the smooth film",
          "[property][metrology]") {
  // Dose times k, sensitivity over k, molecules times k: the same film on average, with a k-th of the
  // variance.
  const resist::ImageInResist image = spaces(1);
  resist::ResistParameters p = generic();
  p.film.front_step_nm = 1;  // noisy films have no closer nodes: the smooth one must not either
  const EdgeTrace smooth = trace_edges(develop(image, p, kDose).profile, kAcross, 0.5);
  const double smooth_cd_nm = smooth.right_nm.front() - smooth.left_nm.front();
  const auto many = [&](double k) {
    resist::ResistParameters more = p;
    more.exposure.dill_c_cm2_mj /= k;
    more.exposure.pag_per_nm3 *= k;
    return edges_of(image, more, k * kDose, 3);
  };
  const Edges few = many(9), most = many(81);
  // 3 for nine times as many; six edges of some 15 correlation lengths tell sigma to 7 %, the ratio to 10 %.
  CHECK(few.roughness.biased_nm / most.roughness.biased_nm == Approx(3).epsilon(0.3));
  // A mean of six edges of 96 nm: sigma / sqrt(90), of two edges' distance twice that; three of these.
  CHECK(std::abs(most.mean_cd_nm - smooth_cd_nm) < 3 * 2 * most.roughness.biased_nm / std::sqrt(90));
}
