// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

#include "undulith/metrology/through_focus.hpp"

using namespace undulith;
using metrology::FocusPoint;

namespace {

constexpr double kRounding = 1e-9;

template <class Function>
std::vector<FocusPoint> through(const std::vector<double>& focus_nm, Function value) {
  std::vector<FocusPoint> points;
  for (const double focus : focus_nm) points.push_back({focus, value(focus)});
  return points;
}

metrology::GaugeResult gauge(double angle_deg, double cd_error_nm, double target_cd_nm = 20) {
  metrology::GaugeResult result;
  result.gauge.angle_deg = angle_deg;
  result.status = metrology::PrintStatus::printed;
  result.target_cd_nm = target_cd_nm;
  result.cd_nm = target_cd_nm + cd_error_nm;
  result.cd_error_nm = cd_error_nm;
  return result;
}

}  // namespace

TEST_CASE("best focus by NILS: the vertex of a parabola on planes of any spacing", "[unit][metrology]") {
  const auto nils = [](double f) { return 2 - 1e-4 * (f - 12) * (f - 12); };
  CHECK(metrology::best_focus_nils_nm(through({-60, -30, -10, 0, 20, 60}, nils)).value() ==
        Approx(12).margin(kRounding));
  CHECK(metrology::best_focus_nils_nm(through({0, 10, 40}, nils)).value() == Approx(12).margin(kRounding));
}

TEST_CASE("best focus by NILS: planes far from the maximum do not move it", "[property][metrology]") {
  // An asymmetric curve: a parabola through all planes would follow its tails.
  const auto nils = [](double f) { return 2 * std::exp(-(f - 7) * (f - 7) / 3000) + 1e-6 * f * f * f; };
  const double near = metrology::best_focus_nils_nm(through({-10, 0, 10, 20}, nils)).value();
  CHECK(metrology::best_focus_nils_nm(through({-80, -60, -40, -10, 0, 10, 20, 90}, nils)).value() == near);
}

TEST_CASE("best focus by NILS: absent where the planes do not enclose the maximum", "[unit][metrology]") {
  CHECK_FALSE(metrology::best_focus_nils_nm({}));
  CHECK_FALSE(metrology::best_focus_nils_nm(through({0, 10}, [](double f) { return f; })));
  CHECK_FALSE(metrology::best_focus_nils_nm(through({-2, -1, 0, 1, 2}, [](double f) { return 1 + f * f; })));
  CHECK_FALSE(metrology::best_focus_nils_nm(through({-2, -1, 0, 1, 2}, [](double f) { return f; })));
  CHECK_FALSE(metrology::best_focus_nils_nm(through({-1, 0, 1}, [](double) { return 2.0; })));
}

TEST_CASE("best focus by CD: the extremum nearest to the middle of the planes", "[unit][metrology]") {
  const auto smallest = [](double f) { return 20 + 1e-3 * (f - 7) * (f - 7); };
  const auto largest = [](double f) { return 20 - 1e-3 * (f - 7) * (f - 7); };
  for (const std::vector<double>& focus : {std::vector<double>{-60, -20, 0, 30, 60}, {-40, 10, 20, 70}}) {
    CHECK(metrology::best_focus_cd_nm(through(focus, smallest)).value() == Approx(7).margin(kRounding));
    CHECK(metrology::best_focus_cd_nm(through(focus, largest)).value() == Approx(7).margin(kRounding));
  }
  // Isofocal: CD does not change.
  CHECK_FALSE(metrology::best_focus_cd_nm(through({-50, 0, 50}, [](double) { return 20.0; })));
  CHECK_FALSE(metrology::best_focus_cd_nm(through({-50, 0, 50}, [](double f) { return f; })));
  CHECK_FALSE(metrology::best_focus_cd_nm({}));
}

TEST_CASE("telecentricity: slope of the shift in nm per um", "[unit][metrology]") {
  auto shift = through({-50, 0, 10, 60}, [](double f) { return 0.3 - 0.004 * f; });
  CHECK(metrology::telecentricity_nm_per_um(shift).value() == Approx(-4).margin(kRounding));
  shift.resize(1);
  CHECK_FALSE(metrology::telecentricity_nm_per_um(shift));
}

TEST_CASE("H-V bias: horizontal minus vertical lines of one target", "[unit][metrology]") {
  metrology::Measurement measurement;
  // A gauge along y (90 degrees) cuts horizontal lines.
  measurement.gauges = {gauge(0, 1),    gauge(180, 2), gauge(90, -3),
                        gauge(270, -4), gauge(45, 50), gauge(90, 60, 30)};
  CHECK(metrology::hv_bias_nm(measurement, measurement.gauges[0]).value() == Approx(-5));
  SECTION("what does not print or has another feature is left out") {
    measurement.gauges[1].status = metrology::PrintStatus::merged;
    measurement.gauges[2].gauge.feature = measurement.gauges[0].gauge.feature == metrology::Feature::bright
                                              ? metrology::Feature::dark
                                              : metrology::Feature::bright;
    CHECK(metrology::hv_bias_nm(measurement, measurement.gauges[0]).value() == Approx(-5));
    measurement.gauges[3].status = metrology::PrintStatus::not_printed;
    CHECK_FALSE(metrology::hv_bias_nm(measurement, measurement.gauges[0]));
  }
}

TEST_CASE("dose to size: the dose at which CD crosses its target", "[unit][metrology]") {
  // CD of a Gaussian image at threshold 1/dose: 2 sqrt(2 ln dose), absent below dose 1.
  const auto cd = [](double dose) -> std::optional<double> {
    if (dose < 1) return {};
    return 2 * std::sqrt(2 * std::log(dose));
  };
  const double dose = metrology::dose_to_size(cd, 3, 0.5, 20).value();
  CHECK(dose == Approx(std::exp(9.0 / 8)).epsilon(1e-12));
  CHECK_FALSE(metrology::dose_to_size(cd, 3, 0.5, 2));
}
