// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "source/period_integral.hpp"
#include "undulith/optics/stokes.hpp"
#include "undulith/source/undulator.hpp"

namespace undulith::source {

/// Flux through a round aperture, prepared for all photon energies up to a largest one.
///
///   flux(E) = scale (pi / gamma^2) int_0^T <|F|^2>(E, t) sin^2(pi N h)/sin^2(pi h) dt,
///
/// where t = (gamma theta)^2, < > is the mean over azimuth and h = eta (u + t) depends on t alone: the slow
/// factor is interpolated in t at Chebyshev nodes, the fast one evaluated at 8 Gauss points per ring.
class RoundAperture {
 public:
  /// @throws InputError  half_angle_urad is not > 0, or gamma theta > 10
  RoundAperture(const Undulator& undulator, double max_energy_ev, double half_angle_urad);

  [[nodiscard]] optics::Stokes operator()(double energy_ev) const;

 private:
  Undulator undulator_;
  double max_t_;
  PeriodIntegral one_period_;
  std::vector<double> cos_azimuth_, sin_azimuth_;  ///< midpoints over a quarter or a half circle
  std::vector<double> chebyshev_t_;                ///< nodes of the first kind on [0, max_t]
  std::vector<double> radial_t_, radial_weight_;   ///< quadrature in t
};

/// Expected time of RoundAperture for one photon energy, s.
[[nodiscard]] double round_aperture_cpu_s(const Undulator& undulator, double energy_ev,
                                          double half_angle_urad);
/// Photon energies of in_band_power.
[[nodiscard]] double in_band_energies(const Undulator& undulator, double wavelength_nm,
                                      double half_angle_urad);

}  // namespace undulith::source
