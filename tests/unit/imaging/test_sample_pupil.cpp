// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <stdexcept>

#include "undulith/imaging/imaging.hpp"

using namespace undulith;
using namespace undulith::imaging;

namespace {

// n samples a side miss the rim of the disc by a share of about 1/n of its radius.
constexpr int kSamples = 201;
constexpr double kRim = 0.01;

}  // namespace

TEST_CASE("sampled pupil: rms of an aberration, hole and rim", "[unit][imaging]") {
  ImagingParameters parameters;
  parameters.aberrations = {{.index = 9, .waves = 0.02}};
  parameters.obliquity = Obliquity::none;
  const SampledPupil pupil = sample_pupil(parameters, 13.5, kSamples);
  CHECK(pupil.rms_waves == Approx(0.02 / std::sqrt(5.0)).epsilon(kRim));
  const int middle = kSamples / 2;
  // Spherical aberration 6 rho^4 - 6 rho^2 + 1: 1 in the centre, mean 0 over the full disc.
  CHECK(pupil.waves(middle, middle) == Approx(0.02).epsilon(kRim));
  CHECK(std::isnan(pupil.waves(0, 0)));
  CHECK(pupil.amplitude(0, 0) == 0);
  CHECK(pupil.amplitude(middle, middle) == 1);

  parameters.obscuration.radius = 0.3;
  const SampledPupil ring = sample_pupil(parameters, 13.5, kSamples);
  CHECK(ring.amplitude(middle, middle) == 0);
  CHECK(std::isnan(ring.waves(middle, middle)));
  CHECK(ring.amplitude(middle, middle + 35) == 1);

  CHECK_THROWS_AS(sample_pupil(parameters, 13.5, 4), std::invalid_argument);
}

TEST_CASE("sampled pupil: x points right and y up; Jones terms count", "[unit][imaging]") {
  ImagingParameters parameters;
  parameters.obliquity = Obliquity::none;
  parameters.aberrations = {{.index = 3, .waves = 0.1}};                   // tilt along y
  parameters.jones = {{.pauli = 0, .index = 2, .coefficient = {0.2, 0}}};  // amplitude 1 + 0.2 x
  const SampledPupil pupil = sample_pupil(parameters, 13.5, kSamples);
  const Grid2D& grid = pupil.waves.grid();
  const int high = 150, middle = kSamples / 2;
  constexpr double kRounding = 1e-12;
  CHECK(std::abs(pupil.waves(high, middle) - 0.1 * grid.y(high)) < kRounding);
  CHECK(std::abs(pupil.amplitude(middle, high) - (1 + 0.2 * grid.x(high))) < kRounding);
  CHECK(pupil.amplitude(middle, high) > 1.05);
  // A Jones term along the unit matrix that is imaginary is a phase: i c is c/(2 pi) waves for small c.
  parameters.aberrations.clear();
  parameters.jones = {{.pauli = 0, .index = 2, .coefficient = {0, 0.01}}};
  const SampledPupil phase = sample_pupil(parameters, 13.5, kSamples);
  CHECK(phase.waves(middle, high) ==
        Approx(std::atan(0.01 * grid.x(high)) / (2 * std::acos(-1.0))).epsilon(1e-9));
}
