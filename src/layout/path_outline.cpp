// SPDX-License-Identifier: MIT
#include "layout/path_outline.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "layout/pm_grid.hpp"
#include "layout/transform.hpp"

namespace undulith::layout {
namespace {

struct Segment {
  RealPoint direction;  // unit vector
  double length = 0;
};

RealPoint along(RealPoint p, RealPoint direction, double distance) {
  return {p.x + direction.x * distance, p.y + direction.y * distance};
}

/// Unit vector to the left of a direction.
RealPoint left_of(RealPoint d) {
  return {-d.y, d.x};
}

/// One side (+1 left, -1 right) of the outline at the corner between two segments, in the direction of the
/// path.
void add_corner(std::vector<RealPoint>& out, RealPoint p, const Segment& in, const Segment& next,
                double half_width, double side) {
  const RealPoint d1 = in.direction, d2 = next.direction;
  const double cross = d1.x * d2.y - d1.y * d2.x;
  const double dot = d1.x * d2.x + d1.y * d2.y;
  const RealPoint edge1 = along(p, left_of(d1), side * half_width);
  const RealPoint edge2 = along(p, left_of(d2), side * half_width);
  const bool reversal = dot < 0 && std::abs(cross) < 1e-12;
  if (dot > 0 && std::abs(cross) < 1e-12) {  // straight on
    out.push_back(edge1);
    return;
  }
  // tan of half the turn: the reach of the mitre in half-widths.
  const double reach = reversal ? 2 : std::abs(cross) / (1 + dot);
  const bool inner = reversal ? side < 0 : side * cross > 0;
  if (inner) {
    // Each corner may use half of each segment.
    if (!reversal && 2 * reach * half_width <= std::min(in.length, next.length)) {
      out.push_back(along(edge1, d1, -reach * half_width));
    } else {
      out.insert(out.end(), {edge1, p, edge2});
    }
  } else if (reach <= 1 + 1e-12) {
    out.push_back(along(edge1, d1, reach * half_width));
  } else {
    out.push_back(along(edge1, d1, half_width));
    out.push_back(along(edge2, d2, -half_width));
  }
}

/// Points of the semicircle about p from `from` (a unit vector) turning counter-clockwise, both ends
/// included.
void add_semicircle(std::vector<RealPoint>& out, RealPoint p, RealPoint from, double radius) {
  const double ratio = std::min(1.0, 0.5 / radius);
  const int sides =
      std::clamp(static_cast<int>(std::ceil(std::numbers::pi / (2 * std::acos(1 - ratio)))), 8, 128);
  for (int i = 0; i <= sides; ++i) {
    const double angle = std::numbers::pi * i / sides;
    const double c = i == sides ? -1 : std::cos(angle), s = i == sides ? 0 : std::sin(angle);
    out.push_back({p.x + radius * (c * from.x - s * from.y), p.y + radius * (s * from.x + c * from.y)});
  }
}

std::int64_t round_up_halves(double v) {
  return static_cast<std::int64_t>(std::floor(v + 0.5));
}

/// The corners on the grid of the parts, without repeats; whole database units if all of them are.
std::optional<Outline> on_grid(const std::vector<RealPoint>& ring, int parts) {
  Outline out{.parts = parts};
  for (const RealPoint& p : ring) {
    const DbuPoint q{round_up_halves(p.x * parts), round_up_halves(p.y * parts)};
    if (out.vertices.empty() || out.vertices.back() != q) out.vertices.push_back(q);
  }
  while (out.vertices.size() > 1 && out.vertices.back() == out.vertices.front()) out.vertices.pop_back();
  if (out.vertices.size() < 3) return {};
  const auto whole = [&](const DbuPoint& p) { return p.x % parts == 0 && p.y % parts == 0; };
  if (std::all_of(out.vertices.begin(), out.vertices.end(), whole)) {
    for (DbuPoint& p : out.vertices) p = {p.x / parts, p.y / parts};
    out.parts = 1;
  }
  return out;
}

}  // namespace

int outline_parts(double dbu_nm) {
  constexpr double kMaxParts = 4000;  // coordinates of 1e15 units then fit into 64 bits
  const double pm = dbu_in_pm(dbu_nm);
  if (pm > kMaxParts || pm != std::round(pm)) return static_cast<int>(kMaxParts);
  return pm < 2 ? 2 : static_cast<int>(pm);
}

std::optional<Outline> outline(const Path& path, int parts) {
  std::vector<RealPoint> spine;
  for (const DbuPoint& p : path.spine) {
    const RealPoint q{static_cast<double>(p.x), static_cast<double>(p.y)};
    if (spine.empty() || spine.back() != q) spine.push_back(q);
  }
  if (spine.empty() || path.width <= 0) return {};
  const double half_width = 0.5 * static_cast<double>(path.width);
  const double begin = path.type == 2 ? half_width : path.type == 4 ? static_cast<double>(path.begin) : 0;
  const double end = path.type == 2 ? half_width : path.type == 4 ? static_cast<double>(path.end) : 0;

  std::vector<Segment> segments;
  if (spine.size() == 1) {  // a dot: only the ends, along x
    if (path.type != 1 && begin + end <= 0) return {};
    spine.push_back(spine.front());
    segments.push_back({{1, 0}, 0});
  } else {
    for (std::size_t i = 0; i + 1 < spine.size(); ++i) {
      const RealPoint step{spine[i + 1].x - spine[i].x, spine[i + 1].y - spine[i].y};
      const double length = std::hypot(step.x, step.y);
      segments.push_back({{step.x / length, step.y / length}, length});
    }
  }
  if (segments.size() == 1) {
    if (path.type != 1 && segments.front().length + begin + end <= 0) return {};
  } else if (segments.front().length + begin <= 0 || segments.back().length + end <= 0) {
    return {};
  }
  spine.front() = along(spine.front(), segments.front().direction, -begin);
  spine.back() = along(spine.back(), segments.back().direction, end);

  // Counter-clockwise: the right side forward, the end, the left side backward, the beginning.
  std::vector<RealPoint> right, left;
  for (std::size_t i = 1; i + 1 < spine.size(); ++i) {
    add_corner(right, spine[i], segments[i - 1], segments[i], half_width, -1);
    add_corner(left, spine[i], segments[i - 1], segments[i], half_width, +1);
  }
  const auto add_end = [&](std::vector<RealPoint>& out, RealPoint p, RealPoint outward) {
    const RealPoint to_right{outward.y, -outward.x};
    if (path.type == 1) {
      add_semicircle(out, p, to_right, half_width);
    } else {
      out.push_back(along(p, to_right, half_width));
      out.push_back(along(p, to_right, -half_width));
    }
  };
  std::vector<RealPoint> ring = right;
  add_end(ring, spine.back(), segments.back().direction);
  ring.insert(ring.end(), left.rbegin(), left.rend());
  const RealPoint back = segments.front().direction;
  add_end(ring, spine.front(), {-back.x, -back.y});

  return on_grid(ring, parts);
}

Shape on_units(const Shape& shape) {
  if (shape.parts == 1) return shape;
  std::vector<RealPoint> ring;
  ring.reserve(shape.vertices.size());
  for (const DbuPoint& p : shape.vertices) ring.push_back(vertex(shape, p));
  Shape out{shape.layer};
  if (std::optional<Outline> rounded = on_grid(ring, 1)) out.vertices = std::move(rounded->vertices);
  return out;
}

}  // namespace undulith::layout
