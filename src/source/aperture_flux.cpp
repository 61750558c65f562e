// SPDX-License-Identifier: MIT
#include "source/aperture_flux.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "source/spectrum.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/math/gauss_legendre.hpp"

namespace undulith::source {
namespace {

using constants::kPi;

constexpr int kPointsPerRing = 8;  // sin^2 over one period to 1e-9

double check_opening(const Undulator& undulator, double energy_ev, double half_angle_urad) {
  check_undulator(undulator, energy_ev);
  const double angle = undulator.gamma * half_angle_urad * 1e-6;
  if (!std::isfinite(half_angle_urad) || half_angle_urad <= 0 || angle > 10) {
    throw InputError(
        fmt::format("acceptance_half_angle_urad = {} (must be in (0, {:.6g}], ten times 1/gamma, which holds "
                    "all the light); narrow the aperture",
                    half_angle_urad, 10e6 / undulator.gamma));
  }
  return angle;
}

/// Points over a quarter circle that resolve |F|^2: its phase modulation in azimuth has depth 8 eta K X.
int azimuth_points(const Undulator& undulator, double eta, double angle) {
  return 6 +
         static_cast<int>(std::ceil(3 * eta * (undulator.deflection_k + undulator.deflection_kx) * angle));
}

/// Rings of interference within (gamma theta)^2 = t.
int count_rings(const Undulator& undulator, double eta, double t) {
  return 1 + static_cast<int>(std::ceil(undulator.n_periods * eta * t));
}

/// Chebyshev nodes for the slow factor on [0, T]: its nearest singularity is the pole of v/D at t = -1, and
/// its phase runs through 2 pi eta T.
int radial_nodes(double eta, double max_t) {
  const double pole = 1 + 2 / max_t;
  const double ellipse = pole + std::sqrt(pole * pole - 1);
  return 8 + static_cast<int>(std::ceil(21 / std::log(ellipse) + 4 * eta * max_t));
}

}  // namespace

RoundAperture::RoundAperture(const Undulator& undulator, double max_energy_ev, double half_angle_urad)
    : undulator_(undulator),
      max_t_(std::pow(check_opening(undulator, max_energy_ev, half_angle_urad), 2)),
      one_period_(undulator, reduced_energy(undulator, max_energy_ev), std::sqrt(max_t_)) {
  const double eta = reduced_energy(undulator, max_energy_ev);
  // theta_x -> -theta_x is a symmetry always, theta_y -> -theta_y only without a horizontal field.
  const bool planar = undulator.deflection_kx == 0;
  const int n_azimuth = azimuth_points(undulator, eta, std::sqrt(max_t_)) * (planar ? 1 : 2);
  for (int i = 0; i < n_azimuth; ++i) {
    const double turn = (i + 0.5) / n_azimuth;
    const double azimuth = planar ? 0.5 * kPi * turn : kPi * (turn - 0.5);
    cos_azimuth_.push_back(std::cos(azimuth));
    sin_azimuth_.push_back(std::sin(azimuth));
  }
  const int n_nodes = radial_nodes(eta, max_t_);
  for (int i = 0; i < n_nodes; ++i) {
    chebyshev_t_.push_back(0.5 * max_t_ * (1 + std::cos(kPi * (i + 0.5) / n_nodes)));
  }
  const math::GaussLegendre rule(kPointsPerRing);
  const int n_rings = count_rings(undulator, eta, max_t_);
  for (int ring = 0; ring < n_rings; ++ring) {
    for (std::size_t i = 0; i < rule.node.size(); ++i) {
      radial_t_.push_back(max_t_ * (ring + rule.node[i]) / n_rings);
      radial_weight_.push_back(max_t_ * rule.weight[i] / n_rings);
    }
  }
}

optics::Stokes RoundAperture::operator()(double energy_ev) const {
  const double eta = reduced_energy(undulator_, energy_ev);
  const std::size_t n = chebyshev_t_.size();
  std::vector<double> mean0(n), mean1(n), mean3(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double angle = std::sqrt(chebyshev_t_[i]);
    for (std::size_t j = 0; j < cos_azimuth_.size(); ++j) {
      const optics::Stokes one = one_period_(eta, angle * cos_azimuth_[j], angle * sin_azimuth_[j]);
      mean0[i] += one.s0;
      mean1[i] += one.s1;
      mean3[i] += one.s3;
    }
  }
  // Chebyshev coefficients of the three means.
  std::vector<double> c0(n), c1(n), c3(n);
  const double per_azimuth = 1 / static_cast<double>(cos_azimuth_.size());
  for (std::size_t k = 0; k < n; ++k) {
    const double norm = (k == 0 ? 1.0 : 2.0) / static_cast<double>(n) * per_azimuth;
    for (std::size_t i = 0; i < n; ++i) {
      const double t_k = norm * std::cos(kPi * static_cast<double>(k) * (static_cast<double>(i) + 0.5) /
                                         static_cast<double>(n));
      c0[k] += t_k * mean0[i];
      c1[k] += t_k * mean1[i];
      c3[k] += t_k * mean3[i];
    }
  }
  const auto clenshaw = [n](const std::vector<double>& c, double z) {
    double b1 = 0, b2 = 0;
    for (std::size_t k = n; k-- > 1;) {
      const double b = c[k] + 2 * z * b1 - b2;
      b2 = b1;
      b1 = b;
    }
    return c[0] + z * b1 - b2;
  };
  const bool helical = undulator_.deflection_kx > 0;
  const double u = slippage(undulator_);
  double s0 = 0, s1 = 0, s3 = 0;
  for (std::size_t i = 0; i < radial_t_.size(); ++i) {
    const double weight = radial_weight_[i] * interference(undulator_.n_periods, eta * (u + radial_t_[i]));
    const double z = 2 * radial_t_[i] / max_t_ - 1;
    s0 += weight * clenshaw(c0, z);
    s1 += weight * clenshaw(c1, z);
    if (helical) s3 += weight * clenshaw(c3, z);
  }
  // d Omega = pi dt/gamma^2; densities are per mrad^2.
  const double scale = density_scale(undulator_) * kPi / (undulator_.gamma * undulator_.gamma) * 1e6;
  return {.s0 = scale * s0, .s1 = scale * s1, .s2 = 0, .s3 = scale * s3};
}

double round_aperture_cpu_s(const Undulator& undulator, double energy_ev, double half_angle_urad) {
  const double angle = check_opening(undulator, energy_ev, half_angle_urad), max_t = angle * angle;
  const double eta = reduced_energy(undulator, energy_ev), n_nodes = radial_nodes(eta, max_t);
  const double n_azimuth = azimuth_points(undulator, eta, angle) * (undulator.deflection_kx == 0 ? 1 : 2);
  const double n_radii = kPointsPerRing * (1 + std::ceil(undulator.n_periods * eta * max_t));
  return kPhasorSeconds * n_nodes * n_azimuth * PeriodIntegral::nodes(undulator, eta, angle) +
         n_radii * (kPhasorSeconds + 6 * kTermSeconds * n_nodes);
}

double in_band_energies(const Undulator& undulator, double wavelength_nm, double half_angle_urad) {
  const auto [low_ev, high_ev] = band_about(wavelength_nm);
  const double angle = undulator.gamma * half_angle_urad * 1e-6;
  const double turns = undulator.n_periods * reduced_energy(undulator, high_ev - low_ev) *
                       (slippage(undulator) + angle * angle);
  return kPointsPerRing * (1 + std::ceil(turns));
}

optics::Stokes flux_through_round(const Undulator& undulator, double energy_ev, double half_angle_urad) {
  return RoundAperture(undulator, energy_ev, half_angle_urad)(energy_ev);
}

optics::Stokes flux_through_square(const Undulator& undulator, double energy_ev, double half_width_urad) {
  const double half = check_opening(undulator, energy_ev, half_width_urad);
  const double eta = reduced_energy(undulator, energy_ev), u = slippage(undulator);
  const double corner = half * std::sqrt(2.0);
  const PeriodIntegral one_period(undulator, eta, corner);
  const int rings = count_rings(undulator, eta, corner * corner);
  const math::GaussLegendre radial(kPointsPerRing),
      octant(azimuth_points(undulator, eta, corner) + 2 * rings);
  const bool planar = undulator.deflection_kx == 0;
  double s0 = 0, s1 = 0, s3 = 0;
  // Octants of the half plane theta_x > 0; of the quarter plane where up and down are equal.
  for (int part = planar ? 0 : -2; part < 2; ++part) {
    for (std::size_t a = 0; a < octant.node.size(); ++a) {
      const double azimuth = 0.25 * kPi * (part + octant.node[a]);
      const double c = std::cos(azimuth), s = std::sin(azimuth);
      const double reach = half / std::max(std::abs(c), std::abs(s));
      const double max_t = reach * reach;
      const int n_rings = count_rings(undulator, eta, max_t);
      for (int ring = 0; ring < n_rings; ++ring) {
        for (std::size_t i = 0; i < radial.node.size(); ++i) {
          const double t = max_t * (ring + radial.node[i]) / n_rings;
          const double angle = std::sqrt(t);
          const double weight = octant.weight[a] * radial.weight[i] * max_t / n_rings *
                                interference(undulator.n_periods, eta * (u + t));
          const optics::Stokes one = one_period(eta, angle * c, angle * s);
          s0 += weight * one.s0;
          s1 += weight * one.s1;
          if (!planar) s3 += weight * one.s3;
        }
      }
    }
  }
  // Half of dt for theta d theta; pi/4 for each octant; the octants summed here represent 2 or 4
  // times as many.
  const double scale = density_scale(undulator) * 0.5 * 0.25 * kPi * (planar ? 4 : 2) /
                       (undulator.gamma * undulator.gamma) * 1e6;
  return {.s0 = scale * s0, .s1 = scale * s1, .s2 = 0, .s3 = scale * s3};
}

BandPower in_band_power(const Undulator& undulator, double wavelength_nm, double half_angle_urad) {
  if (!std::isfinite(wavelength_nm) || wavelength_nm <= 0) {
    throw InputError(
        fmt::format("source.wavelength_nm = {} (must be > 0); EUV scanners use 13.5", wavelength_nm));
  }
  const auto [low_ev, high_ev] = band_about(wavelength_nm);
  const RoundAperture aperture(undulator, high_ev, half_angle_urad);
  // The flux as a function of energy has structure of the width E/(n N), one turn of N h at the edge of the
  // aperture.
  const double angle = undulator.gamma * half_angle_urad * 1e-6;
  const double turns = undulator.n_periods * reduced_energy(undulator, high_ev - low_ev) *
                       (slippage(undulator) + angle * angle);
  const int n_panels = 1 + static_cast<int>(std::ceil(turns));
  const math::GaussLegendre rule(8);
  optics::Stokes sum{.s0 = 0};
  for (int panel = 0; panel < n_panels; ++panel) {
    for (std::size_t i = 0; i < rule.node.size(); ++i) {
      const double energy_ev = low_ev + (high_ev - low_ev) * (panel + rule.node[i]) / n_panels;
      const optics::Stokes flux = aperture(energy_ev);
      // F photons/s/0.1%bw carry F 1e3 dE/E E joule per second.
      const double weight =
          rule.weight[i] * (high_ev - low_ev) / n_panels * 1e3 * constants::kElementaryCharge;
      sum.s0 += weight * flux.s0;
      sum.s1 += weight * flux.s1;
      sum.s3 += weight * flux.s3;
    }
  }
  BandPower band{.power_w = sum.s0, .stokes = {}};
  if (sum.s0 > 0) band.stokes = {.s0 = 1, .s1 = sum.s1 / sum.s0, .s2 = 0, .s3 = sum.s3 / sum.s0};
  return band;
}

}  // namespace undulith::source
