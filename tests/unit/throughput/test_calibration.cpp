// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>

#include "undulith/throughput/throughput.hpp"

using namespace undulith::throughput;

namespace {

/// Intermediate focus to wafer of the default mirrors: four in the illuminator, the mask and six in the
/// projection optics of 65 % at the peak each, in the 2 % band (docs/theory/throughput.md).
constexpr double kDefaultTransmission = 0.0072;
/// Overheads are given to 0.1 s, of wafers that take 16 to 26 s: half of it is 0.3 % of the rate.
constexpr double kRoundedOverheads = 0.0035;

struct Machine {
  double dose_mj_cm2, power_if_w, published_wafers_per_hour;
  double wafer_overhead_s;  ///< fitted to it with 0.05 s a field
};

ScannerParameters scanner_of(const Machine& machine) {
  ScannerParameters s;
  s.dose_mj_cm2 = machine.dose_mj_cm2;
  s.wafer_overhead_s = machine.wafer_overhead_s;
  return s;
}

double rate(const ScannerParameters& scanner, double power_if_w, double transmission = kDefaultTransmission) {
  return compute_throughput(scanner, power_if_w * transmission).wafers_per_hour;
}

constexpr Machine kNxe3400B{20, 246, 140, 11.0};
constexpr Machine kNxe3600D{30, 350, 160, 7.3};  // the power is assumed
constexpr Machine kNxe3800E{30, 500, 220, 4.3};

ScannerParameters exe() {
  ScannerParameters s;
  s.n_fields = 192;
  s.field_height_mm = 16.5;
  s.slit_height_mm = 1;
  s.wafer_overhead_s = 2.2;
  return s;
}

}  // namespace

TEST_CASE("calibration: each scanner with its own overhead", "[validation][throughput]") {
  for (const Machine& machine : {kNxe3400B, kNxe3600D, kNxe3800E})
    CHECK(rate(scanner_of(machine), machine.power_if_w) ==
          Approx(machine.published_wafers_per_hour).epsilon(kRoundedOverheads));
  // Published as "at least" 125 at 250 W.
  CHECK(rate(scanner_of(kNxe3400B), 250) > 125);
}

TEST_CASE("calibration: the defaults are an NXE:3800E", "[validation][throughput]") {
  const ScannerParameters s;
  CHECK(s.dose_mj_cm2 == 30);
  CHECK(s.n_fields == 96);
  CHECK(rate(s, 500) == Approx(220).epsilon(kRoundedOverheads));
}

TEST_CASE("calibration: one pair of overheads does not fit three scanners", "[validation][throughput]") {
  // The least sum of squared relative residuals is at 12.5 s in all; it misses by a sixth. Scanners of later
  // years are quicker, not only brighter.
  double least = 1e9, best_s = 0, worst = 0;
  for (double overhead_s = 6; overhead_s < 25; overhead_s += 0.1) {
    double sum = 0, largest = 0;
    for (Machine machine : {kNxe3400B, kNxe3600D, kNxe3800E}) {
      machine.wafer_overhead_s = overhead_s - 96 * 0.05;
      const double residual =
          rate(scanner_of(machine), machine.power_if_w) / machine.published_wafers_per_hour - 1;
      sum += residual * residual;
      largest = std::fmax(largest, std::abs(residual));
    }
    if (sum < least) {
      least = sum;
      best_s = overhead_s;
      worst = largest;
    }
  }
  CHECK(best_s == Approx(12.5).margin(0.15));  // the step of the search
  CHECK(worst == Approx(0.17).margin(0.01));   // quoted to 1 %
}

TEST_CASE("calibration: scanners of 0.55 NA", "[validation][throughput]") {
  ScannerParameters s = exe();
  s.dose_mj_cm2 = 50;
  CHECK(rate(s, 500, 0.01) == Approx(175).epsilon(kRoundedOverheads));
  // Published as more than 185 at 20 mJ/cm^2: the fit to the other number must allow it.
  s.dose_mj_cm2 = 20;
  CHECK(rate(s, 360, 0.01) > 185);
  // Through the mirrors that a 0.33 NA scanner is taken to have, 175 an hour at 50 mJ/cm^2 are out of reach.
  s.dose_mj_cm2 = 50;
  CHECK(rate(s, 500) < 175);
}
