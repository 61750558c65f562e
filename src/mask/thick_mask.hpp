// SPDX-License-Identifier: MIT
#pragma once

#include "mask/mask_geometry.hpp"
#include "undulith/mask/mask.hpp"

namespace undulith::mask {

/// Spectra of a thick mask for the points of a source.
///
/// @param frame  cell, orders and open_reflectance of the result; its thick part is not read
/// Arguments, errors and cost: compute_diffraction().
[[nodiscard]] ThickMask solve_thick_mask(const MaskGeometry& geometry, const Diffraction& frame,
                                         const MaskParameters& parameters, const MaskOptics& optics,
                                         const illuminator::PupilFill& pupil_fill, const Progress& progress);

/// Arguments and errors: plan_mask().
[[nodiscard]] MaskPlan plan_thick_mask(const MaskGeometry& geometry, const layout::Clip& clip,
                                       const MaskParameters& parameters, const MaskOptics& optics,
                                       const illuminator::PupilFill& pupil_fill, double wavelength_nm,
                                       double max_frequency_per_nm);

}  // namespace undulith::mask
