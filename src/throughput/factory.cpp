// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <vector>

#include "undulith/core/require.hpp"
#include "undulith/throughput/keys.hpp"
#include "undulith/throughput/throughput.hpp"

namespace undulith::throughput {
namespace {

constexpr double kHoursPerDay = 24;

/// Probability that k of n independent machines run, for k = 0 ... n. One machine is added after another: no
/// factorials, no cancellation.
std::vector<double> running_machines(int n, double availability) {
  std::vector<double> probability(static_cast<std::size_t>(n) + 1);
  probability[0] = 1;
  for (int machine = 1; machine <= n; ++machine)
    for (int k = machine; k >= 0; --k)
      probability[k] = probability[k] * (1 - availability) + (k > 0 ? probability[k - 1] * availability : 0);
  return probability;
}

}  // namespace

Factory run_factory(const FactoryParameters& factory, double source_availability, double wafers_per_hour) {
  check_ranges(factory);
  require_in(Range::above(0, 1), "source.availability", source_availability, "use 1 when it is not known");
  require_in(Range::closed(0, 1e12), "throughput: wafers per hour", wafers_per_hour,
             "check the parameters of the scanner");

  const std::vector<double> probability =
      running_machines(factory.n_sources + factory.n_spare_sources, source_availability);
  Factory result;
  result.all_down_probability = probability.front();
  for (std::size_t k = 0; k < probability.size(); ++k) {
    const double share = std::min(1.0, static_cast<double>(k) / factory.n_sources);
    result.expected_share += probability[k] * share;
    if (share == 1) result.source_availability += probability[k];
  }
  // Sums of rounded probabilities may pass 1 by their last bits.
  result.expected_share = std::min(result.expected_share, 1.0);
  result.source_availability = std::min(result.source_availability, 1.0);
  result.expected_wafers_per_day = kHoursPerDay * wafers_per_hour * factory.n_scanners *
                                   factory.scanner_availability * result.expected_share;
  return result;
}

}  // namespace undulith::throughput
