// SPDX-License-Identifier: MIT
#include "undulith/study/mask_print.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/optimise/correct_edges.hpp"
#include "undulith/optimise/measure_print.hpp"

namespace undulith::study {
namespace {

// The first row and column again behind the last ones of a period.
Field2D<double> closed(const Field2D<double>& samples, const layout::PeriodicAxes& periodic) {
  Grid2D grid = samples.grid();
  if (periodic.x) ++grid.nx;
  if (periodic.y) ++grid.ny;
  Field2D<double> field(grid);
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) field(iy, ix) = samples(iy % samples.ny(), ix % samples.nx());
  return field;
}

}  // namespace

MaskPrint print_mask(const flow::Prepared& prepared, const optimise::ImageModel& model,
                     const optimise::PrintGoal& goal, const std::vector<layout::Polygon>& rings,
                     double pixel_nm, double period_nm) {
  const optimise::ModelGrid& grid = model.grid();
  const layout::Clip& drawn = prepared.clip;
  const optimise::Images images = model.images(optimise::pattern_of(rings, grid));
  std::vector<math::FourierSeries2D> series;
  for (const imaging::CellSamples& samples : images)
    series.emplace_back(grid.cell, grid.nx, grid.ny, samples, grid.image_order_x, grid.image_order_y);

  MaskPrint result{.figures = optimise::measure_print(images, grid, drawn, goal, pixel_nm),
                   .sites = optimise::place_sites(images, grid, drawn, goal, period_nm)};
  result.image.series = series[static_cast<std::size_t>(goal.nominal.plane)];
  result.image.window = drawn.window;
  result.image.wavelength_nm = prepared.job.source.wavelength_nm;
  result.image.intensity =
      imaging::sample_window(result.image.series, drawn.window, prepared.job.imaging.output_pitch_nm);
  result.measurement = metrology::measure(result.image, drawn, goal.drawn, prepared.job.metrology,
                                          flow::find_gauges(prepared));

  // Fine enough for contours; a map of many nodes shows no more than a picture has pixels.
  constexpr double kNodesPerPeriod = 16, kMostNodes = 2000;
  const double step_nm = std::max(period_nm / kNodesPerPeriod,
                                  std::max(drawn.window.width(), drawn.window.height()) / kMostNodes);
  const layout::PeriodicAxes periodic = layout::periodic_axes(drawn.cell, drawn.window);
  const double sign = goal.drawn == metrology::Feature::bright ? 1 : -1;
  for (const optimise::Condition& condition : optimise::conditions_of(goal)) {
    Field2D<double> level = closed(
        imaging::sample_window(series[static_cast<std::size_t>(condition.plane)], drawn.window, step_nm)
            .field(),
        periodic);
    for (double& value : level.values()) value = sign * (value * condition.dose / goal.threshold - 1);
    if (result.outermost.empty()) {
      result.outermost = result.innermost = std::move(level);
      continue;
    }
    for (std::size_t i = 0; i < level.values().size(); ++i) {
      result.outermost.values()[i] = std::max(result.outermost.values()[i], level.values()[i]);
      result.innermost.values()[i] = std::min(result.innermost.values()[i], level.values()[i]);
    }
  }
  return result;
}

}  // namespace undulith::study
