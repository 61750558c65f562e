// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "optimise/edges/fragments.hpp"
#include "optimise/edges/near_derivatives.hpp"
#include "optimise/edges/offset_search.hpp"

namespace undulith::optimise {

/// Least squares of the offsets x of all fragments: rows x = wanted, within bounds and under rules. Neighbours on an edge are
/// drawn to equal offsets, all to those of `base`.
struct OffsetSquares {
  SparseRows rows;
  std::vector<double> wanted;
  std::vector<double> base;
  std::vector<double> lower, upper;  ///< nm; contain a multiple of the grid
  std::vector<LinearRule> rules;
};

/// Solves least squares of many offsets in blocks of whole edges that lie together: each block in turn by a dense problem, with
/// the others where they are (block Gauss-Seidel). A few hundred fragments are one block.
///
/// Deterministic. Cost: O(fragments) for blocks of a fixed size.
class OffsetBlocks {
 public:
  explicit OffsetBlocks(const FragmentedTarget& target);

  /// Prepares the blocks for new squares; `damping` in solve() is a part of their mean curvature.
  void set(OffsetSquares squares);

  /// About the least value over the reals, from the base.
  [[nodiscard]] std::vector<double> best(double damping) const;
  /// Offsets on the grid that keep jogs and rules where it can be done; the places that break a rule become further rules.
  [[nodiscard]] std::vector<double> on_grid(double damping, const MaskRules& rules) const;

 private:
  struct Block {
    std::vector<std::size_t> fragments;  // rising
    std::vector<std::size_t> edges;      // first fragment of each edge, in the block, and their number
    Eigen::MatrixXd hessian;             // with the springs between neighbours
  };
  // Offsets, rows x - wanted, and the rules by their fragments.
  struct Point;

  void fill_hessian(Block& block) const;
  [[nodiscard]] Point point_at(std::vector<double> offsets, double damping) const;
  [[nodiscard]] OffsetProblem problem_of(const Block& block, const Point& point) const;
  void move(const Block& block, const std::vector<double>& offsets, Point& point) const;
  [[nodiscard]] double value_of(const Point& point) const;
  void relax(Point& point) const;
  void improve(Point& point, const JogRules& jogs, const std::vector<char>& chosen) const;
  void add_rules(const std::vector<LinearRule>& rules, Point& point) const;
  [[nodiscard]] std::vector<char> blocks_of(const std::vector<LinearRule>& rules) const;

  const FragmentedTarget& target_;
  std::vector<Block> blocks_;
  std::vector<std::size_t> block_of_;              // of each fragment
  std::vector<std::size_t> place_;                 // of each fragment in its block
  std::vector<std::vector<std::size_t>> coupled_;  // blocks that share a row with each block
  OffsetSquares squares_;
  // The rows by columns.
  std::vector<std::size_t> first_;
  std::vector<std::uint32_t> row_;
  std::vector<double> value_;
  double spring_ = 0, mean_curvature_ = 0, largest_curvature_ = 0;
};

}  // namespace undulith::optimise
