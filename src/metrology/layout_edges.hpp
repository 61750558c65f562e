// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/layout/clip.hpp"

/// The edges of a layout on which gauges are placed.
namespace undulith::metrology {

/// A straight edge, or a piece of a curve that is drawn with many short ones.
struct LayoutEdge {
  layout::Point a, b, middle;  ///< ends; half way along the edge
  double length_nm = 0;        ///< along the edge
  layout::Point along;         ///< unit vector from a to b
  layout::Point inward;        ///< unit normal into the drawn side: rings have it on their left
  bool curved = false;         ///< made of several edges
  bool is_end = false;         ///< the drawing turns away from it at both ends, as at the end of a line
};

/// The edges of all rings. Neighbouring edges shorter than `short_nm` that turn by at most 30 degrees into each
/// other are one curved edge, as long as its normal stays within 45 degrees of one axis and its length below
/// `longest_nm`: a circle has four, a line with a round end has one at its end.
class LayoutEdges {
 public:
  LayoutEdges(const layout::Clip& clip, double short_nm, double longest_nm);

  [[nodiscard]] const std::vector<LayoutEdge>& edges() const { return edges_; }
  /// The edge that the drawn edge from vertex `first` of a ring belongs to.
  [[nodiscard]] int edge_at(int ring, int first) const {
    return edge_of_[static_cast<std::size_t>(ring)][static_cast<std::size_t>(first)];
  }

 private:
  std::vector<LayoutEdge> edges_;
  std::vector<std::vector<int>> edge_of_;
};

}  // namespace undulith::metrology
