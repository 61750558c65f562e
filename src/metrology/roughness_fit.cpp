// SPDX-License-Identifier: MIT
#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/statistics/univariate_statistics.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "undulith/metrology/roughness.hpp"

namespace undulith::metrology {
namespace {

namespace statistics = boost::math::statistics;

// The fitted parameters, as logarithms so that none becomes negative: sigma, xi, H and, perhaps, noise.
RoughnessModel model_of(const Eigen::VectorXd& p) {
  return {.sigma_nm = std::exp(p(0)),
          .correlation_nm = std::exp(p(1)),
          .hurst = std::exp(p(2)),
          .noise_nm = p.size() > 3 ? std::exp(p(3)) : 0};
}

struct Spectrum {
  std::vector<double> log_psd;  ///< k = 1 .. N/2 - 1
  int n_samples = 0;
  double step_nm = 1;
};

Eigen::VectorXd residuals(const Spectrum& s, const Eigen::VectorXd& p) {
  const std::vector<double> expected = expected_periodogram_nm3(model_of(p), s.n_samples, s.step_nm);
  Eigen::VectorXd r(static_cast<Eigen::Index>(s.log_psd.size()));
  for (std::size_t k = 0; k < s.log_psd.size(); ++k)
    r(static_cast<Eigen::Index>(k)) =
        std::log(std::max(expected[k + 1], std::numeric_limits<double>::min())) - s.log_psd[k];
  return r;
}

Eigen::MatrixXd jacobian(const Spectrum& s, const Eigen::VectorXd& p) {
  constexpr double kStep = 1e-4;
  Eigen::MatrixXd j(static_cast<Eigen::Index>(s.log_psd.size()), p.size());
  for (Eigen::Index k = 0; k < p.size(); ++k) {
    Eigen::VectorXd above = p, below = p;
    above(k) += kStep;
    below(k) -= kStep;
    j.col(k) = (residuals(s, above) - residuals(s, below)) / (2 * kStep);
  }
  return j;
}

// Bounds that keep the search where the model means something.
Eigen::VectorXd bounded(Eigen::VectorXd p, const Spectrum& s) {
  p(1) = std::clamp(p(1), std::log(s.step_nm / 10), std::log(10.0 * s.n_samples * s.step_nm));
  p(2) = std::clamp(p(2), std::log(0.05), std::log(2.0));
  return p;
}

RoughnessFit fit(const Spectrum& s, double sigma_nm, bool fit_noise) {
  constexpr int kMost = 100;
  constexpr double kStill = 1e-8;
  // Starts: the correlation length is where the spectrum has fallen to half of its first terms.
  const double length_nm = s.n_samples * s.step_nm;
  const std::size_t first = std::min<std::size_t>(3, s.log_psd.size());
  const double low =
      std::accumulate(s.log_psd.begin(), s.log_psd.begin() + static_cast<std::ptrdiff_t>(first), 0.0) /
      static_cast<double>(first);
  std::size_t half = 0;
  while (half + 1 < s.log_psd.size() && s.log_psd[half] > low - std::log(2.0)) ++half;
  const double xi = length_nm / (2 * 3.14 * static_cast<double>(half + 1));
  Eigen::VectorXd p(fit_noise ? 4 : 3);
  p(0) = std::log(sigma_nm);
  p(1) = std::log(xi);
  p(2) = std::log(0.6);
  if (fit_noise)
    p(3) = std::log(std::max(std::sqrt(std::exp(s.log_psd.back()) / s.step_nm) / 1.5, sigma_nm / 1000));
  p = bounded(p, s);

  RoughnessFit result;
  double damping = 1e-2;
  Eigen::VectorXd r = residuals(s, p);
  Eigen::MatrixXd j = jacobian(s, p);
  for (int step = 0; step < kMost && !result.converged; ++step) {
    Eigen::MatrixXd normal = j.transpose() * j;
    const Eigen::VectorXd gradient = j.transpose() * r;
    const Eigen::MatrixXd curvature = normal;
    normal.diagonal() += damping * (curvature.diagonal().array() + 1e-9).matrix();
    const Eigen::VectorXd next = bounded(p - normal.ldlt().solve(gradient), s);
    const Eigen::VectorXd there = residuals(s, next);
    if (there.squaredNorm() < r.squaredNorm()) {
      result.converged =
          (next - p).norm() < kStill || r.squaredNorm() - there.squaredNorm() < kStill * r.squaredNorm();
      p = next;
      r = there;
      j = jacobian(s, p);
      damping = std::max(damping / 5, 1e-9);
    } else {
      damping *= 4;
      if (damping > 1e9) result.converged = true;  // nowhere to go: this is the minimum
    }
  }
  result.model = model_of(p);
  result.residual = std::sqrt(r.squaredNorm() / static_cast<double>(r.size()));
  // Errors from the scatter that is left over, in logarithms.
  const double freedom = std::max(1.0, static_cast<double>(r.size() - p.size()));
  Eigen::MatrixXd curvature = j.transpose() * j;
  curvature.diagonal().array() += 1e-12;
  const Eigen::MatrixXd covariance = curvature.inverse() * (r.squaredNorm() / freedom);
  const auto error = [&](Eigen::Index k) { return std::sqrt(std::max(0.0, covariance(k, k))); };
  result.sigma_error_nm = result.model.sigma_nm * error(0);
  result.correlation_error_nm = result.model.correlation_nm * error(1);
  result.hurst_error = result.model.hurst * error(2);
  if (fit_noise) result.noise_error_nm = result.model.noise_nm * error(3);
  return result;
}

}  // namespace

RoughnessResult analyse_roughness(std::span<const std::vector<double>> edges, double step_nm,
                                  bool fit_noise) {
  constexpr std::size_t kFewest = 8, kFewestToFit = 16;
  if (edges.empty() || edges.front().size() < kFewest || !(step_nm > 0))
    throw std::invalid_argument("analyse_roughness: an edge of 8 samples and a step > 0 are needed");
  const std::size_t n = edges.front().size();
  RoughnessResult result{
      .n_edges = static_cast<int>(edges.size()), .n_samples = static_cast<int>(n), .step_nm = step_nm};
  std::vector<double> psd(n / 2 + 1), variances;
  for (const std::vector<double>& edge : edges) {
    if (edge.size() != n) throw std::invalid_argument("analyse_roughness: edges of different lengths");
    const double mean = statistics::mean(edge);
    std::vector<double> about(edge);
    for (double& value : about) value -= mean;
    variances.push_back(statistics::variance(edge));
    const std::vector<double> one = periodogram_nm3(about, step_nm);
    for (std::size_t k = 0; k < psd.size(); ++k) psd[k] += one[k] / static_cast<double>(edges.size());
  }
  const double mean_variance = statistics::mean(variances);
  result.biased_nm = std::sqrt(mean_variance);
  for (std::size_t k = 1; k < psd.size(); ++k) {
    result.frequency_per_nm.push_back(static_cast<double>(k) / (static_cast<double>(n) * step_nm));
    result.psd_nm3.push_back(psd[k]);
  }
  if (mean_variance <= 0) return result;
  // Relative error of a variance: its scatter between edges, or for one edge that of independent waves.
  double relative = 0;
  if (edges.size() > 1) {
    relative =
        std::sqrt(statistics::sample_variance(variances) / static_cast<double>(edges.size())) / mean_variance;
  } else {
    double sum = 0, squares = 0;
    for (const double value : result.psd_nm3) {
      sum += value;
      squares += value * value;
    }
    relative = std::sqrt(squares) / sum;
  }
  result.standard_error_nm = result.biased_nm * relative / 2;
  if (n < kFewestToFit) return result;
  Spectrum spectrum{.n_samples = static_cast<int>(n), .step_nm = step_nm};
  for (std::size_t k = 1; k < n / 2; ++k) {
    if (psd[k] <= 0) return result;
    spectrum.log_psd.push_back(std::log(psd[k]));
  }
  result.unbiased = fit(spectrum, result.biased_nm, fit_noise);
  return result;
}

}  // namespace undulith::metrology
