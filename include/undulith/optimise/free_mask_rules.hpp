// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/layout/clip.hpp"

/// What a mask shop can make and inspect.
namespace undulith::optimise {

/// Lengths at wafer scale; 0: no rule.
struct FreeMaskRules {
  double min_width_nm = 0;  ///< of a shape: the diameter of a disc that fits everywhere inside
  double min_space_nm = 0;  ///< between shapes, in the same way
  double min_area_nm2 = 0;  ///< of a shape
};

/// A place that breaks a rule.
struct NarrowPlace {
  std::string rule;  ///< "min_width_nm", "min_space_nm", "min_area_nm2"
  Box where;         ///< nm, wafer scale
  double area_nm2 = 0;
};

/// The places of polygons within a cell that break the rules.
/// @param pixel_nm  of the set of pixels that stands for them, > 0; widths are known to about two pixels
/// Cost: O(pixels x least width / pixel_nm).
[[nodiscard]] std::vector<NarrowPlace> check_free_mask(const std::vector<layout::Polygon>& rings,
                                                       const Box& cell, const FreeMaskRules& rules,
                                                       double pixel_nm);

}  // namespace undulith::optimise
