// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "undulith/core/grid.hpp"

/// Exact area and first moments of the part of a rectangle that a shape covers.
namespace undulith::illuminator {

struct Vector2 {
  double x = 0, y = 0;
};

/// The side of a line through `point` towards which `normal` points: normal . (p - point) >= 0.
struct HalfPlane {
  Vector2 point, normal;
};

struct Disc {
  Vector2 centre;
  double radius = 0;
};

/// A disc cut by half planes, added (sign +1) or taken away (-1).
struct Term {
  double sign = 1;
  Disc disc;
  std::vector<HalfPlane> half_planes;
};

/// int dA, int x dA, int y dA.
struct Moments {
  double area = 0, x = 0, y = 0;
};

/// Moments of the terms within the box. Closed form: the box is cut to a convex polygon by each half plane,
/// and the polygon meets the disc edge by edge in triangles and circular sectors. Accuracy: rounding, 1e-15
/// of the disc.
[[nodiscard]] Moments covered(const Box& box, std::span<const Term> terms);

}  // namespace undulith::illuminator
