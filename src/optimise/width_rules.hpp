// SPDX-License-Identifier: MIT
#pragma once

#include "optimise/pixel_sets.hpp"
#include "undulith/optimise/free_mask_rules.hpp"

namespace undulith::optimise {

/// How the edge of a free mask must move for its rules: +1 where a pixel must be filled, -1 where it must be emptied.
///
/// Pieces that no disc of the least width reaches are grown about their ridge if they are nearly wide enough, else removed.
/// Gaps that no disc of the least space reaches are filled.
/// @param shapes    pixels inside the mask's shapes
/// @param pixel_nm  their size
/// @param margin    share by which the rules are exceeded, so that the edge may still move
[[nodiscard]] Pixels rule_forces(const PixelSet& shapes, double pixel_nm, const FreeMaskRules& rules,
                                 double margin);

/// The set with gaps narrower than the least space filled, then without pieces narrower than the least width.
[[nodiscard]] PixelSet obeying(const PixelSet& shapes, double pixel_nm, const FreeMaskRules& rules);

/// A set of rectangles that keeps the rules, with few more steps: each piece that no disc of the least width reaches gets a
/// disc of three rectangles, where it adds the least area; gaps likewise, and from the third pass on they are filled.
/// @return  what is left narrow after eight passes is for find_narrow()
[[nodiscard]] PixelSet with_stepped_discs(PixelSet shapes, double pixel_nm, const FreeMaskRules& rules);

/// Places that break the rules: shapes and gaps into which no disc fits, and pieces that none reaches, larger than a quarter of
/// the square of the rule, as discs reach neither corners nor notches.
[[nodiscard]] std::vector<NarrowPlace> find_narrow(const PixelSet& shapes, double pixel_nm, const Box& cell,
                                                   const FreeMaskRules& rules);

}  // namespace undulith::optimise
