// SPDX-License-Identifier: MIT
#include "optimise/edges/start_offsets.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

#include "undulith/core/error.hpp"

namespace undulith::optimise {
namespace {

using layout::Point;

constexpr double kFileGridNm = 0.02;  // vertices of files are rounded

double along(const Fragment& piece, const Point& p) {
  return piece.tangent_x * (p.x - piece.from.x) + piece.tangent_y * (p.y - piece.from.y);
}
double across(const Fragment& piece, const Point& p) {
  return piece.normal_x() * (p.x - piece.from.x) + piece.normal_y() * (p.y - piece.from.y);
}

// Of the nearest edge that runs the same way beside the piece.
std::optional<double> nearest_offset(const Fragment& piece, const std::vector<layout::Polygon>& rings,
                                     double max_move_nm) {
  std::optional<double> best;
  for (const layout::Polygon& ring : rings)
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
      const double offset = across(piece, a);
      if (std::abs(across(piece, b) - offset) > kFileGridNm || std::abs(offset) > max_move_nm + kFileGridNm)
        continue;
      const double shared = std::min(along(piece, b), piece.length()) - std::max(along(piece, a), 0.0);
      if (shared > kFileGridNm && (!best || std::abs(offset) < std::abs(*best))) best = offset;
    }
  return best;
}

// All edges of rings, sorted, in units of the grid of files: equal for the same shapes.
using FileEdge = std::tuple<long long, long long, long long, long long>;
std::vector<FileEdge> edges_of(const std::vector<layout::Polygon>& rings) {
  // Vertices are multiples of half this grid: none is at a limit of rounding.
  const auto rounded = [](double at) { return std::llround(at / kFileGridNm + 0.25); };
  std::vector<FileEdge> edges;
  for (const layout::Polygon& given : rings) {
    const layout::Polygon ring = without_spare_vertices(given);
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
      edges.emplace_back(rounded(a.x), rounded(a.y), rounded(b.x), rounded(b.y));
    }
  }
  std::ranges::sort(edges);
  return edges;
}

}  // namespace

std::vector<double> offsets_of(const FragmentedTarget& target, const std::vector<layout::Polygon>& rings,
                               double grid_nm, double max_move_nm) {
  std::vector<double> offsets;
  for (const Fragment& piece : target.fragments())
    offsets.push_back(
        piece.fixed ? 0
                    : grid_nm * std::round(nearest_offset(piece, rings, max_move_nm).value_or(0) / grid_nm));
  if (edges_of(target.rings(offsets)) != edges_of(rings))
    throw InputError(
        "optimise.start_file: its mask does not consist of the fragments of this drawing (it was found by another method, or "
        "the drawing, the rules, the optics or the assist features have changed); give the mask of the same job, or use "
        "optimise.method = \"ilt\", which begins with any mask");
  return offsets;
}

}  // namespace undulith::optimise
