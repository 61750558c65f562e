// SPDX-License-Identifier: MIT
#include "optimise/edges/fragments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/core/error.hpp"

namespace undulith::optimise {
namespace {

using layout::Point;

constexpr double kSamePlaceNm = 1e-6;

bool same(double a, double b) {
  return std::abs(a - b) < kSamePlaceNm;
}

bool on_border(Point a, Point b, const Box& cell) {
  return (same(a.x, b.x) && (same(a.x, cell.x0) || same(a.x, cell.x1))) ||
         (same(a.y, b.y) && (same(a.y, cell.y0) || same(a.y, cell.y1)));
}

// Distances from the start of an edge at which it is cut, symmetric about its middle but for the grid.
std::vector<double> cuts(double length, const FragmentedTarget::Lengths& lengths) {
  if (length <= lengths.line_end_nm) return {};
  const double inner = length - 2 * lengths.corner_nm;
  std::vector<double> places;
  if (inner < lengths.least_nm + lengths.grid_nm) {
    places = {length / 2};
  } else {
    // No piece gets shorter than the least length, not by the grid either.
    const int most = static_cast<int>(std::floor(inner / (lengths.least_nm + lengths.grid_nm)));
    const int n = std::clamp(static_cast<int>(std::lround(inner / lengths.inner_nm)), 1, std::max(1, most));
    for (int i = 0; i <= n; ++i) places.push_back(lengths.corner_nm + inner * i / n);
  }
  for (double& place : places) place = std::round(place / lengths.grid_nm) * lengths.grid_nm;
  return places;
}

}  // namespace

layout::Polygon without_spare_vertices(const layout::Polygon& ring) {
  layout::Polygon kept;
  for (const Point& point : ring)
    if (kept.empty() || !same(kept.back().x, point.x) || !same(kept.back().y, point.y)) kept.push_back(point);
  while (kept.size() > 1 && same(kept.back().x, kept.front().x) && same(kept.back().y, kept.front().y))
    kept.pop_back();
  layout::Polygon corners;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const Point &a = kept[(i + kept.size() - 1) % kept.size()], &b = kept[i],
                &c = kept[(i + 1) % kept.size()];
    const double turn = (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
    if (std::abs(turn) > kSamePlaceNm * kSamePlaceNm) corners.push_back(b);
  }
  return corners;
}

FragmentedTarget::FragmentedTarget(const std::vector<layout::Polygon>& rings, const Box& cell,
                                   std::size_t n_cut, const Lengths& lengths) {
  for (std::size_t r = 0; r < rings.size(); ++r) {
    const layout::Polygon ring = without_spare_vertices(rings[r]);
    const std::size_t first = fragments_.size();
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Point a = ring[i], b = ring[(i + 1) % ring.size()];
      if (!same(a.x, b.x) && !same(a.y, b.y))
        throw InputError(fmt::format(
            "a drawn edge from ({:g}, {:g}) to ({:g}, {:g}) nm is slanted (only horizontal and vertical edges are "
            "corrected); use method = \"ilt\", or draw it in steps",
            a.x, a.y, b.x, b.y));
      const double length = std::hypot(b.x - a.x, b.y - a.y);
      Fragment piece{.ring = r,
                     .from = a,
                     .to = b,
                     .tangent_x = std::round((b.x - a.x) / length),
                     .tangent_y = std::round((b.y - a.y) / length),
                     .fixed = on_border(a, b, cell)};
      edges_.push_back(fragments_.size());
      std::vector<double> places = piece.fixed || r >= n_cut ? std::vector<double>{} : cuts(length, lengths);
      places.push_back(length);
      double from = 0;
      for (const double to : places) {
        piece.corner_before = from == 0;
        piece.corner_after = to == length;
        piece.from = {a.x + piece.tangent_x * from, a.y + piece.tangent_y * from};
        piece.to = piece.corner_after ? b : Point{a.x + piece.tangent_x * to, a.y + piece.tangent_y * to};
        fragments_.push_back(piece);
        from = to;
      }
    }
    const std::size_t n = fragments_.size() - first;
    for (std::size_t i = 0; i < n; ++i) {
      fragments_[first + i].before = first + (i + n - 1) % n;
      fragments_[first + i].after = first + (i + 1) % n;
    }
  }
  edges_.push_back(fragments_.size());
}

Fragment FragmentedTarget::moved(std::size_t fragment, std::span<const double> offsets) const {
  Fragment piece = fragments_[fragment];
  const auto shift = [&](Point& point, std::size_t by) {
    point.x += fragments_[by].normal_x() * offsets[by];
    point.y += fragments_[by].normal_y() * offsets[by];
  };
  shift(piece.from, fragment);
  shift(piece.to, fragment);
  if (piece.corner_before) shift(piece.from, piece.before);
  if (piece.corner_after) shift(piece.to, piece.after);
  return piece;
}

std::vector<layout::Polygon> FragmentedTarget::rings(std::span<const double> offsets) const {
  std::vector<layout::Polygon> rings;
  for (std::size_t i = 0; i < fragments_.size(); ++i) {
    if (i == 0 || fragments_[i].ring != fragments_[i - 1].ring) rings.emplace_back();
    const Fragment piece = moved(i, offsets);
    rings.back().push_back(piece.from);
    if (!piece.corner_after) rings.back().push_back(piece.to);
  }
  for (layout::Polygon& ring : rings) ring = without_spare_vertices(ring);
  return rings;
}

}  // namespace undulith::optimise
