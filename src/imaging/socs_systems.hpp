// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "imaging/back_end.hpp"
#include "imaging/opposite_groups.hpp"

namespace undulith::imaging {

/// The coherent systems a_j of fields in their first plane as the columns of a matrix B(f, j), j = groups
/// times components, f = orders |m| <= max_order_x, |n| <= max_order_y; a_j has the square root of its weight
/// in it.
///
/// Each system fills a small rectangle of orders. Systems at similar places make a tile: a dense matrix over the
/// orders that any of them has. Products visit tiles alone, or pairs of tiles where they overlap; the
/// whole matrix is never in memory. Systems are numbered tile by tile. Same bytes for any number of threads.
///
/// Where every system has an opposite one, a_j'(f) = sign a_j(-f) (opposite_groups()), a tile is kept for both, half
/// of the Gram matrix follows from the other half, and its eigenvectors are even or odd.
class SystemMatrix {
 public:
  SystemMatrix(const CoherentFields& fields, int max_order_x, int max_order_y);

  struct Opposite {
    int system = 0;
    double sign = 1;
  };
  /// Of each system, which may be its own; empty where one system has none.
  [[nodiscard]] const std::vector<Opposite>& opposites() const { return opposites_; }
  [[nodiscard]] int n_systems() const { return n_systems_; }
  [[nodiscard]] std::size_t n_orders() const;

  /// B x for x of shape (n_systems, columns), column-major; result (n_orders, columns).
  [[nodiscard]] std::vector<std::complex<double>> multiply(std::span<const std::complex<double>> x,
                                                           int columns) const;
  /// B^H (B x), same shape as x.
  [[nodiscard]] std::vector<std::complex<double>> multiply_gram(std::span<const std::complex<double>> x,
                                                                int columns) const;
  /// B^H B, both triangles, column-major.
  [[nodiscard]] std::vector<std::complex<double>> gram() const;
  /// sum_j |a_j(f)|^2.
  [[nodiscard]] std::vector<double> diagonal() const;

 private:
  /// Orders from (m_begin, n_begin) up to but not including (m_end, n_end).
  struct Rectangle {
    int m_begin = 0, m_end = 0, n_begin = 0, n_end = 0;
    [[nodiscard]] int columns() const { return m_end - m_begin; }
    [[nodiscard]] bool empty() const { return m_end <= m_begin || n_end <= n_begin; }
    [[nodiscard]] int size() const { return columns() * (n_end - n_begin); }
    friend bool operator==(const Rectangle&, const Rectangle&) = default;
  };
  struct Tile {
    Rectangle orders;
    int first = 0, count = 0;  ///< its systems
    /// Signs of the systems opposite to these, which are numbered from first + count; or empty.
    std::vector<double> opposite_signs;
    /// Shape (orders, count), column-major. Real where all systems are, else complex; the other one is empty.
    std::vector<double> real;
    std::vector<std::complex<double>> complex;
    template <class T>
    [[nodiscard]] const std::vector<T>& values() const;
    [[nodiscard]] bool has_opposites() const { return !opposite_signs.empty(); }
  };
  [[nodiscard]] static Rectangle common(const Rectangle& a, const Rectangle& b);
  [[nodiscard]] static Rectangle opposite(const Rectangle& a);
  /// @param opposites  of these groups, the next systems; or none
  void add_tile(const std::vector<int>& groups, const std::vector<OppositeGroup>& opposites,
                FilterCursor& cursor);
  void append_system(Tile& tile, std::span<const std::complex<double>> system);
  template <class T>
  void add_product(std::span<const std::complex<double>> x, int column_begin, int column_end,
                   std::vector<std::complex<double>>& result) const;
  template <class T>
  void add_adjoint_product(std::span<const std::complex<double>> image, int column_begin, int column_end,
                           std::vector<std::complex<double>>& result) const;
  template <class T>
  struct GramWork {
    std::vector<T> a, b, product;
  };
  /// The products of two tiles and of their opposites as parts of the Gram matrix.
  template <class T>
  void write_gram(const Tile& a, const Tile& b, GramWork<T>& work,
                  std::vector<std::complex<double>>& gram) const;
  [[nodiscard]] std::size_t place(int m, int n) const;

  const CoherentFields& fields_;
  int max_order_x_, max_order_y_;
  int n_systems_ = 0;
  bool is_real_ = true;
  std::vector<Tile> tiles_;
  std::vector<Opposite> opposites_;
};

}  // namespace undulith::imaging
