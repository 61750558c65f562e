// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <deque>
#include <limits>
#include <numbers>
#include <utility>

#include "metrology/monotone_cubic.hpp"
#include "undulith/metrology/process_window.hpp"

namespace undulith::metrology {
namespace {

// The limits on evenly spaced focus values, in stretches without a gap.
struct Stretch {
  std::vector<double> focus, low, high;
  double step = 0;
  [[nodiscard]] double width() const { return focus.back() - focus.front(); }
};

constexpr int kFine = 2000;  // points of a stretch: a 2000th of its width is the resolution of a window

std::vector<Stretch> stretches_of(const DoseLimits& limits) {
  std::vector<Stretch> stretches;
  std::vector<double> focus, low, high;
  const auto close = [&] {
    if (focus.size() >= 2) {
      const MonotoneCubic lower(focus, low), upper(focus, high);
      const double step = (focus.back() - focus.front()) / kFine;
      Stretch stretch{.step = step};
      for (int i = 0; i <= kFine + 1; ++i) {
        const double f = focus.front() + i * step;
        if (i <= kFine && upper(f) > lower(f)) {
          stretch.focus.push_back(f);
          stretch.low.push_back(lower(f));
          stretch.high.push_back(upper(f));
          continue;
        }
        if (stretch.focus.size() >= 2) stretches.push_back(std::move(stretch));
        stretch = {.step = step};
      }
    }
    focus.clear(), low.clear(), high.clear();
  };
  for (std::size_t i = 0; i < limits.focus_nm.size(); ++i) {
    if (!limits.low_mj_cm2[i] || !limits.high_mj_cm2[i]) {
      close();
      continue;
    }
    focus.push_back(limits.focus_nm[i]);
    low.push_back(*limits.low_mj_cm2[i]);
    high.push_back(*limits.high_mj_cm2[i]);
  }
  close();
  return stretches;
}

double latitude_percent(double low, double high) {
  return high > low ? 100 * 2 * (high - low) / (high + low) : 0;
}

// Largest rectangle of `count` steps of focus: sliding extremes in one pass.
WindowShape best_rectangle(const Stretch& s, int count, std::optional<double> centre) {
  WindowShape best{.depth_of_focus_nm = count * s.step};
  std::deque<int> highest_low, lowest_high;
  for (int i = 0; i < static_cast<int>(s.focus.size()); ++i) {
    const auto u = static_cast<std::size_t>(i);
    while (!highest_low.empty() && s.low[static_cast<std::size_t>(highest_low.back())] <= s.low[u])
      highest_low.pop_back();
    while (!lowest_high.empty() && s.high[static_cast<std::size_t>(lowest_high.back())] >= s.high[u])
      lowest_high.pop_back();
    highest_low.push_back(i);
    lowest_high.push_back(i);
    const int first = i - count;
    if (first < 0) continue;
    while (highest_low.front() < first) highest_low.pop_front();
    while (lowest_high.front() < first) lowest_high.pop_front();
    const double focus = (s.focus[static_cast<std::size_t>(first)] + s.focus[u]) / 2;
    if (centre && std::abs(focus - *centre) > 0.51 * s.step) continue;
    const double low = s.low[static_cast<std::size_t>(highest_low.front())],
                 high = s.high[static_cast<std::size_t>(lowest_high.front())];
    if (const double el = latitude_percent(low, high); el > best.exposure_latitude_percent) {
      best.exposure_latitude_percent = el;
      best.focus_nm = focus;
      best.dose_mj_cm2 = (low + high) / 2;
    }
  }
  return best;
}

// Half height of the largest ellipse about (focus, dose) with half width a; negative where there is none, so
// that a search knows which way to go.
double ellipse_height(const Stretch& s, double a, double focus, double dose) {
  constexpr int kPoints = 96;  // evenly over the angle: closer where the ellipse is steep
  static const std::vector<std::pair<double, double>> circle = [] {
    std::vector<std::pair<double, double>> points;
    for (int i = 0; i < kPoints; ++i) {
      const double angle = std::numbers::pi * ((i + 0.5) / kPoints - 0.5);
      points.emplace_back(std::sin(angle), std::cos(angle));
    }
    return points;
  }();
  double height = std::numeric_limits<double>::max();
  for (const auto& [across, narrowing] : circle) {
    const double place = std::clamp((focus + a * across - s.focus.front()) / s.step, 0.0,
                                    static_cast<double>(s.focus.size()) - 1);
    const auto i = std::min(static_cast<std::size_t>(place), s.focus.size() - 2);
    const double t = place - static_cast<double>(i);
    const double low = std::lerp(s.low[i], s.low[i + 1], t), high = std::lerp(s.high[i], s.high[i + 1], t);
    height = std::min(height, std::min(dose - low, high - dose) / narrowing);
  }
  return height;
}

// Best dose for an ellipse: the half height over the dose has one maximum.
WindowShape best_dose(const Stretch& s, double a, double focus) {
  const auto place = static_cast<std::size_t>(
      std::clamp(std::lround((focus - s.focus.front()) / s.step), 0L, static_cast<long>(s.focus.size()) - 1));
  const auto [dose, negative_latitude] = boost::math::tools::brent_find_minima(
      [&](double d) { return -200 * ellipse_height(s, a, focus, d) / d; }, s.low[place], s.high[place],
      std::numeric_limits<double>::digits / 2);
  return {.depth_of_focus_nm = 2 * a,
          .exposure_latitude_percent = -negative_latitude,
          .focus_nm = focus,
          .dose_mj_cm2 = dose};
}

WindowShape best_ellipse(const Stretch& s, double a, std::optional<double> centre) {
  const double first = s.focus.front() + a, last = s.focus.back() - a;
  WindowShape best{.depth_of_focus_nm = 2 * a};
  if (last < first - 1e-9) return best;
  const auto take = [&](double focus) {
    const WindowShape shape = best_dose(s, a, focus);
    if (shape.exposure_latitude_percent > best.exposure_latitude_percent) best = shape;
  };
  if (centre) {
    if (*centre >= first && *centre <= last) take(*centre);
    return best;
  }
  constexpr int kScan = 24;
  for (int i = 0; i <= kScan; ++i) take(std::lerp(first, last, static_cast<double>(i) / kScan));
  double reach = (last - first) / kScan;
  for (int round = 0; round < 5 && best.exposure_latitude_percent > 0; ++round, reach /= 3) {
    const double about = best.focus_nm;
    for (const double step : {-2.0 / 3, -1.0 / 3, 1.0 / 3, 2.0 / 3})
      take(std::clamp(about + step * reach, first, last));
  }
  return best;
}

}  // namespace

WindowCurves window_curves(const DoseLimits& limits, int n_widths, std::optional<double> centre_focus_nm) {
  const std::vector<Stretch> stretches = stretches_of(limits);
  WindowCurves curves;
  double widest = 0;
  for (const Stretch& s : stretches) widest = std::max(widest, s.width());
  for (int i = 0; i < n_widths && widest > 0; ++i) {
    const double width = widest * i / (n_widths - 1);
    WindowShape rectangle{.depth_of_focus_nm = width}, ellipse{.depth_of_focus_nm = width};
    const auto take = [](WindowShape& best, const WindowShape& shape) {
      if (shape.exposure_latitude_percent <= best.exposure_latitude_percent) return;
      const double depth = best.depth_of_focus_nm;
      best = shape;
      best.depth_of_focus_nm = depth;
    };
    for (const Stretch& s : stretches) {
      if (width > s.width() * (1 + 1e-12)) continue;
      take(rectangle, best_rectangle(s, static_cast<int>(std::lround(width / s.step)), centre_focus_nm));
      take(ellipse,
           i == 0 ? best_rectangle(s, 0, centre_focus_nm) : best_ellipse(s, width / 2, centre_focus_nm));
    }
    curves.rectangle.push_back(rectangle);
    curves.ellipse.push_back(ellipse);
  }
  return curves;
}

}  // namespace undulith::metrology
