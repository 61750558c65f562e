// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "undulith/optimise/correct_edges.hpp"
#include "undulith/study/mask_optimisation.hpp"

/// What a user has to know of a search for a mask.
namespace undulith::study {

[[nodiscard]] MaskFinding to_mask_finding(const optimise::RuleFinding& finding);

/// The places of a mask that break the rules of the job's method: discs that fit for ilt, on pixels; facing edges for opc.
[[nodiscard]] std::vector<MaskFinding> rule_findings(const std::vector<layout::Polygon>& rings,
                                                     const flow::Prepared& prepared, double pixel_nm);

/// Parts of the job that the search leaves out; rules that the drawing itself breaks.
[[nodiscard]] std::vector<std::string> search_warnings(const flow::Prepared& prepared, double pixel_nm);

/// Why the result is not what was asked for: an empty mask, features that the optics do not resolve.
void add_warnings_after_search(MaskOptimisation& found);

}  // namespace undulith::study
