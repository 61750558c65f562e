// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "frame.hpp"
#include "gauge_marks.hpp"
#include "layout_view.hpp"
#include "undulith/report/resist_pictures.hpp"

namespace undulith::report {
namespace {

const Stroke kTargetEdge{okabe_ito::kSkyBlue, 1.6, {6, 4}}, kPrintedEdge{okabe_ito::kVermillion, 1.8};

// Contours of one cell, once for every copy that the picture shows.
void draw_printed_contours(Canvas& canvas, const DataArea& area, const std::vector<math::Contour>& contours,
                           const LayoutView& view) {
  for (int cy = 0; cy < view.copies_y; ++cy)
    for (int cx = 0; cx < view.copies_x; ++cx)
      for (const math::Contour& contour : contours) {
        std::vector<Position> points;
        for (std::size_t i = 0; i < contour.x.size(); ++i)
          points.push_back(area.at(contour.x[i] + (view.first_x + cx) * view.cell.width(),
                                   contour.y[i] + (view.first_y + cy) * view.cell.height()));
        canvas.polyline(points, contour.closed, kPrintedEdge);
      }
}

// The target of every cell, and the edge of the whole film.
void draw_many_cells(Canvas& canvas, const DataArea& area, const resist::ResistProfile& profile,
                     const layout::Clip& target, double cd_height, const LayoutView& view) {
  const auto cells_in = [](double length, double cell) {
    return static_cast<int>(std::lround(length / cell));
  };
  const LayoutView cells{.cell = target.cell,
                         .shown = view.shown,
                         .periodic_x = true,
                         .periodic_y = true,
                         .copies_x = cells_in(view.shown.width(), target.cell.width()),
                         .copies_y = cells_in(view.shown.height(), target.cell.height()),
                         .first_x = cells_in(view.shown.x0 - target.cell.x0, target.cell.width()),
                         .first_y = cells_in(view.shown.y0 - target.cell.y0, target.cell.height()),
                         .width = view.width,
                         .height = view.height};
  for (const Outline& outline : outlines(target.rings, target.cell, cells))
    canvas.polyline(placed(outline.points, area), outline.closed, kTargetEdge);
  const Grid3D& grid = profile.arrival_time_s.grid();
  const Field3D<double> level = resist::resist_level(profile);
  const int iz = std::clamp(static_cast<int>(std::lround((1 - cd_height) * (grid.nz - 1))), 0, grid.nz - 1);
  Grid2D closed = grid.plane();  // the first nodes are repeated at the far borders
  ++closed.nx, ++closed.ny;
  Field2D<double> plane(closed);
  for (int iy = 0; iy < closed.ny; ++iy)
    for (int ix = 0; ix < closed.nx; ++ix) plane(iy, ix) = level(iz, iy % grid.ny, ix % grid.nx);
  draw_printed_contours(canvas, area, math::find_contours(plane, 0), view);
}

}  // namespace

Picture draw_top_down(const resist::ResistProfile& profile, const layout::Clip& target,
                      const metrology::ProfileMeasurement& measurement, const PictureOptions& options) {
  const Grid3D& grid = profile.arrival_time_s.grid();
  const Field2D<double> height_nm = resist::resist_thickness(profile);
  // A film that holds several cells of the clip is shown as a whole, otherwise only the window.
  const Box film{grid.x0, grid.y0, grid.x0 + grid.nx * grid.dx, grid.y0 + grid.ny * grid.dy};
  const bool many = film.width() > 1.5 * target.cell.width() || film.height() > 1.5 * target.cell.height();
  const LayoutView of_window = view_of(target.window, target.cell);
  LayoutView view = of_window;
  if (many) view = view_of(film, film);
  const double thickness_nm = grid.thickness();
  metrology::Measurement marks;
  for (const metrology::ProfileResult& gauge : measurement.gauges) marks.gauges.push_back(gauge.at_cd_height);

  std::vector<std::string> details = options.details;
  if (!view.note().empty()) details.push_back(view.note());
  FrameRequest request{
      .title = full_title("Resist, top-down view", options.title),
      .details = details,
      .range = view.shown,
      .x_label = "x (nm)",
      .y_label = "y (nm)",
      .width = view.width,
      .height = view.height,
      .colour_bar = ColourBar{options.colour_map, 0, thickness_nm, "resist in the column (nm)", {}, {}},
      .legend = {{.kind = LegendItem::Kind::line,
                  .label = fmt::format("edge at {:.0f} % of the film's height", 100 * measurement.cd_height),
                  .stroke = kPrintedEdge},
                 {.kind = LegendItem::Kind::line, .label = "target", .stroke = kTargetEdge},
                 scale_bar(view)}};
  Frame frame = make_frame(request);
  const DataArea& area = frame.area;
  const ColourTable colours(options.colour_map, 0, thickness_nm);
  const auto node = [](double at, double origin, double step, int n) {
    const int i = static_cast<int>(std::lround((at - origin) / step));
    return (i % n + n) % n;
  };
  frame.canvas.raster(area.left, area.top, area.width, area.height, [&](int row, int column) {
    return colours(height_nm(node(area.value_y(row), grid.y0, grid.dy, grid.ny),
                             node(area.value_x(column), grid.x0, grid.dx, grid.nx)));
  });
  frame.canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  if (many) {
    draw_many_cells(frame.canvas, area, profile, target, measurement.cd_height, view);
  } else {
    for (const Outline& outline : outlines(target.rings, target.cell, view))
      frame.canvas.polyline(placed(outline.points, area), outline.closed, kTargetEdge);
    draw_printed_contours(frame.canvas, area, measurement.contours, view);
    draw_gauges(frame.canvas, area, marks, units_per_nm(view), 1);
    draw_cell_frame(frame.canvas, area, view);
  }
  frame.canvas.unclip();
  Picture picture{frame.canvas.image(), {}};
  describe_area(picture, area, "nm");
  picture.text["Title"] = printable(request.title);
  picture.text["undulith:quantity"] = "resist left in each column in nm";
  return picture;
}

}  // namespace undulith::report
