// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/statistics/univariate_statistics.hpp>
#include <cmath>

#include "undulith/core/error.hpp"
#include "undulith/metrology/failures.hpp"

namespace undulith::metrology {
namespace {

void require_confidence(double confidence) {
  if (!(confidence > 0 && confidence < 1))
    throw InputError(fmt::format("confidence = {} (must be in (0, 1)); use 0.95", confidence));
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
  using Binomial = boost::math::binomial_distribution<double>;  // Clopper and Pearson's bounds
  const double alpha = (1 - confidence) / 2;
  return {.estimate = static_cast<double>(n_failed) / n_trials,
          .low = Binomial::find_lower_bound_on_p(n_trials, n_failed, alpha),
          .high = Binomial::find_upper_bound_on_p(n_trials, n_failed, alpha),
          .confidence = confidence,
          .n_failed = n_failed,
          .n_trials = n_trials};
}

FailureProbability extrapolated_probability(std::span<const double> cd_nm, double limit_nm, bool below,
                                            double confidence) {
  require_confidence(confidence);
  const auto n = static_cast<double>(cd_nm.size());
  if (cd_nm.size() < 3) throw InputError("extrapolated_probability (needs three CDs or more); simulate more");
  const double mean = boost::math::statistics::mean(cd_nm.begin(), cd_nm.end());
  const double sigma = std::sqrt(boost::math::statistics::sample_variance(cd_nm.begin(), cd_nm.end()));
  const auto n_beyond = static_cast<int>(
      std::ranges::count_if(cd_nm, [&](double cd) { return below ? cd < limit_nm : cd > limit_nm; }));
  if (sigma == 0) throw InputError("extrapolated_probability (all CDs are equal); simulate with noise");
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
  return boost::math::cdf(boost::math::poisson(mean), k);
}

}  // namespace undulith::metrology
