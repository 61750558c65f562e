// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <memory>
#include <span>
#include <vector>

namespace undulith::optimise {

/// A linear program: minimise cost . x with low <= x <= high and low_i <= a_i . x <= high_i. The simplex method of GLPK;
/// it continues from the last basis, so that a program that changes a little is solved again quickly. Terms below 1e-13 of the
/// largest of their row are left out.
class LinearProgram {
 public:
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  LinearProgram();
  ~LinearProgram();
  LinearProgram(LinearProgram&&) noexcept;
  LinearProgram& operator=(LinearProgram&&) noexcept;

  /// @return  its place: 0, 1, ...
  int add_variable(double low, double high, double cost);
  void set_cost(int variable, double cost);

  struct Term {
    int variable = 0;
    double factor = 0;
  };
  /// @param terms  each variable at most once
  /// @return       its place: 0, 1, ...
  int add_row(std::span<const Term> terms, double low, double high);
  /// Replaces the terms.
  void set_row(int row, std::span<const Term> terms);

  /// Feasible to 1e-7 of 1 + the bound, and optimal to 1e-9 of scaled costs, unless it says otherwise.
  enum class Outcome { optimal, infeasible, unbounded };
  struct Solution {
    Outcome outcome = Outcome::optimal;
    double objective = 0;
    std::vector<double> values;      ///< of the variables
    std::vector<double> row_prices;  ///< d objective / d bound of each row
  };
  /// @throws NumericalError         the solver gives up; std::invalid_argument: a number that is not finite
  [[nodiscard]] Solution solve();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace undulith::optimise
