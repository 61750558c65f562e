// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "undulith/core/error.hpp"
#include "undulith/throughput/throughput.hpp"

using namespace undulith;
using namespace undulith::throughput;
using Catch::Matchers::Contains;

namespace {

/// 2^12 products of twelve factors, summed.
constexpr double kRounding = 1e-12;

/// Adds up all 2^n states of the machines.
Factory enumerate_states(const FactoryParameters& parameters, double availability) {
  const int n = parameters.n_sources + parameters.n_spare_sources;
  Factory sum;
  for (unsigned state = 0; state < (1u << n); ++state) {
    const int running = std::popcount(state);
    double probability = 1;
    for (int i = 0; i < n; ++i) probability *= (state >> i & 1u) ? availability : 1 - availability;
    if (running == 0) sum.all_down_probability += probability;
    if (running >= parameters.n_sources) sum.source_availability += probability;
    sum.expected_share += probability * std::min(running, parameters.n_sources) / parameters.n_sources;
  }
  return sum;
}

}  // namespace

TEST_CASE("factory: every state of up to twelve machines", "[validation][throughput]") {
  for (const double availability : {0.01, 0.3, 0.75, 0.9, 0.99, 1.0})
    for (int needed = 1; needed <= 6; ++needed)
      for (int spare = 0; spare <= 6; ++spare) {
        const FactoryParameters parameters{.n_sources = needed, .n_spare_sources = spare, .n_scanners = 16};
        const Factory closed = run_factory(parameters, availability, 200);
        const Factory counted = enumerate_states(parameters, availability);
        REQUIRE(closed.source_availability == Approx(counted.source_availability).epsilon(kRounding));
        REQUIRE(closed.expected_share == Approx(counted.expected_share).epsilon(kRounding));
        REQUIRE(closed.all_down_probability == Approx(counted.all_down_probability).epsilon(kRounding));
        REQUIRE(closed.expected_wafers_per_day ==
                Approx(24 * 200 * 16 * 0.9 * counted.expected_share).epsilon(kRounding));
      }
}

TEST_CASE("factory: a source for each scanner, or one for all", "[validation][throughput]") {
  const Factory one_for_all = run_factory({.n_sources = 1, .n_scanners = 16}, 0.9, 200);
  const Factory one_each = run_factory({.n_sources = 16, .n_scanners = 16}, 0.9, 200);
  // The same wafers on average, but a factory that stands still a tenth of the time.
  CHECK(one_for_all.expected_wafers_per_day == Approx(one_each.expected_wafers_per_day).epsilon(kRounding));
  CHECK(one_for_all.all_down_probability == Approx(0.1).epsilon(kRounding));
  CHECK(one_each.all_down_probability == Approx(1e-16).epsilon(1e-9));
  // A spare of 90 % lifts 0.9 to 1 - 0.01.
  CHECK(run_factory({.n_sources = 1, .n_spare_sources = 1}, 0.9, 200).source_availability ==
        Approx(0.99).epsilon(kRounding));
}

TEST_CASE("factory: spares and availability never hurt", "[property][throughput]") {
  std::mt19937_64 random(17);
  std::uniform_real_distribution<double> availability(0.01, 0.999);
  std::uniform_int_distribution<int> count(1, 300);
  for (int i = 0; i < 100; ++i) {
    FactoryParameters parameters{.n_sources = count(random), .n_spare_sources = count(random) - 1};
    const double a = availability(random);
    const Factory before = run_factory(parameters, a, 100);
    REQUIRE(std::isfinite(before.expected_share));
    CHECK(before.source_availability >= 0);
    CHECK(before.source_availability <= before.expected_share + kRounding);
    CHECK(before.expected_share <= 1);
    CHECK(run_factory(parameters, a + 0.001, 100).expected_share >= before.expected_share - kRounding);
    ++parameters.n_spare_sources;
    if (parameters.n_spare_sources <= 1000)
      CHECK(run_factory(parameters, a, 100).expected_share >= before.expected_share - kRounding);
  }
}

TEST_CASE("factory: bad factories are named", "[unit][throughput]") {
  const auto fails = [](FactoryParameters parameters, double availability, const char* words) {
    CHECK_THROWS_AS(run_factory(parameters, availability, 100), InputError);
    CHECK_THROWS_WITH(run_factory(parameters, availability, 100), Contains(words));
  };
  fails({.n_sources = 0}, 0.9, "factory.n_sources = 0");
  fails({.n_spare_sources = -1}, 0.9, "factory.n_spare_sources = -1");
  fails({.n_scanners = 0}, 0.9, "factory.n_scanners = 0");
  fails({.scanner_availability = 1.5}, 0.9, "factory.scanner_availability = 1.5");
  fails({}, 1.1, "source.availability = 1.1 (must be in (0, 1])");
  fails({}, std::numeric_limits<double>::quiet_NaN(), "source.availability = nan");
}
