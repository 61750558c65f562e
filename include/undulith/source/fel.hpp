// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/source/source.hpp"

/// High-gain free-electron laser: one-dimensional theory and Ming Xie's fit. docs/theory/coherent-sources.md
namespace undulith::source {

/// Beam and undulator where the gain is.
struct FelBeam {
  double gamma = 1565.56;  ///< total energy over m c^2
  double period_mm = 28;
  double deflection_k = 1.65;
  bool helical = false;
  int harmonic = 1;  ///< that lases; odd, 1 for helical
  double peak_current_a = 300;
  double normalised_emittance_um = 0.6;
  double energy_spread = 5e-4;  ///< rms of dE/E
  double beta_m = 5;
};

struct FelGain {
  double wavelength_nm = 0;
  double coupling = 1;  ///< [JJ] of the harmonic; 1 helical
  /// rho of the harmonic h: rho^3 = (I/16 I_A) K^2 [JJ]^2/(gamma^3 sigma^2 k_u^2 h^2);
  /// helical: 2 K^2 in place of K^2 [JJ]^2
  double rho = 0;
  double gain_length_1d_m = 0;  ///< of power: lambda_u/(4 pi sqrt3 h rho)
  double eta_diffraction = 0, eta_emittance = 0, eta_energy_spread = 0;
  double lambda_correction = 0;  ///< Ming Xie's Lambda: L_3D = L_1D (1 + Lambda)
  double gain_length_3d_m = 0;
  double beam_power_w = 0;           ///< I E/e at the peak
  double saturation_power_1d_w = 0;  ///< rho P_beam
  double saturation_power_w = 0;     ///< 1.6 rho P_beam/(1 + Lambda)^2
  double cooperation_length_m = 0;   ///< lambda/(4 pi rho)
};

/// Gain of the fundamental or, with the fundamental suppressed, of an odd harmonic.
/// Limits: no space charge, round beam, uniform focusing; the fit holds to some 10 % for eta below about 1.
/// @throws InputError  an argument is out of range
/// Accuracy: rounding, of the fit. Source: [Xie1995]; harmonics: [SchneidmillerYurkov2012].
[[nodiscard]] FelGain fel_gain(const FelBeam& beam);

/// Effective power of shot noise at the start, rho^2 E c/lambda: E the energy of one electron.
/// Source: [Kim1986], in the form of [Xie1995].
[[nodiscard]] double shot_noise_power_w(const FelBeam& beam, const FelGain& gain);

/// min(P_sat, P_start/9 exp(z/L_3D)): the growing one of the three modes of the beam gets a ninth of the
/// power.
/// @param start_power_w  of the seed or of shot noise, > 0
/// @param length_m       of undulator, >= 0
[[nodiscard]] double fel_power_w(const FelGain& gain, double start_power_w, double length_m);

/// Length at which that reaches saturation: L_3D ln(9 P_sat/P_start).
[[nodiscard]] double saturation_length_m(const FelGain& gain, double start_power_w);

/// Small-signal gain of one pass, exp(z/L_3D)/9.
[[nodiscard]] double single_pass_gain(const FelGain& gain, double length_m);

}  // namespace undulith::source
