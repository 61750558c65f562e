// SPDX-License-Identifier: MIT
#include "metrology/monotone_cubic.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace undulith::metrology {
namespace {

// Slope at an end from a parabola through three points, held back where it would overshoot.
double end_slope(double h0, double h1, double d0, double d1) {
  const double slope = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1);
  if (slope * d0 <= 0) return 0;
  if (d0 * d1 <= 0 && std::abs(slope) > 3 * std::abs(d0)) return 3 * d0;
  return slope;
}

}  // namespace

MonotoneCubic::MonotoneCubic(std::vector<double> x, std::vector<double> y)
    : x_(std::move(x)), y_(std::move(y)), slope_(x_.size()) {
  const std::size_t n = x_.size();
  if (n < 2 || y_.size() != n) throw std::invalid_argument("MonotoneCubic: two points or more are needed");
  std::vector<double> h(n - 1), d(n - 1);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    h[i] = x_[i + 1] - x_[i];
    d[i] = (y_[i + 1] - y_[i]) / h[i];
  }
  if (n == 2) {
    slope_ = {d[0], d[0]};
    return;
  }
  for (std::size_t i = 1; i + 1 < n; ++i) {
    if (d[i - 1] * d[i] <= 0) continue;
    const double a = 2 * h[i] + h[i - 1], b = h[i] + 2 * h[i - 1];
    slope_[i] = (a + b) / (a / d[i - 1] + b / d[i]);
  }
  slope_[0] = end_slope(h[0], h[1], d[0], d[1]);
  slope_[n - 1] = end_slope(h[n - 2], h[n - 3], d[n - 2], d[n - 3]);
}

double MonotoneCubic::operator()(double x) const {
  if (x <= x_.front()) return y_.front();
  if (x >= x_.back()) return y_.back();
  const std::size_t i = static_cast<std::size_t>(std::ranges::upper_bound(x_, x) - x_.begin()) - 1;
  const double h = x_[i + 1] - x_[i], t = (x - x_[i]) / h, u = 1 - t;
  return y_[i] * (1 + 2 * t) * u * u + y_[i + 1] * (1 + 2 * u) * t * t +
         h * t * u * (slope_[i] * u - slope_[i + 1] * t);
}

}  // namespace undulith::metrology
