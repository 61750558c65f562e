// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "undulith/mask/film_stack.hpp"

namespace undulith::mask {

/// Targets at the chief ray, for the mean of s and p: a wavelength (peak or centroid), and at most one of
/// reflectance and width.
struct MultilayerTargets {
  /// Wavelength of the peak, or of the centroid of its half-maximum band
  std::optional<double> peak_nm, centroid_nm;
  std::optional<double> reflectance, fwhm_nm;  ///< of the peak
  [[nodiscard]] bool empty() const { return !peak_nm && !centroid_nm && !reflectance && !fwhm_nm; }
};

/// A mirror that meets the targets, or comes as close as it can.
struct MirrorFit {
  mask::FilmStack stack;       ///< thicknesses as a job would hold them, to 1e-5 nm
  bool reached = false;        ///< within kFitTolerance of every target
  double period_nm = 0;        ///< mean_period_nm of the stack
  double reflector_share = 0;  ///< reflector / (spacer + reflector)
  double wavelength_nm = 0;    ///< peak or centroid, as asked, of the mean of s and p at the chief ray
  double reflectance = 0;      ///< of the peak
  std::optional<double> fwhm_nm;
  int evaluations = 0;  ///< number of peaks computed
  std::string why;      ///< not reached: the reason
};

/// Largest relative miss that counts as reached. The thicknesses are written to 1e-5 nm, 1.5e-6 of the
/// period.
inline constexpr double kFitTolerance = 5e-6;

/// Finds spacer and reflector thickness: the period for the wavelength, and the share of the reflector for
/// the second target, if there is one. Films between them, cap, grade and roughness stay.
///
/// Period: the peak moves with it almost in proportion, so that secants converge in a few steps.
/// Share: tried from 0.02 to 0.98, each with its own period; of the shares that meet the second target,
/// the one closest to the share of the job is refined. Most reflectances below the best are met twice, by a
/// thin and by a thick reflector.
/// @throws InputError  targets out of range or two of one kind; a stack without pairs to change
[[nodiscard]] MirrorFit fit_mirror(const mask::FilmStack& stack, const MultilayerTargets& targets);

}  // namespace undulith::mask
