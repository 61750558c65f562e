// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "mask/mask_geometry.hpp"
#include "undulith/mask/mask.hpp"
#include "undulith/mask/multislice.hpp"
#include "undulith/mask/pattern_spectrum.hpp"

namespace undulith::mask {

/// The multislice model solves all directions with pixels and slices so many times those of the job, and a few with
/// those. The mirror is the same in both.
inline constexpr double kQuickPixels = 8.0 / 3, kQuickSlices = 4;

void add_scaled(JonesSpectrum& sum, const JonesSpectrum& part, double weight);

/// Diffraction::amplitudes of a thick mask.
[[nodiscard]] std::vector<std::complex<double>> chief_amplitudes(const ThickMask& mask);

/// Spectra of a thick mask for the points of a source.
///
/// @param patterns  one per layer in place of its polygons; empty: the polygons
/// @param mirror  of the multislice model; null: it is made
/// @param frame  cell, orders and open_reflectance of the result; its thick part is not read
/// Arguments, errors and cost: compute_diffraction().
[[nodiscard]] ThickMask solve_thick_mask(const MaskGeometry& geometry,
                                         std::span<const PatternSpectrum> patterns, const Diffraction& frame,
                                         const MaskParameters& parameters, const MaskOptics& optics,
                                         const illuminator::PupilFill& pupil_fill,
                                         std::span<const SliceCorrection> corrections,
                                         const Progress& progress, SharedMirror mirror = {});

/// Arguments and errors: compute_correction().
[[nodiscard]] SliceCorrection solve_correction(const MaskGeometry& geometry,
                                               std::span<const PatternSpectrum> patterns,
                                               const Diffraction& frame, const MaskParameters& parameters,
                                               const MaskOptics& optics,
                                               const illuminator::PupilFill& pupil_fill,
                                               const Progress& progress, SharedMirror mirror = {});

/// Arguments and errors: plan_mask().
[[nodiscard]] MaskPlan plan_thick_mask(const MaskGeometry& geometry, const layout::Clip& clip,
                                       const MaskParameters& parameters, const MaskOptics& optics,
                                       const illuminator::PupilFill& pupil_fill, double wavelength_nm,
                                       double max_frequency_per_nm);

}  // namespace undulith::mask
