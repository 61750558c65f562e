// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

#include "line_plot.hpp"
#include "undulith/report/resist_pictures.hpp"

namespace undulith::report {
namespace {

using metrology::FeatureWindow;
using metrology::WindowShape;

constexpr std::size_t kMaxFeatures = 6;  // more curves cannot be distinguished

PlotCurve level_line(const Box& range, double y, const Stroke& stroke, std::string label) {
  return {.x = {range.x0, range.x1}, .y = {y, y}, .stroke = stroke, .label = std::move(label)};
}

std::vector<std::optional<double>> known(std::span<const double> values) {
  return {values.begin(), values.end()};
}

std::vector<double> log10_of(std::span<const double> values) {
  std::vector<double> logs;
  for (const double value : values) logs.push_back(std::log10(std::max(value, 1e-300)));
  return logs;
}

// Outline of a window on the plane of focus and dose.
PlotCurve outline(const WindowShape& shape, bool ellipse, const Stroke& stroke, std::string label) {
  PlotCurve curve{.stroke = stroke, .label = std::move(label)};
  const double a = shape.depth_of_focus_nm / 2, b = shape.exposure_latitude_percent / 200 * shape.dose_mj_cm2;
  constexpr int kPoints = 96;
  const auto add = [&](double x, double y) {
    curve.x.push_back(shape.focus_nm + a * x);
    curve.y.push_back(shape.dose_mj_cm2 + b * y);
  };
  if (ellipse)
    for (int i = 0; i <= kPoints; ++i)
      add(std::cos(2 * std::numbers::pi * i / kPoints), std::sin(2 * std::numbers::pi * i / kPoints));
  else
    for (const auto& [x, y] : {std::pair{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}}) add(x, y);
  return curve;
}

const WindowShape* largest(const std::vector<WindowShape>& shapes) {
  const WindowShape* best = nullptr;
  double size = 0;
  for (const WindowShape& shape : shapes)
    if (const double here = shape.depth_of_focus_nm * shape.exposure_latitude_percent; here > size) {
      size = here;
      best = &shape;
    }
  return best;
}

}  // namespace

Picture draw_bossung(const FeatureWindow& feature, const metrology::WindowParameters& parameters,
                     const PictureOptions& options) {
  const auto& m = feature.matrix;
  LinePlot plot{.title = fmt::format("Bossung curves of {}", m.name),
                .options = options,
                .x_label = "focus (nm)",
                .y_label = "CD (nm)",
                .quantity = "CD in nm against focus in nm, one curve per dose"};
  double low = m.target_cd_nm, high = m.target_cd_nm;
  constexpr std::size_t kMaxCurves = 11;
  const std::size_t every = (m.dose_mj_cm2.size() + kMaxCurves - 1) / kMaxCurves;
  std::vector<std::size_t> shown;
  for (std::size_t d = 0; d < m.dose_mj_cm2.size(); d += every) shown.push_back(d);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    PlotCurve curve{.x = m.focus_nm,
                    .stroke = {family_colour(i, shown.size()), 1.8},
                    .label = fmt::format("{} mJ/cm²", number_text(m.dose_mj_cm2[shown[i]])),
                    .marker = 2};
    for (std::size_t f = 0; f < m.focus_nm.size(); ++f) {
      curve.y.push_back(m.at(f, shown[i]));
      if (curve.y.back()) low = std::min(low, *curve.y.back()), high = std::max(high, *curve.y.back());
    }
    plot.curves.push_back(std::move(curve));
  }
  const double share = parameters.cd_tolerance_percent / 100, room = 0.06 * (high - low) + 0.1;
  const double first = m.focus_nm.front(), last = m.focus_nm.back(), side = 0.03 * (last - first);
  plot.range = Box{first - side, std::min(low, m.target_cd_nm * (1 - share)) - room, last + side,
                   std::max(high, m.target_cd_nm * (1 + share)) + room};
  plot.bands.push_back({.x = {plot.range->x0, plot.range->x1},
                        .low = {m.target_cd_nm * (1 - share), m.target_cd_nm * (1 - share)},
                        .high = {m.target_cd_nm * (1 + share), m.target_cd_nm * (1 + share)},
                        .colour = {150, 150, 150},
                        .label = fmt::format("target ± {} %", number_text(parameters.cd_tolerance_percent))});
  plot.curves.push_back(level_line(*plot.range, m.target_cd_nm, {{60, 60, 60}, 1.4, {2, 4}},
                                   fmt::format("target {} nm", number_text(m.target_cd_nm))));
  std::string facts;
  if (feature.best_focus_cd_nm)
    facts += fmt::format("best focus by CD {} nm", number_text(*feature.best_focus_cd_nm, 3));
  if (feature.dose_to_size_mj_cm2)
    facts += fmt::format("{}dose to size {} mJ/cm²", facts.empty() ? "" : " · ",
                         number_text(*feature.dose_to_size_mj_cm2));
  if (feature.isofocal_cd_nm)
    facts += fmt::format("{}isofocal CD {} nm at {} mJ/cm²", facts.empty() ? "" : " · ",
                         number_text(*feature.isofocal_cd_nm), number_text(*feature.isofocal_dose_mj_cm2));
  if (!facts.empty()) plot.options.details.push_back(facts);
  return draw_line_plot(plot);
}

Picture draw_ed_window(const metrology::WindowResult& result, const PictureOptions& options) {
  LinePlot plot{.title = "Exposure-defocus window",
                .options = options,
                .x_label = "focus (nm)",
                .y_label = "dose (mJ/cm²)",
                .quantity = "dose limits in mJ/cm2 against focus in nm"};
  const std::size_t n = std::min(kMaxFeatures, result.features.size());
  for (std::size_t i = 0; i < n; ++i) {
    const auto& limits = result.features[i].limits;
    const Stroke stroke{kind_colour(i), 1.8};
    plot.curves.push_back(
        {.x = limits.focus_nm, .y = limits.low_mj_cm2, .stroke = stroke, .label = limits.name, .marker = 2});
    plot.curves.push_back({.x = limits.focus_nm, .y = limits.high_mj_cm2, .stroke = stroke, .marker = 2});
  }
  const auto& common = result.common.limits;
  plot.bands.push_back({.x = common.focus_nm,
                        .low = common.low_mj_cm2,
                        .high = common.high_mj_cm2,
                        .colour = {120, 160, 120},
                        .label = "all features within tolerance"});
  if (const WindowShape* shape = largest(result.common.curves.rectangle))
    plot.curves.push_back(outline(
        *shape, false, {{0, 0, 0}, 2},
        fmt::format("largest rectangle: EL {} %, DOF {} nm", number_text(shape->exposure_latitude_percent, 3),
                    number_text(shape->depth_of_focus_nm, 3))));
  if (const WindowShape* shape = largest(result.common.curves.ellipse))
    plot.curves.push_back(outline(
        *shape, true, {{0, 0, 0}, 1.6, {5, 4}},
        fmt::format("largest ellipse: EL {} %, DOF {} nm", number_text(shape->exposure_latitude_percent, 3),
                    number_text(shape->depth_of_focus_nm, 3))));
  if (result.features.size() > n)
    plot.options.details.push_back(
        fmt::format("{} of {} features; the window is the common window of all", n, result.features.size()));
  return draw_line_plot(plot);
}

Picture draw_el_dof(const metrology::WindowResult& result, const PictureOptions& options) {
  LinePlot plot{.title = "Exposure latitude against depth of focus",
                .options = options,
                .x_label = "depth of focus (nm)",
                .y_label = "exposure latitude (%)",
                .quantity = "exposure latitude in percent against depth of focus in nm"};
  const auto add = [&](const metrology::WindowCurves& curves, Rgb colour, double width,
                       const std::string& name) {
    for (const auto& [shapes, dash, suffix] :
         {std::tuple{&curves.rectangle, std::vector<double>{}, ", rectangle"},
          std::tuple{&curves.ellipse, std::vector<double>{6, 4}, ", ellipse"}}) {
      PlotCurve curve{.stroke = {colour, width, dash}, .label = name + suffix};
      for (const WindowShape& shape : *shapes) {
        curve.x.push_back(shape.depth_of_focus_nm);
        curve.y.push_back(shape.exposure_latitude_percent > 0 ? std::optional(shape.exposure_latitude_percent)
                                                              : std::nullopt);
      }
      plot.curves.push_back(std::move(curve));
    }
  };
  const std::size_t n = std::min(kMaxFeatures, result.features.size());
  if (result.features.size() > 1)
    for (std::size_t i = 0; i < n; ++i)
      add(result.features[i].window.curves, kind_colour(i), 1.4, result.features[i].matrix.name);
  add(result.common.curves, {0, 0, 0}, 2.4,
      result.features.size() > 1 ? "all features" : result.features[0].matrix.name);
  std::string facts;
  for (const auto& depth : result.common.depths)
    if (depth.rectangle_nm)
      facts += fmt::format("{}DOF {}{} nm at {} % EL", facts.empty() ? "" : " · ",
                           depth.rectangle_is_least ? "≥ " : "", number_text(*depth.rectangle_nm, 4),
                           number_text(depth.exposure_latitude_percent));
  plot.options.details.push_back(facts.empty() ? "no common window" : facts);
  double widest = 0, highest = 0;
  for (const PlotCurve& curve : plot.curves)
    for (std::size_t i = 0; i < curve.x.size(); ++i)
      if (curve.y[i]) {
        widest = std::max(widest, curve.x[i]);
        highest = std::max(highest, *curve.y[i]);
      }
  if (highest > 0) plot.range = Box{0, 0, std::max(1.03 * widest, 1.0), 1.06 * highest};
  return draw_line_plot(plot);
}

Picture draw_contrast_curve(const ContrastPicture& curve, const PictureOptions& options) {
  LinePlot plot{.title = "Contrast curve",
                .options = options,
                .x_label = "log₁₀ of dose (mJ/cm²)",
                .y_label = "remaining thickness (nm)",
                .quantity = "remaining thickness in nm against log10 of the open-frame dose in mJ/cm2"};
  plot.curves.push_back({.x = log10_of(curve.dose_mj_cm2),
                         .y = known(curve.remaining_nm),
                         .stroke = {okabe_ito::kBlue, 2.2},
                         .label = "open frame"});
  if (curve.dose_to_clear_mj_cm2 > 0) {
    const double x = std::log10(curve.dose_to_clear_mj_cm2);
    plot.curves.push_back({.x = {x, x},
                           .y = {0.0, curve.thickness_nm},
                           .stroke = {okabe_ito::kVermillion, 1.4, {5, 4}},
                           .label = fmt::format("E0 = {} mJ/cm²", number_text(curve.dose_to_clear_mj_cm2))});
  }
  if (curve.gamma > 0)
    plot.options.details.push_back(fmt::format("contrast {} at the steepest part, of a {} nm film",
                                               number_text(curve.gamma, 3), number_text(curve.thickness_nm)));
  return draw_line_plot(plot);
}

Picture draw_calibration(const CalibrationPicture& fit, const PictureOptions& options) {
  LinePlot plot{.title = "Calibration",
                .options = options,
                .x_label = "measured CD (nm)",
                .y_label = "calculated minus measured CD (nm)",
                .quantity = "residual CD in nm against measured CD in nm"};
  const auto residual = [&](std::span<const double> calculated) {
    std::vector<std::optional<double>> out;
    for (std::size_t i = 0; i < calculated.size(); ++i)
      out.push_back(calculated[i] > 0 ? std::optional(calculated[i] - fit.measured_nm[i]) : std::nullopt);
    return out;
  };
  const std::vector<double> measured(fit.measured_nm.begin(), fit.measured_nm.end());
  plot.curves.push_back({.x = measured,
                         .y = residual(fit.before_nm),
                         .stroke = {okabe_ito::kOrange, 2},
                         .label = "before",
                         .marker = 3.4,
                         .line = false});
  plot.curves.push_back({.x = measured,
                         .y = residual(fit.after_nm),
                         .stroke = {okabe_ito::kBlue, 2},
                         .label = "after",
                         .marker = 3.4,
                         .line = false});
  const auto rms = [&](std::span<const double> calculated) {
    double sum = 0;
    for (std::size_t i = 0; i < calculated.size(); ++i)
      sum += (calculated[i] - measured[i]) * (calculated[i] - measured[i]) /
             static_cast<double>(measured.size());
    return number_text(std::sqrt(sum), 3);
  };
  plot.options.details.push_back(
      fmt::format("residual {} nm rms before, {} nm after", rms(fit.before_nm), rms(fit.after_nm)));
  const auto [low, high] = std::ranges::minmax(measured);
  plot.curves.push_back({.x = {low, high}, .y = {0.0, 0.0}, .stroke = {{90, 90, 90}, 1.2, {2, 4}}});
  return draw_line_plot(plot);
}

Picture draw_failure_curve(const FailureCurve& curve, const PictureOptions& options) {
  LinePlot plot{.title = "Probability of failure",
                .options = options,
                .x_label = "dose (mJ/cm²)",
                .y_label = "log₁₀ of the share of features that fail",
                .quantity = "log10 of the failing share against dose in mJ/cm2"};
  constexpr double kFloor = 1e-8;
  PlotBand band{
      .x = curve.dose_mj_cm2, .colour = okabe_ito::kSkyBlue, .opacity = 0.35, .label = "95 % confidence"};
  PlotCurve seen{.x = curve.dose_mj_cm2,
                 .stroke = {okabe_ito::kBlue, 2},
                 .label = "share that failed (no point: none failed)",
                 .marker = 3.2};
  for (std::size_t i = 0; i < curve.dose_mj_cm2.size(); ++i) {
    band.low.push_back(std::log10(std::max(curve.low[i], curve.high[i] / 1e3 + kFloor)));
    band.high.push_back(std::log10(std::max(curve.high[i], kFloor)));
    seen.y.push_back(curve.estimate[i] > 0 ? std::optional(std::log10(curve.estimate[i])) : std::nullopt);
  }
  plot.bands.push_back(std::move(band));
  plot.curves.push_back(std::move(seen));
  std::string cds = "mean CD:";
  for (std::size_t i = 0; i < curve.dose_mj_cm2.size(); ++i)
    if (curve.mean_cd_nm[i] > 0)
      cds += fmt::format("{} {} nm at {}", i ? " ·" : "", number_text(curve.mean_cd_nm[i], 3),
                         number_text(curve.dose_mj_cm2[i], 3));
  plot.options.details.push_back(cds);
  return draw_line_plot(plot);
}

Picture draw_cd_histogram(std::span<const double> cd_nm, double target_cd_nm, const PictureOptions& options) {
  const auto n = static_cast<double>(cd_nm.size());
  double mean = 0, variance = 0;
  for (const double cd : cd_nm) mean += cd / n;
  for (const double cd : cd_nm) variance += (cd - mean) * (cd - mean) / std::max(1.0, n - 1);
  const double sigma = std::sqrt(variance);
  const auto [low, high] = std::ranges::minmax(cd_nm);
  // Scott's rule: 3.5 sigma n^(-1/3).
  const double bin_nm = sigma > 0 ? 3.5 * sigma / std::cbrt(n) : 1;
  const int n_bins = std::clamp(static_cast<int>(std::ceil((high - low) / bin_nm)), 1, 200);
  std::vector<double> count(static_cast<std::size_t>(n_bins));
  for (const double cd : cd_nm)
    ++count[static_cast<std::size_t>(std::clamp(static_cast<int>((cd - low) / bin_nm), 0, n_bins - 1))];

  LinePlot plot{.title = "Distribution of CD",
                .options = options,
                .x_label = "CD (nm)",
                .y_label = "number",
                .quantity = "number of features against CD in nm"};
  PlotBand bars{
      .colour = okabe_ito::kSkyBlue, .opacity = 0.5, .label = fmt::format("{} features", cd_nm.size())};
  for (int i = 0; i < n_bins; ++i)
    for (const double edge : {low + i * bin_nm, low + (i + 1) * bin_nm}) {
      bars.x.push_back(edge);
      bars.low.emplace_back(0);
      bars.high.emplace_back(count[static_cast<std::size_t>(i)]);
    }
  plot.bands.push_back(std::move(bars));
  double tallest = *std::ranges::max_element(count);
  if (sigma > 0) {
    PlotCurve normal{.stroke = {okabe_ito::kBlue, 2},
                     .label = fmt::format("normal: mean {} nm, 3σ = {} nm", number_text(mean, 4),
                                          number_text(3 * sigma, 3))};
    constexpr int kPoints = 161;
    const double peak = n * bin_nm / (sigma * std::sqrt(2 * std::numbers::pi));
    for (int i = 0; i < kPoints; ++i) {
      const double t = 8.0 * i / (kPoints - 1) - 4;
      normal.x.push_back(mean + t * sigma);
      normal.y.emplace_back(peak * std::exp(-t * t / 2));
    }
    plot.curves.push_back(std::move(normal));
    tallest = std::max(tallest, peak);
  }
  if (target_cd_nm > 0)
    plot.curves.push_back({.x = {target_cd_nm, target_cd_nm},
                           .y = {0.0, tallest},
                           .stroke = {okabe_ito::kVermillion, 1.4, {5, 4}},
                           .label = fmt::format("target {} nm", number_text(target_cd_nm))});
  const double reach = std::max(4 * sigma, bin_nm);
  double left = std::min(low, mean - reach), right = std::max(high, mean + reach);
  if (target_cd_nm > 0)
    left = std::min(left, target_cd_nm - bin_nm), right = std::max(right, target_cd_nm + bin_nm);
  plot.range = Box{left, 0, right, 1.08 * tallest};
  return draw_line_plot(plot);
}

Picture draw_roughness(const metrology::RoughnessResult& roughness,
                       const std::optional<resist::LerEstimate>& estimate, const PictureOptions& options) {
  LinePlot plot{.title = "Roughness spectrum",
                .options = options,
                .x_label = "log₁₀ of frequency (1/nm)",
                .y_label = "log₁₀ of PSD (nm³)",
                .quantity = "log10 of the two-sided PSD in nm3 against log10 of frequency in 1/nm"};
  const std::vector<double> frequency = log10_of(roughness.frequency_per_nm);
  const std::vector<double> psd = log10_of(roughness.psd_nm3);
  plot.curves.push_back({.x = frequency,
                         .y = known(psd),
                         .stroke = {okabe_ito::kBlue, 1.6},
                         .label = fmt::format("mean of {} edges: 3σ = {} nm (biased)", roughness.n_edges,
                                              number_text(3 * roughness.biased_nm, 3)),
                         .marker = 2.4});
  if (roughness.unbiased) {
    const auto& model = roughness.unbiased->model;
    const std::vector<double> expected =
        metrology::expected_periodogram_nm3(model, roughness.n_samples, roughness.step_nm);
    PlotCurve fit{.stroke = {okabe_ito::kVermillion, 2},
                  .label = fmt::format("unbiased fit: 3σ = {} nm, ξ = {} nm, H = {}",
                                       number_text(3 * model.sigma_nm, 3),
                                       number_text(model.correlation_nm, 3), number_text(model.hurst, 2))};
    for (std::size_t k = 1; k < expected.size() && k <= frequency.size(); ++k) {
      fit.x.push_back(frequency[k - 1]);
      fit.y.push_back(std::log10(std::max(expected[k], 1e-300)));
    }
    const auto [low, high] = std::ranges::minmax(psd);
    plot.range =
        Box{frequency.front() - 0.05, std::max(low, high - 8) - 0.2, frequency.back() + 0.05, high + 0.3};
    plot.curves.push_back(std::move(fit));
  }
  if (estimate)
    plot.notes.push_back(
        {.kind = LegendItem::Kind::note,
         .label =
             fmt::format("analytic estimate: 3σ = {} nm (mean through the film) to {} nm (one depth)",
                         number_text(3 * estimate->film_nm, 3), number_text(3 * estimate->slice_nm, 3))});
  return draw_line_plot(plot);
}

}  // namespace undulith::report
