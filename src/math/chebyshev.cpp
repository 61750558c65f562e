#include "undulith/math/chebyshev.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace undulith::math {

ChebyshevSeries::ChebyshevSeries(const std::function<std::complex<double>(double)>& function, double low,
                                 double high, int n_nodes)
    : middle_((low + high) / 2),
      half_width_((high - low) / 2),
      coefficients_(static_cast<std::size_t>(n_nodes)) {
  const auto angle = [n_nodes](int node) { return std::numbers::pi * (node + 0.5) / n_nodes; };
  std::vector<std::complex<double>> values;
  for (int node = 0; node < n_nodes; ++node)
    values.push_back(function(middle_ + half_width_ * std::cos(angle(node))));
  for (int k = 0; k < n_nodes; ++k) {
    for (int node = 0; node < n_nodes; ++node)
      coefficients_[static_cast<std::size_t>(k)] +=
          values[static_cast<std::size_t>(node)] * std::cos(k * angle(node));
    coefficients_[static_cast<std::size_t>(k)] *= (k == 0 ? 1.0 : 2.0) / n_nodes;
  }
}

std::complex<double> ChebyshevSeries::operator()(double x) const {
  const double t = (x - middle_) / half_width_;
  std::complex<double> b1 = 0, b2 = 0;
  for (std::size_t k = coefficients_.size(); k-- > 1;) {
    const std::complex<double> b = coefficients_[k] + 2 * t * b1 - b2;
    b2 = b1;
    b1 = b;
  }
  return coefficients_[0] + t * b1 - b2;
}

double ChebyshevSeries::tail() const {
  double largest = 0;
  for (const auto& c : coefficients_) largest = std::max(largest, std::abs(c));
  if (largest == 0) return 0;
  double last = std::abs(coefficients_.back());
  if (coefficients_.size() > 1) last += std::abs(coefficients_[coefficients_.size() - 2]);
  return last / largest;
}

}  // namespace undulith::math
