// SPDX-License-Identifier: MIT
#include "layout_view.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace undulith::report {

namespace {

constexpr double kSmallCellNm = 100;  // a smaller periodic cell is shown with its neighbours
constexpr double kMinAspect = 0.4;    // target ratio of shorter to longer side when repeating
constexpr int kMaxCopies = 64;
constexpr double kMinShortSide = 28;  // canvas units
constexpr double kTouchNm = 1e-6;     // far below the database unit, far above rounding

[[nodiscard]] int copies_for(double length, double wanted) {
  return std::clamp(static_cast<int>(std::ceil(wanted / length - 1e-9)), 1, kMaxCopies);
}

struct Interval {
  double from, to;
};

/// Union of intervals that touch.
[[nodiscard]] std::vector<Interval> joined(std::vector<Interval> pieces) {
  std::sort(pieces.begin(), pieces.end(),
            [](const Interval& a, const Interval& b) { return a.from < b.from; });
  std::vector<Interval> result;
  for (const Interval& piece : pieces) {
    if (!result.empty() && piece.from <= result.back().to + kTouchNm) {
      result.back().to = std::max(result.back().to, piece.to);
    } else {
      result.push_back(piece);
    }
  }
  return result;
}

/// Edges parallel to an axis, by their rounded position across it.
class StraightEdges {
 public:
  void add(const Position& a, const Position& b) {
    const bool horizontal = a.y == b.y;
    const double across = horizontal ? a.y : a.x;
    const auto key = std::llround(across / kTouchNm);
    auto& [position, pieces] = (horizontal ? rows_ : columns_)[key];
    position = across;
    const double from = horizontal ? a.x : a.y, to = horizontal ? b.x : b.y;
    pieces.push_back({std::min(from, to), std::max(from, to)});
  }
  void append_to(std::vector<Outline>& outlines) const {
    for (const auto& [key, edge] : rows_) {
      for (const Interval& i : joined(edge.second)) {
        outlines.push_back({{{i.from, edge.first}, {i.to, edge.first}}, false});
      }
    }
    for (const auto& [key, edge] : columns_) {
      for (const Interval& i : joined(edge.second)) {
        outlines.push_back({{{edge.first, i.from}, {edge.first, i.to}}, false});
      }
    }
  }

 private:
  using Edges = std::map<long long, std::pair<double, std::vector<Interval>>>;
  Edges rows_, columns_;
};

[[nodiscard]] bool on(double value, double border) {
  return std::abs(value - border) < kTouchNm;
}

[[nodiscard]] bool on_border(const layout::Point& a, const layout::Point& b, const Box& cell,
                             const LayoutView& view) {
  const auto both = [](double p, double q, double border) { return on(p, border) && on(q, border); };
  return (view.periodic_x && (both(a.x, b.x, cell.x0) || both(a.x, b.x, cell.x1))) ||
         (view.periodic_y && (both(a.y, b.y, cell.y0) || both(a.y, b.y, cell.y1)));
}

/// Calls use(dx, dy) for every copy of the view.
template <class Use>
void for_each_copy(const LayoutView& view, Use&& use) {
  for (int j = 0; j < view.copies_y; ++j) {
    for (int i = 0; i < view.copies_x; ++i) {
      use((view.first_x + i) * view.cell.width(), (view.first_y + j) * view.cell.height());
    }
  }
}

}  // namespace

LayoutView view_of(const Box& box, const Box& cell) {
  LayoutView view;
  view.cell = box;
  const layout::PeriodicAxes periodic = layout::periodic_axes(cell, box);
  view.periodic_x = periodic.x;
  view.periodic_y = periodic.y;
  const double w = box.width(), h = box.height();
  const double shortest = std::max(kSmallCellNm, kMinAspect * std::max(w, h));
  if (view.periodic_x) view.copies_x = copies_for(w, shortest);
  if (view.periodic_y) view.copies_y = copies_for(h, shortest);

  view.first_x = -((view.copies_x - 1) / 2);
  view.first_y = -((view.copies_y - 1) / 2);
  view.shown = {box.x0 + view.first_x * w, box.y0 + view.first_y * h,
                box.x0 + (view.first_x + view.copies_x) * w, box.y0 + (view.first_y + view.copies_y) * h};

  const double aspect = view.shown.width() / view.shown.height();
  const double max_width = aspect > 2.2 ? 860 : 640, max_height = aspect < 0.45 ? 780 : 560;
  const double scale = std::min(max_width / view.shown.width(), max_height / view.shown.height());
  const double natural_w = view.shown.width() * scale, natural_h = view.shown.height() * scale;
  const double unit_w = std::max(natural_w, kMinShortSide), unit_h = std::max(natural_h, kMinShortSide);
  view.width = static_cast<int>(std::lround(unit_w * kPixelsPerUnit));
  view.height = static_cast<int>(std::lround(unit_h * kPixelsPerUnit));
  view.stretch = (unit_h / natural_h) / (unit_w / natural_w);
  return view;
}

std::string LayoutView::note() const {
  std::string note;
  if (repeated()) {
    note = fmt::format("{} × {} copies of the periodic cell {} × {} nm (dotted frame)", copies_x, copies_y,
                       number_text(cell.width()), number_text(cell.height()));
  }
  if (std::abs(stretch - 1) > 1e-9) {
    if (!note.empty()) note += " · ";
    note += stretch > 1 ? fmt::format("y drawn {} times larger than x", number_text(stretch, 3))
                        : fmt::format("x drawn {} times larger than y", number_text(1 / stretch, 3));
  }
  return note;
}

std::vector<Outline> outlines(const std::vector<layout::Polygon>& rings, const Box& cell,
                              const LayoutView& view) {
  std::vector<Outline> result;
  StraightEdges straight;
  for_each_copy(view, [&](double dx, double dy) {
    for (const layout::Polygon& ring : rings) {
      const std::size_t n = ring.size();
      const auto at = [&](std::size_t i) { return Position{ring[i % n].x + dx, ring[i % n].y + dy}; };
      const auto hidden = [&](std::size_t i) {
        return on_border(ring[i % n], ring[(i + 1) % n], cell, view);
      };
      std::size_t start = 0;  // an edge to begin after: the first hidden one
      while (start < n && !hidden(start)) ++start;
      if (start == n) {
        Outline whole{{}, true};
        for (std::size_t i = 0; i < n; ++i) whole.points.push_back(at(i));
        result.push_back(std::move(whole));
        continue;
      }
      Outline run;
      const auto end_run = [&] {
        if (run.points.size() == 2 &&
            (run.points[0].x == run.points[1].x || run.points[0].y == run.points[1].y)) {
          straight.add(run.points[0], run.points[1]);
        } else if (run.points.size() > 1) {
          result.push_back(run);
        }
        run.points.clear();
      };
      for (std::size_t i = start + 1; i <= start + n; ++i) {
        if (hidden(i)) {
          end_run();
          continue;
        }
        if (run.points.empty()) run.points.push_back(at(i));
        run.points.push_back(at(i + 1));
      }
      end_run();
    }
  });
  straight.append_to(result);
  return result;
}

std::vector<std::vector<Position>> filled_rings(const std::vector<layout::Polygon>& rings,
                                                const LayoutView& view, const DataArea& area) {
  std::vector<std::vector<Position>> result;
  for_each_copy(view, [&](double dx, double dy) {
    for (const layout::Polygon& ring : rings) {
      std::vector<Position> points;
      for (const layout::Point& p : ring) points.push_back(area.at(p.x + dx, p.y + dy));
      result.push_back(std::move(points));
    }
  });
  return result;
}

std::vector<Position> placed(const std::vector<Position>& points, const DataArea& area) {
  std::vector<Position> result;
  result.reserve(points.size());
  for (const Position& p : points) result.push_back(area.at(p.x, p.y));
  return result;
}

double units_per_nm(const LayoutView& view) {
  return view.width / view.shown.width() / kPixelsPerUnit;
}

LegendItem scale_bar(const LayoutView& view) {
  const double unit = units_per_nm(view);
  const double length_nm =
      nice_length(std::min(110 / unit, 0.5 * std::max(view.shown.width(), view.shown.height())));
  std::string label = fmt::format("{} nm", number_text(length_nm));
  if (std::abs(view.stretch - 1) > 1e-9) label += " along x";
  return {.kind = LegendItem::Kind::scale_bar,
          .label = label,
          .stroke = {{40, 40, 40}, 2},
          .length = length_nm * unit};
}

void draw_cell_frame(Canvas& canvas, const DataArea& area, const LayoutView& view) {
  if (!view.repeated()) return;
  const double x = area.x(view.cell.x0), y = area.y(view.cell.y1);
  const double w = area.x(view.cell.x1) - x, h = area.y(view.cell.y0) - y;
  canvas.rectangle(x, y, w, h, {{0, 0, 0}, 2, {}, 0.35});
  canvas.rectangle(x, y, w, h, {{255, 255, 255}, 1.2, {1.5, 2.5}});
}

}  // namespace undulith::report
