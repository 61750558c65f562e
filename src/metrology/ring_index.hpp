// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "undulith/layout/clip.hpp"

/// Where the drawn shapes of a clip are, so that a search looks at those nearby only.
namespace undulith::metrology {

/// Boxes on a periodic cell, sorted into the squares of a grid.
class BoxIndex {
 public:
  BoxIndex(const Box& cell, std::span<const Box> boxes);

  /// Every box of which a periodic copy meets `area`, and perhaps others nearby; ascending, each once.
  /// Cost O(squares and boxes at the area).
  [[nodiscard]] std::vector<std::uint32_t> near(const Box& area) const;

 private:
  struct Squares {
    int first = 0, count = 0;  ///< unwrapped, at most one period
  };
  [[nodiscard]] static Squares squares(double low, double high, double origin, double step, int n);

  Box cell_;
  std::uint32_t n_boxes_ = 0;
  int nx_ = 1, ny_ = 1;
  double step_x_ = 1, step_y_ = 1;
  std::vector<std::uint32_t> begin_;  ///< of each square in members_, row by row
  std::vector<std::uint32_t> members_;
};

/// The edges of one ring, sorted into slabs across x and across y: a line along an axis passes one slab.
class RingSlabs {
 public:
  explicit RingSlabs(const layout::Polygon& ring);

  /// Edges, by their first vertex and ascending, that may pass the line x = x_nm.
  [[nodiscard]] std::span<const std::uint32_t> across_x(double x_nm) const { return x_.at(x_nm); }
  [[nodiscard]] std::span<const std::uint32_t> across_y(double y_nm) const { return y_.at(y_nm); }

 private:
  struct Slabs {
    double low = 0, step = 1;
    std::vector<std::uint32_t> begin, members;
    [[nodiscard]] std::span<const std::uint32_t> at(double place) const;
  };
  template <class Coordinate>
  static Slabs sorted(const layout::Polygon& ring, const Coordinate& coordinate);

  Slabs x_, y_;
};

}  // namespace undulith::metrology
