#pragma once

#include <optional>
#include <string>

#include "undulith/mask/film_stack.hpp"

namespace undulith::mask {

/// What the mirror shall do at the chief ray, for the mean of s and p. At most one of peak and centroid; the
/// others come beside one of them, and at most one.
struct MultilayerTargets {
  std::optional<double> peak_nm,
      centroid_nm;  ///< wavelength of the peak, or of the centroid of its half-maximum band
  std::optional<double> reflectance, fwhm_nm;  ///< of the peak
  [[nodiscard]] bool empty() const { return !peak_nm && !centroid_nm && !reflectance && !fwhm_nm; }
};

/// A mirror whose peak lies where it was asked for, or as close to that as it gets.
struct MirrorFit {
  mask::FilmStack stack;       ///< thicknesses as a job would hold them, to 1e-5 nm
  bool reached = false;        ///< within kFitTolerance of every target
  double period_nm = 0;        ///< mean_period_nm of the stack
  double reflector_share = 0;  ///< reflector / (spacer + reflector)
  double wavelength_nm = 0;    ///< peak or centroid, as asked, of the mean of s and p at the chief ray
  double reflectance = 0;      ///< of the peak
  std::optional<double> fwhm_nm;
  int evaluations = 0;  ///< peaks that were sought
  std::string why;      ///< not reached: what stands against it
};

/// Largest miss of a fit that counts as reached, of the target. The thicknesses are written to 1e-5
/// nm, 1.5e-6 of the period.
inline constexpr double kFitTolerance = 5e-6;

/// Finds spacer and reflector thickness: the period for the wavelength, and the share of the reflector for
/// the second target, if there is one. Films between them, cap, grade and roughness stay.
///
/// Period: the peak moves with it almost in proportion, so that secants from there converge in a few steps.
/// Share: tried from 0.02 to 0.98, each with its own period; of the places where the second target is passed,
/// the one closest to the share of the job is refined. Most reflectances below the best are met twice, by a
/// thin and by a thick reflector.
/// @throws InputError  targets out of range or two of one kind; a stack without pairs to change
[[nodiscard]] MirrorFit fit_mirror(const mask::FilmStack& stack, const MultilayerTargets& targets);

}  // namespace undulith::mask
