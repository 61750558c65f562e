// SPDX-License-Identifier: MIT
#include "mask/polygons/pattern_coefficients.hpp"

#include <algorithm>
#include <cmath>

#include "mask/polygons/polygon_bands.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/mask/polygon_spectrum.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;
// Below this a coefficient is rounding: its error is a few 1e-15.
constexpr double kNothing = 1e-13;

}  // namespace

PatternCoefficients::PatternCoefficients(const std::vector<layout::Polygon>& polygons, const Box& cell,
                                         int max_x, int max_y)
    : max_x_(max_x), max_y_(max_y), values_(polygon_spectrum(polygons, cell, max_x, max_y)) {}

Complex PatternCoefficients::operator()(int m, int n) const {
  const bool conjugate = n < 0;
  if (conjugate) {
    m = -m;
    n = -n;
  }
  const std::size_t index = static_cast<std::size_t>(n) * static_cast<std::size_t>(2 * max_x_ + 1) +
                            static_cast<std::size_t>(m + max_x_);
  return conjugate ? std::conj(values_[index]) : values_[index];
}

PatternCoefficients PatternCoefficients::moved_origin(double x, double y) const {
  PatternCoefficients moved = *this;
  auto value = moved.values_.begin();
  for (int n = 0; n <= max_y_; ++n)
    for (int m = -max_x_; m <= max_x_; ++m) *value++ *= std::polar(1.0, 2 * constants::kPi * (m * x + n * y));
  return moved;
}

bool PatternCoefficients::flat() const {
  for (int n = 0; n <= max_y_; ++n)
    for (int m = -max_x_; m <= max_x_; ++m) {
      const Complex c = (*this)(m, n);
      const bool zero = std::abs(c) < kNothing, one = std::abs(c - 1.0) < kNothing;
      if (!(zero || (m == 0 && n == 0 && one))) return false;
    }
  return true;
}

Variation variation_of(const MaskGeometry& geometry) {
  // Equal to far below a pixel of any mask writer, and far above the rounding of coordinates.
  constexpr double kSameNm = 1e-7;
  const Box& cell = geometry.cell;
  // Intervals inside the polygons along a line of constant y, those that touch merged.
  const auto intervals = [&](const std::vector<layout::Polygon>& polygons, const Band& band) {
    std::vector<double> merged;
    const std::vector<double> x = crossings(polygons, (band.y0 + band.y1) / 2);
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
      if (x[i + 1] - x[i] < kSameNm) continue;
      if (!merged.empty() && x[i] - merged.back() < kSameNm)
        merged.back() = x[i + 1];
      else
        merged.insert(merged.end(), {x[i], x[i + 1]});
    }
    return merged;
  };
  const auto same = [](const std::vector<double>& a, const std::vector<double>& b) {
    return std::ranges::equal(a, b, [](double u, double v) { return std::abs(u - v) < kSameNm; });
  };
  bool along_x = false, along_y = false;
  for (const PatternedLayer& layer : geometry.layers) {
    if (layer.index_inside == layer.index_outside) continue;
    std::vector<double> first;
    bool is_first = true;
    for (const Band& band : bands_of(layer.polygons, cell)) {
      const std::vector<double> x = intervals(layer.polygons, band);
      along_x = along_x || !(x.empty() || same(x, {cell.x0, cell.x1}));
      along_y = along_y || !(is_first || same(x, first));
      if (is_first) first = x;
      is_first = false;
    }
  }
  if (along_x && along_y) return Variation::both;
  return along_x ? Variation::x : along_y ? Variation::y : Variation::none;
}

Matrix toeplitz(const PatternCoefficients& pattern, const OrderSet& set, Complex outside, Complex inside) {
  const Eigen::Index size = set.size();
  Matrix matrix(size, size);
  for (Eigen::Index j = 0; j < size; ++j)
    for (Eigen::Index i = 0; i < size; ++i) {
      const Order &a = set.orders[static_cast<std::size_t>(i)], &b = set.orders[static_cast<std::size_t>(j)];
      matrix(i, j) = (inside - outside) * pattern(a.m - b.m, a.n - b.n);
      if (i == j) matrix(i, j) += outside;
    }
  return matrix;
}

}  // namespace undulith::mask
