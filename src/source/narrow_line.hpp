// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "undulith/source/source.hpp"

/// What the coherent sources share: one line and one transverse mode. Equations:
/// docs/theory/coherent-sources.md
namespace undulith::source {

/// Fills spectrum, powers, peak, bandwidth and coherence time of a Gaussian line at output.wavelength_nm.
/// Coherence time = the integral of |g|^2 over the delay: sqrt(2 ln2/pi) lambda/(c FWHM), FWHM relative.
/// Source: [Goodman2015] sect. 5.1. The part of a broad line that lies beyond wavelength_nm +- 1 % counts for
/// total_power_w alone.
/// @param fwhm  relative, (0, 0.2]
void fill_narrow_line(SourceOutput& output, double power_w, double fwhm);

/// Share of the light in a direction, per mrad^2; its integral over all directions is 1.
using Directions = std::function<double(double theta_x_mrad, double theta_y_mrad)>;

/// Fills map, density on the axis and power density from the spectrum, total_power_w and stokes there are.
void fill_directions(SourceOutput& output, const Directions& share, double half_x_mrad, double half_y_mrad);

}  // namespace undulith::source
