// SPDX-License-Identifier: MIT
#include "layout/path_outline.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

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

}  // namespace

std::optional<std::vector<DbuPoint>> outline(const Path& path) {
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

  std::vector<DbuPoint> vertices;
  for (const RealPoint& p : ring) {
    const DbuPoint q{round_up_halves(p.x), round_up_halves(p.y)};
    if (vertices.empty() || vertices.back() != q) vertices.push_back(q);
  }
  while (vertices.size() > 1 && vertices.back() == vertices.front()) vertices.pop_back();
  if (vertices.size() < 3) return {};
  return vertices;
}

}  // namespace undulith::layout
