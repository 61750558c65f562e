#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "layout_view.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/report/pictures.hpp"

namespace undulith::report {

namespace {

constexpr Rgb kEdge = okabe_ito::kVermillion;
constexpr double kGaugeTextSize = 10.5;
constexpr std::size_t kMaxGauges = 400;  // more marks than this hide the image

/// Bilinear interpolation on a grid; beyond it periodic or constant.
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
      // Behind the last sample: on to the first one of the next period, or hold.
      if (period <= 0) return {low, low, 0};
      const double gap = period - (n - 1) * step;
      return gap > 1e-9 * period ? Place{low, 0, std::clamp((s - low) * step / gap, 0.0, 1.0)}
                                 : Place{low, low, 0};
    }
  };
  const Field2D<double>& field_;
  Axis x_, y_;
};

void draw_target(Canvas& canvas, const DataArea& area, const layout::Clip& target, const LayoutView& view) {
  const std::vector<Outline> lines = outlines(target.rings, target.cell, view);
  for (const Stroke& stroke : {Stroke{{0, 0, 0}, 2.4, {}, 0.45}, Stroke{{255, 255, 255}, 1.3, {5, 4}}}) {
    for (const Outline& line : lines) canvas.polyline(placed(line.points, area), line.closed, stroke);
  }
}

void draw_contours(Canvas& canvas, const DataArea& area, const std::vector<math::Contour>& contours,
                   const LayoutView& view) {
  // All halos first, so that none covers a line.
  for (const Stroke& stroke : {Stroke{{255, 255, 255}, 4.6, {}, 0.9}, Stroke{kEdge, 2.2}}) {
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

struct GaugeEnds {
  double left, right;  ///< along the cut from its centre, nm
};

/// The printed edges along the cut: the pair of crossings with the contours whose distance is the measured CD
/// and that lies nearest to the centre; the CD about the centre where the contours do not tell.
[[nodiscard]] GaugeEnds find_ends(const metrology::GaugeResult& result,
                                  const std::vector<math::Contour>& contours) {
  const metrology::Gauge& gauge = result.gauge;
  const double angle = gauge.angle_deg * std::numbers::pi / 180, ux = std::cos(angle), uy = std::sin(angle);
  std::vector<double> crossings;
  for (const math::Contour& contour : contours) {
    const std::size_t n = contour.x.size();
    for (std::size_t i = 0; i + (contour.closed ? 0 : 1) < n; ++i) {
      const std::size_t k = (i + 1) % n;
      const auto across = [&](std::size_t p) {
        return (contour.y[p] - gauge.y_nm) * ux - (contour.x[p] - gauge.x_nm) * uy;
      };
      const auto along = [&](std::size_t p) {
        return (contour.x[p] - gauge.x_nm) * ux + (contour.y[p] - gauge.y_nm) * uy;
      };
      const double a = across(i), b = across(k);
      if ((a < 0) == (b < 0)) continue;
      const double s = along(i) + a / (a - b) * (along(k) - along(i));
      if (std::abs(s) <= gauge.length_nm / 2) crossings.push_back(s);
    }
  }
  std::sort(crossings.begin(), crossings.end());
  const double cd = result.cd_nm.value_or(0);
  GaugeEnds best{-cd / 2, cd / 2};
  double best_cost = 0.25 * cd;  // beyond this the contour and the measurement speak of different features
  for (std::size_t i = 0; i + 1 < crossings.size(); ++i) {
    const double left = crossings[i], right = crossings[i + 1];
    const double cost = std::abs(right - left - cd) + 0.1 * std::abs(left + right) / 2;
    if (cost < best_cost) {
      best_cost = cost;
      best = {left, right};
    }
  }
  return best;
}

struct Rectangle {
  double x0, y0, x1, y1;
  [[nodiscard]] bool overlaps(const Rectangle& o) const {
    return x0 < o.x1 && o.x0 < x1 && y0 < o.y1 && o.y0 < y1;
  }
};

/// Marks of the gauges in the base cell, and CDs where they do not touch one another.
void draw_gauges(Canvas& canvas, const DataArea& area, const metrology::Measurement& measurement) {
  std::vector<Rectangle> taken;
  const std::size_t n = std::min(measurement.gauges.size(), kMaxGauges);
  struct Label {
    double x, y;
    std::string text;
  };
  std::vector<Label> labels;
  for (std::size_t i = 0; i < n; ++i) {
    const metrology::GaugeResult& result = measurement.gauges[i];
    const metrology::Gauge& gauge = result.gauge;
    const double angle = gauge.angle_deg * std::numbers::pi / 180, ux = std::cos(angle), uy = std::sin(angle);
    const Position centre = area.at(gauge.x_nm, gauge.y_nm);
    if (result.status != metrology::PrintStatus::printed || !result.cd_nm) {
      for (const Stroke& stroke : {Stroke{{255, 255, 255}, 5}, Stroke{{0, 0, 0}, 2}}) {
        canvas.line({centre.x - 5, centre.y - 5}, {centre.x + 5, centre.y + 5}, stroke);
        canvas.line({centre.x - 5, centre.y + 5}, {centre.x + 5, centre.y - 5}, stroke);
      }
      taken.push_back({centre.x - 7, centre.y - 7, centre.x + 7, centre.y + 7});
      continue;
    }
    const GaugeEnds ends = find_ends(result, measurement.contours);
    const Position a = area.at(gauge.x_nm + ends.left * ux, gauge.y_nm + ends.left * uy);
    const Position b = area.at(gauge.x_nm + ends.right * ux, gauge.y_nm + ends.right * uy);
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    if (!(length > 0)) continue;
    const Position across{-(b.y - a.y) / length * 4.5, (b.x - a.x) / length * 4.5};
    for (const Stroke& stroke : {Stroke{{255, 255, 255}, 3.4, {}, 0.8}, Stroke{{0, 0, 0}, 1.3}}) {
      canvas.line(a, b, stroke);
      for (const Position& end : {a, b}) {
        canvas.line({end.x - across.x, end.y - across.y}, {end.x + across.x, end.y + across.y}, stroke);
      }
    }
    const std::string text = fmt::format("{:.2f}", *result.cd_nm);
    const double width = text_width(text, kGaugeTextSize);
    const Position middle{(a.x + b.x) / 2, (a.y + b.y) / 2};
    // Above the cut, or beside one that stands upright.
    const bool upright = std::abs(b.y - a.y) > std::abs(b.x - a.x);
    const double x = upright ? middle.x + 6 : middle.x - width / 2, y = upright ? middle.y + 4 : middle.y - 8;
    const Rectangle box{x - 3, y - 12, x + width + 3, y + 4};
    const bool inside = box.x0 > area.x0() && box.x1 < area.x0() + area.w() && box.y0 > area.y0() &&
                        box.y1 < area.y0() + area.h();
    if (!inside ||
        std::any_of(taken.begin(), taken.end(), [&](const Rectangle& t) { return t.overlaps(box); }))
      continue;
    taken.push_back(box);
    labels.push_back({x, y, text});
  }
  for (const Label& label : labels) {
    canvas.text(label.x, label.y, label.text, {.size = kGaugeTextSize, .colour = {0, 0, 0}, .halo = true});
  }
}

[[nodiscard]] std::vector<LegendItem> legend_of(const metrology::Measurement& measurement,
                                                const layout::Clip& target, const LayoutView& view,
                                                ColourMap map) {
  const Rgb background = colour_of(map, 0.4);
  std::vector<LegendItem> items;
  items.push_back({.kind = LegendItem::Kind::line,
                   .label = fmt::format("printed edge (threshold {})", number_text(measurement.threshold)),
                   .stroke = {kEdge, 2.2},
                   .under = Stroke{{255, 255, 255}, 4.6, {}, 0.9},
                   .background = background});
  if (!target.rings.empty()) {
    items.push_back({.kind = LegendItem::Kind::line,
                     .label = "target",
                     .stroke = {{255, 255, 255}, 1.3, {5, 4}},
                     .under = Stroke{{0, 0, 0}, 2.4, {}, 0.45},
                     .background = background});
  }
  if (!measurement.gauges.empty()) {
    std::string label = "CD in nm";
    const auto failed =
        std::count_if(measurement.gauges.begin(), measurement.gauges.end(),
                      [](const auto& gauge) { return gauge.status != metrology::PrintStatus::printed; });
    if (failed > 0) label += fmt::format(" (× not printed or merged: {})", failed);
    if (measurement.gauges.size() > kMaxGauges) label += fmt::format(", first {} gauges", kMaxGauges);
    items.push_back({.kind = LegendItem::Kind::gauge, .label = label, .stroke = {{0, 0, 0}, 1.3}});
  }
  items.push_back(scale_bar(view));
  return items;
}

}  // namespace

Picture draw_aerial_image(const imaging::AerialImage& image, const layout::Clip& target,
                          const metrology::Measurement& measurement, const PictureOptions& options) {
  if (image.intensity.empty() || image.window.empty()) {
    throw std::invalid_argument("draw_aerial_image: an image without samples");
  }
  const LayoutView view = view_of(image.window, target.cell);
  double high = 0;
  for (const double value : image.intensity.values()) {
    if (std::isfinite(value)) high = std::max(high, value);
  }
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
      ColourBar{options.colour_map, 0, high, "intensity (open frame = 1)", measurement.threshold, kEdge};
  request.legend = legend_of(measurement, target, view, options.colour_map);
  Frame frame = make_frame(request);
  const DataArea& area = frame.area;

  const Sampler sampler(image.intensity, view);
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
  draw_contours(frame.canvas, area, measurement.contours, view);
  draw_cell_frame(frame.canvas, area, view);
  draw_gauges(frame.canvas, area, measurement);
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
