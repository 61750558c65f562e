// SPDX-License-Identifier: MIT
#include "undulith/optimise/mask_complexity.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

namespace undulith::optimise {
namespace {

constexpr double kSameLineNm = 1e-6;

long long key_of(double at_nm) {
  return std::llround(at_nm / kSameLineNm);
}

// Of the vertical edges: at each height, by how much the winding number changes at each x, from there upwards.
using Changes = std::map<long long, std::map<long long, int>>;

// Slabs between heights, each cut into intervals; an interval that goes on unchanged is one rectangle.
std::size_t rectangles_of(const Changes& changes) {
  using Interval = std::pair<long long, long long>;
  std::map<long long, int> steps;  // of the winding number in this slab
  std::vector<Interval> before;
  std::size_t n = 0;
  for (const auto& [height, at_height] : changes) {
    for (const auto& [x, change] : at_height)
      if ((steps[x] += change) == 0) steps.erase(x);
    std::vector<Interval> intervals;
    int winding = 0;
    for (const auto& [x, step] : steps) {
      if (winding <= 0 && winding + step > 0) intervals.push_back({x, x});
      winding += step;
      if (winding <= 0 && !intervals.empty() && intervals.back().second == intervals.back().first)
        intervals.back().second = x;
    }
    std::vector<Interval> fresh;
    std::ranges::set_difference(intervals, before, std::back_inserter(fresh));
    n += fresh.size();
    before = std::move(intervals);
  }
  return n;
}

}  // namespace

MaskComplexity complexity_of(std::span<const layout::Polygon> rings) {
  MaskComplexity result{.n_polygons = rings.size()};
  Changes by_rows, by_columns;
  bool slanted = false;
  for (const layout::Polygon& ring : rings) {
    result.n_vertices += ring.size();
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const layout::Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
      const long long ax = key_of(a.x), ay = key_of(a.y), bx = key_of(b.x), by = key_of(b.y);
      slanted = slanted || (ax != bx && ay != by);
      // The inside is on the left: to the right of an edge that goes down, above one that goes to the right.
      const int down = by < ay ? 1 : -1, right = bx > ax ? 1 : -1;
      if (ay != by) {
        by_rows[std::min(ay, by)][ax] += down;
        by_rows[std::max(ay, by)][ax] -= down;
      } else if (ax != bx) {
        by_columns[std::min(ax, bx)][ay] += right;
        by_columns[std::max(ax, bx)][ay] -= right;
      }
    }
  }
  if (!slanted) result.n_rectangles = std::min(rectangles_of(by_rows), rectangles_of(by_columns));
  return result;
}

}  // namespace undulith::optimise
