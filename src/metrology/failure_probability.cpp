#include <fmt/format.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>

#include "undulith/core/error.hpp"
#include "undulith/metrology/failures.hpp"

namespace undulith::metrology {
namespace {

void require_confidence(double confidence) {
  if (!(confidence > 0 && confidence < 1))
    throw InputError(fmt::format("confidence = {} (must be in (0, 1)); use 0.95", confidence));
}

// P(X >= k) or P(X <= k) of n trials, from logarithms of the terms.
double binomial_tail(int n, int k, double p, bool upper) {
  if (p <= 0) return upper ? (k <= 0) : 1;
  if (p >= 1) return upper ? 1 : (k >= n);
  double sum = 0;
  for (int i = upper ? k : 0; i <= (upper ? n : k); ++i)
    sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(i + 1.0) - std::lgamma(n - i + 1.0) + i * std::log(p) +
                    (n - i) * std::log1p(-p));
  return sum;
}

// p at which a tail that rises (or falls) with p takes the value alpha; in ln p, for p may be tiny.
double solve_tail(int n, int k, double alpha, bool upper) {
  double low = std::log(1e-12), high = 0;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    const bool above = binomial_tail(n, k, std::exp(middle), upper) > alpha;
    (above == upper ? high : low) = middle;
  }
  return std::exp((low + high) / 2);
}

double normal_tail(double z) {
  return std::erfc(z / std::sqrt(2.0)) / 2;
}

}  // namespace

FailureProbability failure_probability(int n_failed, int n_trials, double confidence) {
  require_confidence(confidence);
  if (n_trials < 1) throw InputError(fmt::format("n_trials = {} (must be >= 1); count something", n_trials));
  if (n_failed < 0 || n_failed > n_trials)
    throw InputError(
        fmt::format("n_failed = {} (must be between 0 and n_trials = {}); count again", n_failed, n_trials));
  const double alpha = (1 - confidence) / 2;
  return {.estimate = static_cast<double>(n_failed) / n_trials,
          .low = n_failed == 0 ? 0 : solve_tail(n_trials, n_failed, alpha, true),
          .high = n_failed == n_trials ? 1 : solve_tail(n_trials, n_failed, alpha, false),
          .confidence = confidence,
          .n_failed = n_failed,
          .n_trials = n_trials};
}

FailureProbability extrapolated_probability(std::span<const double> cd_nm, double limit_nm, bool below,
                                            double confidence) {
  require_confidence(confidence);
  const auto n = static_cast<double>(cd_nm.size());
  if (cd_nm.size() < 3) throw InputError("extrapolated_probability (needs three CDs or more); simulate more");
  const double mean = std::accumulate(cd_nm.begin(), cd_nm.end(), 0.0) / n;
  double squares = 0;
  int n_beyond = 0;
  for (const double cd : cd_nm) {
    squares += (cd - mean) * (cd - mean);
    n_beyond += below ? cd < limit_nm : cd > limit_nm;
  }
  const double sigma = std::sqrt(squares / (n - 1));
  if (sigma == 0) throw InputError("extrapolated_probability (all CDs are alike); simulate with noise");
  const double z = (below ? mean - limit_nm : limit_nm - mean) / sigma;
  // Errors of mean and sigma: var z = (1 + z^2/2) / n.
  const double quantile = boost::math::quantile(boost::math::normal(), 0.5 + confidence / 2);
  const double spread = quantile * std::sqrt((1 + z * z / 2) / n);
  return {.estimate = normal_tail(z),
          .low = normal_tail(z + spread),
          .high = normal_tail(z - spread),
          .confidence = confidence,
          .n_failed = n_beyond,
          .n_trials = static_cast<int>(cd_nm.size())};
}

double poisson_tail(double mean, int k) {
  double sum = 0;
  for (int i = 0; i <= k; ++i) sum += std::exp(i * std::log(mean) - mean - std::lgamma(i + 1.0));
  return sum;
}

}  // namespace undulith::metrology
