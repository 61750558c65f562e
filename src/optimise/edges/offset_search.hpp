// SPDX-License-Identifier: MIT
#pragma once

#include <Eigen/Dense>
#include <span>
#include <vector>

#include "optimise/edges/rule_search.hpp"

namespace undulith::optimise {

/// A quadratic model of the objective, x' H x / 2 - b' x, of offsets x within bounds and under rules.
struct OffsetProblem {
  Eigen::MatrixXd hessian;  ///< symmetric, positive definite
  Eigen::VectorXd linear;
  Eigen::VectorXd lower, upper;  ///< nm; contain a multiple of the grid
  std::vector<LinearRule> rules;
};

/// Least value over the reals. Rules and bounds that the solution would break are held by a stiff spring, those that pull
/// are released, until none changes.
/// Accuracy: rules 1e-3 nm. Cost O(n^3) for some ten factorisations.
[[nodiscard]] std::vector<double> best_offsets(const OffsetProblem& problem);

/// Multiples of a grid, and steps within an edge.
struct JogRules {
  double grid_nm = 1, min_jog_nm = 20;
  /// First fragment of each edge and the number of fragments (FragmentedTarget::edges)
  std::span<const std::size_t> edges;
};

/// Offsets on the grid, with steps of 0 or at least min_jog_nm between fragments of one edge.
///
/// The quadratic form is a sum of squares, one for each fragment, that depends on the fragments before it with those after
/// it free (a Cholesky factor). Fragments get their offsets one after the other; the best partial choices are kept (a beam
/// search of the integer least-squares problem [Agrell2002]).
/// @return  a few choices, the best first by the quadratic form; rules may be broken where no choice keeps them
/// Cost O(beam n^2).
[[nodiscard]] std::vector<double> first_jogged_offsets(const OffsetProblem& problem, const JogRules& jogs);

/// Improves offsets on the grid by moves of one fragment or of several in a row of one edge, each move the best that keeps
/// jogs and rules, until none helps. Broken rules cost far more than the objective and are repaired first.
/// Cost O(moves n).
[[nodiscard]] std::vector<double> improved_offsets(const OffsetProblem& problem, std::vector<double> offsets,
                                                   const JogRules& jogs);

/// Value of the model, broken rules at their cost.
[[nodiscard]] double value_of(const OffsetProblem& problem, std::span<const double> offsets);

/// Cost of a rule that is broken by a length, in units of rule_stiffness(largest element of the diagonal).
[[nodiscard]] double rule_cost(double missing_nm);
[[nodiscard]] double rule_stiffness(double largest_curvature);

}  // namespace undulith::optimise
