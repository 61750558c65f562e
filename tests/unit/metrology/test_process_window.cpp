// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

#include "undulith/core/error.hpp"
#include "undulith/metrology/process_window.hpp"

using namespace undulith;
using namespace undulith::metrology;

namespace {

constexpr double kPi = std::numbers::pi;

// Three beams, on axis: I = a0^2 + 4 a0 a1 cos(b F) c + 4 a1^2 c^2, c = cos(2 pi x / p); a dark line about
// p/2.
struct ThreeBeams {
  double pitch_nm, space_share, threshold;
  [[nodiscard]] std::optional<double> cd_nm(double dose, double focus_nm) const {
    const double a0 = space_share, a1 = std::sin(kPi * space_share) / kPi, s = 13.5 / pitch_nm;
    const double b = 2 * kPi / 13.5 * (1 - std::sqrt(1 - s * s));
    const double p = 4 * a0 * a1 * std::cos(b * focus_nm), q = 4 * a1 * a1, r = a0 * a0 - threshold / dose;
    const double root = p * p - 4 * q * r;
    if (root < 0) return {};
    const double c = (-p + std::sqrt(root)) / (2 * q);
    if (std::abs(c) > 1) return {};
    return pitch_nm - std::acos(c) * pitch_nm / kPi;
  }
};

FocusExposureMatrix matrix_of(const ThreeBeams& image, double target_nm, double step_nm, int n_dose) {
  FocusExposureMatrix m{.name = "line", .target_cd_nm = target_nm};
  for (double f = -200; f <= 200 + 1e-9; f += step_nm) m.focus_nm.push_back(f);
  for (int i = 0; i < n_dose; ++i) m.dose_mj_cm2.push_back(0.5 + 1.2 * i / (n_dose - 1));
  for (const double f : m.focus_nm)
    for (const double d : m.dose_mj_cm2) m.cd_nm.push_back(image.cd_nm(d, f));
  return m;
}

}  // namespace

TEST_CASE("window: three beams at pitch 64", "[validation][metrology]") {
  const FocusExposureMatrix m = matrix_of({64, 0.5, 0.25}, 32, 4, 241);
  const WindowResult result = find_windows(std::span(&m, 1), {});
  const FeatureWindow& line = result.features.front();
  CHECK(line.best_focus_cd_nm.value_or(99) == Approx(0).margin(0.5));
  CHECK(line.dose_to_size_mj_cm2.value_or(0) == Approx(1).epsilon(1e-5));
  CHECK(line.isofocal_cd_nm.value_or(0) == Approx(32).margin(0.01));
  // 275.0 nm at 10 % for limits on a grid of 0.25 nm; ours are interpolated between 4 nm.
  REQUIRE(result.common.depths.size() == 3);
  CHECK(result.common.depths[2].rectangle_nm.value_or(0) == Approx(275.0).margin(4));
  const auto& curve = result.common.curves.rectangle;
  CHECK(curve.front().exposure_latitude_percent == Approx(76.63129491460361).epsilon(1e-4));
  // An ellipse has room where a rectangle's corners have none.
  for (std::size_t i = 0; i < curve.size(); ++i)
    CHECK(result.common.curves.ellipse[i].exposure_latitude_percent >=
          curve[i].exposure_latitude_percent - 0.2);
}

TEST_CASE("window: a polynomial is its own Bossung fit", "[validation][metrology]") {
  FocusExposureMatrix m{.name = "g", .target_cd_nm = 20};
  for (int f = -3; f <= 3; ++f) m.focus_nm.push_back(20 * f);
  for (int d = 0; d < 9; ++d) m.dose_mj_cm2.push_back(24 + 2 * d);
  for (const double f : m.focus_nm)
    for (const double d : m.dose_mj_cm2)
      m.cd_nm.push_back(20 - 8 * (1 - 32 / d) + 4e-4 * f * f * (1 - 32 / d) + 1e-3 * f);
  const BossungFit fit = fit_bossung(m);
  CHECK(fit.rms_nm < 1e-9);
  CHECK(fit.cd_nm(31, 29) ==
        Approx(20 - 8 * (1 - 32.0 / 29) + 4e-4 * 961 * (1 - 32.0 / 29) + 0.031).epsilon(1e-9));
}

TEST_CASE("window: overlap keeps what all features share", "[unit][metrology]") {
  const DoseLimits a{
      .name = "a", .focus_nm = {0, 10, 20}, .low_mj_cm2 = {10, 11, 12}, .high_mj_cm2 = {14, 14, 14}},
      b{.name = "b",
        .focus_nm = {0, 10, 20},
        .low_mj_cm2 = {12, 12, 15},
        .high_mj_cm2 = {16, std::nullopt, 18}};
  const std::vector<DoseLimits> both{a, b}, turned{b, a};
  const DoseLimits common = overlap(both);
  CHECK(common.low_mj_cm2[0] == 12);
  CHECK(common.high_mj_cm2[0] == 14);
  CHECK_FALSE(common.low_mj_cm2[1].has_value());
  CHECK_FALSE(common.low_mj_cm2[2].has_value());  // 15 is above 14
  CHECK(overlap(turned).low_mj_cm2 == common.low_mj_cm2);
}

TEST_CASE("window: a feature that never prints has no window, and no number", "[unit][metrology]") {
  FocusExposureMatrix m{
      .name = "g", .target_cd_nm = 20, .focus_nm = {-10, 0, 10}, .dose_mj_cm2 = {10, 20, 30}};
  m.cd_nm.resize(9);
  CHECK_THROWS_AS(find_windows(std::span(&m, 1), {}), InputError);
  // Beside one that prints it is told, and leaves no common window.
  FocusExposureMatrix other = m;
  for (auto& cd : other.cd_nm) cd = 20;
  const std::vector<FocusExposureMatrix> both{other, m};
  const WindowResult beside = find_windows(both, {});
  CHECK(beside.features[0].bossung.has_value());
  CHECK_FALSE(beside.features[1].bossung.has_value());
  CHECK_FALSE(beside.common.best.has_value());
  for (auto& cd : m.cd_nm) cd = 35;  // far from the target
  const WindowResult result = find_windows(std::span(&m, 1), {});
  CHECK_FALSE(result.common.best.has_value());
  CHECK_FALSE(result.common.depths[0].rectangle_nm.has_value());
  m.focus_nm = {0, 0, 10};
  CHECK_THROWS_AS(find_windows(std::span(&m, 1), {}), InputError);
}
