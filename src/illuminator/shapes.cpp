// SPDX-License-Identifier: MIT
#include "illuminator/shapes.hpp"

#include <fmt/format.h>

#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/illuminator/keys.hpp"
#include "undulith/math/direction.hpp"

namespace undulith::illuminator {
namespace {

using constants::kPi;

Vector2 direction(double angle_deg) {
  const math::Direction d = math::direction_of(angle_deg);
  return {d.x, d.y};
}

void add_ring(std::vector<Term>& terms, const IlluminatorParameters& p, std::vector<HalfPlane> half_planes) {
  terms.push_back({.sign = 1, .disc = {.centre = {}, .radius = p.sigma_outer}, .half_planes = half_planes});
  if (p.sigma_inner > 0) {
    terms.push_back(
        {.sign = -1, .disc = {.centre = {}, .radius = p.sigma_inner}, .half_planes = std::move(half_planes)});
  }
}

IlluminatedShape make_poles(const IlluminatorParameters& p, int n_poles, double first_deg) {
  const double widest_deg = 360.0 / n_poles;
  require(p.opening_deg <= widest_deg, "illuminator.opening_deg", p.opening_deg,
          fmt::format("must be at most {}, where {} poles just touch", widest_deg, n_poles),
          "narrow the poles or use shape annular");
  IlluminatedShape shape;
  for (int pole = 0; pole < n_poles; ++pole) {
    const double centre_deg = first_deg + pole * widest_deg;
    // A wedge up to 180 degrees wide: left of its first ray and right of its last.
    const Vector2 first = direction(centre_deg - 0.5 * p.opening_deg),
                  last = direction(centre_deg + 0.5 * p.opening_deg);
    std::vector<HalfPlane> wedge{{.point = {}, .normal = {-first.y, first.x}},
                                 {.point = {}, .normal = {last.y, -last.x}}};
    add_ring(shape.terms, p, std::move(wedge));
  }
  shape.area =
      n_poles * p.opening_deg / 360 * kPi * (p.sigma_outer * p.sigma_outer - p.sigma_inner * p.sigma_inner);
  return shape;
}

/// Area of the part of a disc beyond a chord at a signed distance from its centre.
double segment_area(double radius, double distance) {
  return radius * radius * std::acos(distance / radius) -
         distance * std::sqrt(radius * radius - distance * distance);
}

IlluminatedShape make_leaves(const IlluminatorParameters& p) {
  const double radius = p.sigma_outer, offset = p.leaf_offset_sigma;
  require(offset < 2 * radius, "illuminator.leaf_offset_sigma", offset,
          fmt::format("must be below {:.6g}, twice sigma_outer, or no leaf remains", 2 * radius),
          "use lambda/(pitch NA) of the pitch to print, or raise sigma_outer");
  const Vector2 first = direction(p.rotation_deg);
  IlluminatedShape shape;
  for (const double side : {1.0, -1.0}) {
    const Vector2 axis{side * first.x, side * first.y};
    const Vector2 centre{offset * axis.x, offset * axis.y}, middle{0.5 * centre.x, 0.5 * centre.y};
    const Vector2 inward{-axis.x, -axis.y};
    // The lens is the outer part of the pupil's disc beyond the common chord and the inner part of the second
    // disc before it; the leaves overlap when the offset is less than the radius and share the line between
    // them then.
    const HalfPlane own_side{.point = {}, .normal = axis};
    shape.terms.push_back({.sign = 1,
                           .disc = {.centre = {}, .radius = radius},
                           .half_planes = {own_side, {.point = middle, .normal = axis}}});
    shape.terms.push_back({.sign = 1,
                           .disc = {.centre = centre, .radius = radius},
                           .half_planes = {own_side, {.point = middle, .normal = inward}}});
  }
  const double lens = 2 * segment_area(radius, 0.5 * offset);
  // What lies beyond the dividing line belongs to the other leaf.
  const double beyond = offset < radius ? segment_area(radius, offset) : 0;
  shape.area = 2 * (lens - beyond);
  return shape;
}

}  // namespace

IlluminatedShape make_shape(const IlluminatorParameters& p) {
  check_ranges(p);
  const bool has_inner = p.shape == Shape::annular || p.shape == Shape::dipole || p.shape == Shape::quasar;
  require(!has_inner || p.sigma_inner < p.sigma_outer, "illuminator.sigma_inner", p.sigma_inner,
          fmt::format("must be below sigma_outer = {}", p.sigma_outer), "lower it");
  switch (p.shape) {
    case Shape::conventional: {
      IlluminatorParameters full = p;
      full.sigma_inner = 0;
      IlluminatedShape shape;
      add_ring(shape.terms, full, {});
      shape.area = kPi * p.sigma_outer * p.sigma_outer;
      return shape;
    }
    case Shape::annular: {
      IlluminatedShape shape;
      add_ring(shape.terms, p, {});
      shape.area = kPi * (p.sigma_outer * p.sigma_outer - p.sigma_inner * p.sigma_inner);
      return shape;
    }
    case Shape::dipole:
      return make_poles(p, 2, p.rotation_deg);
    case Shape::quasar:
      return make_poles(p, 4, 45 + p.rotation_deg);
    case Shape::leaf_dipole:
      return make_leaves(p);
    case Shape::points:
    case Shape::map:
      break;
  }
  throw InputError(
      "illuminator.shape has no outline; use conventional, annular, dipole, quasar or leaf_dipole");
}

}  // namespace undulith::illuminator
