// SPDX-License-Identifier: MIT
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "frame.hpp"
#include "undulith/math/direction.hpp"
#include "undulith/report/pictures.hpp"

namespace undulith::report {

namespace {

constexpr std::size_t kMaxPanels = 6;
constexpr int kSamples = 401;
constexpr Rgb kCurve = okabe_ito::kBlue, kThreshold = okabe_ito::kVermillion,
              kTargetColour = okabe_ito::kGreen;
constexpr double kCutHeight = 190, kCutTitle = 40;

/// The gauges to show: those that do not print, then those with the largest CD error.
[[nodiscard]] std::vector<const metrology::GaugeResult*> chosen(
    const std::vector<metrology::GaugeResult>& gauges) {
  std::vector<const metrology::GaugeResult*> result;
  for (const metrology::GaugeResult& gauge : gauges) result.push_back(&gauge);
  if (result.size() <= kMaxPanels) return result;
  const auto badness = [](const metrology::GaugeResult* gauge) {
    if (gauge->status != metrology::PrintStatus::printed) return std::numeric_limits<double>::infinity();
    return std::abs(gauge->cd_error_nm.value_or(0));
  };
  std::stable_sort(result.begin(), result.end(), [&](auto a, auto b) { return badness(a) > badness(b); });
  result.resize(kMaxPanels);
  return result;
}

[[nodiscard]] std::vector<std::string> caption(const metrology::GaugeResult& result) {
  std::string first = result.gauge.name.empty() ? "gauge" : result.gauge.name;
  std::string second;
  switch (result.status) {
    case metrology::PrintStatus::printed:
      if (result.cd_nm) first += fmt::format(": CD {:.2f} nm", *result.cd_nm);
      if (result.target_cd_nm) first += fmt::format(" (target {:.2f})", *result.target_cd_nm);
      if (result.nils) second += fmt::format("NILS {} · ", number_text(*result.nils, 3));
      break;
    case metrology::PrintStatus::not_printed:
      first += ": does not print";
      break;
    case metrology::PrintStatus::merged:
      first += ": merged with its neighbour";
      break;
  }
  second += fmt::format("contrast {:.3f} · cut at ({}, {}) nm, {}°", result.contrast,
                        number_text(result.gauge.x_nm), number_text(result.gauge.y_nm),
                        number_text(result.gauge.angle_deg));
  return {first, second};
}

void draw_panel(Canvas& canvas, const imaging::AerialImage& image, const metrology::GaugeResult& result,
                double threshold, double left, double top, double width) {
  const metrology::Gauge& gauge = result.gauge;
  const math::Direction along = math::direction_of(gauge.angle_deg);
  const double half = gauge.length_nm / 2, ux = half * along.x, uy = half * along.y;
  const std::vector<double> values =
      image.series.sample_line(gauge.x_nm - ux, gauge.y_nm - uy, gauge.x_nm + ux, gauge.y_nm + uy, kSamples);
  double high = threshold;
  for (const double value : values) high = std::max(high, value);
  const DataArea area{static_cast<int>(left) * kPixelsPerUnit,
                      static_cast<int>(top + kCutTitle) * kPixelsPerUnit,
                      static_cast<int>(width) * kPixelsPerUnit, static_cast<int>(kCutHeight) * kPixelsPerUnit,
                      Box{-half, 0, half, 1.08 * high}};
  const auto position = [&](std::size_t sample) {
    return -half + static_cast<double>(sample) / (kSamples - 1) * gauge.length_nm;
  };

  const std::vector<std::string> lines = caption(result);
  canvas.text(area.x0(), top + 14, shortened(lines[0], 12.5, true, width), {.size = 12.5, .bold = true});
  canvas.text(area.x0(), top + 31, shortened(lines[1], 11, false, width),
              {.size = 11, .colour = {95, 95, 95}});

  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  const auto &left_edge = result.edge_left_nm, &right_edge = result.edge_right_nm;
  if (left_edge && right_edge) {
    const double from = area.x(*left_edge), to = area.x(*right_edge);
    canvas.fill_rectangle(from, area.y0(), to - from, area.h(), kThreshold, 0.10);
  }
  canvas.line(area.at(-half, threshold), area.at(half, threshold), {kThreshold, 1.5, {6, 4}});
  for (const auto& target : {result.target_left_nm, result.target_right_nm})
    if (target)
      canvas.line(area.at(*target, 0), area.at(*target, area.range.y1), {kTargetColour, 1.6, {2, 3}});
  std::vector<Position> curve;
  for (std::size_t i = 0; i < values.size(); ++i) curve.push_back(area.at(position(i), values[i]));
  canvas.polyline(curve, false, {kCurve, 2});
  for (const auto& edge : {left_edge, right_edge}) {
    if (edge) canvas.disc(area.at(*edge, threshold), 3.6, kThreshold);
  }
  canvas.unclip();
  draw_axes(canvas, area, "position along the cut (nm)", "intensity");
}

}  // namespace

Picture draw_cut_lines(const imaging::AerialImage& image, const metrology::Measurement& measurement,
                       const PictureOptions& options) {
  const std::vector<const metrology::GaugeResult*> gauges = chosen(measurement.gauges);
  const int n = static_cast<int>(gauges.size());
  const int n_columns = n > 1 ? 2 : 1, n_rows = std::max(1, (n + n_columns - 1) / n_columns);
  const double panel_width = n > 1 ? 320 : 560, left_room = 74, step_x = left_room + panel_width + 22;
  const double step_y = kCutTitle + kCutHeight + kBottomMargin + 14;
  const double sheet_width = std::max(600.0, n_columns * step_x + 16);

  std::vector<std::string> details = options.details;
  if (measurement.gauges.size() > gauges.size()) {
    details.push_back(fmt::format("{} of {} gauges: those that do not print, then the largest |CD error|",
                                  gauges.size(), measurement.gauges.size()));
  }
  const std::string title = full_title("Cut lines", options.title);
  const Header header(title, details, sheet_width - 32);
  const Legend legend(
      {{.kind = LegendItem::Kind::line, .label = "intensity (open frame = 1)", .stroke = {kCurve, 2}},
       {.kind = LegendItem::Kind::line,
        .label = fmt::format("threshold {}", number_text(measurement.threshold)),
        .stroke = {kThreshold, 1.5, {6, 4}}},
       {.kind = LegendItem::Kind::disc, .label = "printed edge", .stroke = {kThreshold, 1}},
       {.kind = LegendItem::Kind::line, .label = "target edge", .stroke = {kTargetColour, 1.6, {2, 3}}}},
      sheet_width - 32);
  const double panels_height = n > 0 ? n_rows * step_y : 60;
  const double sheet_height = header.height() + panels_height + (n > 0 ? legend.height() : 0) + 16;
  Canvas canvas(static_cast<int>(std::ceil(sheet_width)) * kPixelsPerUnit,
                static_cast<int>(std::ceil(sheet_height)) * kPixelsPerUnit);
  header.draw(canvas);
  for (int i = 0; i < n; ++i) {
    draw_panel(canvas, image, *gauges[static_cast<std::size_t>(i)], measurement.threshold,
               left_room + (i % n_columns) * step_x, header.height() + (i / n_columns) * step_y, panel_width);
  }
  if (n == 0) {
    canvas.text(16, header.height() + 24, "no gauges: nothing was measured along a cut line", {.size = 13});
  } else {
    legend.draw(canvas, 16, header.height() + panels_height);
  }
  Picture picture{canvas.image(), {}};
  picture.text["Title"] = printable(title);
  picture.text["undulith:quantity"] = "intensity along gauges, open frame = 1";
  return picture;
}

}  // namespace undulith::report
