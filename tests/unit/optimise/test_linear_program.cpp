// SPDX-License-Identifier: MIT
// Linear programs against the bound that their own prices prove.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "optimise/linear_program.hpp"

namespace {

using undulith::optimise::LinearProgram;

// The largest t with t <= sum_j a_ij w_j for every row i, sum w = 1, w >= 0.
struct MaxMin {
  std::vector<std::vector<double>> a;

  // Any weights y >= 0 of sum 1 prove t <= max_j sum_i y_i a_ij, and any w reaches min_i sum_j a_ij w_j.
  [[nodiscard]] std::pair<double, double> reached_and_bound() const {
    LinearProgram program;
    const int n = static_cast<int>(a.front().size());
    std::vector<LinearProgram::Term> share;
    for (int j = 0; j < n; ++j) share.push_back({program.add_variable(0, LinearProgram::kInfinity, 0), 1});
    const int t = program.add_variable(-LinearProgram::kInfinity, LinearProgram::kInfinity, -1);
    for (const auto& row : a) {
      std::vector<LinearProgram::Term> terms{{t, -1}};
      for (int j = 0; j < n; ++j) terms.push_back({j, row[static_cast<std::size_t>(j)]});
      program.add_row(terms, 0, LinearProgram::kInfinity);
    }
    program.add_row(share, 1, 1);
    const LinearProgram::Solution solution = program.solve();
    REQUIRE(solution.outcome == LinearProgram::Outcome::optimal);

    double reached = std::numeric_limits<double>::infinity(), prices = 0;
    std::vector<double> columns(a.front().size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      double sum = 0;
      const double price = std::abs(solution.row_prices[i]);
      prices += price;
      for (std::size_t j = 0; j < columns.size(); ++j) {
        sum += a[i][j] * std::max(0.0, solution.values[j]);
        columns[j] += price * a[i][j];
      }
      reached = std::min(reached, sum);
    }
    return {reached, *std::ranges::max_element(columns) / prices};
  }
};

TEST_CASE("linear program: optimal also where factors span thirteen decades", "[unit][optimise]") {
  std::mt19937_64 engine(3);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  const double least_exponent = GENERATE(-1.0, -9.0, -12.0, -15.0, -18.0);
  CAPTURE(least_exponent);
  for (int trial = 0; trial < 60; ++trial) {
    MaxMin problem;
    const int rows = 3 + trial % 22, columns = 5 + (trial * 7) % 55;
    for (int i = 0; i < rows; ++i) {
      problem.a.emplace_back();
      for (int j = 0; j < columns; ++j)
        problem.a.back().push_back(normal(engine) * (uniform(engine) < 0.4
                                                         ? std::pow(10, least_exponent + 4 * uniform(engine))
                                                         : 1));
    }
    const auto [reached, bound] = problem.reached_and_bound();
    CAPTURE(trial, rows, columns);
    CHECK(std::abs(bound - reached) < 1e-6);
  }
}

}  // namespace
