// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "optimise/edges/site_derivatives.hpp"

namespace undulith::optimise {

/// Rows of a matrix of which most elements are zero; columns rise within a row.
struct SparseRows {
  std::vector<std::size_t> first{0};  ///< element of each row, and the number of elements
  std::vector<std::uint32_t> column;
  std::vector<double> value;

  [[nodiscard]] std::size_t count() const { return first.size() - 1; }
  void scale(std::size_t row, double factor);
  [[nodiscard]] double product(std::size_t row, std::span<const double> x) const;
  /// Adds a row of another matrix at the end.
  void append(const SparseRows& other, std::size_t row);
  /// Subtracts a row of another matrix from the last one.
  void subtract_from_last(const SparseRows& other, std::size_t row);
};

/// Derivatives of images at points with respect to offsets of fragments, as site_derivatives(), with the fragments near each
/// point alone: light that is coherent over lambda / NA feels no others. One object for one model.
class NearDerivatives {
 public:
  /// @param range_nm  > 0: farther fragments are left out. Cells up to five times as wide are summed exactly, without limit
  NearDerivatives(const KernelModel& model, double range_nm);

  /// Accuracy: 5e-3 of the largest derivative, the image of the kernels that are left out excepted.
  /// Cost: O(points x (range / shortest period)^2 x kernels), whatever the cell; exact sums see site_derivatives().
  [[nodiscard]] SparseRows operator()(int plane, const Pattern& pattern, std::span<const ProbePoint> points,
                                      std::span<const Fragment> fragments) const;

 private:
  [[nodiscard]] std::vector<double> fields(int plane, const Pattern& pattern,
                                           std::span<const ProbePoint> points) const;

  const KernelModel& model_;
  double range_nm_, pitch_x_nm_ = 0, pitch_y_nm_ = 0;
  int reach_x_ = 0, reach_y_ = 0;  // places on either side
  // Kernels of each plane around the origin, in space: real parts and negative imaginary parts one after the other, each of
  // all places. Empty: exact sums
  std::vector<std::vector<double>> tables_;
};

}  // namespace undulith::optimise
