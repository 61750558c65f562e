// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "line_plot.hpp"
#include "undulith/report/sweep_pictures.hpp"

namespace undulith::report {

Picture draw_sweep(const SweepPlot& sweep, const PictureOptions& options) {
  LinePlot plot{.title = sweep.title,
                .options = options,
                .x_label = sweep.x_label,
                .y_label = sweep.y_label,
                .quantity = fmt::format("{} against {}", sweep.y_label, sweep.x_label)};
  for (std::size_t i = 0; i < sweep.curves.size(); ++i) {
    const SweepCurve& curve = sweep.curves[i];
    const bool family = sweep.kind == SweepCurves::family, joined = sweep.kind != SweepCurves::points;
    plot.curves.push_back({.x = curve.x,
                           .y = curve.y,
                           .stroke = {family ? family_colour(i, sweep.curves.size()) : kind_colour(i), 1.8},
                           .label = curve.label,
                           .marker = joined ? 2.0 : 3.0,
                           .line = joined});
  }
  if (sweep.target) {
    double first = 0, last = 0;
    bool any = false;
    for (const SweepCurve& curve : sweep.curves)
      for (const double x : curve.x) {
        first = any ? std::min(first, x) : x;
        last = any ? std::max(last, x) : x;
        any = true;
      }
    plot.curves.push_back({.x = {first, last},
                           .y = {*sweep.target, *sweep.target},
                           .stroke = {{60, 60, 60}, 1.4, {2, 4}},
                           .label = fmt::format("target {} nm", number_text(*sweep.target))});
  }
  return draw_line_plot(plot);
}

}  // namespace undulith::report
