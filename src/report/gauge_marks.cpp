// SPDX-License-Identifier: MIT
#include "gauge_marks.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "undulith/math/direction.hpp"

namespace undulith::report {

namespace {

constexpr double kGaugeTextSize = 10.5;
constexpr double kReadableCd = 16;       // canvas units: for a smaller CD, numbers would cover the features
constexpr std::size_t kMaxCrowded = 12;  // number of CDs written in that case
constexpr std::size_t kMaxMarked = 400;  // more marks than this hide the image

[[nodiscard]] bool is_measured(const metrology::GaugeResult& result) {
  return result.cd_nm && result.edge_left_nm && result.edge_right_nm;
}

/// Marked by a cross. A gauge of one edge has no CD, and is no failure if it printed.
[[nodiscard]] bool is_failed(const metrology::GaugeResult& result) {
  return !is_measured(result) && (result.gauge.edges == metrology::GaugeEdges::both ||
                                  result.status != metrology::PrintStatus::printed);
}

/// Gauges in the order in which their numbers are written.
struct Labelled {
  std::vector<const metrology::GaugeResult*> gauges;
  bool crowded = false;
};
[[nodiscard]] Labelled labelled_gauges(const metrology::Measurement& measurement, double units_per_nm) {
  Labelled result;
  std::vector<double> cds;
  for (const metrology::GaugeResult& gauge : measurement.gauges) {
    if (result.gauges.size() == kMaxMarked) break;
    if (!is_measured(gauge)) continue;
    result.gauges.push_back(&gauge);
    cds.push_back(*gauge.cd_nm);
  }
  if (cds.size() <= kMaxCrowded) return result;
  const auto middle = cds.begin() + static_cast<std::ptrdiff_t>(cds.size() / 2);
  std::nth_element(cds.begin(), middle, cds.end());
  if (*middle * units_per_nm >= kReadableCd) return result;
  result.crowded = true;
  std::stable_sort(result.gauges.begin(), result.gauges.end(), [](const auto* a, const auto* b) {
    return std::abs(a->cd_error_nm.value_or(0)) > std::abs(b->cd_error_nm.value_or(0));
  });
  result.gauges.resize(kMaxCrowded);
  return result;
}

struct Rectangle {
  double x0, y0, x1, y1;
  [[nodiscard]] bool overlaps(const Rectangle& o) const {
    return x0 < o.x1 && o.x0 < x1 && y0 < o.y1 && o.y0 < y1;
  }
  [[nodiscard]] bool within(const DataArea& area) const {
    return x0 > area.x0() && x1 < area.x0() + area.w() && y0 > area.y0() && y1 < area.y0() + area.h();
  }
};

/// Both printed edges on the sheet.
struct Mark {
  Position a, b;
  [[nodiscard]] double length() const { return std::hypot(b.x - a.x, b.y - a.y); }
};
[[nodiscard]] Mark mark_of(const metrology::GaugeResult& result, const DataArea& area) {
  const metrology::Gauge& gauge = result.gauge;
  const math::Direction along = math::direction_of(gauge.angle_deg);
  const auto at = [&](double s) { return area.at(gauge.x_nm + s * along.x, gauge.y_nm + s * along.y); };
  return {at(*result.edge_left_nm), at(*result.edge_right_nm)};
}

void draw_mark(Canvas& canvas, const Mark& mark, double line_scale) {
  const double length = mark.length();
  if (!(length > 0)) return;
  const double tick = 4.5 * line_scale / length;
  const Position across{-(mark.b.y - mark.a.y) * tick, (mark.b.x - mark.a.x) * tick};
  for (const Stroke& stroke :
       {Stroke{{255, 255, 255}, 3.4 * line_scale, {}, 0.8}, Stroke{{0, 0, 0}, 1.3 * line_scale}}) {
    canvas.line(mark.a, mark.b, stroke);
    for (const Position& end : {mark.a, mark.b}) {
      canvas.line({end.x - across.x, end.y - across.y}, {end.x + across.x, end.y + across.y}, stroke);
    }
  }
}

void draw_cross(Canvas& canvas, Position centre) {
  for (const Stroke& stroke : {Stroke{{255, 255, 255}, 5}, Stroke{{0, 0, 0}, 2}}) {
    canvas.line({centre.x - 5, centre.y - 5}, {centre.x + 5, centre.y + 5}, stroke);
    canvas.line({centre.x - 5, centre.y + 5}, {centre.x + 5, centre.y - 5}, stroke);
  }
}

}  // namespace

void draw_gauges(Canvas& canvas, const DataArea& area, const metrology::Measurement& measurement,
                 double units_per_nm, double line_scale) {
  std::vector<Rectangle> taken;
  const std::size_t n = std::min(measurement.gauges.size(), kMaxMarked);
  for (std::size_t i = 0; i < n; ++i) {
    const metrology::GaugeResult& result = measurement.gauges[i];
    if (is_measured(result)) {
      draw_mark(canvas, mark_of(result, area), line_scale);
    } else if (is_failed(result)) {
      const Position centre = area.at(result.gauge.x_nm, result.gauge.y_nm);
      draw_cross(canvas, centre);
      taken.push_back({centre.x - 7, centre.y - 7, centre.x + 7, centre.y + 7});
    }
  }
  for (const metrology::GaugeResult* result : labelled_gauges(measurement, units_per_nm).gauges) {
    const Mark mark = mark_of(*result, area);
    const std::string text = fmt::format("{:.2f}", *result->cd_nm);
    const double width = text_width(text, kGaugeTextSize);
    // Not in the middle if there is room: cuts along x and y often cross there.
    const double share = mark.length() > 2.2 * width ? 0.25 : 0.5;
    const Position middle{mark.a.x + share * (mark.b.x - mark.a.x), mark.a.y + share * (mark.b.y - mark.a.y)};
    // Above a horizontal cut, to the right of a vertical one.
    const bool upright = std::abs(mark.b.y - mark.a.y) > std::abs(mark.b.x - mark.a.x);
    const double x = upright ? middle.x + 6 : middle.x - width / 2, y = upright ? middle.y + 4 : middle.y - 8;
    const Rectangle box{x - 3, y - 12, x + width + 3, y + 4};
    const bool hit =
        std::any_of(taken.begin(), taken.end(), [&](const Rectangle& t) { return t.overlaps(box); });
    if (hit || !box.within(area)) continue;
    taken.push_back(box);
    canvas.text(x, y, text, {.size = kGaugeTextSize, .colour = {0, 0, 0}, .halo = true});
  }
}

std::string gauge_legend(const metrology::Measurement& measurement, double units_per_nm) {
  std::string label = "CD in nm";
  if (labelled_gauges(measurement, units_per_nm).crowded)
    label += fmt::format(": the {} largest errors", kMaxCrowded);
  const auto failed = std::ranges::count_if(measurement.gauges, is_failed);
  if (failed > 0) label += fmt::format(" (× not printed or merged: {})", failed);
  if (measurement.gauges.size() > kMaxMarked) label += fmt::format(", first {} gauges", kMaxMarked);
  return label;
}

}  // namespace undulith::report
