#include "undulith/metrology/process_window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

ProcessWindow window_of(DoseLimits limits, const WindowParameters& parameters) {
  constexpr int kWidths = 201;
  ProcessWindow window{.limits = std::move(limits)};
  window.curves = window_curves(window.limits, kWidths);
  for (const double latitude : parameters.exposure_latitudes_percent)
    window.depths.push_back(
        {latitude, depth_at(window.curves.rectangle, latitude), depth_at(window.curves.ellipse, latitude)});
  double largest = 0;
  for (const WindowShape& shape : window.curves.rectangle) {
    const double size = shape.depth_of_focus_nm * shape.exposure_latitude_percent;
    if (size > largest) {
      largest = size;
      window.best = shape;
    }
  }
  return window;
}

// CD(F) at a dose, from the matrix: cubic in the dose at each focus by the fit's curve.
std::optional<double> best_focus_of(const BossungFit& fit, double first, double last, double dose) {
  // The vertex nearest to the middle of the range where the slope through focus changes sign.
  constexpr int kSteps = 400;
  const double h = (last - first) / kSteps, middle = (first + last) / 2;
  std::optional<double> best;
  const auto slope = [&](double f) { return fit.cd_nm(f + h / 2, dose) - fit.cd_nm(f - h / 2, dose); };
  for (int i = 1; i + 1 < kSteps; ++i) {
    const double f = first + i * h, here = slope(f), next = slope(f + h);
    if (here * next > 0 || here == next) continue;
    const double vertex = f + h * here / (here - next);
    if (!best || std::abs(vertex - middle) < std::abs(*best - middle)) best = vertex;
  }
  return best;
}

FeatureWindow feature_of(const FocusExposureMatrix& matrix, const WindowParameters& parameters) {
  FeatureWindow feature{
      .matrix = matrix, .bossung = fit_bossung(matrix), .limits = dose_limits(matrix, parameters)};
  feature.window = window_of(feature.limits, parameters);
  const double first = matrix.focus_nm.front(), last = matrix.focus_nm.back();
  const double low = matrix.dose_mj_cm2.front(), high = matrix.dose_mj_cm2.back();
  const auto sizing_at = [&](double focus) {
    return dose_to_size(
        [&](double dose) -> std::optional<double> { return feature.bossung.cd_nm(focus, dose); },
        matrix.target_cd_nm, low, high);
  };
  // Best focus and the dose that sizes there decide each other.
  double focus = (first + last) / 2;
  for (int i = 0; i < 5; ++i) {
    feature.dose_to_size_mj_cm2 = sizing_at(focus);
    if (!feature.dose_to_size_mj_cm2) break;
    feature.best_focus_nm = best_focus_of(feature.bossung, first, last, *feature.dose_to_size_mj_cm2);
    if (!feature.best_focus_nm) break;
    focus = *feature.best_focus_nm;
  }
  // Where the limits of the dose lie at that focus.
  const auto nearest =
      std::ranges::min_element(matrix.focus_nm, {}, [&](double f) { return std::abs(f - focus); });
  const auto place = static_cast<std::size_t>(nearest - matrix.focus_nm.begin());
  if (feature.limits.low_mj_cm2[place] && feature.dose_to_size_mj_cm2)
    feature.exposure_latitude_percent =
        100 * (*feature.limits.high_mj_cm2[place] - *feature.limits.low_mj_cm2[place]) /
        *feature.dose_to_size_mj_cm2;
  // The dose at which CD does not bend through focus.
  const double h = (last - first) / 8;
  const auto bend = [&](double dose) {
    return feature.bossung.cd_nm(focus + h, dose) - 2 * feature.bossung.cd_nm(focus, dose) +
           feature.bossung.cd_nm(focus - h, dose);
  };
  constexpr int kScan = 64;
  for (int i = 0; i < kScan && !feature.isofocal_dose_mj_cm2; ++i) {
    double a = std::lerp(low, high, static_cast<double>(i) / kScan),
           b = std::lerp(low, high, (i + 1.0) / kScan);
    if (bend(a) * bend(b) > 0) continue;
    for (int k = 0; k < 60; ++k) {
      const double m = (a + b) / 2;
      (bend(a) * bend(m) <= 0 ? b : a) = m;
    }
    feature.isofocal_dose_mj_cm2 = (a + b) / 2;
    feature.isofocal_cd_nm = feature.bossung.cd_nm(focus, *feature.isofocal_dose_mj_cm2);
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
