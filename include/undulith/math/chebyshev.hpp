#pragma once

#include <complex>
#include <functional>
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

  /// Value at x in [low, high] (Clenshaw). Cost O(n_nodes).
  [[nodiscard]] std::complex<double> operator()(double x) const;
  /// Modulus of the last two coefficients relative to the largest: how much the series may be wrong.
  [[nodiscard]] double tail() const;

 private:
  double middle_ = 0, half_width_ = 1;
  std::vector<std::complex<double>> coefficients_;
};

}  // namespace undulith::math
