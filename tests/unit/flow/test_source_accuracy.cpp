// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>

#include "support/job_folder.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/flow/stages.hpp"

using namespace undulith;
using Catch::Contains;

namespace {

// Lines and spaces of pitch 44 nm, space 22 nm, disc of sigma 0.8, scalar waves.
const std::string kLines =
    "[source]\nkind = \"monochromatic\"\n[illuminator]\nshape = \"conventional\"\nsigma_outer = 0.8\n"
    "[mask]\nmodel = \"thin\"\namplitudes = \"given\"\nperiod_x_nm = 44\nperiod_y_nm = 44\n"
    "[[mask.rectangle]]\nx0_nm = 11\ny0_nm = 0\nx1_nm = 33\ny1_nm = 44\n"
    "[imaging]\nfield_model = \"scalar\"\nobliquity = \"none\"\n";

// Area that discs of radii a and b share, their centres d apart.
double lens(double a, double b, double d) {
  const double x = (d * d + a * a - b * b) / (2 * d);
  return a * a * std::acos(x / a) + b * b * std::acos((d - x) / b) - d * std::sqrt(a * a - x * x);
}

// Largest error of the image against transfer coefficients in closed form (areas that discs share).
double error_of(const imaging::AerialImage& image) {
  constexpr double kSigma = 0.8, kPitchNm = 44;
  const double f = 13.5 / 0.33 / kPitchNm, area = constants::kPi * kSigma * kSigma;
  const double t01 = lens(kSigma, 1, f) / area;
  const double t11 = lens(1, 1, 2 * f) / area;  // orders +1 and -1; the lens lies within the source
  const double a0 = 0.5, a1 = 1 / constants::kPi;
  double error = 0;
  for (int i = 0; i < 44; ++i) {
    // The middle of the clear or of the dark half is at 22 nm.
    const double phase = 2 * constants::kPi * (i - 22) / kPitchNm;
    const double sign = image.series.value(22, 0) > image.series.value(0, 0) ? 1 : -1;
    const double expected = a0 * a0 + sign * 4 * a0 * a1 * t01 * std::cos(phase) +
                            2 * a1 * a1 * (t01 + t11 * std::cos(2 * phase));
    error = std::max(error, std::abs(image.series.value(i, 0) - expected));
  }
  return error;
}

}  // namespace

TEST_CASE("accuracy: reference is the most accurate", "[validation][flow]") {
  const JobFolder folder;
  const auto results = [&](const std::string& level, const char* omitted_light) {
    return flow::compute(folder
                             .read(kLines, {{"imaging.accuracy", "\"" + level + "\""},
                                            {"imaging.omitted_light", omitted_light}})
                             .job,
                         {});
  };
  // Of the points alone, then with the light that the level leaves out.
  const flow::Results standard = results("standard", "0"), reference = results("reference", "0");
  CHECK(error_of(results("reference", "1e-6").image) < 1e-6);
  CHECK(error_of(standard.image) < 1e-6);
  CHECK(error_of(reference.image) < 1e-9);
  CHECK(reference.prepared.pupil_fill.points.size() < 200000);
  CHECK(reference.prepared.pupil_fill.rim_levels == 10);
  CHECK(reference.prepared.warnings.empty());
}

TEST_CASE("accuracy: levels that give too many points are lowered with a warning", "[unit][flow]") {
  const JobFolder folder;
  // Holes of 85 nm pitch: 57 rims cross each other and are divided twelve times.
  const std::string holes =
      "[source]\nkind = \"monochromatic\"\n[mask]\nmodel = \"thin\"\nperiod_x_nm = 85\nperiod_y_nm = 85\n"
      "[[mask.rectangle]]\nx0_nm = 20\ny0_nm = 20\nx1_nm = 50\ny1_nm = 50\n";
  const flow::Prepared usual = flow::prepare(folder.read(holes, {{"illuminator.grid_points", "301"}}).job);
  CHECK(usual.pupil_fill.rim_levels == 4);
  const flow::Prepared deep = flow::prepare(
      folder.read(holes, {{"illuminator.grid_points", "301"}, {"illuminator.rim_levels", "12"}}).job);
  CHECK(deep.pupil_fill.rim_levels < 12);
  REQUIRE(!deep.warnings.empty());
  CHECK_THAT(deep.warnings.back(), Contains("illuminator.rim_levels = 12 was lowered to"));
}
