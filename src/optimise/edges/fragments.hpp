// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "undulith/layout/clip.hpp"

namespace undulith::optimise {

/// A piece of an edge of the target; it moves along its outward normal.
struct Fragment {
  std::size_t ring = 0;
  std::size_t before = 0, after = 0;  ///< neighbours along the ring
  bool corner_before = false, corner_after = false;
  layout::Point from, to;  ///< drawn, in the direction of the ring
  double tangent_x = 0, tangent_y = 0;
  bool fixed = false;  ///< on the border of the cell

  [[nodiscard]] double normal_x() const { return tangent_y; }
  [[nodiscard]] double normal_y() const { return -tangent_x; }
  [[nodiscard]] double length() const { return tangent_x * (to.x - from.x) + tangent_y * (to.y - from.y); }
};

/// A target cut into fragments, ring by ring. Fragments of one edge follow each other.
class FragmentedTarget {
 public:
  struct Lengths {
    double corner_nm, inner_nm, line_end_nm, least_nm, grid_nm;  ///< least_nm: of any piece
  };
  /// @param n_cut  rings from this one on have edges that move as wholes
  /// @throws InputError  slanted edges
  FragmentedTarget(const std::vector<layout::Polygon>& rings, const Box& cell, std::size_t n_cut,
                   const Lengths& lengths);

  [[nodiscard]] const std::vector<Fragment>& fragments() const { return fragments_; }
  /// First fragment of each edge, and the number of fragments at the end.
  [[nodiscard]] const std::vector<std::size_t>& edges() const { return edges_; }
  /// Where a fragment lies with these offsets: its ends move with the neighbours at corners.
  [[nodiscard]] Fragment moved(std::size_t fragment, std::span<const double> offsets) const;
  /// The rings with these offsets.
  [[nodiscard]] std::vector<layout::Polygon> rings(std::span<const double> offsets) const;

 private:
  std::vector<Fragment> fragments_;
  std::vector<std::size_t> edges_;
};

/// A ring without vertices in the middle of an edge and without repeated ones.
[[nodiscard]] layout::Polygon without_spare_vertices(const layout::Polygon& ring);

}  // namespace undulith::optimise
