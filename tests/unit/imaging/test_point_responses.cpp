// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "support/random_mask.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/imaging/point_responses.hpp"

namespace {

using namespace undulith;
using Complex = std::complex<double>;
using imaging::ImagingParameters;
using imaging::PointResponses;

constexpr Box kCell{-5, 3, 65, 53};

illuminator::PupilFill six_points() {
  std::mt19937_64 engine(5);
  std::uniform_real_distribution<double> uniform(-0.55, 0.55);
  std::vector<illuminator::SourcePoint> points;
  for (int i = 0; i < 6; ++i)
    points.push_back({.sigma_x = uniform(engine),
                      .sigma_y = uniform(engine),
                      .weight = 0.5 + uniform(engine) / 2,
                      .stokes = {1, i < 3 ? 0.3 : 0, 0, i == 2 ? 0.5 : 0}});
  return illuminator::make_pupil_fill(points);
}

// A thick mask with one random Jones spectrum per point and one that all points share.
mask::Diffraction thick_mask() {
  mask::Diffraction mask = test::random_mask(kCell, 1);
  std::mt19937_64 engine(9);
  std::uniform_real_distribution<double> uniform(-0.3, 0.3);
  mask::ThickMask thick;
  for (int k = 0; k < 7; ++k) {
    mask::JonesSpectrum& spectrum = thick.spectra.emplace_back();
    for (std::size_t element = 0; element < 4; ++element) {
      spectrum.open[element] = element == 0 || element == 3 ? 1 + uniform(engine) / 10 : uniform(engine) / 10;
      spectrum.orders[element] = mask.amplitudes;
      for (Complex& value : spectrum.orders[element])
        value = Complex(uniform(engine), uniform(engine)) * (element == 0 || element == 3 ? 1.0 : 0.1);
    }
    if (k < 6) thick.shares.push_back({{k, 0.7}, {6, 0.3}});
  }
  mask.thick = thick;
  return mask;
}

std::vector<ImagingParameters> all_optics() {
  ImagingParameters plain{.output_pitch_nm = 2}, scalar = plain, rich = plain, shaken = plain, film = plain;
  scalar.field_model = imaging::FieldModel::scalar;
  rich.aberrations = {{7, 0.05}};
  rich.vibration_x_nm = 1.5;
  rich.vibration_y_nm = 0.5;
  rich.flare = {.tis = 0.05};
  rich.jones = {{.pauli = 1, .index = 4, .coefficient = 0.1}};
  shaken.vibration_x_nm = 9;
  film.films = {{.thickness_nm = 30, .index = Complex(0.97, 0.01)}};
  film.substrate_index = Complex(0.999, 0.002);
  film.depth_nm = 10;
  return {plain, scalar, rich, shaken, film};
}

const std::vector<imaging::ResponseSite> kSites = {{3, 11, 1, 0}, {30.3, 40.1, 0, -1}, {64, 52, 0.6, 0.8}};
// Rounding of sums of some hundred terms.
constexpr double kTolerance = 1e-11;

}  // namespace

TEST_CASE("point responses: weighted, they are the image and its slope", "[validation][imaging]") {
  const auto fill = six_points();
  for (const bool thick : {false, true})
    for (const ImagingParameters& parameters : all_optics()) {
      const mask::Diffraction mask = thick ? thick_mask() : test::random_mask(kCell, 1);
      const std::vector<imaging::ImagePlane> planes = {{0, parameters.depth_nm}, {35, parameters.depth_nm}};
      const PointResponses responses =
          imaging::compute_point_responses(mask, fill, parameters, {}, planes, kSites);
      REQUIRE(responses.n_points == fill.points.size());
      double clear = 0;
      for (std::size_t s = 0; s < fill.points.size(); ++s)
        clear += fill.points[s].weight * responses.clear[s];
      const imaging::SpectralMask spectral{.diffraction = mask};
      const auto images = imaging::compute_images(std::span(&spectral, 1), fill, parameters, planes);
      for (std::size_t plane = 0; plane < planes.size(); ++plane)
        for (std::size_t site = 0; site < kSites.size(); ++site) {
          double intensity = 0, slope = 0;
          for (std::size_t s = 0; s < fill.points.size(); ++s) {
            intensity += fill.points[s].weight * responses.intensity[responses.row(plane, site) + s];
            slope += fill.points[s].weight * responses.slope_per_nm[responses.row(plane, site) + s];
          }
          const auto& [x, y, along_x, along_y] = kSites[site];
          const math::ValueAndGradient expected = images[plane].series.value_and_gradient(x, y);
          CAPTURE(thick, plane, site);
          CHECK(intensity / clear == Approx(expected.value).margin(kTolerance));
          CHECK(slope / clear ==
                Approx(along_x * expected.d_dx + along_y * expected.d_dy).margin(kTolerance));
        }
    }
}

TEST_CASE("point responses: one position of the slit", "[unit][imaging]") {
  const auto fill = six_points();
  ImagingParameters parameters = all_optics().front(), moved = parameters;
  const imaging::FieldPosition position{.aberrations = {{9, 0.04}}};
  moved.aberrations = position.aberrations;
  const imaging::ImagePlane plane{20, 0};
  const auto here = imaging::compute_point_responses(test::random_mask(kCell, 1), fill, parameters, position,
                                                     std::span(&plane, 1), kSites),
             there = imaging::compute_point_responses(test::random_mask(kCell, 1), fill, moved, {},
                                                      std::span(&plane, 1), kSites);
  CHECK(here.intensity == there.intensity);
  CHECK(here.slope_per_nm == there.slope_per_nm);
}

TEST_CASE("point responses: one thread = many threads bit for bit", "[property][imaging]") {
  const auto fill = six_points();
  const imaging::ImagePlane plane{20, 0};
  const auto compute = [&] {
    return imaging::compute_point_responses(test::random_mask(kCell, 1), fill, {}, {}, std::span(&plane, 1),
                                            kSites);
  };
  const int n_threads = thread_count();
  set_thread_count(1);
  const auto one = compute();
  set_thread_count(5);
  const auto five = compute();
  set_thread_count(n_threads);
  CHECK(one.intensity == five.intensity);
  CHECK(one.slope_per_nm == five.slope_per_nm);
}

TEST_CASE("point responses: bad input is refused", "[unit][imaging]") {
  const imaging::ImagePlane plane{};
  const std::vector<imaging::ResponseSite> wrong = {{0, 0, 1, 1}};
  CHECK_THROWS_AS(imaging::compute_point_responses(test::random_mask(kCell, 1), six_points(), {}, {},
                                                   std::span(&plane, 1), wrong),
                  std::invalid_argument);
  CHECK_THROWS_AS(
      imaging::compute_point_responses(test::random_mask(kCell, 1), {}, {}, {}, std::span(&plane, 1), kSites),
      InputError);
}
