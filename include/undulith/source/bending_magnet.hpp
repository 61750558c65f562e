// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/optics/stokes.hpp"

/// Synchrotron radiation of a bending magnet; Schwinger's formula. Equations: docs/theory/bending-magnet.md
namespace undulith::source {

struct BendingMagnet {
  double gamma = 1957;           ///< total energy over m c^2, >= 20
  double beam_current_a = 0.3;   ///< average, > 0
  double field_t = 1;            ///< > 0
  double divergence_y_urad = 0;  ///< rms of the electrons across the orbit plane, >= 0
};

/// E_c = 3 h c gamma^3/(4 pi rho): half of the power lies above it. Source: [XrayDataBooklet] sect. 2.1.
[[nodiscard]] double critical_energy_ev(const BendingMagnet& magnet);

/// rho = gamma m c/(e B).
[[nodiscard]] double bending_radius_m(const BendingMagnet& magnet);

/// Stokes density at the angle psi above the orbit plane, photons/s/mrad^2/0.1%bw; electrons without
/// divergence:
///   sigma, pi = (3 alpha/4 pi^2) gamma^2 (I/e) 1e-3 y^2 (1+X^2)^2 [K_{2/3}^2(xi), X^2/(1+X^2)
///   K_{1/3}^2(xi)],
///   y = E/E_c,  X = gamma psi,  xi = (y/2)(1+X^2)^{3/2};
///   s0 = sigma + pi,  s1 = sigma - pi,  s3 = 2 sqrt(sigma pi), with the sign of psi.
/// @param energy_ev  > 0
/// Accuracy: rounding. Source: [Schwinger1949].
[[nodiscard]] optics::Stokes flux_density(const BendingMagnet& magnet, double energy_ev, double psi_mrad);

/// The same of a beam: convolved with its Gaussian divergence. Accuracy 1e-9 of the peak.
[[nodiscard]] optics::Stokes beam_flux_density(const BendingMagnet& magnet, double energy_ev,
                                               double psi_mrad);

/// Flux per horizontal mrad between -half_height and half_height, convolved with the divergence,
/// photons/s/mrad/0.1%bw; s3 = 0 by symmetry. Gauss-Legendre in panels; accuracy 1e-9 of the whole.
/// @param half_height_mrad  > 0
/// @throws InputError  an argument is out of range, as all functions here do
[[nodiscard]] optics::Stokes flux_per_mrad(const BendingMagnet& magnet, double energy_ev,
                                           double half_height_mrad);

/// The same over all psi: (sqrt3/2 pi) alpha gamma (I/e) 1e-3 G1(y), G1 = y int_y^inf K_{5/3}.
/// Trapezoids in the integral representation of the Bessel function; accuracy 1e-12. Source: [Kostroun1980].
[[nodiscard]] double flux_per_mrad_all_psi(const BendingMagnet& magnet, double energy_ev);

/// Power of all photon energies per horizontal mrad, W: (2/3) r_e m c^2 gamma^4 (I/e)/(2 pi rho) a mrad.
[[nodiscard]] double power_per_mrad_w(const BendingMagnet& magnet);

/// The same per mrad^2 in the orbit plane: 21 gamma/32 of the power per rad, for a filament; convolved with
/// the divergence. Source: [Schwinger1949].
[[nodiscard]] double power_density_w_mrad2(const BendingMagnet& magnet);

}  // namespace undulith::source
