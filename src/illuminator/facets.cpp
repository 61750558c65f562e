// SPDX-License-Identifier: MIT
#include "undulith/illuminator/facets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "illuminator/pupil_lattice.hpp"
#include "illuminator/shapes.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/illuminator/keys.hpp"

namespace undulith::illuminator {
namespace {

using constants::kPi;

void check(const FacetParameters& p) {
  check_ranges(p);
  require(p.n_pupil_facets >= p.n_field_facets, "facets.n_pupil_facets", p.n_pupil_facets,
          "must be at least facets.n_field_facets", "use several for each field facet");
}

/// Whether a closed-form shape illuminates a place: the area that it covers of a small box there.
bool is_illuminated(const IlluminatedShape& shape, const Vector2& place) {
  constexpr double kHalf = 1e-6;
  const Box box{place.x - kHalf, place.y - kHalf, place.x + kHalf, place.y + kHalf};
  return covered(box, shape.terms).area > 0.25 * box.width() * box.height();
}

/// The facets that a setting illuminates, ascending, and their Stokes vectors.
struct IlluminatedFacets {
  std::vector<std::size_t> facets;
  std::vector<optics::Stokes> stokes;  // of all facets of the lattice
};

IlluminatedFacets find_illuminated(const PupilLattice& lattice, const IlluminatorParameters& setting,
                                   const source::SourceOutput& light) {
  IlluminatedFacets illuminated;
  illuminated.stokes.assign(lattice.size(), light.stokes);
  if (setting.shape != Shape::points && setting.shape != Shape::map) {
    const IlluminatedShape shape = make_shape(setting);
    for (std::size_t i = 0; i < lattice.size(); ++i)
      if (is_illuminated(shape, lattice.centre(i))) illuminated.facets.push_back(i);
    return illuminated;
  }
  std::vector<optics::Stokes> sum(lattice.size(), optics::Stokes{.s0 = 0});
  for (const SourcePoint& point : make_pupil_fill(setting, light).points) {
    optics::Stokes& s = sum[lattice.nearest({point.sigma_x, point.sigma_y})];
    s.s0 += point.weight;
    s.s1 += point.weight * point.stokes.s1;
    s.s2 += point.weight * point.stokes.s2;
    s.s3 += point.weight * point.stokes.s3;
  }
  for (std::size_t i = 0; i < lattice.size(); ++i) {
    if (!(sum[i].s0 > 0)) continue;
    illuminated.facets.push_back(i);
    illuminated.stokes[i] = {1, sum[i].s1 / sum[i].s0, sum[i].s2 / sum[i].s0, sum[i].s3 / sum[i].s0};
  }
  return illuminated;
}

/// Share of a disc about a place that lies within the unit disc.
double share_inside(const Vector2& place, double radius) {
  const double d = std::hypot(place.x, place.y);
  if (d + radius <= 1) return 1;
  // Two circular segments on either side of the common chord.
  const double from_pupil = (d * d + 1 - radius * radius) / (2 * d), from_spot = d - from_pupil;
  const auto segment = [](double r, double distance) {
    const double cosine = std::clamp(distance / r, -1.0, 1.0);
    return r * r * (std::acos(cosine) - cosine * std::sqrt(1 - cosine * cosine));
  };
  return (segment(1, from_pupil) + segment(radius, from_spot)) / (kPi * radius * radius);
}

/// Places that represent a uniform disc of radius 1: a hexagonal pattern with the second moment of the disc.
std::vector<Vector2> spot_pattern(int n) {
  std::vector<Vector2> pattern{{0, 0}};
  const auto add_ring = [&](double radius, double first_deg) {
    for (int i = 0; i < 6; ++i) {
      const double angle = (first_deg + 60 * i) * kPi / 180;
      pattern.push_back({radius * std::cos(angle), radius * std::sin(angle)});
    }
  };
  if (n == 7) add_ring(std::sqrt(7.0 / 12), 0);
  if (n == 19) {
    // Rings at 1, sqrt(3) and 2 steps: 6 (1 + 3 + 4) step^2 / 19 = 1/2.
    const double step = std::sqrt(19.0 / 96);
    add_ring(step, 0);
    add_ring(std::sqrt(3.0) * step, 30);
    add_ring(2 * step, 0);
  }
  return pattern;
}

std::vector<std::size_t> find_used(const FacetParameters& p, const PupilLattice& lattice,
                                   const std::vector<std::size_t>& illuminated) {
  const auto n = static_cast<std::size_t>(p.n_field_facets);
  if (p.pointing == Pointing::repoint) return lattice.spread(illuminated, n);
  std::vector<std::size_t> all(lattice.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::vector<std::size_t> used;
  std::ranges::set_intersection(lattice.spread(all, n), illuminated, std::back_inserter(used));
  return used;
}

}  // namespace

FacetFill make_facet_fill(const FacetParameters& facets, const IlluminatorParameters& setting,
                          const source::SourceOutput& light) {
  check(facets);
  const PupilLattice lattice(facets.n_pupil_facets);
  const IlluminatedFacets illuminated = find_illuminated(lattice, setting, light);
  if (illuminated.facets.empty())
    throw InputError(fmt::format(
        "facets.n_pupil_facets = {} (illuminator.shape illuminates none of them); widen the shape or use "
        "more facets",
        facets.n_pupil_facets));
  const std::vector<std::size_t> used = find_used(facets, lattice, illuminated.facets);
  if (used.empty())
    throw InputError(
        "facets.pointing = \"block\" (no field facet has an illuminated partner); widen the shape or use "
        "\"repoint\"");

  FacetFill fill;
  fill.n_illuminated_pupil_facets = static_cast<int>(illuminated.facets.size());
  fill.n_used_field_facets = static_cast<int>(used.size());
  fill.spot_radius_sigma = facets.spot_radius_sigma > 0 ? facets.spot_radius_sigma : lattice.facet_radius();
  const std::vector<Vector2> pattern = spot_pattern(facets.points_per_spot);

  // A list of points has the polarisation and spectrum of any other setting.
  IlluminatorParameters spots = setting, points = setting;
  spots.shape = points.shape = Shape::points;
  spots.points.clear();
  points.points.clear();
  double inside = 0;  // in units of a whole spot
  for (const std::size_t facet : used) {
    const Vector2 centre = lattice.centre(facet);
    const double share = share_inside(centre, fill.spot_radius_sigma);
    inside += share;
    const SourcePoint spot{
        .sigma_x = centre.x, .sigma_y = centre.y, .weight = share, .stokes = illuminated.stokes[facet]};
    spots.points.push_back(spot);
    std::vector<SourcePoint> parts;
    for (const Vector2& offset : pattern) {
      SourcePoint part = spot;
      part.sigma_x += fill.spot_radius_sigma * offset.x;
      part.sigma_y += fill.spot_radius_sigma * offset.y;
      if (std::hypot(part.sigma_x, part.sigma_y) <= 1) parts.push_back(part);
    }
    for (SourcePoint& part : parts) {
      part.weight = share / static_cast<double>(parts.size());
      points.points.push_back(part);
    }
  }
  const auto n_used = static_cast<double>(used.size());
  fill.transmission = n_used / facets.n_field_facets * (inside / n_used);
  fill.spots = make_pupil_fill(spots, light).points;
  fill.pupil_fill = make_pupil_fill(points, light);
  fill.pupil_fill.fill_ratio = std::min(1.0, inside * fill.spot_radius_sigma * fill.spot_radius_sigma);
  return fill;
}

}  // namespace undulith::illuminator
