// SPDX-License-Identifier: MIT
#include "undulith/metrology/through_focus.hpp"

#include <algorithm>
#include <boost/math/statistics/linear_regression.hpp>
#include <boost/math/statistics/univariate_statistics.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

namespace undulith::metrology {
namespace {

// Vertex of the parabola through a point and its neighbours, which both lie above it or both below.
double vertex(const FocusPoint& before, const FocusPoint& at, const FocusPoint& after) {
  const double left = before.value - at.value, right = after.value - at.value;
  const double h0 = at.focus_nm - before.focus_nm, h1 = after.focus_nm - at.focus_nm;
  const double slope = (right / h1 * h0 - left / h0 * h1) / (h0 + h1),
               bend = (right / h1 + left / h0) / (h0 + h1);
  return at.focus_nm - slope / (2 * bend);
}

}  // namespace

std::optional<double> best_focus_cd_nm(std::span<const FocusPoint> cd_nm) {
  std::optional<double> best;
  if (cd_nm.empty()) return best;
  const double middle = (cd_nm.front().focus_nm + cd_nm.back().focus_nm) / 2;
  for (std::size_t i = 1; i + 1 < cd_nm.size(); ++i) {
    const double left = cd_nm[i - 1].value - cd_nm[i].value, right = cd_nm[i + 1].value - cd_nm[i].value;
    if (left * right <= 0) continue;  // no extremum here
    const double found = vertex(cd_nm[i - 1], cd_nm[i], cd_nm[i + 1]);
    if (!best || std::abs(found - middle) < std::abs(*best - middle)) best = found;
  }
  return best;
}

std::optional<double> best_focus_nils_nm(std::span<const FocusPoint> nils) {
  const auto top = std::ranges::max_element(nils, {}, &FocusPoint::value);
  if (nils.size() < 3 || top == nils.begin() || top + 1 == nils.end()) return {};
  const FocusPoint &before = *(top - 1), &after = *(top + 1);
  if (before.value == top->value && after.value == top->value) return {};  // flat: no maximum
  return vertex(before, *top, after);
}

std::optional<double> telecentricity_nm_per_um(std::span<const FocusPoint> shift_nm) {
  if (shift_nm.size() < 2) return {};
  std::vector<double> focus, shift;
  for (const FocusPoint& point : shift_nm) {
    focus.push_back(point.focus_nm);
    shift.push_back(point.value);
  }
  constexpr double kNmPerUm = 1000;
  const auto [offset, slope] = boost::math::statistics::simple_ordinary_least_squares(focus, shift);
  return kNmPerUm * slope;
}

std::optional<double> hv_bias_nm(std::span<const double> horizontal_cd_nm,
                                 std::span<const double> vertical_cd_nm) {
  if (horizontal_cd_nm.empty() || vertical_cd_nm.empty()) return {};
  using boost::math::statistics::mean;
  return mean(horizontal_cd_nm.begin(), horizontal_cd_nm.end()) -
         mean(vertical_cd_nm.begin(), vertical_cd_nm.end());
}

std::optional<double> hv_bias_nm(const Measurement& measurement, const GaugeResult& reference) {
  constexpr double kSameTargetNm = 1e-6, kSameAngleDeg = 1;
  if (!reference.target_cd_nm) return {};
  std::vector<double> horizontal, vertical;
  for (const GaugeResult& gauge : measurement.gauges) {
    if (gauge.status != PrintStatus::printed || !gauge.cd_error_nm ||
        gauge.gauge.feature != reference.gauge.feature ||
        std::abs(*gauge.target_cd_nm - *reference.target_cd_nm) > kSameTargetNm)
      continue;
    const double from_x_deg = std::abs(std::remainder(gauge.gauge.angle_deg, 180));
    if (std::abs(from_x_deg - 90) < kSameAngleDeg) horizontal.push_back(*gauge.cd_error_nm);
    if (from_x_deg < kSameAngleDeg) vertical.push_back(*gauge.cd_error_nm);
  }
  return hv_bias_nm(horizontal, vertical);
}

std::optional<double> dose_to_size(const std::function<std::optional<double>(double)>& cd_of_dose,
                                   double target_cd_nm, double low_mj_cm2, double high_mj_cm2) {
  constexpr int kScan = 32;
  std::optional<double> before;
  double dose_before = low_mj_cm2;
  for (int i = 0; i <= kScan; ++i) {
    const double dose = low_mj_cm2 * std::pow(high_mj_cm2 / low_mj_cm2, static_cast<double>(i) / kScan);
    const std::optional<double> cd = cd_of_dose(dose);
    if (cd && *cd == target_cd_nm) return dose;
    if (before && cd && (*before - target_cd_nm) * (*cd - target_cd_nm) < 0) {
      std::uintmax_t steps = 100;
      const auto [a, b] = boost::math::tools::toms748_solve(
          [&](double d) { return cd_of_dose(d).value_or(target_cd_nm) - target_cd_nm; }, dose_before, dose,
          *before - target_cd_nm, *cd - target_cd_nm, boost::math::tools::eps_tolerance<double>(45), steps);
      return (a + b) / 2;
    }
    before = cd;
    dose_before = dose;
  }
  return {};
}

}  // namespace undulith::metrology
