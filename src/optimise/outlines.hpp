// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "optimise/pixels.hpp"
#include "undulith/layout/clip.hpp"

namespace undulith::optimise {

/// The edge of a set of pixels as polygons without its steps.
/// @param tolerance_pixels  largest distance of the polygon from the midpoints of the steps
/// @return  rings within the cell, on a grid of 1 pm; outer ones counter-clockwise, holes clockwise; valid polygons
[[nodiscard]] std::vector<layout::Polygon> outlines(const PixelSet& set, const Box& cell,
                                                    double tolerance_pixels);

/// The set as rectangles for a mask writer: strips of whole rows, each as long as the mean of its rows. A strip ends where
/// its rows differ by more than the tolerance, or where shapes begin or end.
/// @param rows_per_strip  least height of a strip, in pixels
/// @return  rectangles within the cell that touch and do not overlap
[[nodiscard]] std::vector<layout::Polygon> strips(const PixelSet& set, const Box& cell, int rows_per_strip,
                                                  double tolerance_pixels);

}  // namespace undulith::optimise
