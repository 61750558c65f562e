// SPDX-License-Identifier: MIT
#include "undulith/optimise/source_mask.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"

namespace undulith::optimise {
namespace {

// Larger is better.
double merit_of(const OptimisedSource& source, SourceGoal goal) {
  switch (goal) {
    case SourceGoal::max_min_nils:
      return source.min_nils;
    case SourceGoal::edge_placement:
      return -source.rms_placement_error_nm;
    case SourceGoal::least_dose:
      return source.threshold;
  }
  return 0;
}

bool is_better(const OptimisedSource& next, const OptimisedSource& last, SourceGoal goal) {
  if (next.feasible != last.feasible) return next.feasible;
  // What no source can keep is judged by its errors.
  if (!next.feasible) goal = SourceGoal::edge_placement;
  return merit_of(next, goal) > merit_of(last, goal);
}

SourceMaskStep step_of(int round, SourceMaskStep::Half half, const SourceResponses& responses,
                       const OptimisedSource& source) {
  SourceMaskStep step{
      .round = round, .half = half, .feasible = source.feasible, .threshold = source.threshold};
  const std::vector<EdgeRow> rows = evaluate_edges(responses, source.weights, source.threshold);
  double squares = 0;
  step.min_nils = rows.front().nils;
  for (const EdgeRow& row : rows) {
    step.min_nils = std::min(step.min_nils, row.nils);
    step.max_placement_error_nm = std::max(step.max_placement_error_nm, std::abs(row.placement_error_nm));
    squares += row.placement_error_nm * row.placement_error_nm;
  }
  step.rms_placement_error_nm = std::sqrt(squares / static_cast<double>(rows.size()));
  return step;
}

}  // namespace

SourceMaskResult alternate_source_and_mask(const illuminator::PupilFill& candidates, const MaskSteps& mask,
                                           const SourceMaskSettings& settings, const Progress& progress) {
  if (!mask.responses || !mask.improve || !mask.take_back)
    throw InputError(
        "the optimisation of source and mask has no responses, improve or take_back; give all three steps");
  require_in(Range::closed(1, 1000), "max_rounds", settings.max_rounds, "use 10");
  require_in(Range::closed(0, 1), "tolerance", settings.tolerance, "use 1e-3");

  SourceMaskResult result;
  SourceResponses responses = mask.responses();
  result.source = optimise_source(responses, candidates, settings.source);
  result.steps.push_back(step_of(1, SourceMaskStep::Half::source, responses, result.source));
  for (int round = 1; round <= settings.max_rounds && !result.converged; ++round) {
    mask.improve(result.source);
    responses = mask.responses();
    SourceMaskStep improved = step_of(round, SourceMaskStep::Half::mask, responses, result.source);
    const OptimisedSource next = optimise_source(responses, candidates, settings.source);
    improved.kept = is_better(next, result.source, settings.source.goal);
    result.steps.push_back(improved);
    if (!improved.kept) {
      mask.take_back();
      result.converged = true;
      break;
    }
    const double last = merit_of(result.source, settings.source.goal),
                 gain = merit_of(next, settings.source.goal) - last;
    const bool same_kind = next.feasible == result.source.feasible;
    result.source = next;
    result.steps.push_back(step_of(round + 1, SourceMaskStep::Half::source, responses, result.source));
    result.converged = same_kind && gain <= settings.tolerance * std::abs(last);
    if (progress) progress(static_cast<double>(round) / settings.max_rounds);
  }
  return result;
}

}  // namespace undulith::optimise
