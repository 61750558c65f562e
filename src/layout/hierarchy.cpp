// SPDX-License-Identifier: MIT
#include "layout/hierarchy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "undulith/core/error.hpp"
#include "undulith/core/printable.hpp"

namespace undulith::layout {
namespace {

constexpr std::size_t kMaxLevels = 1000;
constexpr double kMaxCoordinate = 1e15;
constexpr std::size_t kMaxHullPoints = 1'000'000;
constexpr std::int64_t kMaxPolygons = std::int64_t{1} << 62;

/// The box of a hull under the linear part of a map.
Box linear_box(const Transform& t, const std::vector<RealPoint>& hull) {
  std::vector<RealPoint> moved;
  moved.reserve(hull.size());
  for (const RealPoint& p : hull) moved.push_back(t.linear(p));
  return box_of(moved);
}

}  // namespace

double ring_area(const std::vector<DbuPoint>& v) {
  // Relative to the first vertex, so that the products stay small far from the origin.
  double twice = 0;
  for (std::size_t i = 1; i + 1 < v.size(); ++i) {
    const double ax = static_cast<double>(v[i].x - v[0].x), ay = static_cast<double>(v[i].y - v[0].y);
    const double bx = static_cast<double>(v[i + 1].x - v[0].x), by = static_cast<double>(v[i + 1].y - v[0].y);
    twice += ax * by - ay * bx;
  }
  return std::abs(twice) / 2;
}

namespace {

/// The integers i in [0, count) with lo <= a + i * step <= hi, as a half-open range; empty if first >=
/// second. One more on each side allows for rounding: the caller tests each element again.
std::pair<int, int> range_within(double a, double step, double lo, double hi, int count) {
  // A step within rounding error counts as 0; dividing by it could overflow.
  if (std::abs(step) < 1e-200) return a >= lo && a <= hi ? std::pair{0, count} : std::pair{0, 0};
  double first = (lo - a) / step, last = (hi - a) / step;
  if (first > last) std::swap(first, last);
  const auto bounded = [count](double v) {
    return static_cast<int>(std::clamp(v, -1.0, static_cast<double>(count)));
  };
  return {std::max(0, bounded(std::floor(first)) - 1), std::min(count, bounded(std::ceil(last)) + 2)};
}

Box common(const Box& a, const Box& b) {
  return {std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1), std::min(a.y1, b.y1)};
}

Box around(const Box& a, const Box& b) {
  return {std::min(a.x0, b.x0), std::min(a.y0, b.y0), std::max(a.x1, b.x1), std::max(a.y1, b.y1)};
}

/// The box of a box under the inverse of the linear part of a map.
Box turned_back(const Transform& t, const Box& box) {
  const double det = t.xx * t.yy - t.xy * t.yx;
  const Transform inverse{.xx = t.yy / det, .xy = -t.xy / det, .yx = -t.yx / det, .yy = t.xx / det};
  return linear_box(inverse, {{box.x0, box.y0}, {box.x1, box.y0}, {box.x1, box.y1}, {box.x0, box.y1}});
}

/// One direction of an array.
struct Axis {
  RealPoint step;
  int count;
};

struct IndexRange {
  int first, last;  // half open
  [[nodiscard]] int size() const { return std::max(0, last - first); }
};

/// The indices along an axis for which some element of the array can have its origin in the box.
IndexRange indices_within(const Transform& start, const Axis& axis, const Axis& other, const Box& origins) {
  // All positions along the other axis widen the box.
  const double far_x = (other.count - 1) * other.step.x, far_y = (other.count - 1) * other.step.y;
  const auto [ax, bx] = range_within(start.tx, axis.step.x, origins.x0 - std::max(0.0, far_x),
                                     origins.x1 - std::min(0.0, far_x), axis.count);
  const auto [ay, by] = range_within(start.ty, axis.step.y, origins.y0 - std::max(0.0, far_y),
                                     origins.y1 - std::min(0.0, far_y), axis.count);
  IndexRange range{std::max(ax, ay), std::min(bx, by)};
  const RealPoint &c = axis.step, &r = other.step;
  const double det = c.x * r.y - c.y * r.x;
  // Steps along two directions: the corners of the box in lattice coordinates.
  if (std::abs(det) > 1e-9 * (std::abs(c.x * r.y) + std::abs(c.y * r.x))) {
    double lo = std::numeric_limits<double>::infinity(), hi = -lo;
    for (const double x : {origins.x0, origins.x1}) {
      for (const double y : {origins.y0, origins.y1}) {
        const double i = ((x - start.tx) * r.y - (y - start.ty) * r.x) / det;
        lo = std::min(lo, i), hi = std::max(hi, i);
      }
    }
    const auto [a, b] = range_within(0, 1, lo, hi, axis.count);
    range = {std::max(range.first, a), std::min(range.last, b)};
  }
  return range;
}

}  // namespace

Box box_of(const std::vector<RealPoint>& points) {
  Box box{points.front().x, points.front().y, points.front().x, points.front().y};
  for (const RealPoint& p : points) {
    box.x0 = std::min(box.x0, p.x), box.x1 = std::max(box.x1, p.x);
    box.y0 = std::min(box.y0, p.y), box.y1 = std::max(box.y1, p.y);
  }
  return box;
}

std::vector<RealPoint> convex_hull(std::vector<RealPoint> points) {
  // Andrew's monotone chain [Andrew1979].
  std::sort(points.begin(), points.end(),
            [](const RealPoint& a, const RealPoint& b) { return a.x < b.x || (a.x == b.x && a.y < b.y); });
  points.erase(std::unique(points.begin(), points.end()), points.end());
  if (points.size() < 3) return points;
  const auto left_turn = [](const RealPoint& a, const RealPoint& b, const RealPoint& c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) > 0;
  };
  std::vector<RealPoint> hull;
  const auto extend = [&](const RealPoint& p, std::size_t base) {
    while (hull.size() >= base + 2 && !left_turn(hull[hull.size() - 2], hull.back(), p)) hull.pop_back();
    hull.push_back(p);
  };
  for (const RealPoint& p : points) extend(p, 0);
  const std::size_t lower = hull.size() - 1;
  for (auto p = points.rbegin() + 1; p != points.rend(); ++p) extend(*p, lower);
  hull.pop_back();
  return hull;
}

Hierarchy::Hierarchy(const Layout& layout, const std::string& root) {
  if (!layout.cells.contains(root)) {
    std::string names;
    int listed = 0;
    for (const std::string& name : layout.top_cells()) {
      if (++listed > 20) break;
      names += (names.empty() ? "" : ", ") + printable(name);
    }
    throw InputError(
        fmt::format("cell '{}' is not in the layout (its top cells are {}{}); name a cell of the layout",
                    printable(root), names.empty() ? "none" : names, listed > 20 ? ", ..." : ""));
  }
  // Depth first, with an explicit stack: a file may nest deeper than the call stack allows.
  enum class State { open, done };
  std::map<std::string, std::pair<State, std::size_t>> seen;
  struct Frame {
    const Cell* cell;
    std::size_t next = 0;
    std::vector<Child> children;
  };
  std::vector<Frame> stack;
  const auto open = [&](const Cell& cell) {
    if (stack.size() >= kMaxLevels) {
      throw InputError(fmt::format("cell '{}': more than {} levels of cells below '{}'; flatten the layout",
                                   printable(cell.name), kMaxLevels, printable(root)));
    }
    seen[cell.name] = {State::open, 0};
    stack.push_back({.cell = &cell});
  };
  open(layout.cells.at(root));
  while (!stack.empty()) {
    Frame& frame = stack.back();
    if (frame.next == frame.cell->references.size()) {
      seen[frame.cell->name] = {State::done, nodes_.size()};
      nodes_.push_back({frame.cell, std::move(frame.children)});
      stack.pop_back();
      continue;
    }
    const Reference& reference = frame.cell->references[frame.next];
    const auto found = layout.cells.find(reference.cell);
    if (found == layout.cells.end()) {  // the reader has warned
      ++frame.next;
      continue;
    }
    const auto known = seen.find(reference.cell);
    if (known == seen.end()) {
      open(found->second);
    } else if (known->second.first == State::open) {
      std::string loop;
      for (const Frame& f : stack) loop += fmt::format("'{}' > ", printable(f.cell->name));
      throw InputError(fmt::format("cell '{}' contains itself ({}'{}'); remove one of these references",
                                   printable(reference.cell), loop, printable(reference.cell)));
    } else {
      frame.children.push_back({known->second.second, &reference, placement(reference)});
      ++frame.next;
    }
  }
}

std::set<LayerId> Hierarchy::layers() const {
  std::set<LayerId> found;
  for (const Node& node : nodes_) {
    for (const Shape& shape : node.cell->shapes) found.insert(shape.layer);
  }
  return found;
}

std::vector<std::vector<RealPoint>> Hierarchy::hulls(std::optional<LayerId> layer) const {
  std::vector<std::vector<RealPoint>> hulls;
  hulls.reserve(nodes_.size());
  for (const Node& node : nodes_) {
    std::vector<RealPoint> points;
    // To limit memory, the hull of the points so far replaces them.
    const auto shrink = [&](std::size_t limit) {
      if (points.size() > limit) points = convex_hull(std::move(points));
    };
    for (const Shape& shape : node.cell->shapes) {
      if (layer && shape.layer != *layer) continue;
      for (const DbuPoint& p : shape.vertices) points.push_back(vertex(shape, p));
      shrink(100'000);
    }
    for (const Child& child : node.children) {
      const Reference& r = *child.reference;
      for (const double column : {0.0, r.columns - 1.0}) {
        for (const double row : {0.0, r.rows - 1.0}) {
          const RealPoint by{column * r.column_step_x + row * r.row_step_x,
                             column * r.column_step_y + row * r.row_step_y};
          const Transform t = child.transform.shifted(by);
          for (const RealPoint& p : hulls[child.node]) points.push_back(t(p));
        }
      }
      shrink(100'000);
    }
    points = convex_hull(std::move(points));
    for (const RealPoint& p : points) {
      if (!(std::abs(p.x) <= kMaxCoordinate && std::abs(p.y) <= kMaxCoordinate)) {
        throw InputError(fmt::format("cell '{}' reaches beyond {:g} database units; check its magnifications",
                                     printable(node.cell->name), kMaxCoordinate));
      }
    }
    if (points.size() > kMaxHullPoints) {
      throw InputError(fmt::format("cell '{}' has an outline of more than {} points; flatten the layout",
                                   printable(node.cell->name), kMaxHullPoints));
    }
    hulls.push_back(std::move(points));
  }
  return hulls;
}

std::size_t Hierarchy::n_shapes(LayerId layer) const {
  std::size_t n = 0;
  for (const Node& node : nodes_) {
    n += static_cast<std::size_t>(
        std::ranges::count_if(node.cell->shapes, [&](const Shape& shape) { return shape.layer == layer; }));
  }
  return n;
}

std::vector<std::string> Hierarchy::names() const {
  std::vector<std::string> names;
  for (const Node& node : nodes_) names.push_back(node.cell->name);
  return names;
}

std::map<std::string, Box> Hierarchy::regions(const Box& region,
                                              const std::vector<std::vector<RealPoint>>& hulls) const {
  std::vector<std::optional<Box>> found(nodes_.size());
  found.back() = region;
  // Instances of one cell in one orientation, taken together: all their origins are in the box.
  struct Together {
    Transform linear;
    Box origins;
  };
  for (std::size_t node = nodes_.size(); node-- > 0;) {
    if (!found[node]) continue;
    const Box wanted = *found[node];
    std::map<std::tuple<std::size_t, double, double, double, double>, Together> kinds;
    for (const Child& child : nodes_[node].children) {
      const Reference& r = *child.reference;
      const Transform& t = child.transform;
      for (const double column : {0.0, r.columns - 1.0}) {
        for (const double row : {0.0, r.rows - 1.0}) {
          const RealPoint at{t.tx + column * r.column_step_x + row * r.row_step_x,
                             t.ty + column * r.column_step_y + row * r.row_step_y};
          const auto [kind, is_new] = kinds.try_emplace({child.node, t.xx, t.xy, t.yx, t.yy},
                                                        Together{t, Box{at.x, at.y, at.x, at.y}});
          Box& box = kind->second.origins;
          box = {std::min(box.x0, at.x), std::min(box.y0, at.y), std::max(box.x1, at.x),
                 std::max(box.y1, at.y)};
        }
      }
    }
    for (const auto& [kind, together] : kinds) {
      const std::size_t child = std::get<0>(kind);
      if (hulls[child].empty()) continue;
      const Box drawn = linear_box(together.linear, hulls[child]);
      const Box at =
          common({wanted.x0 - drawn.x1, wanted.y0 - drawn.y1, wanted.x1 - drawn.x0, wanted.y1 - drawn.y0},
                 together.origins);
      if (at.x1 < at.x0 || at.y1 < at.y0) continue;
      // Seen from an origin in that box, turned back.
      const Box seen =
          common({wanted.x0 - at.x1, wanted.y0 - at.y1, wanted.x1 - at.x0, wanted.y1 - at.y0}, drawn);
      const Box inside = turned_back(together.linear, seen);
      found[child] = found[child] ? around(*found[child], inside) : inside;
    }
  }
  std::map<std::string, Box> out;
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    if (found[node] && !hulls[node].empty()) out[nodes_[node].cell->name] = *found[node];
  }
  return out;
}

Hierarchy::Totals Hierarchy::totals(LayerId layer) const {
  std::vector<Totals> all;
  all.reserve(nodes_.size());
  for (const Node& node : nodes_) {
    Totals sum;
    for (const Shape& shape : node.cell->shapes) {
      if (shape.layer != layer) continue;
      ++sum.n_polygons;
      sum.area += ring_area(shape.vertices) / shape.parts / shape.parts;
    }
    for (const Child& child : node.children) {
      const Totals& below = all[child.node];
      const std::int64_t instances = std::int64_t{child.reference->columns} * child.reference->rows;
      if (below.n_polygons > 0 && instances > (kMaxPolygons - sum.n_polygons) / below.n_polygons) {
        throw InputError(fmt::format(
            "cell '{}' holds more than 2^62 polygons (too many to count); check the arrays of the layout",
            printable(node.cell->name)));
      }
      sum.n_polygons += instances * below.n_polygons;
      const double m = child.reference->magnification;
      sum.area += static_cast<double>(instances) * below.area * m * m;
    }
    all.push_back(sum);
  }
  return all.back();
}

struct Hierarchy::Walk {
  LayerId layer;
  Box region;
  const std::vector<std::vector<RealPoint>>& hulls;
  std::int64_t visits_left;
  const std::function<void(const Shape&, const Transform&)>& visit;

  void count(const Cell& cell) {
    if (--visits_left < 0) {
      throw InputError(
          fmt::format("too many polygons and placements in the window (counted up to cell '{}'); choose a "
                      "smaller window",
                      printable(cell.name)));
    }
  }
};

void Hierarchy::for_each_polygon(LayerId layer, const Box& region,
                                 const std::vector<std::vector<RealPoint>>& hulls, std::int64_t max_visits,
                                 const std::function<void(const Shape&, const Transform&)>& visit) const {
  if (hulls.back().empty()) return;
  Walk walk{layer, region, hulls, max_visits, visit};
  visit_node(nodes_.size() - 1, Transform{}, walk);
}

void Hierarchy::visit_node(std::size_t node, const Transform& transform, Walk& walk) const {
  const Cell& cell = *nodes_[node].cell;
  walk.count(cell);
  for (const Shape& shape : cell.shapes) {
    if (shape.layer != walk.layer) continue;
    walk.count(cell);
    walk.visit(shape, transform);
  }
  for (const Child& child : nodes_[node].children) {
    if (!walk.hulls[child.node].empty()) visit_array(child, transform, walk);
  }
}

void Hierarchy::visit_array(const Child& child, const Transform& transform, Walk& walk) const {
  const Reference& r = *child.reference;
  const Transform first = compose(transform, child.transform);
  const Box around = linear_box(first, walk.hulls[child.node]);
  // The range of origins for which the box of the instance meets the region.
  const Box origins{walk.region.x0 - around.x1, walk.region.y0 - around.y1, walk.region.x1 - around.x0,
                    walk.region.y1 - around.y0};
  const RealPoint column = transform.linear({r.column_step_x, r.column_step_y});
  const RealPoint row = transform.linear({r.row_step_x, r.row_step_y});

  // Copies in one place draw the same.
  const Axis columns{column, column == RealPoint{} ? 1 : r.columns};
  const Axis rows{row, row == RealPoint{} ? 1 : r.rows};
  const IndexRange column_range = indices_within(first, columns, rows, origins);
  const IndexRange row_range = indices_within(first, rows, columns, origins);
  // The axis of fewer indices outside: the range of the other one follows for each of them. Steps that are
  // parallel, or nearly so, give no other bound of the number of pairs.
  const bool by_columns = column_range.size() <= row_range.size();
  const Axis& outer = by_columns ? columns : rows;
  const Axis& inner = by_columns ? rows : columns;
  const IndexRange outer_range = by_columns ? column_range : row_range;
  for (int i = outer_range.first; i < outer_range.last; ++i) {
    walk.count(*nodes_[child.node].cell);
    const double x = i * outer.step.x, y = i * outer.step.y;
    const auto [ax, bx] = range_within(first.tx + x, inner.step.x, origins.x0, origins.x1, inner.count);
    const auto [ay, by] = range_within(first.ty + y, inner.step.y, origins.y0, origins.y1, inner.count);
    for (int j = std::max(ax, ay); j < std::min(bx, by); ++j) {
      const Transform t = first.shifted({x + j * inner.step.x, y + j * inner.step.y});
      if (meets({t.tx, t.ty, t.tx, t.ty}, origins)) visit_node(child.node, t, walk);
    }
  }
}

}  // namespace undulith::layout
