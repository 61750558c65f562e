// SPDX-License-Identifier: MIT
#include "undulith/metrology/process_window.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

#include "metrology/monotone_cubic.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/spelling.hpp"
#include "undulith/metrology/keys.hpp"
#include "undulith/metrology/through_focus.hpp"

namespace undulith::metrology {
namespace {

void require_rising(const std::vector<double>& values, const char* key) {
  constexpr std::size_t kFewest = 3;
  if (values.size() < kFewest)
    throw InputError(fmt::format("{} (has {}, a process window needs three or more); add some", key,
                                 counted(values.size(), "value", "values")));
  for (std::size_t i = 1; i < values.size(); ++i)
    if (!(values[i] > values[i - 1]))
      throw InputError(
          fmt::format("{} = [... {}, {} ...] (values must rise); sort them", key, values[i - 1], values[i]));
}

// Depth of focus at which a falling curve has come down to a latitude.
std::optional<double> depth_at(const std::vector<WindowShape>& curve, double latitude_percent) {
  std::optional<double> depth;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    if (curve[i].exposure_latitude_percent < latitude_percent) {
      if (i == 0 || curve[i - 1].exposure_latitude_percent < latitude_percent) continue;
      const double above = curve[i - 1].exposure_latitude_percent, below = curve[i].exposure_latitude_percent;
      const double share = (above - latitude_percent) / (above - below);
      depth = std::lerp(curve[i - 1].depth_of_focus_nm, curve[i].depth_of_focus_nm, share);
    } else {
      depth = curve[i].depth_of_focus_nm;
    }
  }
  return depth;
}

// Whether the shape of a curve next to a depth reaches an end of the focus values.
bool touches_end(const std::vector<WindowShape>& curve, std::optional<double> depth_nm,
                 const std::vector<double>& focus_nm) {
  if (!depth_nm || curve.empty()) return false;
  const WindowShape& shape = *std::ranges::min_element(
      curve, {}, [&](const WindowShape& s) { return std::abs(s.depth_of_focus_nm - *depth_nm); });
  const double nearly_nm = 0.005 * (focus_nm.back() - focus_nm.front());  // a width of the curve
  return shape.focus_nm - *depth_nm / 2 < focus_nm.front() + nearly_nm ||
         shape.focus_nm + *depth_nm / 2 > focus_nm.back() - nearly_nm;
}

ProcessWindow window_of(DoseLimits limits, const WindowParameters& parameters) {
  constexpr int kWidths = 201;
  ProcessWindow window{.limits = std::move(limits)};
  window.curves = window_curves(window.limits, kWidths);
  const auto& [rectangle, ellipse] = window.curves;
  for (const double latitude : parameters.exposure_latitudes_percent) {
    const auto of_rectangle = depth_at(rectangle, latitude), of_ellipse = depth_at(ellipse, latitude);
    window.depths.push_back({latitude, of_rectangle, of_ellipse,
                             touches_end(rectangle, of_rectangle, window.limits.focus_nm),
                             touches_end(ellipse, of_ellipse, window.limits.focus_nm)});
  }
  double largest = 0;
  for (const WindowShape& shape : window.curves.rectangle) {
    const double size = shape.depth_of_focus_nm * shape.exposure_latitude_percent;
    if (size > largest) {
      largest = size;
      window.best = shape;
    }
  }
  if (window.best)
    window.best_is_least =
        touches_end({*window.best}, window.best->depth_of_focus_nm, window.limits.focus_nm);
  return window;
}

// The matrix along one axis as monotone cubics: CD (or shift) over ln dose at each focus where it prints
// often enough.
class DoseCurves {
 public:
  DoseCurves(const FocusExposureMatrix& m, const FocusExposureMatrix::Values& values) {
    for (std::size_t f = 0; f < m.focus_nm.size(); ++f) {
      std::vector<double> x, y;
      for (std::size_t d = 0; d < m.dose_mj_cm2.size(); ++d)
        if (const auto& value = values[f * m.dose_mj_cm2.size() + d]) {
          x.push_back(std::log(m.dose_mj_cm2[d]));
          y.push_back(*value);
        }
      if (x.size() < 2) continue;
      focus_nm_.push_back(m.focus_nm[f]);
      curves_.emplace_back(std::move(x), std::move(y));
    }
  }

  /// Through focus at a dose, at the focus values where it prints at lower and higher doses.
  [[nodiscard]] std::vector<FocusPoint> through_focus(double dose) const {
    const double x = std::log(dose);
    std::vector<FocusPoint> points;
    for (std::size_t i = 0; i < curves_.size(); ++i)
      if (x >= curves_[i].first() && x <= curves_[i].last()) points.push_back({focus_nm_[i], curves_[i](x)});
    return points;
  }
  /// CD at any focus and dose between those that print.
  [[nodiscard]] std::optional<double> cd_nm(double focus_nm, double dose) const {
    std::vector<double> focus, cd;
    for (const FocusPoint& point : through_focus(dose)) {
      focus.push_back(point.focus_nm);
      cd.push_back(point.value);
    }
    if (focus.size() < 2 || focus_nm < focus.front() || focus_nm > focus.back()) return {};
    return MonotoneCubic(focus, cd)(focus_nm);
  }
  /// How CD bends through focus at a dose: twice the second coefficient of a parabola over the five focus
  /// values next to the best one.
  [[nodiscard]] std::optional<double> bend(double focus_nm, double dose) const {
    constexpr std::size_t kValues = 5;
    const std::vector<FocusPoint> points = through_focus(dose);
    if (points.size() < kValues) return {};
    std::size_t first = 0;
    while (first + kValues < points.size() &&
           points[first + kValues].focus_nm - focus_nm < focus_nm - points[first].focus_nm)
      ++first;
    Eigen::Matrix<double, kValues, 3> a;
    Eigen::Matrix<double, kValues, 1> b;
    const double scale = points[first + kValues - 1].focus_nm - points[first].focus_nm;
    for (std::size_t i = 0; i < kValues; ++i) {
      const double t = (points[first + i].focus_nm - focus_nm) / scale;
      a.row(static_cast<Eigen::Index>(i)) << 1, t, t * t;
      b(static_cast<Eigen::Index>(i)) = points[first + i].value;
    }
    return 2 * a.colPivHouseholderQr().solve(b)(2) / (scale * scale);
  }

 private:
  std::vector<double> focus_nm_;
  std::vector<MonotoneCubic> curves_;
};

// Fewer places do not determine a curve.
bool prints(const FocusExposureMatrix& matrix) {
  constexpr int kFewest = 3;
  return std::ranges::count_if(matrix.cd_nm, [](const auto& cd) { return cd.has_value(); }) >= kFewest;
}

// The dose at which CD does not bend through focus.
std::optional<double> isofocal_dose(const DoseCurves& curves, double focus_nm, double low, double high) {
  constexpr int kScan = 64;
  for (int i = 0; i < kScan; ++i) {
    const double a = std::lerp(low, high, static_cast<double>(i) / kScan),
                 b = std::lerp(low, high, (i + 1.0) / kScan);
    const auto at_a = curves.bend(focus_nm, a), at_b = curves.bend(focus_nm, b);
    if (!at_a || !at_b || *at_a * *at_b > 0) continue;
    if (*at_a == 0) return a;
    if (*at_b == 0) return b;
    std::uintmax_t steps = 100;
    const auto [from, to] = boost::math::tools::toms748_solve(
        [&](double dose) { return curves.bend(focus_nm, dose).value_or(*at_b); }, a, b, *at_a, *at_b,
        boost::math::tools::eps_tolerance<double>(50), steps);
    return (from + to) / 2;
  }
  return {};
}

FeatureWindow feature_of(const FocusExposureMatrix& matrix, const WindowParameters& parameters) {
  FeatureWindow feature{.matrix = matrix, .limits = dose_limits(matrix, parameters)};
  if (prints(matrix)) feature.bossung = fit_bossung(matrix);
  feature.window = window_of(feature.limits, parameters);
  const double low = matrix.dose_mj_cm2.front(), high = matrix.dose_mj_cm2.back();
  const DoseCurves curves(matrix, matrix.cd_nm);
  // Best focus and the dose to size there depend on each other.
  double focus = (matrix.focus_nm.front() + matrix.focus_nm.back()) / 2;
  constexpr int kRounds = 5;
  for (int i = 0; i < kRounds; ++i) {
    feature.dose_to_size_mj_cm2 =
        dose_to_size([&](double dose) { return curves.cd_nm(focus, dose); }, matrix.target_cd_nm, low, high);
    if (!feature.dose_to_size_mj_cm2) break;
    const auto vertex = best_focus_cd_nm(curves.through_focus(*feature.dose_to_size_mj_cm2));
    if (!vertex) break;
    feature.best_focus_cd_nm = *vertex;
    if (std::abs(*vertex - focus) < 1e-6) break;
    focus = *vertex;
  }
  if (!feature.best_focus_cd_nm && feature.window.best)
    feature.best_focus_cd_nm = focus = feature.window.best->focus_nm;

  const auto nearest =
      std::ranges::min_element(matrix.focus_nm, {}, [&](double f) { return std::abs(f - focus); });
  const auto place = static_cast<std::size_t>(nearest - matrix.focus_nm.begin());
  if (feature.limits.low_mj_cm2[place] && feature.dose_to_size_mj_cm2)
    feature.exposure_latitude_percent =
        100 * (*feature.limits.high_mj_cm2[place] - *feature.limits.low_mj_cm2[place]) /
        *feature.dose_to_size_mj_cm2;
  if (feature.dose_to_size_mj_cm2 && !matrix.shift_nm.empty())
    feature.telecentricity_nm_per_um = telecentricity_nm_per_um(
        DoseCurves(matrix, matrix.shift_nm).through_focus(*feature.dose_to_size_mj_cm2));
  feature.isofocal_dose_mj_cm2 = isofocal_dose(curves, focus, low, high);
  if (feature.isofocal_dose_mj_cm2)
    feature.isofocal_cd_nm = curves.cd_nm(focus, *feature.isofocal_dose_mj_cm2);
  return feature;
}

}  // namespace

WindowResult find_windows(std::span<const FocusExposureMatrix> matrices, const WindowParameters& parameters) {
  if (matrices.empty())
    throw InputError(
        "metrology.gauge (a process window needs a feature); give [[metrology.gauge]] with a target");
  check_ranges(parameters);
  if (std::ranges::none_of(matrices, prints))
    throw InputError(
        "window.dose_mj_cm2 (gauge '" + matrices.front().name +
        "' prints at fewer than three places of the matrix, and so do all others); shift doses or "
        "focus to where it prints");
  WindowResult result;
  std::vector<DoseLimits> limits;
  for (const FocusExposureMatrix& matrix : matrices) {
    require_rising(matrix.focus_nm, "window.focus_nm");
    require_rising(matrix.dose_mj_cm2, "window.dose_mj_cm2");
    if (!(matrix.dose_mj_cm2.front() > 0))
      throw InputError(
          fmt::format("window.dose_mj_cm2 = {} (must be > 0); leave it out", matrix.dose_mj_cm2.front()));
    result.features.push_back(feature_of(matrix, parameters));
    limits.push_back(result.features.back().limits);
  }
  result.common = window_of(overlap(limits), parameters);
  return result;
}

}  // namespace undulith::metrology
