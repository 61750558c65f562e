// SPDX-License-Identifier: MIT
#include "undulith/source/undulator.hpp"

#include <fmt/format.h>

#include <boost/math/special_functions/bessel.hpp>
#include <cmath>

#include "source/period_integral.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"

namespace undulith::source {
namespace {

using constants::kPi;

void require_odd(int harmonic) {
  if (harmonic < 1 || harmonic % 2 == 0) {
    throw InputError(
        fmt::format("undulator: harmonic = {} (must be odd and >= 1: even ones have no light on the axis); "
                    "use {}",
                    harmonic, harmonic < 1 ? 1 : harmonic + 1));
  }
}

}  // namespace

double lorentz_factor(double beam_energy_gev) {
  return beam_energy_gev * 1e3 / constants::kElectronMassMev;
}

double deflection_k_of_field(double peak_field_t, double period_mm) {
  // e B lambda_u/(2 pi m c) with m c = (m c^2 [eV]) e/c: the charge cancels.
  return peak_field_t * period_mm * 1e-3 * constants::kSpeedOfLight /
         (2 * kPi * constants::kElectronMassMev * 1e6);
}

double deflection_k_for(double wavelength_nm, double gamma, double period_mm, int harmonic, double kx_ratio) {
  require_odd(harmonic);
  const double shortest_nm = period_mm * 1e6 / (2 * harmonic * gamma * gamma);
  const double k_squared = 2 * (wavelength_nm / shortest_nm - 1);
  if (!(k_squared > 0)) {
    const double energy_gev =
        gamma * constants::kElectronMassMev * 1e-3 * std::sqrt(shortest_nm / wavelength_nm);
    throw InputError(
        fmt::format("source.wavelength_nm = {:.6g} cannot be reached by harmonic {} (a {:.6g} GeV beam in a "
                    "{:.6g} mm period gives {:.6g} nm or longer); raise beam_energy_gev above {:.4g}, "
                    "shorten period_mm below {:.4g}, or use a higher odd harmonic",
                    wavelength_nm, harmonic, gamma * constants::kElectronMassMev * 1e-3, period_mm,
                    shortest_nm, energy_gev, period_mm * wavelength_nm / shortest_nm));
  }
  return std::sqrt(k_squared / (1 + kx_ratio * kx_ratio));
}

double resonance_wavelength_nm(const Undulator& undulator, int harmonic, double theta_mrad) {
  const double angle = undulator.gamma * theta_mrad * 1e-3;
  return undulator.period_mm * 1e6 / (2 * harmonic * undulator.gamma * undulator.gamma) *
         (slippage(undulator) + angle * angle);
}

double resonance_energy_ev(const Undulator& undulator, int harmonic, double theta_mrad) {
  return constants::energy_ev_of(resonance_wavelength_nm(undulator, harmonic, theta_mrad));
}

double harmonic_strength(const Undulator& undulator, int harmonic) {
  require_odd(harmonic);
  const double k2 = undulator.deflection_k * undulator.deflection_k;
  const double kx2 = undulator.deflection_kx * undulator.deflection_kx;
  const double u = slippage(undulator);
  const double xi = harmonic * (k2 - kx2) / (4 * u);
  const int m = (harmonic - 1) / 2;
  const double lower = boost::math::cyl_bessel_j(m, xi), upper = boost::math::cyl_bessel_j(m + 1, xi);
  return harmonic * harmonic *
         (k2 * (lower - upper) * (lower - upper) + kx2 * (lower + upper) * (lower + upper)) / (u * u);
}

double peak_on_axis_density(const Undulator& undulator, int harmonic) {
  check_undulator(undulator, 1);
  const double n = undulator.n_periods;
  return constants::kFineStructure * n * n * undulator.gamma * undulator.gamma *
         harmonic_strength(undulator, harmonic) * (undulator.beam_current_a / constants::kElementaryCharge) *
         1e-9;
}

double cone_flux_red_detuned(const Undulator& undulator, int harmonic) {
  check_undulator(undulator, 1);
  const double q = slippage(undulator) * harmonic_strength(undulator, harmonic) / harmonic;
  return kPi * constants::kFineStructure * undulator.n_periods * q *
         (undulator.beam_current_a / constants::kElementaryCharge) * 1e-3;
}

double cone_flux_at_resonance(const Undulator& undulator, int harmonic) {
  return 0.5 * cone_flux_red_detuned(undulator, harmonic);
}

double total_power_w(const Undulator& undulator) {
  check_undulator(undulator, 1);
  const double period_nm = undulator.period_mm * 1e6;
  const double k2 =
      undulator.deflection_k * undulator.deflection_k + undulator.deflection_kx * undulator.deflection_kx;
  const double loss_ev = constants::kClassicalElectronRadiusNm * constants::kElectronMassMev * 1e6 / 3 *
                         undulator.gamma * undulator.gamma * k2 * 4 * kPi * kPi / period_nm *
                         undulator.n_periods;
  return loss_ev * undulator.beam_current_a;
}

optics::Stokes flux_density(const Undulator& undulator, double energy_ev, double theta_x_mrad,
                            double theta_y_mrad) {
  check_undulator(undulator, energy_ev);
  const double x = undulator.gamma * theta_x_mrad * 1e-3, y = undulator.gamma * theta_y_mrad * 1e-3;
  const double angle = std::isfinite(x) && std::isfinite(y) ? std::hypot(x, y) : HUGE_VAL;
  if (angle > 100) {
    throw InputError(
        fmt::format("undulator: direction ({}, {}) mrad (gamma theta = {:.4g}, must be <= 100); no light "
                    "goes there",
                    theta_x_mrad, theta_y_mrad, angle));
  }
  const double eta = reduced_energy(undulator, energy_ev);
  const optics::Stokes one = PeriodIntegral(undulator, eta, angle)(eta, x, y);
  const double scale = density_scale(undulator) *
                       interference(undulator.n_periods, eta * (slippage(undulator) + angle * angle));
  return {.s0 = scale * one.s0, .s1 = scale * one.s1, .s2 = scale * one.s2, .s3 = scale * one.s3};
}

Field2D<double> angular_flux_map(const Undulator& undulator, double energy_ev, double half_width_mrad,
                                 int n) {
  check_undulator(undulator, energy_ev);
  const double reach = undulator.gamma * half_width_mrad * 1e-3;
  if (!std::isfinite(half_width_mrad) || half_width_mrad <= 0 || reach > 70 || n < 2) {
    throw InputError(
        fmt::format("undulator: map of {} x {} directions over +-{} mrad (needs n >= 2 and gamma theta in "
                    "(0, 70]); choose a smaller width",
                    n, n, half_width_mrad));
  }
  const double step = 2 * half_width_mrad / (n - 1);
  Field2D<double> map(Grid2D{.plane = Plane::angle,
                             .nx = n,
                             .ny = n,
                             .x0 = -half_width_mrad,
                             .y0 = -half_width_mrad,
                             .dx = step,
                             .dy = step});
  const double eta = reduced_energy(undulator, energy_ev), scale = density_scale(undulator);
  const PeriodIntegral one_period(undulator, eta, reach * std::sqrt(2.0));
  for (int iy = 0; iy < n; ++iy) {
    for (int ix = 0; ix < n; ++ix) {
      const double x = undulator.gamma * map.grid().x(ix) * 1e-3,
                   y = undulator.gamma * map.grid().y(iy) * 1e-3;
      map(iy, ix) = scale * interference(undulator.n_periods, eta * (slippage(undulator) + x * x + y * y)) *
                    one_period(eta, x, y).s0;
    }
  }
  return map;
}

double power_density_w_mrad2(const Undulator& undulator, double theta_x_mrad, double theta_y_mrad) {
  check_undulator(undulator, 1);
  const double x = undulator.gamma * theta_x_mrad * 1e-3, y = undulator.gamma * theta_y_mrad * 1e-3;
  const double k = undulator.deflection_k, kx = undulator.deflection_kx;
  // Trapezoids of a periodic function: the error falls faster than any power.
  const int n = 64 + 16 * static_cast<int>(std::ceil(k + kx + std::abs(x) + std::abs(y)));
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    const double psi = 2 * kPi * i / n;
    const double vx = x - k * std::sin(psi), vy = y - kx * std::cos(psi);
    const double ax = -k * std::cos(psi), ay = kx * std::sin(psi);  // d v/d psi
    const double d = 1 + vx * vx + vy * vy, slope = 2 * (vx * ax + vy * ay);
    const double fx = ax / d - vx * slope / (d * d), fy = ay / d - vy * slope / (d * d);
    sum += (fx * fx + fy * fy) / d;
  }
  sum *= 2 * kPi / n;
  // int |F|^2 d eta = pi sum for one period, and N times that for N; E = eta 2 gamma^2 h c/lambda_u.
  const double ev_per_eta =
      2 * undulator.gamma * undulator.gamma * constants::kHcEvNm / (undulator.period_mm * 1e6);
  return 1e3 * constants::kElementaryCharge * density_scale(undulator) * undulator.n_periods * kPi * sum *
         ev_per_eta;
}

NaturalBeam natural_beam(const Undulator& undulator, int harmonic, double energy_spread) {
  const double length_m = undulator.n_periods * undulator.period_mm * 1e-3;
  const double wavelength_m = resonance_wavelength_nm(undulator, harmonic) * 1e-9;
  const auto widening = [](double x) {
    if (x < 1e-3) return 1.0;
    return std::sqrt(2 * x * x /
                     (-1 + std::exp(-2 * x * x) + std::sqrt(2 * kPi) * x * std::erf(std::sqrt(2.0) * x)));
  };
  const double e = 2 * kPi * harmonic * undulator.n_periods * energy_spread;
  return {.size_um =
              1e6 * std::sqrt(2 * wavelength_m * length_m) / (4 * kPi) * std::pow(widening(e / 4), 2.0 / 3),
          .divergence_urad = 1e6 * std::sqrt(wavelength_m / (2 * length_m)) * widening(e)};
}

}  // namespace undulith::source
