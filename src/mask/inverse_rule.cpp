// SPDX-License-Identifier: MIT
#include "mask/inverse_rule.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "mask/polygons/polygon_bands.hpp"
#include "undulith/core/constants.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;

// 1/period of the integral of exp(-2 pi i order (x - origin) / period) from a to b.
Complex segment(double a, double b, double origin, double period, int order) {
  if (order == 0) return (b - a) / period;
  const double k = 2 * constants::kPi * order / period;
  return (std::polar(1.0, -k * (a - origin)) - std::polar(1.0, -k * (b - origin))) / Complex(0, k * period);
}

// Inverse of the matrix of 1/eps less the matrix of eps, along one line.
Matrix difference_along(const std::vector<double>& x, const Box& cell, int n_orders, Complex outside,
                        Complex inside) {
  std::vector<Complex> share(static_cast<std::size_t>(n_orders), 0);  // of order 0, 1, ...
  for (int order = 0; order < n_orders; ++order)
    for (std::size_t i = 0; i + 1 < x.size(); i += 2)
      share[static_cast<std::size_t>(order)] += segment(x[i], x[i + 1], cell.x0, cell.width(), order);
  const auto matrix = [&](Complex out, Complex in) {
    Matrix m(n_orders, n_orders);
    for (int j = 0; j < n_orders; ++j)
      for (int i = 0; i < n_orders; ++i) {
        const Complex c = i >= j ? share[static_cast<std::size_t>(i - j)]
                                 : std::conj(share[static_cast<std::size_t>(j - i)]);
        m(i, j) = (i == j ? out : 0.0) + (in - out) * c;
      }
    return m;
  };
  const Matrix identity = Matrix::Identity(n_orders, n_orders);
  return Factors(matrix(1.0 / outside, 1.0 / inside)).solve(identity) - matrix(outside, inside);
}

}  // namespace

Matrix inverse_rule_along_x(const std::vector<layout::Polygon>& polygons, const Box& cell,
                            const OrderSet& set, Complex outside, Complex inside) {
  const auto [left, right] = std::ranges::minmax(set.orders, {}, &Order::m);
  const auto [low, high] = std::ranges::minmax(set.orders, {}, &Order::n);
  const int first = left.m, n_orders = right.m - left.m + 1, n_differences = high.n - low.n + 1;

  // Bands with the same pattern along x share their matrix, and their weights in y add up.
  std::map<std::vector<double>, std::vector<Complex>> weights;
  for (const Band& band : bands_of(polygons, cell)) {
    const std::vector<double> x = crossings(polygons, (band.y0 + band.y1) / 2);
    if (x.empty()) continue;
    auto& weight = weights.try_emplace(x, static_cast<std::size_t>(n_differences), 0.0).first->second;
    for (int n = 0; n < n_differences; ++n)
      weight[static_cast<std::size_t>(n)] += segment(band.y0, band.y1, cell.y0, cell.height(), n);
  }
  Matrix sum = Matrix::Zero(set.size(), set.size());
  for (const auto& [x, weight] : weights) {
    const Matrix difference = difference_along(x, cell, n_orders, outside, inside);
    for (Eigen::Index j = 0; j < set.size(); ++j)
      for (Eigen::Index i = 0; i < set.size(); ++i) {
        const Order &a = set.orders[static_cast<std::size_t>(i)],
                    &b = set.orders[static_cast<std::size_t>(j)];
        const Complex w = a.n >= b.n ? weight[static_cast<std::size_t>(a.n - b.n)]
                                     : std::conj(weight[static_cast<std::size_t>(b.n - a.n)]);
        sum(i, j) += w * difference(a.m - first, b.m - first);
      }
  }
  return sum;
}

Matrix inverse_rule_along_y(const std::vector<layout::Polygon>& polygons, const Box& cell,
                            const OrderSet& set, Complex outside, Complex inside) {
  std::vector<layout::Polygon> exchanged = polygons;
  for (layout::Polygon& polygon : exchanged)
    for (layout::Point& point : polygon) std::swap(point.x, point.y);
  OrderSet orders = set;
  for (Order& order : orders.orders) std::swap(order.m, order.n);
  return inverse_rule_along_x(exchanged, {cell.y0, cell.x0, cell.y1, cell.x1}, orders, outside, inside);
}

}  // namespace undulith::mask
