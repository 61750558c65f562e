// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <functional>
#include <span>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/math/periodic_interpolation.hpp"

namespace undulith::math {

/// Value and gradient of a function of the plane.
struct ValueAndGradient {
  double value = 0, d_dx = 0, d_dy = 0;
};

/// A real, periodic, band-limited function of the plane: it can be evaluated exactly anywhere.
///
///   f(x, y) = sum_mn c_mn exp(2 pi i (m (x-x0)/period_x + n (y-y0)/period_y)),  c_{-m,-n} = conj(c_mn),
///
/// over |m| <= max_order_x and |n| <= max_order_y.
class FourierSeries2D {
 public:
  FourierSeries2D() = default;

  /// From nx by ny samples over one period, samples(iy, ix) at (cell.x0 + ix period_x/nx, ...), x fastest.
  /// Exact when the function has no order above max_order_x <= (nx-1)/2 and max_order_y <= (ny-1)/2.
  /// @throws std::invalid_argument  too few samples for the orders, or not nx*ny of them
  FourierSeries2D(Box cell, int nx, int ny, std::span<const double> samples, int max_order_x,
                  int max_order_y);

  /// From its coefficients, as half_coefficients() gives them.
  /// @throws std::invalid_argument  not (2 max_order_y + 1) (max_order_x + 1) of them
  FourierSeries2D(Box cell, int max_order_x, int max_order_y, std::vector<std::complex<double>> half);

  /// The series with every c_mn multiplied by factor(m, n), real and even: a convolution.
  [[nodiscard]] FourierSeries2D filtered(const std::function<double(int m, int n)>& factor) const;
  /// The series plus a constant.
  [[nodiscard]] FourierSeries2D plus(double constant) const;

  [[nodiscard]] const Box& cell() const { return cell_; }
  [[nodiscard]] int max_order_x() const { return max_order_x_; }
  [[nodiscard]] int max_order_y() const { return max_order_y_; }
  /// c_mn for m = 0..max_order_x, n = -max_order_y..max_order_y, m fastest; the others are conjugate to them.
  [[nodiscard]] std::span<const std::complex<double>> half_coefficients() const { return half_; }
  /// c_mn; n of either sign.
  [[nodiscard]] std::complex<double> coefficient(int m, int n) const;

  /// Value at one point. Cost O(max_order_x max_order_y).
  [[nodiscard]] double value(double x, double y) const;
  [[nodiscard]] ValueAndGradient value_and_gradient(double x, double y) const;

  /// Values along the segment from (x0, y0) to (x1, y1), both ends included; n_samples >= 2.
  /// Cost for segments along an axis O(max_order_x max_order_y + n_samples max_order): the other axis is
  /// summed once.
  [[nodiscard]] std::vector<double> sample_line(double x0, double y0, double x1, double y1,
                                                int n_samples) const;

  /// Samples of the cell on nx by ny points, >= 1, the first at (cell.x0, cell.y0).
  /// By zero-padded FFT, or where the grid is much finer than the band by interpolate_periodic(): 1e-13 of
  /// the sum of |c|.
  [[nodiscard]] Field2D<double> sample_cell(int nx, int ny) const;
  /// A piece of those samples, at the cost of the piece.
  [[nodiscard]] Field2D<double> sample_cell(SampleRange x, SampleRange y) const;
  /// Their grid.
  [[nodiscard]] Grid2D sample_grid(SampleRange x, SampleRange y) const;
  /// The same samples, bit for bit, some rows at a time: take(first_row, rows) for all rows in order. Where the grid is
  /// not much finer than the band all of them at once.
  void visit_cell(SampleRange x, SampleRange y,
                  const std::function<void(int first_row, std::span<const double> rows)>& take) const;

 private:
  Box cell_;
  int max_order_x_ = 0, max_order_y_ = 0;
  std::vector<std::complex<double>> half_;
};

/// Adjoint of "series of nx by ny samples v, filtered, then sample_cell(x, y)": g with
/// <sensitivity, sample_cell> = <g, v>.
///
/// @param sensitivity  one per sample of the piece, x fastest
/// @param factor       of the convolution in between (FourierSeries2D::filtered); empty = 1
/// @return             ny rows of nx
/// Accuracy and cost as sample_cell().
[[nodiscard]] std::vector<double> sample_cell_adjoint(std::span<const double> sensitivity, SampleRange x,
                                                      SampleRange y, int nx, int ny, int max_order_x,
                                                      int max_order_y,
                                                      const std::function<double(int m, int n)>& factor = {});

}  // namespace undulith::math
