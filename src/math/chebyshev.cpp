// SPDX-License-Identifier: MIT
#include "undulith/math/chebyshev.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "undulith/core/error.hpp"
#include "undulith/core/simd.hpp"

namespace undulith::math {
namespace {

constexpr int kFirstNodes = 16, kMostNodes = 1024;

// Clenshaw's recursion for kLanes arguments t in [-1, 1] side by side.
constexpr int kLanes = 16;
UNDULITH_SIMD_CLONES
void clenshaw(const double* coefficients, int n, const double* t, double* out) {
  double re1[kLanes] = {}, im1[kLanes] = {}, re2[kLanes] = {}, im2[kLanes] = {};
  for (int k = n - 1; k > 0; --k) {
    const double re = coefficients[2 * k], im = coefficients[2 * k + 1];
    for (int i = 0; i < kLanes; ++i) {
      const double next_re = re + 2 * t[i] * re1[i] - re2[i], next_im = im + 2 * t[i] * im1[i] - im2[i];
      re2[i] = re1[i];
      im2[i] = im1[i];
      re1[i] = next_re;
      im1[i] = next_im;
    }
  }
  for (int i = 0; i < kLanes; ++i) {
    out[2 * i] = coefficients[0] + t[i] * re1[i] - re2[i];
    out[2 * i + 1] = coefficients[1] + t[i] * im1[i] - im2[i];
  }
}

}  // namespace

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

ChebyshevSeries ChebyshevSeries::to_accuracy(const std::function<std::complex<double>(double)>& function,
                                             double low, double high, double tolerance) {
  for (int n_nodes = kFirstNodes; n_nodes <= kMostNodes; n_nodes *= 2) {
    ChebyshevSeries series(function, low, high, n_nodes);
    if (series.tail() > tolerance) continue;
    double largest = 0;
    for (const auto& c : series.coefficients_) largest = std::max(largest, std::abs(c));
    while (series.coefficients_.size() > 1 &&
           std::abs(series.coefficients_.back()) <= 0.01 * tolerance * largest)
      series.coefficients_.pop_back();
    return series;
  }
  throw NumericalError(fmt::format(
      "a function on [{:.6g}, {:.6g}] is not smooth enough to tabulate ({} nodes miss {:g}); stay away from "
      "grazing waves and critical angles",
      low, high, kMostNodes, tolerance));
}

void ChebyshevSeries::evaluate(std::span<const double> x, std::span<std::complex<double>> out) const {
  if (coefficients_.empty()) {
    std::ranges::fill(out, 0.0);
    return;
  }
  const auto* coefficients = reinterpret_cast<const double*>(coefficients_.data());
  for (std::size_t begin = 0; begin < x.size(); begin += kLanes) {
    const std::size_t count = std::min<std::size_t>(kLanes, x.size() - begin);
    double t[kLanes] = {}, values[2 * kLanes];
    for (std::size_t i = 0; i < count; ++i)
      t[i] = std::clamp((x[begin + i] - middle_) / half_width_, -1.0, 1.0);
    clenshaw(coefficients, n_coefficients(), t, values);
    for (std::size_t i = 0; i < count; ++i) out[begin + i] = {values[2 * i], values[2 * i + 1]};
  }
}

std::complex<double> ChebyshevSeries::operator()(double x) const {
  std::complex<double> value;
  evaluate({&x, 1}, {&value, 1});
  return value;
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
