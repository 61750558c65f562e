#include "undulith/metrology/process_window.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "metrology/monotone_cubic.hpp"
#include "undulith/core/error.hpp"

namespace undulith::metrology {
namespace {

void require_rising(const std::vector<double>& values, const char* key) {
  constexpr std::size_t kFewest = 3;
  if (values.size() < kFewest)
    throw InputError(fmt::format("{} (has {} values, a process window needs three or more); add some", key,
                                 values.size()));
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

// Extremum of the parabola through the extreme one of equally many samples and its neighbours.
std::optional<double> vertex_of(const std::vector<double>& x, const std::vector<double>& y) {
  std::optional<double> best;
  const double middle = (x.front() + x.back()) / 2;
  for (std::size_t i = 1; i + 1 < x.size(); ++i) {
    const double left = y[i - 1] - y[i], right = y[i + 1] - y[i];
    if (left * right <= 0 && !(left == 0 && right == 0)) continue;  // no extremum here
    if (left == 0 && right == 0) continue;
    const double h0 = x[i] - x[i - 1], h1 = x[i + 1] - x[i];
    const double slope = (right / h1 * h0 - left / h0 * h1) / (h0 + h1),
                 bend = (right / h1 + left / h0) / (h0 + h1);
    const double vertex = x[i] - slope / (2 * bend);
    if (!best || std::abs(vertex - middle) < std::abs(*best - middle)) best = vertex;
  }
  return best;
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

  /// CD through focus at a dose, of the focus values whose curve holds it.
  void through_focus(double dose, std::vector<double>& focus_nm, std::vector<double>& cd_nm) const {
    const double x = std::log(dose);
    focus_nm.clear(), cd_nm.clear();
    for (std::size_t i = 0; i < curves_.size(); ++i)
      if (x >= curves_[i].first() && x <= curves_[i].last()) {
        focus_nm.push_back(focus_nm_[i]);
        cd_nm.push_back(curves_[i](x));
      }
  }
  /// CD at any focus and dose between those that print.
  [[nodiscard]] std::optional<double> cd_nm(double focus_nm, double dose) const {
    std::vector<double> focus, cd;
    through_focus(dose, focus, cd);
    if (focus.size() < 2 || focus_nm < focus.front() || focus_nm > focus.back()) return {};
    return MonotoneCubic(focus, cd)(focus_nm);
  }
  /// How CD bends through focus at a dose: twice the second coefficient of a parabola over the five focus
  /// values next to the best one.
  [[nodiscard]] std::optional<double> bend(double focus_nm, double dose) const {
    constexpr std::size_t kValues = 5;
    std::vector<double> focus, cd;
    through_focus(dose, focus, cd);
    if (focus.size() < kValues) return {};
    std::size_t first = 0;
    while (first + kValues < focus.size() && focus[first + kValues] - focus_nm < focus_nm - focus[first])
      ++first;
    Eigen::Matrix<double, kValues, 3> a;
    Eigen::Matrix<double, kValues, 1> b;
    const double scale = focus[first + kValues - 1] - focus[first];
    for (std::size_t i = 0; i < kValues; ++i) {
      const double t = (focus[first + i] - focus_nm) / scale;
      a.row(static_cast<Eigen::Index>(i)) << 1, t, t * t;
      b(static_cast<Eigen::Index>(i)) = cd[first + i];
    }
    return 2 * a.colPivHouseholderQr().solve(b)(2) / (scale * scale);
  }

 private:
  std::vector<double> focus_nm_;
  std::vector<MonotoneCubic> curves_;
};

// Slope of a straight line through points, by least squares.
std::optional<double> slope_of(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  if (x.size() < 2) return {};
  const double mx = std::accumulate(x.begin(), x.end(), 0.0) / n,
               my = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xx = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mx) * (x[i] - mx);
    xy += (x[i] - mx) * (y[i] - my);
  }
  return xy / xx;
}

// Fewer places say nothing of a curve.
bool prints(const FocusExposureMatrix& matrix) {
  constexpr int kFewest = 3;
  return std::ranges::count_if(matrix.cd_nm, [](const auto& cd) { return cd.has_value(); }) >= kFewest;
}

FeatureWindow feature_of(const FocusExposureMatrix& matrix, const WindowParameters& parameters) {
  FeatureWindow feature{.matrix = matrix, .limits = dose_limits(matrix, parameters)};
  if (prints(matrix)) feature.bossung = fit_bossung(matrix);
  feature.window = window_of(feature.limits, parameters);
  const double low = matrix.dose_mj_cm2.front(), high = matrix.dose_mj_cm2.back();
  const DoseCurves curves(matrix, matrix.cd_nm);
  // Best focus and the dose that sizes there decide each other.
  double focus = (matrix.focus_nm.front() + matrix.focus_nm.back()) / 2;
  std::vector<double> focus_nm, cd_nm;
  constexpr int kRounds = 5;
  for (int i = 0; i < kRounds; ++i) {
    feature.dose_to_size_mj_cm2 =
        dose_to_size([&](double dose) { return curves.cd_nm(focus, dose); }, matrix.target_cd_nm, low, high);
    if (!feature.dose_to_size_mj_cm2) break;
    curves.through_focus(*feature.dose_to_size_mj_cm2, focus_nm, cd_nm);
    const auto vertex = focus_nm.empty() ? std::nullopt : vertex_of(focus_nm, cd_nm);
    if (!vertex) break;
    feature.best_focus_nm = *vertex;
    if (std::abs(*vertex - focus) < 1e-6) break;
    focus = *vertex;
  }
  // A feature at its isofocal dose has no vertex: the middle of its window is its best focus.
  if (!feature.best_focus_nm && feature.window.best)
    feature.best_focus_nm = focus = feature.window.best->focus_nm;

  const auto nearest =
      std::ranges::min_element(matrix.focus_nm, {}, [&](double f) { return std::abs(f - focus); });
  const auto place = static_cast<std::size_t>(nearest - matrix.focus_nm.begin());
  if (feature.limits.low_mj_cm2[place] && feature.dose_to_size_mj_cm2)
    feature.exposure_latitude_percent =
        100 * (*feature.limits.high_mj_cm2[place] - *feature.limits.low_mj_cm2[place]) /
        *feature.dose_to_size_mj_cm2;
  if (feature.dose_to_size_mj_cm2 && !matrix.shift_nm.empty()) {
    std::vector<double> shift_nm;
    DoseCurves(matrix, matrix.shift_nm).through_focus(*feature.dose_to_size_mj_cm2, focus_nm, shift_nm);
    if (const auto slope = slope_of(focus_nm, shift_nm)) feature.telecentricity_nm_per_um = 1000 * *slope;
  }
  // The dose at which CD does not bend through focus.
  constexpr int kScan = 64;
  for (int i = 0; i < kScan && !feature.isofocal_dose_mj_cm2; ++i) {
    double a = std::lerp(low, high, static_cast<double>(i) / kScan),
           b = std::lerp(low, high, (i + 1.0) / kScan);
    const auto at_a = curves.bend(focus, a), at_b = curves.bend(focus, b);
    if (!at_a || !at_b || *at_a * *at_b > 0) continue;
    for (int k = 0; k < 50; ++k) {
      const double m = (a + b) / 2;
      (*at_a * curves.bend(focus, m).value_or(*at_b) <= 0 ? b : a) = m;
    }
    feature.isofocal_dose_mj_cm2 = (a + b) / 2;
    feature.isofocal_cd_nm = curves.cd_nm(focus, *feature.isofocal_dose_mj_cm2);
  }
  return feature;
}

}  // namespace

WindowResult find_windows(std::span<const FocusExposureMatrix> matrices, const WindowParameters& parameters) {
  if (matrices.empty())
    throw InputError(
        "metrology.gauge (a process window needs a feature); give [[metrology.gauge]] with a target");
  if (!(parameters.cd_tolerance_percent > 0 && parameters.cd_tolerance_percent < 100))
    throw InputError(fmt::format("window.cd_tolerance_percent = {} (must be in (0, 100)); use 10",
                                 parameters.cd_tolerance_percent));
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
