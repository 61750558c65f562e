// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "line_plot.hpp"
#include "sweep_sheet.hpp"
#include "undulith/report/sweep_pictures.hpp"

namespace undulith::report {
namespace {

constexpr std::size_t kMostMarked = 60;  // more discs on a curve touch

std::vector<PlotCurve> curves_of(const SweepPlot& sweep, const SweepPanel& panel) {
  std::vector<PlotCurve> curves;
  for (std::size_t i = 0; i < panel.curves.size(); ++i) {
    const SweepCurve& curve = panel.curves[i];
    const bool family = sweep.kind == SweepCurves::family, joined = sweep.kind != SweepCurves::points;
    curves.push_back({.x = curve.x,
                      .y = curve.y,
                      .stroke = {family ? family_colour(i, panel.curves.size()) : kind_colour(i), 1.8},
                      .label = curve.label,
                      .marker = !joined                        ? 3.0
                                : curve.x.size() > kMostMarked ? 0.0
                                                               : 2.0,
                      .line = joined});
  }
  double first = 0, last = 0;
  bool any = false;
  for (const SweepCurve& curve : panel.curves)
    for (const double x : curve.x) {
      first = any ? std::min(first, x) : x;
      last = any ? std::max(last, x) : x;
      any = true;
    }
  if (sweep.target)
    curves.push_back({.x = {first, last},
                      .y = {*sweep.target, *sweep.target},
                      .stroke = {{60, 60, 60}, 1.4, {2, 4}},
                      .label = fmt::format("target {} nm", number_text(*sweep.target))});
  return curves;
}

}  // namespace

Picture draw_sweep(const SweepPlot& sweep, const PictureOptions& options) {
  LinePlot plot{.title = sweep.title,
                .options = options,
                .x_label = sweep.x_label,
                .y_label = sweep.y_label,
                .quantity = fmt::format("{} against {}", sweep.y_label, sweep.x_label)};
  for (const SweepPanel& panel : sweep.panels)
    for (PlotCurve& curve : curves_of(sweep, panel)) plot.curves.push_back(std::move(curve));
  if (sweep.panels.size() == 1) return draw_line_plot(plot);

  std::vector<std::string> labels;
  for (const SweepPanel& panel : sweep.panels) labels.push_back(panel.label);
  const std::string title = full_title(sweep.title, options.title);
  SweepSheet sheet({.title = title,
                    .details = options.details,
                    .range = range_of(plot),
                    .x_label = sweep.x_label,
                    .y_label = sweep.y_label,
                    .panels = labels,
                    .legend = legend_of(curves_of(sweep, sweep.panels.front())),
                    .colour_bar = {}});
  for (std::size_t i = 0; i < sweep.panels.size(); ++i)
    for (const PlotCurve& curve : curves_of(sweep, sweep.panels[i]))
      sheet.draw(i, [&](Canvas& canvas, const DataArea& area) { draw_curve(canvas, area, curve); });
  return sheet.picture(title, plot.quantity);
}

Picture draw_sweep_front(const SweepFront& front, const PictureOptions& options) {
  LinePlot plot{.title = front.title,
                .options = options,
                .x_label = front.x_label,
                .y_label = front.y_label,
                .quantity = fmt::format("{} against {}", front.y_label, front.x_label)};
  const auto known = [](const std::vector<double>& values) {
    return std::vector<std::optional<double>>(values.begin(), values.end());
  };
  for (std::size_t i = 0; i < front.series.size(); ++i) {
    const SweepFront::Series& one = front.series[i];
    const auto paler = [](int channel) { return static_cast<std::uint8_t>(255 - (255 - channel) * 2 / 5); };
    const Rgb colour = kind_colour(i), pale{paler(colour.red), paler(colour.green), paler(colour.blue)};
    plot.curves.push_back({.x = one.x,
                           .y = known(one.y),
                           .stroke = {pale, 1},
                           .label = "all points" + (one.label.empty() ? "" : " of " + one.label),
                           .marker = 2.5,
                           .line = false});
    plot.curves.push_back({.x = one.front_x,
                           .y = known(one.front_y),
                           .stroke = {colour, 1.8},
                           .label = "Pareto front" + (one.label.empty() ? "" : " of " + one.label),
                           .marker = 3.5});
  }
  return draw_line_plot(plot);
}

}  // namespace undulith::report
