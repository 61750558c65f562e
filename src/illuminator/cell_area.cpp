// SPDX-License-Identifier: MIT
#include "illuminator/cell_area.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace undulith::illuminator {
namespace {

Vector2 between(Vector2 a, Vector2 b, double t) {
  return {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
}

/// Clip of a convex polygon by one half plane (Sutherland and Hodgman).
std::vector<Vector2> clip(const std::vector<Vector2>& polygon, const HalfPlane& half_plane) {
  const auto height = [&](Vector2 p) {
    return half_plane.normal.x * (p.x - half_plane.point.x) +
           half_plane.normal.y * (p.y - half_plane.point.y);
  };
  std::vector<Vector2> kept;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Vector2 a = polygon[i], b = polygon[(i + 1) % polygon.size()];
    const double ha = height(a), hb = height(b);
    if (ha >= 0) kept.push_back(a);
    if ((ha > 0 && hb < 0) || (ha < 0 && hb > 0)) kept.push_back(between(a, b, ha / (ha - hb)));
  }
  return kept;
}

void add_triangle(Moments& sum, Vector2 a, Vector2 b) {
  const double area = 0.5 * (a.x * b.y - a.y * b.x);
  sum.area += area;
  sum.x += area * (a.x + b.x) / 3;
  sum.y += area * (a.y + b.y) / 3;
}

/// Sector of the disc about the origin from the direction of a to that of b, along the shorter arc.
void add_sector(Moments& sum, double radius, Vector2 a, Vector2 b) {
  const double opening = std::atan2(a.x * b.y - a.y * b.x, a.x * b.x + a.y * b.y);
  const double ra = std::hypot(a.x, a.y), rb = std::hypot(b.x, b.y);
  if (ra == 0 || rb == 0) return;
  const double cube = radius * radius * radius / 3;
  sum.area += 0.5 * radius * radius * opening;
  sum.x += cube * (b.y / rb - a.y / ra);
  sum.y += cube * (a.x / ra - b.x / rb);
}

/// Signed moments of the triangle (origin, a, b) within the disc about the origin.
void add_edge(Moments& sum, double radius, Vector2 a, Vector2 b) {
  const Vector2 d{b.x - a.x, b.y - a.y};
  const double dd = d.x * d.x + d.y * d.y;
  if (dd == 0) return;
  const double ad = a.x * d.x + a.y * d.y, aa = a.x * a.x + a.y * a.y;
  const double discriminant = ad * ad - dd * (aa - radius * radius);
  if (discriminant <= 0) {
    add_sector(sum, radius, a, b);
    return;
  }
  const double root = std::sqrt(discriminant);
  const double enter = std::clamp((-ad - root) / dd, 0.0, 1.0),
               leave = std::clamp((-ad + root) / dd, 0.0, 1.0);
  const Vector2 p = between(a, b, enter), q = between(a, b, leave);
  if (enter > 0) add_sector(sum, radius, a, p);
  if (leave > enter) add_triangle(sum, p, q);
  if (leave < 1) add_sector(sum, radius, q, b);
}

Moments of_polygon(const std::vector<Vector2>& polygon, const Disc& disc) {
  Moments sum;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Vector2 a = polygon[i], b = polygon[(i + 1) % polygon.size()];
    add_edge(sum, disc.radius, {a.x - disc.centre.x, a.y - disc.centre.y},
             {b.x - disc.centre.x, b.y - disc.centre.y});
  }
  sum.x += sum.area * disc.centre.x;
  sum.y += sum.area * disc.centre.y;
  return sum;
}

}  // namespace

Moments covered(const Box& box, std::span<const Term> terms) {
  Moments sum;
  for (const Term& term : terms) {
    std::vector<Vector2> polygon{{box.x0, box.y0}, {box.x1, box.y0}, {box.x1, box.y1}, {box.x0, box.y1}};
    for (const HalfPlane& half_plane : term.half_planes) polygon = clip(polygon, half_plane);
    const Moments part = of_polygon(polygon, term.disc);
    sum.area += term.sign * part.area;
    sum.x += term.sign * part.x;
    sum.y += term.sign * part.y;
  }
  return sum;
}

}  // namespace undulith::illuminator
