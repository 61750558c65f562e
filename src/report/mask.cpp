// SPDX-License-Identifier: MIT
#include <fmt/core.h>

#include <stdexcept>

#include "layout_view.hpp"
#include "undulith/report/pictures.hpp"

namespace undulith::report {

namespace {

constexpr Rgb kOpening{250, 234, 176}, kAbsorber{58, 66, 84};
constexpr Rgb kWindow = okabe_ito::kVermillion;

/// Is there a guard band around the window?
[[nodiscard]] bool guarded(const layout::Clip& clip) {
  const layout::PeriodicAxes periodic = layout::periodic_axes(clip.cell, clip.window);
  return !periodic.x || !periodic.y;
}

}  // namespace

Picture draw_mask(const mask::MaskAsMade& made, const mask::MaskParameters& parameters,
                  const PictureOptions& options) {
  const layout::Clip& clip = made.clip;
  if (clip.cell.empty()) throw std::invalid_argument("draw_mask: the cell is empty");
  const bool has_guard = guarded(clip);
  const bool dark_field = parameters.tone == mask::Tone::dark_field;
  LayoutView view = view_of(clip.cell, clip.cell);
  if (has_guard) {
    // The guard band represents the surroundings: periodic copies beyond it have no meaning.
    view = view_of(clip.cell, Box{});
  }

  FrameRequest request;
  request.title = full_title("Mask", options.title);
  request.details = options.details;
  std::string facts = dark_field ? "dark field: drawn shapes are openings in the absorber"
                                 : "bright field: drawn shapes are absorber";
  if (parameters.edge_bias_nm != 0) {
    facts += fmt::format(" · every edge moved outward by {} nm", number_text(parameters.edge_bias_nm));
  }
  if (parameters.corner_rounding_nm != 0) {
    facts += fmt::format(" · corners rounded to {} nm", number_text(parameters.corner_rounding_nm));
  }
  request.details.push_back(facts);
  if (const std::string note = view.note(); !note.empty()) request.details.push_back(note);
  request.range = view.shown;
  request.x_label = "x (nm, wafer scale)";
  request.y_label = "y (nm, wafer scale)";
  request.width = view.width;
  request.height = view.height;
  request.legend = {{.kind = LegendItem::Kind::patch, .label = "opening (reflects)", .background = kOpening},
                    {.kind = LegendItem::Kind::patch, .label = "absorber", .background = kAbsorber}};
  if (has_guard) {
    request.legend.push_back({.kind = LegendItem::Kind::line, .label = "window", .stroke = {kWindow, 2}});
    request.legend.push_back({.kind = LegendItem::Kind::note, .label = "pale: guard band"});
  }
  request.legend.push_back(scale_bar(view));
  Frame frame = make_frame(request);
  const DataArea& area = frame.area;
  Canvas& canvas = frame.canvas;

  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  canvas.fill_rectangle(area.x0(), area.y0(), area.w(), area.h(), dark_field ? kAbsorber : kOpening);
  canvas.fill(filled_rings(clip.rings, view, area), dark_field ? kOpening : kAbsorber);
  for (const Outline& line : outlines(clip.rings, clip.cell, view)) {
    canvas.polyline(placed(line.points, area), line.closed, {{20, 24, 32}, 0.8});
  }
  if (has_guard) {
    const double x0 = area.x(clip.window.x0), x1 = area.x(clip.window.x1);
    const double y0 = area.y(clip.window.y1), y1 = area.y(clip.window.y0);  // on the sheet: y0 above y1
    const double left = area.x0(), top = area.y0(), right = left + area.w(), bottom = top + area.h();
    const Rgb white{255, 255, 255};
    constexpr double kVeil = 0.55;
    canvas.fill_rectangle(left, top, right - left, y0 - top, white, kVeil);
    canvas.fill_rectangle(left, y1, right - left, bottom - y1, white, kVeil);
    canvas.fill_rectangle(left, y0, x0 - left, y1 - y0, white, kVeil);
    canvas.fill_rectangle(x1, y0, right - x1, y1 - y0, white, kVeil);
    canvas.rectangle(x0, y0, x1 - x0, y1 - y0, {kWindow, 2});
  }
  draw_cell_frame(canvas, area, view);
  canvas.unclip();

  Picture picture{canvas.image(), {}};
  describe_area(picture, area, "nm");
  picture.text["Title"] = printable(request.title);
  picture.text["undulith:quantity"] = "mask: opening and absorber, wafer scale";
  return picture;
}

}  // namespace undulith::report
