// SPDX-License-Identifier: MIT
#include "layout/polygon_union.hpp"

#include <algorithm>
#include <boost/polygon/polygon.hpp>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace undulith::layout {
namespace {

namespace bp = boost::polygon;
using Coordinate = std::int32_t;
using Set = bp::polygon_set_data<Coordinate>;
using ManhattanSet = bp::polygon_90_set_data<Coordinate>;
using BoostPoint = bp::point_data<Coordinate>;
__extension__ using Wide = __int128;

// Longer rings are merged with themselves without a test whether they cross themselves.
constexpr std::size_t kMaxContactTest = 4000;

int sign(Wide v) {
  return v > 0 ? 1 : v < 0 ? -1 : 0;
}

/// Side of c with respect to a -> b.
int side(const GridPoint& a, const GridPoint& b, const GridPoint& c) {
  return sign(Wide{b.x - a.x} * (c.y - a.y) - Wide{b.y - a.y} * (c.x - a.x));
}

Wide twice_area_exact(const GridRing& ring) {
  Wide sum = 0;
  for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
    sum += Wide{ring[i].x - ring[0].x} * (ring[i + 1].y - ring[0].y) -
           Wide{ring[i].y - ring[0].y} * (ring[i + 1].x - ring[0].x);
  }
  return sum;
}

/// Drops repeated points, points on a straight line, and spikes.
GridRing without_redundant_points(const GridRing& ring) {
  GridRing out;
  const auto redundant = [](const GridPoint& a, const GridPoint& b, const GridPoint& c) {
    return a == b || b == c || side(a, b, c) == 0;
  };
  for (const GridPoint& p : ring) {
    while (out.size() >= 2 && redundant(out[out.size() - 2], out.back(), p)) out.pop_back();
    if (out.empty() || out.back() != p) out.push_back(p);
  }
  std::size_t first = 0;
  bool changed = true;
  while (changed && out.size() - first >= 3) {
    changed = false;
    if (redundant(out[out.size() - 2], out.back(), out[first])) {
      out.pop_back();
      changed = true;
    } else if (redundant(out.back(), out[first], out[first + 1])) {
      ++first;
      changed = true;
    }
  }
  out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(first));
  if (out.size() < 3) out.clear();
  return out;
}

/// The ring, starting at its lowest-leftmost vertex.
GridRing from_lowest(GridRing ring) {
  std::rotate(ring.begin(), std::min_element(ring.begin(), ring.end()), ring.end());
  return ring;
}

/// Cuts a ring at one side of a box: keeps where inside(p) >= 0; inside is linear and integer.
template <class Inside, class Cut>
GridRing cut(const GridRing& ring, Inside inside, Cut cut_edge) {
  GridRing out;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const GridPoint &a = ring[i], &b = ring[(i + 1) % ring.size()];
    const bool a_in = inside(a), b_in = inside(b);
    if (a_in) out.push_back(a);
    // Start at the lower end, so that an edge and its reverse are cut at the same point.
    if (a_in != b_in) out.push_back(a < b ? cut_edge(a, b) : cut_edge(b, a));
  }
  return out;
}

/// from + (to - from) * part / whole, rounded to the nearest integer, halves upward; whole may be negative.
std::int64_t interpolate(std::int64_t from, std::int64_t to, std::int64_t part, std::int64_t whole) {
  Wide numerator = 2 * (Wide{to} - from) * part + whole;
  Wide denominator = 2 * Wide{whole};
  if (denominator < 0) numerator = -numerator, denominator = -denominator;
  Wide quotient = numerator / denominator;
  if (numerator % denominator < 0) --quotient;
  return from + static_cast<std::int64_t>(quotient);
}

GridPoint cut_at_x(const GridPoint& a, const GridPoint& b, std::int64_t x) {
  return {x, interpolate(a.y, b.y, x - a.x, b.x - a.x)};
}
GridPoint cut_at_y(const GridPoint& a, const GridPoint& b, std::int64_t y) {
  return {interpolate(a.x, b.x, y - a.y, b.y - a.y), y};
}

}  // namespace

bool is_manhattan(const GridRing& ring) {
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const GridPoint &a = ring[i], &b = ring[(i + 1) % ring.size()];
    if (a.x != b.x && a.y != b.y) return false;
  }
  return true;
}

double twice_area(const GridRing& ring) {
  return static_cast<double>(twice_area_exact(ring));
}

GridRing clip_ring(const GridRing& ring, const GridBox& box) {
  const bool inside = std::all_of(ring.begin(), ring.end(), [&](const GridPoint& p) {
    return p.x >= box.x0 && p.x <= box.x1 && p.y >= box.y0 && p.y <= box.y1;
  });
  if (inside) return ring;
  GridRing out = cut(
      ring, [&](const GridPoint& p) { return p.x >= box.x0; },
      [&](const GridPoint& a, const GridPoint& b) { return cut_at_x(a, b, box.x0); });
  out = cut(
      out, [&](const GridPoint& p) { return p.x <= box.x1; },
      [&](const GridPoint& a, const GridPoint& b) { return cut_at_x(a, b, box.x1); });
  out = cut(
      out, [&](const GridPoint& p) { return p.y >= box.y0; },
      [&](const GridPoint& a, const GridPoint& b) { return cut_at_y(a, b, box.y0); });
  return cut(
      out, [&](const GridPoint& p) { return p.y <= box.y1; },
      [&](const GridPoint& a, const GridPoint& b) { return cut_at_y(a, b, box.y1); });
}

SelfContact self_contact(const GridRing& ring) {
  const std::size_t n = ring.size();
  if (n <= 3) return SelfContact::none;
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto start = [&](std::size_t i) { return ring[i]; };
  const auto stop = [&](std::size_t i) { return ring[(i + 1) % n]; };
  const auto left = [&](std::size_t i) { return std::min(start(i).x, stop(i).x); };
  const auto right = [&](std::size_t i) { return std::max(start(i).x, stop(i).x); };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return left(a) < left(b); });
  bool touches = false;
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t i = order[k];
    const GridPoint a = start(i), b = stop(i);
    for (std::size_t m = k + 1; m < n && left(order[m]) <= right(i); ++m) {
      const std::size_t j = order[m];
      const GridPoint c = start(j), d = stop(j);
      if (std::max(a.y, b.y) < std::min(c.y, d.y) || std::max(c.y, d.y) < std::min(a.y, b.y)) continue;
      const bool follows = j == (i + 1) % n, precedes = i == (j + 1) % n;
      if (follows || precedes) {
        // Neighbouring edges share a point; a second contact means that the ring folds back onto itself.
        const GridPoint& before = follows ? a : c;
        const GridPoint& shared = follows ? b : d;
        const GridPoint& after = follows ? d : b;
        if (side(before, shared, after) == 0 && Wide{shared.x - before.x} * (after.x - shared.x) +
                                                        Wide{shared.y - before.y} * (after.y - shared.y) <=
                                                    0) {
          touches = true;
        }
        continue;
      }
      const int c_side = side(a, b, c), d_side = side(a, b, d), a_side = side(c, d, a),
                b_side = side(c, d, b);
      if (c_side * d_side < 0 && a_side * b_side < 0) return SelfContact::crosses;
      if (c_side * d_side <= 0 && a_side * b_side <= 0) touches = true;
    }
  }
  return touches ? SelfContact::touches : SelfContact::none;
}

struct PolygonUnion::Sets {
  GridBox box;
  GridPoint centre;
  bool manhattan_only = true;
  ManhattanSet manhattan, manhattan_less;  // Manhattan rings have a faster, exact sweep
  Set general, general_less;
  bool subtracts = false;
  /// A ring that does not cross itself; a hole removes area from another part.
  struct Part {
    GridRing ring;
    bool hole;
  };
  std::vector<Part> region, region_less;  // from add_signed() and subtract_signed()

  BoostPoint to_boost(const GridPoint& p) const {
    return {static_cast<Coordinate>(p.x - centre.x), static_cast<Coordinate>(p.y - centre.y)};
  }
  std::vector<BoostPoint> to_boost(const GridRing& ring) const {
    std::vector<BoostPoint> points;
    points.reserve(ring.size());
    for (const GridPoint& p : ring) points.push_back(to_boost(p));
    return points;
  }
  GridRing from_boost(auto begin, auto end) const {
    GridRing ring;
    for (; begin != end; ++begin) ring.push_back({(*begin).x() + centre.x, (*begin).y() + centre.y});
    return ring;
  }

  void resolve(const GridRing& raw, bool hole, std::vector<Part>& out) const;
  /// Parts of one region go into one set: a hole in the other set would remove nothing.
  /// @return  whether that is the Manhattan set
  bool insert(const std::vector<Part>& parts, ManhattanSet& into_manhattan, Set& into_general) const;
  template <class Collected>
  void collect(const Collected& polygons, std::vector<GridRing>& out) const;
};

/// Adds a ring with windings of one sign, in either direction.
bool PolygonUnion::Sets::insert(const std::vector<Part>& parts, ManhattanSet& into_manhattan,
                                Set& into_general) const {
  const bool manhattan_parts =
      std::all_of(parts.begin(), parts.end(), [](const Part& part) { return is_manhattan(part.ring); });
  for (const Part& part : parts) {
    const std::vector<BoostPoint> points = to_boost(part.ring);
    if (manhattan_parts) {
      bp::polygon_90_data<Coordinate> polygon;
      bp::set_points(polygon, points.begin(), points.end());
      into_manhattan.insert(polygon, part.hole);
    } else {
      bp::polygon_data<Coordinate> polygon(points.begin(), points.end());
      into_general.insert(polygon, part.hole);
    }
  }
  return manhattan_parts;
}

void PolygonUnion::Sets::resolve(const GridRing& raw, bool hole, std::vector<Part>& out) const {
  // Remove points on straight lines first: the Manhattan polygon of Boost needs alternating edges.
  GridRing ring = without_redundant_points(clip_ring(raw, box));
  if (ring.empty()) return;
  if (ring.size() <= kMaxContactTest && self_contact(ring) == SelfContact::none) {
    if (twice_area_exact(ring) != 0) out.push_back({std::move(ring), hole});
    return;
  }
  // A ring that meets itself may have windings of both signs. Boost.Polygon fills where the sum of windings
  // is positive, so the ring is resolved alone, once in each direction, before it can cancel against its
  // neighbours.
  const std::vector<BoostPoint> points = to_boost(ring);
  for (const bp::direction_1d winding : {bp::COUNTERCLOCKWISE, bp::CLOCKWISE}) {
    Set alone;
    alone.insert_vertex_sequence(points.begin(), points.end(), winding, false);
    std::vector<bp::polygon_with_holes_data<Coordinate>> polygons;
    alone.get(polygons);
    std::vector<GridRing> parts;
    collect(polygons, parts);
    for (GridRing& part : parts) {
      const bool is_hole = hole != (twice_area_exact(part) < 0);
      out.push_back({std::move(part), is_hole});
    }
  }
}

/// Rings of Boost polygons with holes: outer counter-clockwise, holes clockwise.
template <class Collected>
void PolygonUnion::Sets::collect(const Collected& polygons, std::vector<GridRing>& out) const {
  const auto take = [&](GridRing ring, int orientation) {
    ring = without_redundant_points(ring);
    const Wide area = twice_area_exact(ring);
    if (ring.empty() || area == 0) return;
    if (sign(area) != orientation) std::reverse(ring.begin(), ring.end());
    out.push_back(from_lowest(std::move(ring)));
  };
  for (const auto& polygon : polygons) {
    take(from_boost(polygon.begin(), polygon.end()), +1);
    for (auto hole = polygon.begin_holes(); hole != polygon.end_holes(); ++hole) {
      take(from_boost(hole->begin(), hole->end()), -1);
    }
  }
}

PolygonUnion::PolygonUnion(const GridBox& box) : sets_(std::make_unique<Sets>()) {
  if (box.x1 - box.x0 > kMaxUnionSide || box.y1 - box.y0 > kMaxUnionSide || box.x1 < box.x0 ||
      box.y1 < box.y0) {
    throw std::invalid_argument("PolygonUnion: the box does not fit into 32-bit coordinates");
  }
  sets_->box = box;
  sets_->centre = {box.x0 + (box.x1 - box.x0) / 2, box.y0 + (box.y1 - box.y0) / 2};
}

PolygonUnion::~PolygonUnion() = default;
PolygonUnion::PolygonUnion(PolygonUnion&&) noexcept = default;
PolygonUnion& PolygonUnion::operator=(PolygonUnion&&) noexcept = default;

void PolygonUnion::add(const GridRing& ring) {
  std::vector<Sets::Part> parts;
  sets_->resolve(ring, false, parts);
  sets_->manhattan_only &= sets_->insert(parts, sets_->manhattan, sets_->general);
}

void PolygonUnion::add_signed(const GridRing& ring) {
  sets_->resolve(ring, twice_area_exact(ring) < 0, sets_->region);
}

void PolygonUnion::subtract(const GridRing& ring) {
  sets_->subtracts = true;
  std::vector<Sets::Part> parts;
  sets_->resolve(ring, false, parts);
  sets_->manhattan_only &= sets_->insert(parts, sets_->manhattan_less, sets_->general_less);
}

void PolygonUnion::subtract_signed(const GridRing& ring) {
  sets_->subtracts = true;
  sets_->resolve(ring, twice_area_exact(ring) < 0, sets_->region_less);
}

std::vector<GridRing> PolygonUnion::rings() const {
  using namespace bp::operators;
  std::vector<GridRing> out;
  ManhattanSet manhattan = sets_->manhattan, manhattan_less = sets_->manhattan_less;
  Set general = sets_->general, general_less = sets_->general_less;
  bool manhattan_only = sets_->manhattan_only;
  manhattan_only &= sets_->insert(sets_->region, manhattan, general);
  manhattan_only &= sets_->insert(sets_->region_less, manhattan_less, general_less);
  if (manhattan_only) {
    if (sets_->subtracts) manhattan -= manhattan_less;
    std::vector<bp::polygon_90_with_holes_data<Coordinate>> polygons;
    manhattan.get(polygons);
    sets_->collect(polygons, out);
  } else {
    const auto joined = [](Set set, const ManhattanSet& manhattan) {
      std::vector<bp::polygon_90_with_holes_data<Coordinate>> polygons;
      manhattan.get(polygons);
      for (const auto& polygon : polygons) set.insert(polygon);
      return set;
    };
    Set result = joined(general, manhattan);
    if (sets_->subtracts) result -= joined(general_less, manhattan_less);
    std::vector<bp::polygon_with_holes_data<Coordinate>> polygons;
    result.get(polygons);
    sets_->collect(polygons, out);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace undulith::layout
