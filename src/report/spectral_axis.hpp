// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

#include "frame.hpp"

/// Axes and scales shared by the pictures of spectra.
namespace undulith::report {

inline constexpr double kHalfBand = 0.01;  ///< of the wavelength: the 2 % band
inline constexpr Rgb kBandColour = okabe_ito::kOrange;
inline constexpr double kWavelengthAxis = 40;  ///< space above an area for draw_wavelength_axis

/// Power of ten that brings the largest value into [1, 1000), a multiple of three.
[[nodiscard]] int display_exponent(double largest);

/// "10^15 ph/s", or the unit alone for the exponent 0.
[[nodiscard]] std::string unit_text(const std::string& unit, int exponent);

/// Largest finite value, at least 0.
[[nodiscard]] double largest_of(std::span<const double> values);

/// Range of photon energies of a picture at wavelength_nm: all samples and the surroundings of the band, at
/// most 0.7 to 1.3 of the design energy.
struct EnergyRange {
  double low = 0, high = 1;
};
[[nodiscard]] EnergyRange energy_range(std::span<const double> photon_energy_ev, double wavelength_nm);

/// Wavelengths above an area whose x is the photon energy in eV.
void draw_wavelength_axis(Canvas& canvas, const DataArea& area);

/// The band and the design wavelength, x being the photon energy in eV.
void draw_band(Canvas& canvas, const DataArea& area, double wavelength_nm, double opacity);

/// A curve over x. A curve narrower than a few pixels becomes a vertical line with a disc at its peak, so
/// that it stays visible.
void draw_spectral_curve(Canvas& canvas, const DataArea& area, std::span<const double> x,
                         std::span<const double> values, double scale, const Stroke& stroke);

}  // namespace undulith::report
