// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/resist/counting.hpp"
#include "undulith/resist/exposure.hpp"

using namespace undulith;
using namespace undulith::resist;

namespace {

ImageInResist open_frame(const Grid3D& grid) {
  ImageInResist image{.intensity = Field3D<double>(grid)};
  for (double& value : image.intensity.values()) value = 1;
  return image;
}

ResistParameters car() {
  ResistParameters p{.model = ResistModel::chemically_amplified};
  p.bake.n_steps = 2;
  return p;
}

struct Moments {
  double mean = 0, variance = 0;
};
// Of the local dose after blur, averaged through the film.
Moments dose_moments(const StochasticResult& one) {
  const Field3D<double>& dose = one.result.latent.dose_mj_cm2;
  const std::size_t n = dose.grid().plane_size();
  std::vector<double> column(n);
  double weights = 0;
  for (int iz = 0; iz < dose.nz(); ++iz) {
    const double weight = iz == 0 || iz == dose.nz() - 1 ? 0.5 : 1;
    weights += weight;
    for (std::size_t k = 0; k < n; ++k) column[k] += weight * dose.plane(iz)[k];
  }
  Moments m;
  for (double& value : column) m.mean += (value /= weights) / static_cast<double>(n);
  for (const double value : column)
    m.variance += (value - m.mean) * (value - m.mean) / static_cast<double>(n - 1);
  return m;
}

}  // namespace

TEST_CASE("stochastics: blurred photons vary as 1/(4 pi sigma^2 n)", "[validation][resist]") {
  const ResistParameters p = car();
  for (const double step : {1.0, 2.0}) {  // the noise must not know of the nodes
    const int n = static_cast<int>(120 / step);
    const Grid3D grid{.nx = n, .ny = n, .nz = 11, .dx = step, .dy = step, .dz = 4};
    const Moments m = dose_moments(develop_stochastic(open_frame(grid), p, 30, {.n_realisations = 1}, 0));
    // Depth counts alike: the absorbed photons of the film, all of which the column averages.
    const double absorbed = photons_per_nm2(m.mean, 13.5) * 0.00444 * 40;
    const double expected = 1 / (4 * std::numbers::pi * 6.25 * absorbed);
    // About 14400 / (4 pi 6.25) = 183 independent patches: relative error of a variance sqrt(2/183) = 10 %.
    CHECK(m.variance / (m.mean * m.mean) == Approx(expected).epsilon(0.3));
  }
}

TEST_CASE("stochastics: noise falls as one over the dose and the mean comes to the film's",
          "[property][resist]") {
  const Grid3D grid{.nx = 80, .ny = 80, .nz = 6, .dx = 1, .dy = 1, .dz = 8};
  ResistParameters p = car();
  const auto moments = [&](double dose) {
    return dose_moments(develop_stochastic(open_frame(grid), p, dose, {.n_realisations = 1}, 3));
  };
  const Moments low = moments(10), high = moments(1000);
  const double smooth = dose_moments({.result = develop(open_frame(grid), p, 1000)}).mean;
  CHECK(high.mean == Approx(smooth).epsilon(0.01));  // 400 patches of 100 times the photons
  const double ratio = (low.variance / low.mean / low.mean) / (high.variance / high.mean / high.mean);
  CHECK(ratio == Approx(100).epsilon(0.4));
}

TEST_CASE("stochastics: noise belongs to the place, not to the tile", "[property][resist]") {
  const Grid3D whole{.nx = 40, .ny = 30, .nz = 5, .dz = 10};
  Grid3D tile = whole;
  tile.nx = 20;
  tile.x0 = 20;
  ResistParameters p = car();
  p.blur.sigma_nm = 1e-9;  // no neighbours
  const auto a = develop_stochastic(open_frame(whole), p, 30, {.n_realisations = 1}, 1),
             b = develop_stochastic(open_frame(tile), p, 30, {.n_realisations = 1}, 1);
  for (int iz = 0; iz < 5; ++iz)
    for (int iy = 0; iy < 30; ++iy)
      for (int ix = 0; ix < 20; ++ix)
        REQUIRE(a.result.latent.dose_mj_cm2(iz, iy, 20 + ix) ==
                Approx(b.result.latent.dose_mj_cm2(iz, iy, ix)).margin(1e-9));
}

TEST_CASE("stochastics: one thread gives the bits of two", "[property][resist]") {
  const Grid3D grid{.nx = 30, .ny = 30, .nz = 6, .dz = 8};
  const StochasticsParameters noise{
      .n_realisations = 1, .electrons_per_photon = 3, .dose_noise = 0.02, .speckle_contrast = 0.1};
  set_thread_count(1);
  const auto one = develop_stochastic(open_frame(grid), car(), 30, noise, 2);
  set_thread_count(2);
  const auto two = develop_stochastic(open_frame(grid), car(), 30, noise, 2);
  set_thread_count(0);
  CHECK(one.counts.photons_absorbed == two.counts.photons_absorbed);
  for (std::size_t i = 0; i < grid.size(); ++i)
    REQUIRE(one.result.profile.arrival_time_s.values()[i] == two.result.profile.arrival_time_s.values()[i]);
}

TEST_CASE("stochastics: photons without electron blur are refused", "[unit][resist]") {
  ResistParameters p = car();
  p.blur.sigma_nm = 0;
  const Grid3D grid{.nx = 8, .ny = 8, .nz = 3, .dz = 20};
  CHECK_THROWS_AS(develop_stochastic(open_frame(grid), p, 30, {}, 0), InputError);
}

TEST_CASE("stochastics: linear roughness of blurred photons", "[validation][resist]") {
  // Pitch 32, V 0.9, 20 mJ/cm2, 18.1 % absorbed, sigma 4 nm: 0.4898264209303992 nm, Monte Carlo 0.4933(24).
  CHECK(linear_ler_nm(1.230086383279061, 4, 0.129815055742965) == Approx(0.4898264209303992).epsilon(1e-9));
}
