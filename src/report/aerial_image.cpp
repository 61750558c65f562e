// SPDX-License-Identifier: MIT
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "gauge_marks.hpp"
#include "layout_view.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/report/pictures.hpp"

namespace undulith::report {

namespace {

constexpr Rgb kContour = okabe_ito::kVermillion;

/// Bilinear interpolation on a grid; beyond the grid periodic or constant.
class Sampler {
 public:
  Sampler(const Field2D<double>& field, const LayoutView& view)
      : field_(field),
        x_{field.nx(), field.grid().x0, field.grid().dx, view.periodic_x ? view.cell.width() : 0},
        y_{field.ny(), field.grid().y0, field.grid().dy, view.periodic_y ? view.cell.height() : 0} {}

  struct Place {
    int low, high;
    double share;  ///< of high
  };
  [[nodiscard]] Place along_x(double x) const { return x_.place(x); }
  [[nodiscard]] Place along_y(double y) const { return y_.place(y); }
  [[nodiscard]] double value(const Place& y, const Place& x) const {
    const double low = field_(y.low, x.low) + x.share * (field_(y.low, x.high) - field_(y.low, x.low));
    const double high = field_(y.high, x.low) + x.share * (field_(y.high, x.high) - field_(y.high, x.low));
    return low + y.share * (high - low);
  }

 private:
  struct Axis {
    int n;
    double start, step, period;  ///< period 0: none

    [[nodiscard]] Place place(double at) const {
      if (period > 0) at -= period * std::floor((at - start) / period);
      const double s = std::max(0.0, (at - start) / step);
      const int low = std::min(static_cast<int>(s), n - 1);
      if (low < n - 1) return {low, low + 1, s - low};
      // After the last sample: continue to the first one of the next period, or hold the value.
      if (period <= 0) return {low, low, 0};
      const double gap = period - (n - 1) * step;
      return gap > 1e-9 * period ? Place{low, 0, std::clamp((s - low) * step / gap, 0.0, 1.0)}
                                 : Place{low, low, 0};
    }
  };
  const Field2D<double>& field_;
  Axis x_, y_;
};

/// Where features are a few canvas units wide, halos and outlines would hide the image.
[[nodiscard]] bool crowded(double units_per_nm) {
  return units_per_nm < 0.3;
}

/// Lines get thinner when the scale is small: the factor is 1 at 1.2 canvas units per nm and above.
[[nodiscard]] double line_scale(double units_per_nm) {
  return crowded(units_per_nm) ? 0.25 : std::clamp(units_per_nm / 1.2, 0.5, 1.0);
}

[[nodiscard]] Stroke target_under(double scale) {
  return {{0, 0, 0}, 2.4 * scale, {}, 0.45};
}
[[nodiscard]] Stroke target_line(double scale) {
  return {{255, 255, 255}, 1.3 * scale, {5 * scale, 4 * scale}};
}
[[nodiscard]] Stroke edge_under(double scale) {
  return {{255, 255, 255}, 4.6 * scale, {}, 0.9};
}
[[nodiscard]] Stroke edge_line(double scale) {
  return {kContour, 2.2 * scale};
}

void draw_target(Canvas& canvas, const DataArea& area, const layout::Clip& target, const LayoutView& view) {
  if (crowded(units_per_nm(view))) return;
  const double scale = line_scale(units_per_nm(view));
  const std::vector<Outline> lines = outlines(target.rings, target.cell, view);
  for (const Stroke& stroke : {target_under(scale), target_line(scale)}) {
    for (const Outline& line : lines) canvas.polyline(placed(line.points, area), line.closed, stroke);
  }
}

void draw_image_contours(Canvas& canvas, const DataArea& area, const std::vector<math::Contour>& contours,
                         const LayoutView& view) {
  const double scale = line_scale(units_per_nm(view));
  // All halos first, so that none covers a line.
  std::vector<Stroke> strokes = {edge_under(scale), edge_line(scale)};
  if (crowded(units_per_nm(view))) strokes.erase(strokes.begin());
  for (const Stroke& stroke : strokes) {
    for (int j = 0; j < view.copies_y; ++j) {
      for (int i = 0; i < view.copies_x; ++i) {
        const double dx = (view.first_x + i) * view.cell.width(),
                     dy = (view.first_y + j) * view.cell.height();
        for (const math::Contour& contour : contours) {
          std::vector<Position> points;
          points.reserve(contour.x.size());
          for (std::size_t k = 0; k < contour.x.size(); ++k)
            points.push_back(area.at(contour.x[k] + dx, contour.y[k] + dy));
          canvas.polyline(points, contour.closed, stroke);
        }
      }
    }
  }
}

[[nodiscard]] std::vector<LegendItem> legend_of(const metrology::Measurement& measurement,
                                                const layout::Clip& target, const LayoutView& view,
                                                ColourMap map) {
  const Rgb background = colour_of(map, 0.4);
  std::vector<LegendItem> items;
  const double scale = line_scale(units_per_nm(view));
  items.push_back({.kind = LegendItem::Kind::line,
                   .label = fmt::format("printed edge (threshold {})", number_text(measurement.threshold)),
                   .stroke = edge_line(scale),
                   .under = crowded(units_per_nm(view)) ? std::nullopt : std::optional(edge_under(scale)),
                   .background = background});
  if (!target.rings.empty() && !crowded(units_per_nm(view))) {
    items.push_back({.kind = LegendItem::Kind::line,
                     .label = "target",
                     .stroke = target_line(scale),
                     .under = target_under(scale),
                     .background = background});
  }
  if (!measurement.gauges.empty()) {
    items.push_back({.kind = LegendItem::Kind::gauge,
                     .label = gauge_legend(measurement, units_per_nm(view)),
                     .stroke = {{0, 0, 0}, 1.3 * scale}});
  }
  items.push_back(scale_bar(view));
  return items;
}

// No finer than a picture shows: an image of 10 um has a hundred million samples.
imaging::ImageSamples samples_for(const imaging::AerialImage& image, const LayoutView& view) {
  constexpr double kSamplesPerPixel = 2;
  const double pixel_nm = 1 / (units_per_nm(view) * kPixelsPerUnit);
  const Grid2D& grid = image.intensity.grid();
  if (image.series.cell().empty() || kSamplesPerPixel * std::min(grid.dx, grid.dy) > pixel_nm / 2)
    return image.intensity;
  return imaging::sample_window(image.series, image.window, pixel_nm / kSamplesPerPixel);
}

}  // namespace

Picture draw_aerial_image(const imaging::AerialImage& image, const layout::Clip& target,
                          const metrology::Measurement& measurement, const PictureOptions& options) {
  if (image.intensity.empty() || image.window.empty()) {
    throw std::invalid_argument("draw_aerial_image: the image has no samples");
  }
  const LayoutView view = view_of(image.window, target.cell);
  const imaging::ImageSamples samples = samples_for(image, view);
  double high = samples.highest();
  if (!(high > 0)) high = 1;  // a dark image still has a scale

  FrameRequest request;
  request.title = full_title("Aerial image", options.title);
  request.details = options.details;
  if (const std::string note = view.note(); !note.empty()) request.details.push_back(note);
  request.range = view.shown;
  request.x_label = "x (nm, wafer)";
  request.y_label = "y (nm, wafer)";
  request.width = view.width;
  request.height = view.height;
  request.colour_bar =
      ColourBar{options.colour_map, 0, high, "intensity (open frame = 1)", measurement.threshold, kContour};
  request.legend = legend_of(measurement, target, view, options.colour_map);
  Frame frame = make_frame(request);
  const DataArea& area = frame.area;

  const Sampler sampler(samples, view);
  std::vector<Sampler::Place> columns;
  for (int column = 0; column < area.width; ++column)
    columns.push_back(sampler.along_x(area.value_x(column)));
  std::vector<Sampler::Place> rows;
  for (int row = 0; row < area.height; ++row) rows.push_back(sampler.along_y(area.value_y(row)));
  const ColourTable colours(options.colour_map, 0, high);
  frame.canvas.raster(area.left, area.top, area.width, area.height, [&](int row, int column) {
    return colours(
        sampler.value(rows[static_cast<std::size_t>(row)], columns[static_cast<std::size_t>(column)]));
  });

  frame.canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  draw_target(frame.canvas, area, target, view);
  draw_image_contours(frame.canvas, area, measurement.contours, view);
  draw_cell_frame(frame.canvas, area, view);
  draw_gauges(frame.canvas, area, measurement, units_per_nm(view), line_scale(units_per_nm(view)));
  frame.canvas.unclip();

  Picture picture{frame.canvas.image(), {}};
  describe_area(picture, area, "nm");
  picture.text["Title"] = printable(request.title);
  picture.text["undulith:quantity"] = "intensity, open frame = 1";
  picture.text["undulith:value_range"] = "0," + io::format_number(high);
  picture.text["undulith:colour_map"] = options.colour_map == ColourMap::violet_yellow ? "violet_yellow"
                                        : options.colour_map == ColourMap::blue_yellow ? "blue_yellow"
                                                                                       : "blue_orange";
  picture.text["undulith:resampling"] = "bilinear, at pixel centres";
  return picture;
}

}  // namespace undulith::report
