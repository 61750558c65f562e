// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "metrology/monotone_cubic.hpp"
#include "undulith/metrology/process_window.hpp"

namespace undulith::metrology {
namespace {

double root(const MonotoneCubic& curve, double wanted, double low, double high) {
  const double at_low = curve(low) - wanted, at_high = curve(high) - wanted;
  if (at_low == 0) return low;
  if (at_high == 0) return high;
  std::uintmax_t steps = 100;
  const auto [a, b] =
      boost::math::tools::toms748_solve([&](double x) { return curve(x) - wanted; }, low, high, at_low,
                                        at_high, boost::math::tools::eps_tolerance<double>(45), steps);
  return (a + b) / 2;
}

struct DoseInterval {
  double low, high;
};

// The widest stretch of doses at one focus in which a quantity stays between two limits.
std::optional<DoseInterval> limits_at(const FocusExposureMatrix& m, const FocusExposureMatrix::Values& values,
                                      std::size_t focus, double least, double most) {
  // Unbroken runs of doses that print.
  std::vector<std::vector<std::pair<double, double>>> runs(1);
  for (std::size_t d = 0; d < m.dose_mj_cm2.size(); ++d) {
    if (const auto& value = values[focus * m.dose_mj_cm2.size() + d])
      runs.back().emplace_back(std::log(m.dose_mj_cm2[d]), *value);
    else if (!runs.back().empty())
      runs.emplace_back();
  }
  std::optional<DoseInterval> widest;
  for (const auto& run : runs) {
    if (run.size() < 2) continue;
    std::vector<double> x, y;
    for (const auto& [log_dose, value] : run) {
      x.push_back(log_dose);
      y.push_back(value);
    }
    const MonotoneCubic curve(x, y);
    const auto within = [&](double value) { return value >= least && value <= most; };
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      // A stretch in tolerance begins within this step, or at the first dose that was given.
      double begin = 0;
      if (i == 0 && within(y[0])) {
        begin = x[0];
      } else if (!within(y[i])) {
        const double border = y[i] < least ? least : most;
        if ((y[i] - border) * (y[i + 1] - border) > 0) continue;
        begin = root(curve, border, x[i], x[i + 1]);
      } else {
        continue;
      }
      double end = x.back();
      for (std::size_t j = i; j + 1 < x.size(); ++j) {
        const double from = std::max(begin, x[j]);
        if (within(y[j + 1])) continue;
        const double border = y[j + 1] < least ? least : most;
        const double start = curve(from);
        // Entering and leaving through the same border within one step is no stretch.
        if ((start - border) * (y[j + 1] - border) > 0 && std::abs(start - border) > 1e-12) {
          end = from;
        } else {
          end = std::abs(start - border) <= 1e-12 ? from : root(curve, border, from, x[j + 1]);
        }
        break;
      }
      if (end > begin && (!widest || end - begin > widest->high - widest->low))
        widest = DoseInterval{begin, end};
    }
  }
  if (!widest) return {};
  return DoseInterval{std::exp(widest->low), std::exp(widest->high)};
}

}  // namespace

DoseLimits dose_limits(const FocusExposureMatrix& matrix, const WindowParameters& parameters) {
  DoseLimits limits{.name = matrix.name, .focus_nm = matrix.focus_nm};
  const double share = parameters.cd_tolerance_percent / 100;
  const double least = matrix.target_cd_nm * (1 - share), most = matrix.target_cd_nm * (1 + share);
  constexpr double kNoLimit = std::numeric_limits<double>::infinity();
  for (std::size_t f = 0; f < matrix.focus_nm.size(); ++f) {
    std::optional<DoseInterval> interval = limits_at(matrix, matrix.cd_nm, f, least, most);
    const auto narrow = [&](const FocusExposureMatrix::Values& values, double low, double high) {
      if (!interval || values.empty()) return;
      const auto other = limits_at(matrix, values, f, low, high);
      if (other)
        interval = DoseInterval{std::max(interval->low, other->low), std::min(interval->high, other->high)};
      if (!other || !(interval->low < interval->high)) interval.reset();
    };
    narrow(matrix.side_wall_deg, parameters.min_side_wall_deg, kNoLimit);
    narrow(matrix.top_loss_percent, -kNoLimit, parameters.max_top_loss_percent);
    limits.low_mj_cm2.push_back(interval ? std::optional(interval->low) : std::nullopt);
    limits.high_mj_cm2.push_back(interval ? std::optional(interval->high) : std::nullopt);
  }
  return limits;
}

DoseLimits overlap(std::span<const DoseLimits> limits) {
  if (limits.empty()) return {};
  DoseLimits common{.name = "all", .focus_nm = limits[0].focus_nm};
  for (std::size_t f = 0; f < common.focus_nm.size(); ++f) {
    std::optional<double> low, high;
    bool everywhere = true;
    for (const DoseLimits& one : limits) {
      if (one.focus_nm != common.focus_nm)
        throw std::invalid_argument("overlap: windows of different focus values");
      everywhere = everywhere && one.low_mj_cm2[f] && one.high_mj_cm2[f];
      if (!everywhere) break;
      low = std::max(low.value_or(*one.low_mj_cm2[f]), *one.low_mj_cm2[f]);
      high = std::min(high.value_or(*one.high_mj_cm2[f]), *one.high_mj_cm2[f]);
    }
    const bool open = everywhere && *low < *high;
    common.low_mj_cm2.push_back(open ? low : std::nullopt);
    common.high_mj_cm2.push_back(open ? high : std::nullopt);
  }
  return common;
}

}  // namespace undulith::metrology
