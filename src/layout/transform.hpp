// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/layout/layout.hpp"
#include "undulith/math/direction.hpp"

namespace undulith::layout {

/// A point in database units that may be between grid points, for example after a rotation.
struct RealPoint {
  double x = 0, y = 0;
  friend bool operator==(const RealPoint&, const RealPoint&) = default;
};

/// An affine map of the plane. Doubles hold every product of quarter turns and integer translations exactly
/// (below 2^53), so Manhattan layouts stay exact.
struct Transform {
  double xx = 1, xy = 0, yx = 0, yy = 1;
  double tx = 0, ty = 0;

  [[nodiscard]] RealPoint linear(RealPoint p) const { return {xx * p.x + xy * p.y, yx * p.x + yy * p.y}; }
  [[nodiscard]] RealPoint operator()(RealPoint p) const {
    const RealPoint q = linear(p);
    return {q.x + tx, q.y + ty};
  }
  [[nodiscard]] Transform shifted(RealPoint by) const { return {xx, xy, yx, yy, tx + by.x, ty + by.y}; }
};

/// A vertex of a shape in database units.
[[nodiscard]] inline RealPoint vertex(const Shape& shape, const DbuPoint& v) {
  if (shape.parts == 1) return {static_cast<double>(v.x), static_cast<double>(v.y)};
  return {static_cast<double>(v.x) / shape.parts, static_cast<double>(v.y) / shape.parts};
}

/// First `inner`, then `outer`.
[[nodiscard]] inline Transform compose(const Transform& outer, const Transform& inner) {
  const RealPoint t = outer({inner.tx, inner.ty});
  return {outer.xx * inner.xx + outer.xy * inner.yx,
          outer.xx * inner.xy + outer.xy * inner.yy,
          outer.yx * inner.xx + outer.yy * inner.yx,
          outer.yx * inner.xy + outer.yy * inner.yy,
          t.x,
          t.y};
}

/// The transformation of the first instance of a reference: mirror about x, magnify, rotate, translate.
[[nodiscard]] inline Transform placement(const Reference& reference) {
  const auto [c, s] = math::direction_of(reference.angle_deg);
  const double m = reference.magnification;
  const double f = reference.mirrored ? -1 : 1;
  return {m * c,
          -m * s * f,
          m * s,
          m * c * f,
          static_cast<double>(reference.origin.x),
          static_cast<double>(reference.origin.y)};
}

}  // namespace undulith::layout
