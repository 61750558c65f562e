// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "undulith/core/grid.hpp"

/// Defects buried below a multilayer, as they appear at its top: the surface and the films are bent.
namespace undulith::mask {

/// A Gaussian bump of the top surface of the mirror; all lengths nm at mask scale.
///   height_nm exp(-4 ln 2 ((x - x_nm)^2 + (y - y_nm)^2) / fwhm_nm^2)
struct SurfaceDefect {
  double x_nm = 0, y_nm = 0;  ///< in the frame of the cell
  double height_nm = 0;       ///< above 0 towards the light; below 0 a pit
  double fwhm_nm = 0;         ///< full width at half maximum, > 0
};

/// A bump or pit on the substrate as it appears at the top: the films smooth it as diffusion does. Its volume
/// is kept, and the squares of widths add:
///   fwhm_top^2 = fwhm^2 + smoothing^2,   height_top = height fwhm^2 / fwhm_top^2
/// @param smoothing_nm  full width at half maximum that the films give to a point, >= 0
/// @throws InputError   a length out of range
[[nodiscard]] SurfaceDefect at_top_surface(const SurfaceDefect& on_substrate, double smoothing_nm);

/// @throws InputError  a bump narrower than a pixel
void require_resolved(const SurfaceDefect& at_top, double pixel_nm);

/// Heights of the surface, nm, at the lower-left corners of nx by ny pixels of a cell that repeats, x
/// fastest.
/// @throws InputError  a length out of range: not finite, or a width that is not positive or over 100 cells
[[nodiscard]] std::vector<double> surface_heights(std::span<const SurfaceDefect> defects, const Box& cell,
                                                  int nx, int ny);

}  // namespace undulith::mask
