// SPDX-License-Identifier: MIT
#pragma once

#include <complex>

#include "undulith/optics/multilayer.hpp"

namespace undulith::optics {

/// A Mo/Si multilayer mirror on silicon, without a cap.
struct MoSiMirror {
  double period_nm = 6.97;        ///< of a bilayer, > 0
  double molybdenum_share = 0.4;  ///< of the period, (0, 1)
  int n_bilayers = 40;            ///< >= 1
  double roughness_nm = 0.5;      ///< of every interface (Nevot-Croce); includes interdiffusion
};

/// Reflectance of the mirror for unpolarised light: the mean of |r|^2 for s and p.
///
/// @param wavelength_nm  9.5 to 20.7, where the optical constants are tabulated
/// @param incidence_deg  from the surface normal, in [0, 90)
/// @throws InputError    an argument is out of range
/// Recursion: reflection_amplitude(). Constants: materials::refractive_index(). Theory: docs/theory/optics.md
[[nodiscard]] double reflectance(const MoSiMirror& mirror, double wavelength_nm, double incidence_deg);

/// Amplitude reflectance of the mirror for one polarisation; same conventions as reflection_amplitude() of
/// films.
[[nodiscard]] std::complex<double> reflection_amplitude(const MoSiMirror& mirror, double wavelength_nm,
                                                        double incidence_deg, Polarisation polarisation);

/// Period in nm for which the curve of n_mirrors equal mirrors, R^n for unpolarised light, has its
/// half-maximum points centred on wavelength_nm.
///
/// Fixed-point iteration: the curve moves almost in proportion to the period. Only the ratios of the mirror
/// matter; its period_nm is not used.
/// @param wavelength_nm  [10.4, 18.9]: the curve is sampled 8 % to either side, within the tables
/// @param n_mirrors      >= 1
/// @throws InputError    an argument is out of range; no peak to centre (far from the normal)
/// Accuracy: 1e-5 of the wavelength. Cost: about a thousand reflectances.
[[nodiscard]] double tuned_period_nm(const MoSiMirror& mirror, double wavelength_nm, double incidence_deg,
                                     int n_mirrors);

}  // namespace undulith::optics
