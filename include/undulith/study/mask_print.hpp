// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "undulith/flow/stages.hpp"
#include "undulith/optimise/image_model.hpp"
#include "undulith/optimise/print_goal.hpp"
#include "undulith/optimise/site_placements.hpp"

/// What a mask prints of a drawing, over a process window.
namespace undulith::study {

/// An image and what it prints.
struct NominalPrint {
  imaging::AerialImage image;
  metrology::Measurement measurement;
};

struct MaskPrint {
  optimise::PrintFigures figures;
  imaging::AerialImage image;  ///< nominal
  metrology::Measurement measurement;
  std::vector<optimise::SitePlacement> sites;
  /// By how much the relative intensity is on the printing side of the threshold, (d I/T - 1) or its negative: the largest
  /// and the smallest value over the conditions. Nodes over the window, that at the end of a period included
  Field2D<double> outermost, innermost;
};

/// @param pixel_nm   of the areas, see optimise::measure_print()
/// @param period_nm  shortest period of the image: the reach of printed edges from their sites
/// Cost: the images of the model once, metrology::measure(), O(sites conditions nx ny).
[[nodiscard]] MaskPrint print_mask(const flow::Prepared& prepared, const optimise::ImageModel& model,
                                   const optimise::PrintGoal& goal, const std::vector<layout::Polygon>& rings,
                                   double pixel_nm, double period_nm);

}  // namespace undulith::study
