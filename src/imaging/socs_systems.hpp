// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <functional>
#include <span>
#include <vector>

#include "imaging/back_end.hpp"

namespace undulith::imaging {

/// The coherent systems a_j of fields in their first plane as the columns of a matrix B(f, j), j = groups
/// times components, f = orders |m| <= max_order_x, |n| <= max_order_y; a_j has the square root of its weight
/// in it. Visited in blocks of whole rows of orders, so that the whole matrix is never in memory.
class SystemMatrix {
 public:
  SystemMatrix(const CoherentFields& fields, int max_order_x, int max_order_y);

  [[nodiscard]] int n_systems() const { return static_cast<int>(systems_.size()); }
  [[nodiscard]] std::size_t n_orders() const;

  /// Calls visit(first order, block of shape (orders, n_systems), orders) for each block in order.
  void for_each_block(
      const std::function<void(std::size_t, std::span<const std::complex<double>>, int)>& visit) const;

  /// B x for x of shape (n_systems, columns), column-major; result (n_orders, columns).
  [[nodiscard]] std::vector<std::complex<double>> multiply(std::span<const std::complex<double>> x,
                                                           int columns) const;
  /// B^H (B x), same shape as x.
  [[nodiscard]] std::vector<std::complex<double>> multiply_gram(std::span<const std::complex<double>> x,
                                                                int columns) const;
  /// B^H B, upper triangle.
  [[nodiscard]] std::vector<std::complex<double>> gram() const;
  /// sum_j |a_j(f)|^2.
  [[nodiscard]] std::vector<double> diagonal() const;

 private:
  struct System {
    int m_first, n_first;
    std::size_t values;  ///< start of its rectangle in values_
  };
  const CoherentFields& fields_;
  int max_order_x_, max_order_y_;
  std::vector<System> systems_;
  std::vector<std::complex<double>> values_;
};

}  // namespace undulith::imaging
