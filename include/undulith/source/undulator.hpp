// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/optics/stokes.hpp"
#include "undulith/source/source.hpp"

/// Spontaneous radiation in an ideal undulator of exactly n_periods periods; far field.
///
/// Axes: z along the beam, x horizontal, y vertical, right-handed. The electron moves as
///   (x', y') = (K sin k_u s, K_x cos k_u s) / gamma,  0 <= s <= n_periods period,
/// and the field is zero outside: no end poles. K belongs to the vertical field (planar undulator), K_x to
/// the horizontal one (K_x = K: helical). Densities are per 0.1 % bandwidth. Equations: docs/theory/source.md
namespace undulith::source {

/// The device and the beam in it.
struct Undulator {
  double gamma = 1565.56;       ///< total energy over m c^2, >= 20
  double beam_current_a = 0.3;  ///< average current, > 0
  double period_mm = 28;        ///< > 0
  int n_periods = 100;          ///< >= 1
  double deflection_k = 1.65;   ///< K of the vertical field, >= 0; K and K_x not both 0
  double deflection_kx = 0;     ///< K_x of the horizontal field, >= 0
};

/// gamma = E / (m c^2), E the total (not the kinetic) energy.
[[nodiscard]] double lorentz_factor(double beam_energy_gev);

/// K = e B lambda_u / (2 pi m c) = 93.37 B[T] lambda_u[m]. Source: [XrayDataBooklet] sect. 2.1.
[[nodiscard]] double deflection_k_of_field(double peak_field_t, double period_mm);

/// K of an undulator whose harmonic lies at wavelength_nm on the axis:
///   K^2 (1 + r^2) = 2 (2 n gamma^2 lambda/lambda_u - 1),  r = kx_ratio = K_x/K (0 planar, 1 helical)
/// @throws InputError  K^2 <= 0; the message gives the shortest wavelength within reach and what to change
[[nodiscard]] double deflection_k_for(double wavelength_nm, double gamma, double period_mm, int harmonic,
                                      double kx_ratio = 0);

/// lambda_n = lambda_u/(2 n gamma^2) (1 + K^2/2 + K_x^2/2 + gamma^2 theta^2).
/// Source: [XrayDataBooklet] sect. 2.1.
[[nodiscard]] double resonance_wavelength_nm(const Undulator& undulator, int harmonic, double theta_mrad = 0);
[[nodiscard]] double resonance_energy_ev(const Undulator& undulator, int harmonic, double theta_mrad = 0);

/// F_n = n^2 { K^2 [J_m(xi) - J_{m+1}(xi)]^2 + K_x^2 [J_m(xi) + J_{m+1}(xi)]^2 } / u^2, the strength of odd
/// harmonic n on the axis; m = (n-1)/2, u = 1 + K^2/2 + K_x^2/2, xi = n (K^2 - K_x^2)/(4 u). Helical:
/// 2 K^2/(1+K^2)^2, n = 1 only. Source: [XrayDataBooklet] sect. 2.1 for K_x = 0.
[[nodiscard]] double harmonic_strength(const Undulator& undulator, int harmonic);

/// Density on the axis at resonance, photons/s/mrad^2/0.1%bw: alpha N^2 gamma^2 F_n (I/e) 1e-3 per steradian.
[[nodiscard]] double peak_on_axis_density(const Undulator& undulator, int harmonic);

/// Flux over all angles of one harmonic just below resonance, photons/s/0.1%bw: pi alpha N Q_n (I/e) 1e-3
/// with Q_n = u F_n/n. It is the limit for large N at a red detuning of several E/(nN), the "flux of the
/// central cone" of the X-ray Data Booklet. Angles must hold the ring. At resonance the flux is half of it:
/// see the next function. Source: [XrayDataBooklet] sect. 2.1.
[[nodiscard]] double cone_flux_red_detuned(const Undulator& undulator, int harmonic);

/// Flux over all angles of one harmonic exactly at the resonance on the axis: half of cone_flux_red_detuned,
/// because the integral of sinc^2(pi v) over v > 0 is 1/2 while that over all v is 1. Large-N limit,
/// photons/s/0.1%bw.
[[nodiscard]] double cone_flux_at_resonance(const Undulator& undulator, int harmonic);

/// Power in all photon energies and angles: P = (1/3) r_e m c^2 gamma^2 (2 pi/lambda_u)^2 (K^2 + K_x^2)
/// N lambda_u I/e. Planar: 632.8 E[GeV]^2 B0[T]^2 L[m] I[A] watt.
[[nodiscard]] double total_power_w(const Undulator& undulator);

/// Stokes density in a direction, all four in photons/s/mrad^2/0.1%bw.
///
/// Exact far-field integral over one period (Gauss-Legendre) times the sum of n_periods equal phasors, at the
/// given photon energy, on or off resonance and between harmonics.
/// @param energy_ev   photon energy, > 0
/// @param theta_x_mrad, theta_y_mrad  direction; gamma theta at most 100
/// Accuracy: 1e-9 of the peak; the small-angle integral itself neglects 1/gamma^2 and theta^2.
/// @throws InputError  an argument is out of range
[[nodiscard]] optics::Stokes flux_density(const Undulator& undulator, double energy_ev, double theta_x_mrad,
                                          double theta_y_mrad);

/// flux_density(...).s0 on n x n directions over [-half_width, half_width] in both angles, on Plane::angle.
[[nodiscard]] Field2D<double> angular_flux_map(const Undulator& undulator, double energy_ev,
                                               double half_width_mrad, int n);

/// Stokes flux through a round aperture about the axis, photons/s/0.1%bw.
///
/// The one-period intensity, averaged over azimuth, is a smooth function of theta^2 and is interpolated at
/// Chebyshev nodes; the interference of the periods multiplies it and is integrated ring by ring.
/// @param half_angle_urad  > 0, gamma theta at most 10
/// Accuracy: 1e-7 of the largest flux of the harmonic. Cost O(rings + constant).
[[nodiscard]] optics::Stokes flux_through_round(const Undulator& undulator, double energy_ev,
                                                double half_angle_urad);

/// The same through the square |theta_x|, |theta_y| <= half_width_urad, by direct quadrature in polar angles.
[[nodiscard]] optics::Stokes flux_through_square(const Undulator& undulator, double energy_ev,
                                                 double half_width_urad);

/// Light within wavelength_nm +- 1 % through a round aperture.
struct BandPower {
  double power_w = 0;
  optics::Stokes stokes;  ///< s0 = 1, of that power
};
[[nodiscard]] BandPower in_band_power(const Undulator& undulator, double wavelength_nm,
                                      double half_angle_urad);

/// Spread of the electrons about the mean: rms divergence in both planes, rms of dE/E.
struct BeamSpread {
  double divergence_x_urad = 0, divergence_y_urad = 0;
  double energy_spread = 0;
  [[nodiscard]] bool none() const {
    return divergence_x_urad == 0 && divergence_y_urad == 0 && energy_spread == 0;
  }
};

/// Round: theta <= half_urad; square: |theta_x|, |theta_y| <= half_urad; axis: the density on the axis, per
/// mrad^2.
enum class Opening { round, square, axis };
struct Aperture {
  Opening opening = Opening::round;
  double half_urad = 200;  ///< > 0; not used on the axis
};

/// Stokes flux of a beam with spread through an aperture, for each photon energy; far field, so that the size
/// of the beam does not enter.
///
/// The divergence is a Gaussian convolution of the angular map: it turns the aperture into a soft weight
/// W(theta), and the flux is the filament's density integrated with it, in polar angles:
///   F = int W S |sum of phasors|^2 theta dtheta dphi.
/// The energy spread is averaged in closed form, to second order of dE/E in the phase of each pair of
/// periods. A divergence of less than 2 % of the natural one, sqrt(lambda/2L), is raised to it.
/// @param energies_ev  > 0, ascending
/// @throws InputError  an argument is out of range
/// Accuracy: 1e-3 of the peak (the floor of the divergence); without a floor 3e-4. Cost: energies x rings x
/// n_periods.
[[nodiscard]] std::vector<optics::Stokes> flux_through(const Undulator& undulator, const BeamSpread& spread,
                                                       const Aperture& aperture,
                                                       const std::vector<double>& energies_ev);

/// Which Stokes parameters a map holds; the others stay empty.
enum class MapStokes { s0, all };

/// Maps of n x n directions over [-half_width, half_width]^2, one for each photon energy.
///
/// The filament's map is sampled on a finer and wider grid (steps that carry the rings and the Gaussian), and
/// convolved with the divergence along both axes. Accuracy and floor as flux_through.
[[nodiscard]] std::vector<AngularMap> angular_maps(const Undulator& undulator, const BeamSpread& spread,
                                                   const std::vector<double>& energies_ev,
                                                   double half_width_mrad, int n, MapStokes stokes);

/// Power of all photon energies in a direction, W/mrad^2: Parseval's theorem over one period,
///   d^2P/dOmega ~ int |d(v/D)/dpsi|^2 dpsi/D. Filament beam. Accuracy 1e-9.
[[nodiscard]] double power_density_w_mrad2(const Undulator& undulator, double theta_x_mrad,
                                           double theta_y_mrad);

/// Natural rms size and divergence of the light of one electron, with the widening by energy spread.
///   divergence = sqrt(lambda/2L) Q(e), size = sqrt(2 lambda L)/(4 pi) Q(e/4)^(2/3), e = 2 pi n N spread,
///   Q(x)^2 = 2 x^2/(-1 + exp(-2 x^2) + sqrt(2 pi) x erf(sqrt2 x)).
/// Source: [TanakaKitamura2009].
struct NaturalBeam {
  double size_um = 0, divergence_urad = 0;
};
[[nodiscard]] NaturalBeam natural_beam(const Undulator& undulator, int harmonic, double energy_spread);

/// The device that the parameters describe, K chosen where they leave it open; checks every range.
/// @throws InputError  names the key of the job file
[[nodiscard]] Undulator undulator_of(const SourceParameters& parameters);

}  // namespace undulith::source
