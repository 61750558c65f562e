// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace undulith::metrology {

/// Monotone piecewise cubic through points (Fritsch and Carlson): no overshoot between them, third order
/// where the data are smooth. Two points: a straight line. Source: [FritschCarlson1980]
class MonotoneCubic {
 public:
  /// @param x  rising, two or more; @param y  as many
  MonotoneCubic(std::vector<double> x, std::vector<double> y);
  /// Beyond the ends: the value at the end.
  [[nodiscard]] double operator()(double x) const;
  [[nodiscard]] double first() const { return x_.front(); }
  [[nodiscard]] double last() const { return x_.back(); }

 private:
  std::vector<double> x_, y_, slope_;
};

}  // namespace undulith::metrology
