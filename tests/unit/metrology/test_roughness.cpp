// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <functional>

#include "undulith/core/error.hpp"
#include "undulith/metrology/failures.hpp"
#include "undulith/metrology/roughness.hpp"

using namespace undulith;
using namespace undulith::metrology;

TEST_CASE("roughness: the covariance of H = 1/2 is an exponential", "[validation][metrology]") {
  const RoughnessModel model{.sigma_nm = 1.5, .correlation_nm = 20, .hurst = 0.5};
  for (const double lag : {0.0, 0.3, 1.0, 20.0, 150.0})
    CHECK(roughness_covariance_nm2(model, lag) == Approx(2.25 * std::exp(-lag / 20)).epsilon(1e-12));
  CHECK(roughness_psd_nm3(model, 0) == Approx(90).epsilon(1e-12));
}

TEST_CASE("roughness: the spectrum holds the variance", "[property][metrology]") {
  for (const double hurst : {0.4, 0.75, 1.0}) {
    const RoughnessModel model{.sigma_nm = 1.2, .correlation_nm = 15, .hurst = hurst};
    // All terms of the expected periodogram of N samples add up to N sigma^2 / (N dy), k and -k alike.
    const std::vector<double> psd = expected_periodogram_nm3(model, 512, 1.0);
    double sum = psd.front() + psd.back();
    for (std::size_t k = 1; k + 1 < psd.size(); ++k) sum += 2 * psd[k];
    CHECK(sum / 512 == Approx(1.44).epsilon(1e-10));
  }
}

TEST_CASE("roughness: what a mean loses its scatter keeps", "[validation][metrology]") {
  const RoughnessModel model{.sigma_nm = 1.5, .correlation_nm = 20, .hurst = 0.5};
  for (const double length : {20.0, 100.0, 2000.0}) {
    const FiniteLength f = finite_length(model, length);
    const double r = 20 / length, closed = 2 * 2.25 * r * (1 - r * (1 - std::exp(-length / 20)));
    CHECK(f.of_mean_nm * f.of_mean_nm == Approx(closed).epsilon(1e-8));
    CHECK(f.of_mean_nm * f.of_mean_nm + f.within_nm * f.within_nm == Approx(2.25).epsilon(1e-12));
  }
}

TEST_CASE("roughness: the unbiased fit finds the truth under noise", "[validation][metrology]") {
  const RoughnessModel truth{.sigma_nm = 1.5, .correlation_nm = 20, .hurst = 0.6, .noise_nm = 0.8};
  std::vector<std::vector<double>> edges;
  for (unsigned i = 0; i < 48; ++i) edges.push_back(make_edge(truth, 1024, 1.0, 5, i));
  const RoughnessResult result = analyse_roughness(edges, 1.0, true);
  REQUIRE(result.unbiased.has_value());
  const RoughnessModel& found = result.unbiased->model;
  CHECK(result.unbiased->converged);
  CHECK(result.biased_nm > 1.6);  // noise adds to it
  // Scatter of 48 edges: sigma 2 %, xi 9 %, H 0.04; twice that.
  CHECK(found.sigma_nm == Approx(1.5).epsilon(0.05));
  CHECK(found.correlation_nm == Approx(20).epsilon(0.2));
  CHECK(found.hurst == Approx(0.6).margin(0.1));
  CHECK(found.noise_nm == Approx(0.8).epsilon(0.05));
}

TEST_CASE("roughness: width and placement of a line", "[validation][metrology]") {
  const LineRoughness line = line_roughness(1.2, 1.0, -0.3);
  CHECK(line.lwr_nm == Approx(1.7776388834631178).epsilon(1e-12));
  CHECK(line.placement_nm == Approx(0.6557438524302001).epsilon(1e-12));
}

TEST_CASE("roughness: a straight edge has none", "[unit][metrology]") {
  const std::vector<std::vector<double>> edges{std::vector<double>(64, 3.0)};
  const RoughnessResult result = analyse_roughness(edges, 1.0, true);
  CHECK(result.biased_nm == 0);
  CHECK_FALSE(result.unbiased.has_value());
}

TEST_CASE("failures: exact binomial intervals", "[validation][metrology]") {
  // Clopper and Pearson: 0 of 100 [0, 0.036217], 5 of 50 [0.033275, 0.218135].
  CHECK(failure_probability(0, 100).low == 0);
  CHECK(failure_probability(0, 100).high == Approx(0.0362167).epsilon(1e-5));
  CHECK(failure_probability(5, 50).low == Approx(0.0332751).epsilon(1e-5));
  CHECK(failure_probability(5, 50).high == Approx(0.218135).epsilon(1e-5));
  CHECK_THROWS_AS(failure_probability(3, 2), InputError);
  CHECK(poisson_tail(100, 50) == Approx(2.40159223561682e-08).epsilon(1e-9));
}

TEST_CASE("failures: pieces are counted against what was meant", "[unit][metrology]") {
  // Two contacts in a periodic cell of 40 by 20 nm.
  const layout::Clip clip{
      .cell = {0, 0, 40, 20},
      .window = {0, 0, 40, 20},
      .rings = {{{5, 5}, {15, 5}, {15, 15}, {5, 15}}, {{25, 5}, {35, 5}, {35, 15}, {25, 15}}}};
  const auto level_of = [](const std::function<bool(int x, int y)>& printed) {
    Field2D<double> level(Grid2D{.nx = 40, .ny = 20});
    for (int y = 0; y < 20; ++y)
      for (int x = 0; x < 40; ++x) level(y, x) = printed(x, y) ? 1 : -1;
    return level;
  };
  const auto in = [](int x, int y, int x0, int x1) { return x > x0 && x < x1 && y > 5 && y < 15; };
  const FailureCount good =
      count_failures(level_of([&](int x, int y) { return in(x, y, 5, 15) || in(x, y, 25, 35); }), clip, 4);
  CHECK(good.n_intended == 2);
  CHECK_FALSE(good.any());
  const FailureCount missing =
      count_failures(level_of([&](int x, int y) { return in(x, y, 5, 15); }), clip, 4);
  CHECK(missing.missing == 1);
  const FailureCount merged =
      count_failures(level_of([&](int x, int y) { return in(x, y, 5, 35); }), clip, 4);
  CHECK(merged.merged == 1);
  // Through the border of the cell, too.
  const FailureCount around = count_failures(
      level_of([&](int x, int y) { return in(x, y, 5, 15) || in(x, y, 25, 41) || in(x, y, -1, 6); }), clip,
      4);
  CHECK(around.merged == 1);
  const FailureCount extra =
      count_failures(level_of([&](int x, int y) {
                       return in(x, y, 5, 15) || in(x, y, 25, 35) || (x > 17 && x < 22 && y < 4);
                     }),
                     clip, 4);
  CHECK(extra.extra == 1);
  const FailureCount broken = count_failures(
      level_of([&](int x, int y) { return in(x, y, 5, 9) || in(x, y, 11, 15) || in(x, y, 25, 35); }), clip,
      4);
  CHECK(broken.broken == 1);
}
