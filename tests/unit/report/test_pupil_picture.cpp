// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <limits>

#include "picture_inputs.hpp"

using namespace undulith;
using namespace undulith::report;
using namespace undulith::test;

namespace {

constexpr int kSamples = 100;
constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// Tilt along x of 10 mwaves at the rim, a hole of radius 0.3, amplitude 1 + 0.1 y.
imaging::SampledPupil tilted() {
  const double step = 2.0 / kSamples;
  const Grid2D grid{Plane::pupil, kSamples, kSamples, -1 + step / 2, -1 + step / 2, step, step};
  imaging::SampledPupil pupil{Field2D<double>(grid, kNothing), Field2D<double>(grid), 0.005};
  for (int iy = 0; iy < kSamples; ++iy) {
    for (int ix = 0; ix < kSamples; ++ix) {
      const double x = grid.x(ix), y = grid.y(iy), r = std::hypot(x, y);
      if (r > 1 || r < 0.3) continue;
      pupil.waves(iy, ix) = 0.01 * x;
      pupil.amplitude(iy, ix) = 1 + 0.1 * y;
    }
  }
  return pupil;
}

illuminator::PupilFill one_point() {
  illuminator::PupilFill fill;
  fill.points = {{0, 0.7, 1, {}}};
  return fill;
}

}  // namespace

TEST_CASE("pupil picture of the optics: colours, hole, source point", "[unit][report]") {
  const Picture picture = draw_pupil(tilted(), one_point(), 0.55, 13.5, {.title = "tilt"});
  CHECK(picture.text.at("Title") == "Projection pupil — tilt");
  const DataBox box(picture, "sigma");
  const auto at = [&](double x, double y) { return pixel(picture.image, box.row(y), box.column(x)); };
  // Orange is ahead, blue behind, white the mean; samples are 0.02 wide.
  constexpr int kOneSample = 12;
  CHECK(difference(at(0.95, 0), colour_of(ColourMap::blue_orange, 0.975)) < kOneSample);
  CHECK(difference(at(-0.95, 0), colour_of(ColourMap::blue_orange, 0.025)) < kOneSample);
  CHECK(difference(at(0.01, -0.6), colour_of(ColourMap::blue_orange, 0.5)) < kOneSample);
  const Rgb hole = at(0, 0), outside = at(1.05, 1.05);
  CHECK(hole.red == hole.blue);
  CHECK(hole.red < outside.red);
  CHECK(at(0, 0.7) == Rgb{0, 0, 0});  // the source point
}

TEST_CASE("pupil picture of the optics: perfect optics get no colours, nonsense is refused",
          "[unit][report]") {
  imaging::SampledPupil pupil = tilted();
  for (double& value : pupil.waves.values()) value *= 1e-14;
  const Picture picture = draw_pupil(pupil, one_point(), 0.33, 13.5, {});
  const DataBox box(picture, "sigma");
  const Rgb white = colour_of(ColourMap::blue_orange, 0.5);
  CHECK(difference(pixel(picture.image, box.row(0), box.column(0.9)), white) <= 1);
  pupil.amplitude = Field2D<double>(pupil.amplitude.grid());
  CHECK_THROWS_AS(draw_pupil(pupil, one_point(), 0.33, 13.5, {}), std::invalid_argument);
  CHECK_THROWS_AS(draw_pupil({}, one_point(), 0.33, 13.5, {}), std::invalid_argument);
}
