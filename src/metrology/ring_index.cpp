// SPDX-License-Identifier: MIT
#include "metrology/ring_index.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace undulith::metrology {
namespace {

using layout::Point;
using layout::Polygon;

/// Areas are taken this much larger, so that rounding of a coordinate leaves nothing out.
constexpr double kMarginNm = 1e-3;

/// Members of numbered lists, from how many each has: `begin` of list k to that of k + 1.
std::vector<std::uint32_t> begins_of(const std::vector<std::uint32_t>& counts) {
  std::vector<std::uint32_t> begin(counts.size() + 1, 0);
  std::partial_sum(counts.begin(), counts.end(), begin.begin() + 1);
  return begin;
}

}  // namespace

BoxIndex::Squares BoxIndex::squares(double low, double high, double origin, double step, int n) {
  const double first = std::floor((low - kMarginNm - origin) / step),
               last = std::floor((high + kMarginNm - origin) / step);
  if (!(last - first + 1 < n)) return {0, n};
  return {static_cast<int>(first - n * std::floor(first / n)), static_cast<int>(last - first) + 1};
}

BoxIndex::BoxIndex(const Box& cell, std::span<const Box> boxes)
    : cell_(cell), n_boxes_(static_cast<std::uint32_t>(boxes.size())) {
  // About one square per box.
  constexpr double kMostSquares = 1 << 22;
  const double wanted = std::clamp(static_cast<double>(boxes.size()), 1.0, kMostSquares);
  const double side = std::sqrt(cell.width() * cell.height() / wanted);
  const auto along = [&](double length) {
    return static_cast<int>(std::clamp(std::round(length / side), 1.0, wanted));
  };
  nx_ = along(cell.width());
  ny_ = along(cell.height());
  step_x_ = cell.width() / nx_;
  step_y_ = cell.height() / ny_;
  const auto for_squares = [&](const Box& box, const auto& action) {
    const Squares x = squares(box.x0, box.x1, cell_.x0, step_x_, nx_),
                  y = squares(box.y0, box.y1, cell_.y0, step_y_, ny_);
    for (int j = 0; j < y.count; ++j)
      for (int i = 0; i < x.count; ++i)
        action(static_cast<std::size_t>((y.first + j) % ny_) * static_cast<std::size_t>(nx_) +
               static_cast<std::size_t>((x.first + i) % nx_));
  };
  std::vector<std::uint32_t> counts(static_cast<std::size_t>(nx_) * static_cast<std::size_t>(ny_), 0);
  for (const Box& box : boxes) for_squares(box, [&](std::size_t square) { ++counts[square]; });
  begin_ = begins_of(counts);
  members_.resize(begin_.back());
  std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
  for (std::uint32_t k = 0; k < n_boxes_; ++k)
    for_squares(boxes[k], [&](std::size_t square) { members_[next[square]++] = k; });
}

std::vector<std::uint32_t> BoxIndex::near(const Box& area) const {
  const Squares x = squares(area.x0, area.x1, cell_.x0, step_x_, nx_),
                y = squares(area.y0, area.y1, cell_.y0, step_y_, ny_);
  std::vector<std::uint32_t> found;
  if (x.count == nx_ && y.count == ny_) {
    found.resize(n_boxes_);
    std::iota(found.begin(), found.end(), 0U);
    return found;
  }
  for (int j = 0; j < y.count; ++j) {
    const std::size_t row = static_cast<std::size_t>((y.first + j) % ny_) * static_cast<std::size_t>(nx_);
    for (int i = 0; i < x.count; ++i) {
      const std::size_t square = row + static_cast<std::size_t>((x.first + i) % nx_);
      found.insert(found.end(), members_.begin() + begin_[square], members_.begin() + begin_[square + 1]);
    }
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

template <class Coordinate>
RingSlabs::Slabs RingSlabs::sorted(const Polygon& ring, const Coordinate& coordinate) {
  const std::size_t n = ring.size();
  double low = coordinate(ring[0]), high = low, extents = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double a = coordinate(ring[i]), b = coordinate(ring[(i + 1) % n]);
    low = std::min(low, a);
    high = std::max(high, a);
    extents += std::abs(b - a);
  }
  // A few edges per slab, and an edge in a few slabs on average.
  constexpr double kEdges = 4, kSlabs = 4;
  const double length = high - low, count = static_cast<double>(n);
  const double wanted =
      length > 0 ? std::clamp(std::min(count / kEdges, kSlabs * count * length / extents), 1.0, count) : 1;
  const auto n_slabs = static_cast<std::size_t>(wanted);
  Slabs slabs{.low = low, .step = length > 0 ? length / static_cast<double>(n_slabs) : 1};
  const auto slab_of = [&](double place) {
    return static_cast<std::size_t>(
        std::clamp((place - low) / slabs.step, 0.0, static_cast<double>(n_slabs - 1)));
  };
  const auto for_slabs = [&](std::size_t i, const auto& action) {
    const auto [from, to] = std::minmax({coordinate(ring[i]), coordinate(ring[(i + 1) % n])});
    for (std::size_t k = slab_of(from - kMarginNm); k <= slab_of(to + kMarginNm); ++k) action(k);
  };
  std::vector<std::uint32_t> counts(n_slabs, 0);
  for (std::size_t i = 0; i < n; ++i) for_slabs(i, [&](std::size_t k) { ++counts[k]; });
  slabs.begin = begins_of(counts);
  slabs.members.resize(slabs.begin.back());
  std::vector<std::uint32_t> next(slabs.begin.begin(), slabs.begin.end() - 1);
  for (std::size_t i = 0; i < n; ++i)
    for_slabs(i, [&](std::size_t k) { slabs.members[next[k]++] = static_cast<std::uint32_t>(i); });
  return slabs;
}

RingSlabs::RingSlabs(const Polygon& ring)
    : x_(sorted(ring, [](const Point& p) { return p.x; })),
      y_(sorted(ring, [](const Point& p) { return p.y; })) {}

std::span<const std::uint32_t> RingSlabs::Slabs::at(double place) const {
  const double last = static_cast<double>(begin.size() - 2);
  const auto k = static_cast<std::size_t>(std::clamp((place - low) / step, 0.0, last));
  return std::span(members).subspan(begin[k], begin[k + 1] - begin[k]);
}

}  // namespace undulith::metrology
