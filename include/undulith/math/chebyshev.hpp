// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <functional>
#include <span>
#include <vector>

namespace undulith::math {

/// A smooth complex function of one variable as a Chebyshev series: tabulated once, evaluated often.
class ChebyshevSeries {
 public:
  ChebyshevSeries() = default;
  /// Interpolates at n_nodes Chebyshev points of [low, high]; low < high, n_nodes >= 1.
  /// Accuracy: the error falls by a constant factor with each node for functions analytic about the interval.
  ChebyshevSeries(const std::function<std::complex<double>(double)>& function, double low, double high,
                  int n_nodes);

  /// The number of nodes is doubled from 16 until the tail is below the tolerance; smaller coefficients at
  /// the end are dropped.
  /// @throws NumericalError  1024 nodes do not reach it: the function has a kink or a pole in or near the
  /// interval
  static ChebyshevSeries to_accuracy(const std::function<std::complex<double>(double)>& function, double low,
                                     double high, double tolerance);

  /// Values at many x, those outside [low, high] moved to its ends (Clenshaw). Cost O(n_nodes) each, several
  /// values at a time.
  void evaluate(std::span<const double> x, std::span<std::complex<double>> out) const;
  /// Value at one x in [low, high].
  [[nodiscard]] std::complex<double> operator()(double x) const;
  [[nodiscard]] int n_coefficients() const { return static_cast<int>(coefficients_.size()); }
  /// Modulus of the last two coefficients relative to the largest: an estimate of the error of the series.
  [[nodiscard]] double tail() const;

 private:
  double middle_ = 0, half_width_ = 1;
  std::vector<std::complex<double>> coefficients_;
};

}  // namespace undulith::math
