// SPDX-License-Identifier: MIT
#pragma once

#include <span>

namespace undulith::source {

/// Edges of the 2 % band, wavelength_nm +- 1 %, as photon energies.
struct Band {
  double low_ev = 0, high_ev = 0;
};
[[nodiscard]] Band band_about(double wavelength_nm);

/// Power in watt of a spectrum in photons/s/0.1%bw between two of its energies: P = 1e3 e int F dE, by
/// trapezoids.
[[nodiscard]] double spectrum_power_w(std::span<const double> energy_ev, std::span<const double> flux,
                                      Band band);

/// Flux at one photon energy, linear between the samples; 0 outside of them.
[[nodiscard]] double flux_at(std::span<const double> energy_ev, std::span<const double> flux, double at_ev);

/// The highest sample, refined by a parabola, and the distance between the first half-maximum crossings on
/// its sides. An end of the spectrum counts as a crossing. Accuracy: second order in the spacing.
struct SpectralPeak {
  double energy_ev = 0;
  double fwhm_ev = 0;
  bool cut = false;  ///< an end of the spectrum was taken for a crossing: fwhm_ev is a lower bound
};
[[nodiscard]] SpectralPeak find_peak(std::span<const double> energy_ev, std::span<const double> flux);

}  // namespace undulith::source
