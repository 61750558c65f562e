// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "undulith/core/progress.hpp"
#include "undulith/job/job.hpp"
#include "undulith/mask/mask.hpp"

namespace undulith::flow {

/// What a mask is solved for.
struct MaskProblem {
  const job::Job& job;  ///< whose files the parameters name
  const mask::MaskAsMade& made;
  const mask::MaskParameters& parameters;
  mask::MaskOptics optics;
  const illuminator::PupilFill& pupil_fill;
  double wavelength_nm = 0, max_frequency_per_nm = 0;
};

/// mask::compute_diffraction(). A thick mask is taken from the store in use (flow/store.hpp), or kept there, by its shapes and
/// parameters, its optics, and of the source the directions and the orders: sources that illuminate the same points at the
/// same wavelength share it.
[[nodiscard]] mask::Diffraction solve_mask(const MaskProblem& problem, const Progress& progress = {},
                                           std::span<const mask::SliceCorrection> corrections = {});

/// mask::compute_correction(), kept in the same way.
[[nodiscard]] mask::SliceCorrection solve_correction(const MaskProblem& problem, const Progress& progress);

}  // namespace undulith::flow
