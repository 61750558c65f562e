// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "layout_view.hpp"
#include "undulith/report/layout_review.hpp"
#include "undulith/report/optimisation_pictures.hpp"

namespace undulith::report {
namespace {

constexpr double kMaskPanel = 430;  // longest side of a panel, canvas units
constexpr double kMaskPanelLabel = 40, kMaskPanelGap = 26, kMaskPanelMargin = 16;
constexpr double kReadablePeriod = 6, kDetailPeriod = 14;  // canvas units of a period of the image
constexpr std::size_t kMostRinged = 400;                   // more rings hide the masks

constexpr Rgb kShape{203, 222, 238}, kShapeEdge{84, 122, 160}, kDrawnShape{234, 234, 234};
const Stroke kDrawnLine{{30, 30, 30}, 1.2, {5, 3}}, kPrintedLine{okabe_ito::kVermillion, 1.8},
    kBandLine{okabe_ito::kVermillion, 0.5}, kBeyond{okabe_ito::kPurple, 1.6};

enum class Shown { masks, bands };

// Rings of what prints at least at a level of 0.
std::vector<layout::Polygon> rings_above(const Field2D<double>& level) {
  const Grid2D& grid = level.grid();
  const Box box{grid.x0, grid.y0, grid.x0 + (grid.nx - 1) * grid.dx, grid.y0 + (grid.ny - 1) * grid.dy};
  const auto n_above = std::ranges::count_if(level.values(), [](double value) { return value > 0; });
  const double share = static_cast<double>(n_above) / static_cast<double>(level.values().size());
  return printed_rings(math::find_contours(level, 0), PrintedSide::left, share, box);
}

void stroke_contours(Canvas& canvas, const std::vector<math::Contour>& contours, const DataArea& area,
                     const LayoutView& view, const Stroke& stroke) {
  std::vector<layout::Polygon> rings;
  for (const math::Contour& contour : contours) {
    layout::Polygon& ring = rings.emplace_back();
    for (std::size_t i = 0; i < contour.x.size(); ++i) ring.push_back({contour.x[i], contour.y[i]});
  }
  const std::vector<std::vector<Position>> copies = filled_rings(rings, view, area);
  for (std::size_t i = 0; i < copies.size(); ++i)
    canvas.polyline(copies[i], contours[i % contours.size()].closed, stroke);
}

void stroke_rings(Canvas& canvas, const std::vector<layout::Polygon>& rings, const Box& cell,
                  const DataArea& area, const LayoutView& view, const Stroke& stroke) {
  for (const Outline& line : outlines(rings, cell, view))
    canvas.polyline(placed(line.points, area), line.closed, stroke);
}

// What is within the outermost edge and not within the innermost one, which is drawn over it.
void draw_band(Canvas& canvas, const PrintedMask& mask, const layout::Clip& drawn, const DataArea& area,
               const LayoutView& view) {
  canvas.fill(filled_rings(rings_above(mask.outermost), view, area), okabe_ito::kVermillion);
  canvas.fill(filled_rings(rings_above(mask.innermost), view, area), {255, 255, 255});
  canvas.fill(filled_rings(drawn.rings, view, area), {0, 0, 0}, 0.09);
  for (const Field2D<double>* level : {&mask.outermost, &mask.innermost})
    stroke_contours(canvas, math::find_contours(*level, 0), area, view, kBandLine);
}

void draw_panel(Canvas& canvas, const PrintedMask& mask, const layout::Clip& drawn, const DataArea& area,
                const LayoutView& view, Shown shown) {
  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  switch (shown) {
    case Shown::masks:
      canvas.fill(filled_rings(mask.mask, view, area), kShape);
      stroke_rings(canvas, mask.mask, drawn.cell, area, view, {kShapeEdge, 0.8});
      break;
    case Shown::bands:
      draw_band(canvas, mask, drawn, area, view);
      break;
  }
  stroke_rings(canvas, drawn.rings, drawn.cell, area, view, kDrawnLine);
  if (shown == Shown::masks) {
    stroke_contours(canvas, mask.printed, area, view, kPrintedLine);
    for (std::size_t i = 0; i < std::min(mask.beyond.size(), kMostRinged); ++i)
      canvas.circle(area.at(mask.beyond[i].x, mask.beyond[i].y), 3.4, kBeyond);
  }
  draw_cell_frame(canvas, area, view);
  canvas.unclip();
}

std::vector<LegendItem> legend_of(Shown shown, bool any_beyond, const LayoutView& view) {
  using Kind = LegendItem::Kind;
  std::vector<LegendItem> items;
  switch (shown) {
    case Shown::masks:
      items.push_back(
          {.kind = Kind::patch, .label = "mask", .stroke = {kShapeEdge, 1}, .background = kShape});
      items.push_back({.kind = Kind::line, .label = "drawn", .stroke = kDrawnLine});
      items.push_back({.kind = Kind::line, .label = "printed edge, nominal", .stroke = kPrintedLine});
      break;
    case Shown::bands:
      items.push_back({.kind = Kind::patch,
                       .label = "printed edge, all conditions of the window",
                       .stroke = kBandLine,
                       .background = okabe_ito::kVermillion});
      items.push_back(
          {.kind = Kind::patch, .label = "drawn", .stroke = kDrawnLine, .background = kDrawnShape});
      break;
  }
  if (any_beyond && shown == Shown::masks)
    items.push_back({.kind = Kind::disc, .label = "site beyond its tolerance", .stroke = kBeyond});
  items.push_back(scale_bar(view));
  return items;
}

// The view with no side of its data longer than a panel.
LayoutView fitted(LayoutView view) {
  const double longest = static_cast<double>(std::max(view.width, view.height)) / kPixelsPerUnit;
  const double factor = std::min(1.0, kMaskPanel / longest);
  view.width = static_cast<int>(std::lround(view.width * factor));
  view.height = static_cast<int>(std::lround(view.height * factor));
  return view;
}

// The part of the window with shapes, where that makes them larger.
LayoutView whole_of(std::span<const PrintedMask> masks, const layout::Clip& drawn, double resolution_nm) {
  const Box& window = drawn.window;
  Box shapes{window.x1, window.y1, window.x0, window.y0};
  const auto take = [&](const std::vector<layout::Polygon>& rings) {
    for (const layout::Polygon& ring : rings)
      for (const layout::Point& p : ring)
        shapes = {std::min(shapes.x0, p.x - resolution_nm), std::min(shapes.y0, p.y - resolution_nm),
                  std::max(shapes.x1, p.x + resolution_nm), std::max(shapes.y1, p.y + resolution_nm)};
  };
  take(drawn.rings);
  for (const PrintedMask& mask : masks) take(mask.mask);
  const Box part{std::max(shapes.x0, window.x0), std::max(shapes.y0, window.y0),
                 std::min(shapes.x1, window.x1), std::min(shapes.y1, window.y1)};
  constexpr double kMuchSmaller = 0.85;
  const bool smaller =
      part.width() > 0 && part.height() > 0 &&
      std::max(part.width(), part.height()) < kMuchSmaller * std::max(window.width(), window.height());
  return fitted(smaller ? view_of(part, Box{}) : view_of(window, drawn.cell));
}

// A part of the window around a place, as large as a panel can show it readably.
LayoutView detail_of(const layout::Clip& drawn, double resolution_nm, layout::Point middle) {
  const double half = resolution_nm * kMaskPanel / kDetailPeriod / 2;
  const Box& window = drawn.window;
  const auto around = [half](double at, double low, double high) {
    const double from = std::max(low, std::min(at - half, high - 2 * half));
    return std::pair(from, std::min(high, from + 2 * half));
  };
  const auto [x0, x1] = around(middle.x, window.x0, window.x1);
  const auto [y0, y1] = around(middle.y, window.y0, window.y1);
  return fitted(view_of({x0, y0, x1, y1}, Box{}));
}

Picture draw_sheet(std::span<const PrintedMask> masks, const layout::Clip& drawn, double resolution_nm,
                   layout::Point detail, const PictureOptions& options, Shown shown) {
  if (masks.empty() || drawn.window.empty()) throw std::invalid_argument("no masks or no window to draw");
  std::vector<LayoutView> rows{whole_of(masks, drawn, resolution_nm)};
  if (units_per_nm(rows.front()) * resolution_nm < kReadablePeriod)
    rows.push_back(detail_of(drawn, resolution_nm, detail));
  // Wide windows lie one below the other.
  const LayoutView& first = rows.front();
  const std::size_t n_columns = first.width > 2 * first.height ? 1 : masks.size();
  const std::string x_label = "x (nm, wafer)", y_label = "y (nm, wafer)";

  double column_width = 0, left = 0;
  for (const LayoutView& view : rows) {
    const double height = static_cast<double>(view.height) / kPixelsPerUnit;
    left = std::max(left, std::ceil(left_margin(view.shown, height, y_label)));
    column_width = std::max(column_width, static_cast<double>(view.width) / kPixelsPerUnit);
  }
  constexpr double kLeastColumn = 300;  // of the names above the panels
  column_width = std::max(column_width, kLeastColumn);
  const double sheet_width = static_cast<double>(n_columns) * (left + column_width + kMaskPanelGap) -
                             kMaskPanelGap + 2 * kMaskPanelMargin;
  std::vector<std::string> details = options.details;
  if (const std::string note = first.note(); !note.empty()) details.push_back(note);
  const std::string title =
      full_title(shown == Shown::masks ? "Mask and print" : "Printed edge over the window", options.title);
  const Header header(title, details, sheet_width - 2 * kMaskPanelMargin);
  const bool any_beyond = std::ranges::any_of(masks, [](const PrintedMask& m) { return !m.beyond.empty(); });
  const Legend legend(legend_of(shown, any_beyond, rows.back()), sheet_width - 2 * kMaskPanelMargin);

  struct Panel {
    const PrintedMask* mask;
    const LayoutView* view;
    DataArea area;
  };
  std::vector<Panel> panels;
  double top = std::ceil(header.height());
  for (const LayoutView& view : rows) {
    const double height = static_cast<double>(view.height) / kPixelsPerUnit;
    for (std::size_t i = 0; i < masks.size(); ++i) {
      const std::size_t column = i % n_columns;
      if (column == 0) top += kMaskPanelLabel;
      const double x =
          kMaskPanelMargin + left + static_cast<double>(column) * (left + column_width + kMaskPanelGap);
      panels.push_back({&masks[i],
                        &view,
                        {static_cast<int>(x) * kPixelsPerUnit, static_cast<int>(top) * kPixelsPerUnit,
                         view.width, view.height, view.shown}});
      if (column + 1 == n_columns) top += std::ceil(height) + kBottomMargin;
    }
  }
  Canvas canvas(static_cast<int>(std::ceil(sheet_width)) * kPixelsPerUnit,
                static_cast<int>(std::ceil(top + legend.height() + 12)) * kPixelsPerUnit);
  header.draw(canvas);
  for (const Panel& panel : panels) {
    draw_panel(canvas, *panel.mask, drawn, panel.area, *panel.view, shown);
    draw_axes(canvas, panel.area, x_label, y_label);
    const bool whole = panel.view == &rows.front();
    canvas.text(panel.area.x0(), panel.area.y0() - 22, panel.mask->name + (whole ? "" : ", detail"),
                {.size = 13, .bold = true});
    if (whole)
      canvas.text(panel.area.x0(), panel.area.y0() - 7, shortened(panel.mask->facts, 11, false, column_width),
                  {.size = 11, .colour = kSoftInk});
  }
  legend.draw(canvas, kMaskPanelMargin, top + 4);
  Picture picture{canvas.image(), {}};
  describe_area(picture, panels.front().area, "nm");
  picture.text["Title"] = printable(title);
  picture.text["undulith:quantity"] = shown == Shown::masks ? "shapes of masks and their printed edges"
                                                            : "area of printed edges over a window";
  return picture;
}

}  // namespace

Picture draw_printed_masks(std::span<const PrintedMask> masks, const layout::Clip& drawn,
                           double resolution_nm, layout::Point detail, const PictureOptions& options) {
  return draw_sheet(masks, drawn, resolution_nm, detail, options, Shown::masks);
}

Picture draw_edge_bands(std::span<const PrintedMask> masks, const layout::Clip& drawn, double resolution_nm,
                        layout::Point detail, const PictureOptions& options) {
  return draw_sheet(masks, drawn, resolution_nm, detail, options, Shown::bands);
}

}  // namespace undulith::report
