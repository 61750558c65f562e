#pragma once

#include "undulith/source/source.hpp"
#include "undulith/source/undulator.hpp"

/// What the coherent sources share: one line, one transverse mode.
namespace undulith::source {

/// Fills spectrum, in-band power, peak, bandwidth and coherence time of a Gaussian line at the design
/// wavelength. Coherence time = the integral of |g|^2 over the delay: sqrt(2 ln2/pi) lambda/(c FWHM), FWHM
/// relative ([Goodman2015] eq. 5.1-29).
/// @param fwhm  relative, (0, 0.1]
void fill_narrow_line(SourceOutput& output, double power_w, double fwhm);

/// sinc^2 of the detuning off the axis times the form factor exp(-(k sigma theta)^2) of the beam's size;
/// scaled so that its integral times the spectral width is the power. Planar or helical polarisation as
/// output.stokes says.
/// @param size_phase  2 pi sigma/lambda
[[nodiscard]] AngularMap coherent_map(const SourceOutput& output, const Undulator& undulator,
                                      double size_phase);

/// The Gaussian beam of the mode: exp(-theta^2/(2 divergence^2)), scaled in the same way.
[[nodiscard]] AngularMap gaussian_map(const SourceOutput& output);

}  // namespace undulith::source
