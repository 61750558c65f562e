// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/optimise/source_optimisation.hpp"

/// Source and mask together, by exact steps of the source between steps of the mask.
namespace undulith::optimise {

/// The mask of an optimisation of source and mask; the caller keeps it.
struct MaskSteps {
  /// Responses of the mask as it is, for the candidates of the source. Called before each step of the source
  std::function<SourceResponses()> responses;
  /// Improves the mask for this source, starting from the mask as it is
  std::function<void(const OptimisedSource&)> improve;
  /// Takes back what the last call of improve() did
  std::function<void()> take_back;
};

struct SourceMaskSettings {
  SourceSettings source;
  int max_rounds = 10;      ///< [1, 1000]
  double tolerance = 1e-3;  ///< ends when a round gains less, relative, >= 0
};

/// State after half a round: the source is the best for the mask (source), or the mask was improved for it (mask).
struct SourceMaskStep {
  int round = 0;
  enum class Half { source, mask } half = Half::source;
  bool kept = true;      ///< false: the step made the goal worse, and was taken back
  bool feasible = true;  ///< of the source
  double min_nils = 0, rms_placement_error_nm = 0, max_placement_error_nm = 0, threshold = 0;
};

struct SourceMaskResult {
  OptimisedSource source;  ///< for the mask that the caller has at the end
  bool converged = false;  ///< the last round gained less than the tolerance
  std::vector<SourceMaskStep> steps;
};

/// Alternates the exact source for the mask and a step of the mask for that source, until a round gains less than the
/// tolerance. The goal is that of the source: the smallest NILS (larger is better; of two sources that keep the settings or
/// do not, the one that does is better), the root mean square of the errors of edges (smaller) or the threshold (higher). A step of the mask whose
/// next source is worse than the last one is taken back, and the alternation ends: the goal never gets worse, and at the end
/// mask and source belong together.
///
/// Source and mask are each optimal for the other at most: the problem is not convex in both, and another start may lead to
/// another result.
/// @throws InputError  a setting out of range, a step that is missing; see optimise_source()
[[nodiscard]] SourceMaskResult alternate_source_and_mask(const illuminator::PupilFill& candidates,
                                                         const MaskSteps& mask,
                                                         const SourceMaskSettings& settings,
                                                         const Progress& progress = {});

}  // namespace undulith::optimise
