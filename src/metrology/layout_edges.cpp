// SPDX-License-Identifier: MIT
#include "metrology/layout_edges.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "undulith/core/constants.hpp"

namespace undulith::metrology {
namespace {

using layout::Point;
using layout::Polygon;

constexpr double kLargestTurnDeg = 30, kLeastEndTurnDeg = 30;

struct Side {
  double length = 0, direction_deg = 0;
};

std::vector<Side> sides_of(const Polygon& ring) {
  std::vector<Side> sides;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
    sides.push_back(
        {std::hypot(b.x - a.x, b.y - a.y), std::atan2(b.y - a.y, b.x - a.x) * 180 / constants::kPi});
  }
  return sides;
}

// To the left positive, in [-180, 180].
double turn_deg(const Side& from, const Side& to) {
  return std::remainder(to.direction_deg - from.direction_deg, 360);
}

// The axis next to the normal: 0 to 3. Directions on the border between two belong to one of them whatever
// their rounding.
int quadrant(const Side& side) {
  constexpr double kBorderDeg = 1e-6;
  return static_cast<int>(std::floor((side.direction_deg + 45 + kBorderDeg + 360) / 90)) % 4;
}

bool is_joined(const Side& before, const Side& here, double short_nm) {
  return before.length < short_nm && here.length < short_nm &&
         std::abs(turn_deg(before, here)) <= kLargestTurnDeg && quadrant(before) == quadrant(here);
}

// Numbers of sides in each edge from `first` on; together those of the ring.
std::vector<std::size_t> runs_of(const std::vector<Side>& sides, std::size_t first, double short_nm,
                                 double longest_nm) {
  const std::size_t n = sides.size();
  const auto side = [&](std::size_t i) -> const Side& { return sides[(first + i) % n]; };
  std::vector<std::size_t> runs;
  for (std::size_t begin = 0, end = 0; begin < n; begin = end) {
    double length = side(begin).length;
    for (end = begin + 1; end < n && is_joined(side(end - 1), side(end), short_nm); ++end)
      length += side(end).length;
    const double wanted = length / std::max(1.0, std::ceil(length / longest_nm)) * (1 - 1e-9);
    double passed = 0;
    std::size_t part = begin;
    for (std::size_t i = begin; i < end; ++i) {
      passed += side(i).length;
      if (end - begin > 1 && i + 1 < end && passed < wanted) continue;
      runs.push_back(i + 1 - part);
      part = i + 1;
      passed = 0;
    }
  }
  return runs;
}

// A run begins where no side joins the one before.
std::size_t first_of_run(const std::vector<Side>& sides, double short_nm) {
  const std::size_t n = sides.size();
  for (std::size_t i = 0; i < n; ++i)
    if (!is_joined(sides[(i + n - 1) % n], sides[i], short_nm)) return i;
  return 0;
}

Point unit(double dx, double dy) {
  const double length = std::hypot(dx, dy);
  return length > 0 ? Point{dx / length, dy / length} : Point{};
}

}  // namespace

LayoutEdges::LayoutEdges(const layout::Clip& clip, double short_nm, double longest_nm) {
  for (const Polygon& ring : clip.rings) {
    std::vector<int>& edge_of = edge_of_.emplace_back(ring.size());
    const std::vector<Side> sides = sides_of(ring);
    const std::size_t n = ring.size();
    const std::size_t first = first_of_run(sides, short_nm);
    std::size_t at = first;
    for (const std::size_t run : runs_of(sides, first, short_nm, longest_nm)) {
      LayoutEdge edge;
      edge.a = ring[at % n];
      edge.b = ring[(at + run) % n];
      edge.curved = run > 1;
      for (std::size_t i = 0; i < run; ++i) {
        edge.length_nm += sides[(at + i) % n].length;
        edge_of[(at + i) % n] = static_cast<int>(edges_.size());
      }
      double left = edge.length_nm / 2;
      for (std::size_t i = 0; i < run; ++i) {
        const Point &a = ring[(at + i) % n], &b = ring[(at + i + 1) % n];
        const double length = sides[(at + i) % n].length;
        const double t = length > 0 ? std::min(1.0, left / length) : 0;
        edge.middle = {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
        if (left <= length) break;
        left -= length;
      }
      edge.along = unit(edge.b.x - edge.a.x, edge.b.y - edge.a.y);
      edge.inward = {-edge.along.y, edge.along.x};
      // At a round end the turn is spread over the sides; a straight one has it at its corners.
      const Side &before = sides[(at + n - 1) % n], &begin = sides[at % n], &end = sides[(at + run - 1) % n],
                 &after = sides[(at + run) % n];
      const double own_deg = std::remainder(end.direction_deg - begin.direction_deg, 360);
      edge.is_end = turn_deg(before, begin) + own_deg / 2 >= kLeastEndTurnDeg &&
                    turn_deg(end, after) + own_deg / 2 >= kLeastEndTurnDeg;
      edges_.push_back(edge);
      at += run;
    }
  }
}

}  // namespace undulith::metrology
