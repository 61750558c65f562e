// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "undulith/layout/clip.hpp"
#include "undulith/optimise/image_model.hpp"
#include "undulith/optimise/print_goal.hpp"

namespace undulith::optimise {

/// How the shapes of a mask print a drawing: areas in the window by pixels that print or do not, sites of the drawing.
/// @param rings     on the mask, within the cell, without overlap
/// @param pixel_nm  > 0; areas are exact to about a pixel times the length of the edges over the root of their number
/// Cost: the coefficients of the polygons, the images, O(pixels orders).
[[nodiscard]] PrintFigures measure_print(std::span<const layout::Polygon> rings, const layout::Clip& drawn,
                                         const ImageModel& model, const PrintGoal& goal, double pixel_nm);
/// The same of images that are there.
[[nodiscard]] PrintFigures measure_print(const Images& images, const ModelGrid& grid,
                                         const layout::Clip& drawn, const PrintGoal& goal, double pixel_nm);

}  // namespace undulith::optimise
