// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/core/grid.hpp"

/// Long-range flare: light scattered by rough mirrors over micrometres to millimetres.
namespace undulith::imaging {

/// Scattering point spread function: radially symmetric, proportional to r^-exponent between two radii,
/// constant below the inner one and zero beyond the outer one, of unit integral over the plane.
///
/// A mirror whose roughness has the power spectral density f^-exponent scatters like this: r is proportional
/// to f.
struct ScatterPsf {
  double exponent = 2.5;          ///< (0, 10]
  double inner_radius_um = 1;     ///< > 0
  double outer_radius_um = 1000;  ///< > inner
};

/// Total integrated scatter of mirrors of equal roughness: 1 - exp(-n (4 pi sigma / lambda)^2).
/// @param roughness_nm  rms height in the band of spatial frequencies that scatters over these distances
[[nodiscard]] double total_integrated_scatter(double roughness_nm, int n_mirrors, double wavelength_nm);

/// Clear density for the scattered light: density convolved with the point spread function, once for a
/// whole layout.
/// @param density       clear share of each pixel of the layout, [0, 1], on Plane::wafer (nm)
/// @param surroundings  clear share beyond the map, [0, 1]
/// @throws InputError   a value out of range, a parameter out of range
/// Accuracy: 1e-4 for pixels up to the inner radius; the integral of the function over each pixel
/// is kept. Cost one FFT of the map with its margin.
[[nodiscard]] Field2D<double> scattered_density(const Field2D<double>& density, double surroundings,
                                                const ScatterPsf& psf);

/// Kirk flare: intensity, relative to the open frame, at the centre of a dark square pad in a clear field.
/// @param pad_um  width of the pad, > 0
[[nodiscard]] double kirk_flare(double tis, const ScatterPsf& psf, double pad_um);

}  // namespace undulith::imaging
