// SPDX-License-Identifier: MIT
#include "undulith/metrology/roughness.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include "undulith/math/fft.hpp"

namespace undulith::metrology {
namespace {

constexpr double kPi = std::numbers::pi;

// K_nu(x) x^nu 2^(1-nu) / Gamma(nu), 1 at x = 0: the Matern correlation. K from its integral
// Int_0^inf exp(-x cosh t) cosh(nu t) dt by trapezoids, which converge exponentially.
double matern(double nu, double x) {
  if (x == 0) return 1;
  constexpr double kStep = 1.0 / 16;
  constexpr double kDeepest = 700;
  if (x > kDeepest) return 0;
  double sum = std::exp(-x) / 2;
  for (int i = 1;; ++i) {
    const double t = i * kStep, exponent = x * std::cosh(t) - nu * t;
    if (exponent > 60 + x) break;
    sum += std::exp(-exponent) * (1 + std::exp(-2 * nu * t)) / 2;
  }
  return std::exp((1 - nu) * std::log(2.0) - std::lgamma(nu) + nu * std::log(x)) * sum * kStep;
}

void require_model(const RoughnessModel& m) {
  if (!(m.sigma_nm >= 0) || !(m.correlation_nm > 0) || !(m.hurst > 0) || !(m.noise_nm >= 0))
    throw std::invalid_argument(
        "roughness model: sigma and noise must be >= 0, correlation length and H > 0");
}

}  // namespace

double roughness_psd_nm3(const RoughnessModel& m, double frequency_per_nm) {
  require_model(m);
  const double phase = 2 * kPi * frequency_per_nm * m.correlation_nm;
  return 2 * std::sqrt(kPi) * std::exp(std::lgamma(m.hurst + 0.5) - std::lgamma(m.hurst)) * m.sigma_nm *
         m.sigma_nm * m.correlation_nm / std::pow(1 + phase * phase, m.hurst + 0.5);
}

double roughness_covariance_nm2(const RoughnessModel& m, double lag_nm) {
  require_model(m);
  return m.sigma_nm * m.sigma_nm * matern(m.hurst, std::abs(lag_nm) / m.correlation_nm);
}

std::vector<double> periodogram_nm3(std::span<const double> edge_nm, double step_nm) {
  const int n = static_cast<int>(edge_nm.size());
  if (n < 2 || !(step_nm > 0))
    throw std::invalid_argument("periodogram: two samples and a step > 0 are needed");
  const auto spectrum = math::forward_real(n, 1, edge_nm);
  std::vector<double> psd;
  for (const std::complex<double>& value : spectrum) psd.push_back(step_nm / n * std::norm(value));
  return psd;
}

std::vector<double> expected_periodogram_nm3(const RoughnessModel& m, int n_samples, double step_nm) {
  // E PSD_k = dy sum_l (1 - |l|/N) r(l dy) cos(2 pi k l / N): one transform of the weighted covariance.
  std::vector<double> folded(static_cast<std::size_t>(n_samples));
  for (int l = 0; l < n_samples; ++l) {
    const double weighted =
        (1 - static_cast<double>(l) / n_samples) * roughness_covariance_nm2(m, l * step_nm);
    folded[static_cast<std::size_t>(l)] += weighted;
    if (l > 0) folded[static_cast<std::size_t>(n_samples - l)] += weighted;
  }
  folded[0] += m.noise_nm * m.noise_nm;
  std::vector<double> psd;
  for (const std::complex<double>& value : math::forward_real(n_samples, 1, folded))
    psd.push_back(step_nm * value.real());
  return psd;
}

FiniteLength finite_length(const RoughnessModel& m, double length_nm) {
  if (!(length_nm > 0)) throw std::invalid_argument("finite_length: the length must be > 0");
  // Variance of a mean: 2/L Int_0^L (1 - t/L) r(t) dt, in pieces that follow the correlation length.
  const int pieces = 64 + static_cast<int>(std::min(20000.0, 32 * length_nm / m.correlation_nm));
  double sum = 0;
  // Substituting t = L u^2 takes the root out of the covariance near 0.
  const auto weighted = [&](double u) {
    const double t = u * u;
    return (1 - t) * roughness_covariance_nm2(m, t * length_nm) * 2 * u;
  };
  for (int i = 0; i < pieces; ++i) {
    const double a = static_cast<double>(i) / pieces, b = (i + 1.0) / pieces;
    sum += (b - a) / 6 * (weighted(a) + 4 * weighted((a + b) / 2) + weighted(b));
  }
  const double of_mean = 2 * sum;
  return {.of_mean_nm = std::sqrt(of_mean),
          .within_nm = std::sqrt(std::max(0.0, m.sigma_nm * m.sigma_nm - of_mean))};
}

FiniteLength finite_length(const RoughnessModel& m, int n_samples, double step_nm) {
  double sum = roughness_covariance_nm2(m, 0);
  for (int l = 1; l < n_samples; ++l)
    sum += 2 * (1 - static_cast<double>(l) / n_samples) * roughness_covariance_nm2(m, l * step_nm);
  const double of_mean = sum / n_samples;
  return {.of_mean_nm = std::sqrt(of_mean),
          .within_nm = std::sqrt(std::max(0.0, m.sigma_nm * m.sigma_nm - of_mean))};
}

LineRoughness line_roughness(double sigma_left_nm, double sigma_right_nm, double correlation) {
  const double squares = sigma_left_nm * sigma_left_nm + sigma_right_nm * sigma_right_nm,
               mixed = 2 * correlation * sigma_left_nm * sigma_right_nm;
  return {.lwr_nm = std::sqrt(std::max(0.0, squares - mixed)),
          .placement_nm = std::sqrt(std::max(0.0, squares + mixed)) / 2,
          .correlation = correlation};
}

}  // namespace undulith::metrology
