// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "optimise/edges/fragments.hpp"
#include "undulith/optimise/correct_edges.hpp"

namespace undulith::optimise {

/// A condition on offsets: sum of factor times offset >= least.
struct LinearRule {
  struct Term {
    std::size_t fragment = 0;
    double factor = 0;
  };
  std::vector<Term> terms;
  double least = 0;

  [[nodiscard]] double missing(std::span<const double> offsets) const {
    double sum = -least;
    for (const Term& term : terms) sum += term.factor * offsets[term.fragment];
    return sum < 0 ? -sum : 0;
  }
};

/// Width and space between all fragments that face each other across less than the rule and twice max_move_nm, and the
/// least length of fragments at corners.
[[nodiscard]] std::vector<LinearRule> facing_rules(const FragmentedTarget& target, const MaskRules& rules,
                                                   double max_move_nm);

/// Conditions, linear about these offsets, that the fragments break as they lie: also from corner to corner, and against
/// jogs. Empty: none is broken.
[[nodiscard]] std::vector<LinearRule> broken_rules(const FragmentedTarget& target,
                                                   std::span<const double> offsets, const MaskRules& rules);

}  // namespace undulith::optimise
