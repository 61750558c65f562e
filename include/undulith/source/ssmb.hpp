// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/source/undulator.hpp"

/// Coherent undulator radiation of a ring whose electrons are held in microbunches.
/// docs/theory/coherent-sources.md
namespace undulith::source {

/// Transverse form factor of a round Gaussian beam, S = k sigma^2/L:
///   FF = (2/pi) [atan(1/2S) + S ln((2S)^2/((2S)^2 + 1))]; 1 at S = 0.
/// Source: [SaldinSchneidmillerYurkov2005]; it is 2 int_0^inf sinc^2(pi u) exp(-4 pi S u) du.
/// @param s  >= 0. Accuracy: rounding.
[[nodiscard]] double transverse_form_factor(double s);

/// The same of a beam of unequal sizes, S_x = k sigma_x^2/L, S_y = k sigma_y^2/L: the mean over the azimuth
/// of FF(S_x cos^2 + S_y sin^2). Accuracy 1e-9, 1e-5 where one of them is 0.
[[nodiscard]] double transverse_form_factor(double s_x, double s_y);

/// |b| = exp(-(k sigma)^2/2) of Gaussian microbunches. @param length_nm  rms
[[nodiscard]] double bunching_factor_of(double length_nm, double wavelength_nm);

/// P = (pi^2 alpha hbar N Q_1) (I_avg I_peak/e^2) |b|^2 FF(S), the power at the resonance (half of the
/// red-detuned cone), planar undulator; Q_1 = K^2 [J0 - J1]^2/(1 + K^2/2) with the argument K^2/(4 + 2 K^2).
/// @param undulator       its beam_current_a is the average current
/// @param peak_current_a  within the filled part of the ring
/// @param bunching_factor |b| at the resonance wavelength, [0, 1]
/// @param beam_size_um    rms of a round beam, >= 0
/// Source: [DengChaoTang2024]; derived in docs/theory/coherent-sources.md.
[[nodiscard]] double coherent_power_w(const Undulator& undulator, double peak_current_a,
                                      double bunching_factor, double beam_size_um);

}  // namespace undulith::source
