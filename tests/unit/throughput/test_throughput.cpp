// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "undulith/core/error.hpp"
#include "undulith/throughput/throughput.hpp"

using namespace undulith;
using namespace undulith::throughput;
using Catch::Matchers::Contains;

namespace {

/// Some ten roundings of numbers of order one.
constexpr double kRounding = 1e-12;

ScannerParameters random_scanner(std::mt19937_64& random) {
  const auto between = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  ScannerParameters s;
  s.dose_mj_cm2 = between(5, 120);
  s.n_fields = static_cast<int>(between(1, 250));
  s.field_width_mm = between(5, 30);
  s.field_height_mm = between(5, 35);
  s.slit_height_mm = between(0.5, 3);
  s.max_scan_speed_mm_s = between(100, 2000);
  s.field_overhead_s = between(0, 0.2);
  s.wafer_overhead_s = between(0, 20);
  return s;
}

}  // namespace

TEST_CASE("throughput: one wafer by hand", "[validation][throughput]") {
  ScannerParameters s;
  s.dose_mj_cm2 = 30;
  s.max_scan_speed_mm_s = 1000;
  s.field_overhead_s = 0.06;
  s.wafer_overhead_s = 8;
  // 3.9 W over 26 mm give 0.15 W/mm; 30 mJ/cm^2 = 3e-4 J/mm^2: 500 mm/s. 96 fields of 35 mm: 6.72 s.
  const Throughput t = compute_throughput(s, 3.9);
  CHECK(t.exposure_speed_mm_s == Approx(500).epsilon(kRounding));
  CHECK(t.scan_speed_mm_s == Approx(500).epsilon(kRounding));
  CHECK(t.limit == Limit::power);
  CHECK(t.exposure_s == Approx(0.004).epsilon(kRounding));
  CHECK(t.wafer_s == Approx(96 * 35 / 500.0 + 96 * 0.06 + 8).epsilon(kRounding));
  CHECK(t.wafers_per_hour == Approx(3600 / t.wafer_s).epsilon(kRounding));
  CHECK(t.useful_wafer_power_w == Approx(7.8).epsilon(kRounding));
  CHECK(t.wafers_per_hour_limit == Approx(3600 / (3.36 + 5.76 + 8)).epsilon(kRounding));
}

TEST_CASE("throughput: energy of a wafer", "[validation][throughput]") {
  // 96 fields of 26 mm by 33 mm are 823.68 cm^2: 24.7 J at 30 mJ/cm^2, whatever the power. A slit of no
  // height wastes nothing at the ends of a field.
  ScannerParameters s;
  s.dose_mj_cm2 = 30;
  s.slit_height_mm = 1e-9;
  s.field_overhead_s = s.wafer_overhead_s = 0;
  for (const double power_w : {0.01, 0.3, 4.0})
    CHECK(power_w * compute_throughput(s, power_w).wafer_s == Approx(24.7104).epsilon(1e-9));
  // A slit of 2 mm lights 35 mm for each 33 mm.
  s.slit_height_mm = 2;
  CHECK(4 * compute_throughput(s, 4).wafer_s == Approx(24.7104 * 35 / 33).epsilon(kRounding));
}

TEST_CASE("throughput: without light no wafers, and every number finite", "[unit][throughput]") {
  // 1e-320 is subnormal: the quotient of a path and the speed it gives would overflow.
  for (const double power_w : {0.0, 1e-320, 1e-31}) {
    const Throughput t = compute_throughput({}, power_w);
    CHECK(t.wafers_per_hour == 0);
    CHECK(t.wafer_s == 0);
    CHECK(t.exposure_s == 0);
    CHECK(t.limit == Limit::power);
    CHECK(t.wafers_per_hour_limit > 0);
  }
  const Throughput faint = compute_throughput({}, 1e-29);
  CHECK(std::isfinite(faint.wafer_s));
  CHECK(faint.wafers_per_hour > 0);
  CHECK(affordable_dose_mj_cm2({}, 0, 100) == 0);
  CHECK(scanners_per_source({}, 0, 100) == 0);
}

TEST_CASE("throughput: more power never costs wafers, and the stage is the limit", "[property][throughput]") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 200; ++i) {
    const ScannerParameters s = random_scanner(random);
    double before = 0;
    for (double power_w = 1e-3; power_w < 1e4; power_w *= 1.7) {
      const Throughput t = compute_throughput(s, power_w);
      REQUIRE(std::isfinite(t.wafers_per_hour));
      REQUIRE(t.wafers_per_hour >= before);
      REQUIRE(t.wafers_per_hour <= t.wafers_per_hour_limit * (1 + kRounding));
      if (power_w < t.useful_wafer_power_w * (1 - kRounding)) {
        REQUIRE(t.limit == Limit::power);
        REQUIRE(t.wafers_per_hour > before);
      }
      before = t.wafers_per_hour;
    }
    const Throughput unlimited = compute_throughput(s, 1e12);
    CHECK(unlimited.limit == Limit::stage);
    CHECK(unlimited.wafers_per_hour == Approx(unlimited.wafers_per_hour_limit).epsilon(kRounding));
    // The limit is that of the stage and does not know the dose.
    ScannerParameters other = s;
    other.dose_mj_cm2 *= 3;
    CHECK(compute_throughput(other, 1).wafers_per_hour_limit == unlimited.wafers_per_hour_limit);
    CHECK(compute_throughput(other, 1).useful_wafer_power_w ==
          Approx(3 * unlimited.useful_wafer_power_w).epsilon(kRounding));
  }
}

TEST_CASE("throughput: dose at a rate and rate at a dose are inverse", "[property][throughput]") {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> log_power(-3, 3), share(0.05, 0.99);
  for (int i = 0; i < 500; ++i) {
    ScannerParameters s = random_scanner(random);
    const double power_w = std::pow(10, log_power(random));
    const double target = share(random) * compute_throughput(s, power_w).wafers_per_hour_limit;
    const double dose_mj_cm2 = affordable_dose_mj_cm2(s, power_w, target);
    REQUIRE(std::isfinite(dose_mj_cm2));
    REQUIRE(dose_mj_cm2 > 0);
    if (dose_mj_cm2 > 1e6) continue;  // beyond the doses that a scanner takes
    s.dose_mj_cm2 = dose_mj_cm2;
    REQUIRE(compute_throughput(s, power_w).wafers_per_hour == Approx(target).epsilon(1e-10));
    // Twice the power, twice the dose at the same rate.
    REQUIRE(affordable_dose_mj_cm2(s, 2 * power_w, target) == Approx(2 * dose_mj_cm2).epsilon(kRounding));
  }
  const double limit = compute_throughput({}, 1).wafers_per_hour_limit;
  CHECK(affordable_dose_mj_cm2({}, 5, limit) > 0);  // just reached at full speed
  CHECK(affordable_dose_mj_cm2({}, 5, limit * 1.001) == 0);
}

TEST_CASE("throughput: scanners of one source", "[property][throughput]") {
  std::mt19937_64 random(13);
  for (int i = 0; i < 100; ++i) {
    const ScannerParameters s = random_scanner(random);
    const double power_w = 500;
    const Throughput alone = compute_throughput(s, power_w);
    const double at_full_speed = scanners_per_source(s, power_w, 0);
    CHECK(at_full_speed == Approx(power_w / alone.useful_wafer_power_w).epsilon(kRounding));
    // Each with its share runs at the rate that was asked for.
    const double target = 0.6 * alone.wafers_per_hour_limit;
    const double n = scanners_per_source(s, power_w, target);
    CHECK(n > at_full_speed);
    CHECK(compute_throughput(s, power_w / n).wafers_per_hour == Approx(target).epsilon(1e-10));
  }
  CHECK_THROWS_AS(scanners_per_source({}, 1, 1e5), InputError);
}

TEST_CASE("throughput: bad scanners are named", "[unit][throughput]") {
  const auto fails = [](auto change, const char* words) {
    ScannerParameters s;
    change(s);
    CHECK_THROWS_AS(compute_throughput(s, 1), InputError);
    CHECK_THROWS_WITH(compute_throughput(s, 1), Contains(words));
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  fails([](auto& s) { s.dose_mj_cm2 = 0; }, "throughput.dose_mj_cm2 = 0 (must be in (0, 1000000])");
  fails([&](auto& s) { s.dose_mj_cm2 = nan; }, "throughput.dose_mj_cm2 = nan");
  fails([](auto& s) { s.n_fields = 0; }, "throughput.n_fields = 0");
  fails([](auto& s) { s.field_width_mm = -1; }, "throughput.field_width_mm = -1");
  fails([](auto& s) { s.field_height_mm = 0; }, "throughput.field_height_mm = 0");
  fails([](auto& s) { s.slit_height_mm = 0; }, "throughput.slit_height_mm = 0");
  fails([](auto& s) { s.max_scan_speed_mm_s = 0; }, "throughput.max_scan_speed_mm_s = 0");
  fails([](auto& s) { s.field_overhead_s = -0.1; }, "throughput.field_overhead_s = -0.1");
  fails([](auto& s) { s.wafer_overhead_s = -1; }, "throughput.wafer_overhead_s = -1");
  fails([](auto& s) { s.wall_plug_power_kw = -1; }, "throughput.wall_plug_power_kw = -1");
  CHECK_THROWS_WITH(compute_throughput({}, -1), Contains("power at the wafer in W = -1"));
  CHECK_THROWS_AS(compute_throughput({}, nan), InputError);
  CHECK_THROWS_AS(affordable_dose_mj_cm2({}, 1, 0), InputError);
  CHECK_THROWS_AS(affordable_dose_mj_cm2({}, 1, nan), InputError);
}
