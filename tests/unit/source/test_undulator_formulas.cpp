// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "reference.hpp"
#include "source/period_integral.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/math/gauss_legendre.hpp"
#include "undulith/source/undulator.hpp"

using namespace undulith;
using namespace undulith::source;
using Catch::Matchers::Contains;
using constants::kPi;

namespace {

// Closed forms against quadrature good to 1e-10 of the peak.
constexpr double kRounding = 1e-9;

/// Power in watt per unit of d(gamma theta_x) d(gamma theta_y) up to the reduced energy top_eta, from the
/// acceleration in time: an independent road to the energy integral of the flux density. By Parseval's
/// theorem
///   int_0^inf |F|^2 |sum|^2 d eta = pi N int_0^{2 pi} g^2/D d psi,   g = d(v/D)/d psi;
/// the steps of the field at both ends leave 2 (g/D)^2/top_eta of it beyond top_eta.
double power_density(const Undulator& u, double x, double y, double top_eta) {
  const int n = 512;  // the integrand is periodic: trapezoids converge exponentially
  double sum = 0, end = 0;
  for (int i = 0; i < n; ++i) {
    const double psi = 2 * kPi * i / n;
    const double vx = x - u.deflection_k * std::sin(psi), vy = y - u.deflection_kx * std::cos(psi);
    const double ax = -u.deflection_k * std::cos(psi), ay = u.deflection_kx * std::sin(psi);
    const double d = 1 + vx * vx + vy * vy, slope = 2 * (vx * ax + vy * ay);
    const double gx = ax / d - vx * slope / (d * d), gy = ay / d - vy * slope / (d * d);
    sum += (gx * gx + gy * gy) / d * 2 * kPi / n;
    if (i == 0) end = (gx * gx + gy * gy) / (d * d);
  }
  const double ev_per_eta = constants::kHcEvNm * 2 * u.gamma * u.gamma / (u.period_mm * 1e6);
  return u.beam_current_a * constants::kFineStructure / (kPi * kPi) * ev_per_eta *
         (kPi * u.n_periods * sum - 2 * end / top_eta);
}

}  // namespace

TEST_CASE("undulator: single formulas", "[unit][source]") {
  CHECK(lorentz_factor(0.43) == Approx(841.48901).epsilon(1e-8));
  CHECK(deflection_k_of_field(1, 1000) == Approx(93.37289556538114).epsilon(1e-9));
  CHECK(deflection_k_of_field(0.63161890, 28) == Approx(1.651330397).epsilon(1e-7));
  const Undulator u = reference::u3();
  CHECK(u.deflection_k == Approx(1.651330397).epsilon(1e-9));
  CHECK(reference::u1().deflection_k == Approx(0.624379823).epsilon(1e-8));
  CHECK(resonance_wavelength_nm(u, 1) == Approx(13.5).epsilon(1e-12));
  CHECK(resonance_wavelength_nm(u, 3) == Approx(4.5).epsilon(1e-12));
  // The wavelength grows by gamma^2 theta^2 over slippage: 1/gamma off the axis adds one to 1 + K^2/2.
  CHECK(resonance_wavelength_nm(u, 1, 1e3 / u.gamma) == Approx(13.5 * (1 + 1 / slippage(u))).epsilon(1e-12));
  CHECK(harmonic_strength(u, 1) == Approx(0.3416582105626976).epsilon(1e-9));
  // A helical device has one harmonic on its axis, of strength 2 K^2/(1+K^2)^2.
  Undulator helical = u;
  helical.deflection_kx = helical.deflection_k = 1.2;
  CHECK(harmonic_strength(helical, 1) == Approx(2 * 1.44 / (2.44 * 2.44)).epsilon(1e-12));
  CHECK(harmonic_strength(helical, 3) == 0);
}

TEST_CASE("undulator: total power", "[validation][source]") {
  // [XrayDataBooklet]: 0.633 kW E^2 B^2 L I; the reference gives the same integral with CODATA constants.
  CHECK(total_power_w(reference::u1()) == Approx(9.808128977369787).epsilon(1e-7));
  CHECK(total_power_w(reference::u3()) == Approx(135.69423974168816).epsilon(1e-7));
}

TEST_CASE("undulator: density on the axis at resonance is alpha N^2 gamma^2 F I/e", "[validation][source]") {
  CHECK(peak_on_axis_density(reference::u1(), 1) == Approx(4.84483e16).epsilon(1e-5));
  CHECK(peak_on_axis_density(reference::u3(), 1) == Approx(1.144216e17).epsilon(1e-5));
  Undulator u = reference::u3();
  for (const double kx : {0.0, 0.7, 1.651330397}) {
    u.deflection_kx = kx;
    for (const int harmonic : {1, 3, 5, 7}) {
      if (kx > 1 && harmonic > 1) continue;  // helical: no such harmonic on the axis
      CAPTURE(kx, harmonic);
      const optics::Stokes s = flux_density(u, resonance_energy_ev(u, harmonic), 0, 0);
      CHECK(s.s0 == Approx(peak_on_axis_density(u, harmonic)).epsilon(kRounding));
    }
  }
}

TEST_CASE("undulator: polarisation on the axis", "[validation][source]") {
  Undulator u = reference::u3();
  u.deflection_kx = u.deflection_k = 1.1;
  const double energy_ev = resonance_energy_ev(u, 1);
  const optics::Stokes circular = flux_density(u, energy_ev, 0, 0);
  // (x', y') = (sin, cos) turns clockwise for who faces the source: s3 > 0 by the convention of
  // optics::Stokes.
  CHECK(circular.s3 == Approx(circular.s0).epsilon(kRounding));
  CHECK(std::abs(circular.s1) < kRounding * circular.s0);
  // Elliptical: S_x and S_y are the two terms of F, S3 = 2 sqrt(S_x S_y).
  u.deflection_kx = 0.4;
  const double slip = slippage(u), xi = (u.deflection_k * u.deflection_k - 0.16) / (4 * slip);
  const double j0 = std::cyl_bessel_j(0, xi), j1 = std::cyl_bessel_j(1, xi);
  const double sx = std::pow(u.deflection_k * (j0 - j1), 2), sy = std::pow(0.4 * (j0 + j1), 2);
  const optics::Stokes s = flux_density(u, resonance_energy_ev(u, 1), 0, 0);
  CHECK(s.s1 / s.s0 == Approx((sx - sy) / (sx + sy)).epsilon(kRounding));
  CHECK(s.s3 / s.s0 == Approx(2 * std::sqrt(sx * sy) / (sx + sy)).epsilon(kRounding));
}

TEST_CASE("undulator: even harmonics are dark on the axis and bright off it", "[property][source]") {
  const Undulator u = reference::u3();
  CHECK(flux_density(u, resonance_energy_ev(u, 2), 0, 0).s0 < 1e-20 * peak_on_axis_density(u, 1));
  const double off_axis_ev = resonance_energy_ev(u, 2, 0.3);
  CHECK(flux_density(u, off_axis_ev, 0.3, 0).s0 > 0.01 * peak_on_axis_density(u, 1));
}

TEST_CASE("undulator: one electron's light is fully polarised", "[property][source]") {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> angle(-1.5, 1.5), energy(10, 400), kx(0, 2);
  Undulator u = reference::u3();
  for (int i = 0; i < 300; ++i) {
    u.deflection_kx = i % 2 == 0 ? 0 : kx(random);
    const optics::Stokes s = flux_density(u, energy(random), angle(random), angle(random));
    const double polarised = std::sqrt(s.s1 * s.s1 + s.s2 * s.s2 + s.s3 * s.s3);
    CHECK(s.s0 >= 0);
    CHECK(polarised == Approx(s.s0).epsilon(1e-10));
  }
}

TEST_CASE("undulator: light of a planar device is mirror symmetric", "[property][source]") {
  const Undulator u = reference::u3();
  std::mt19937 random(11);
  std::uniform_real_distribution<double> angle(0, 0.8), energy(60, 200);
  const double peak = peak_on_axis_density(u, 1);
  for (int i = 0; i < 100; ++i) {
    const double e = energy(random), x = angle(random), y = angle(random);
    const optics::Stokes a = flux_density(u, e, x, y), b = flux_density(u, e, -x, y),
                         c = flux_density(u, e, x, -y);
    CHECK(std::abs(a.s0 - b.s0) < 1e-10 * peak);
    CHECK(std::abs(a.s0 - c.s0) < 1e-10 * peak);
    CHECK(std::abs(a.s2 + c.s2) < 1e-10 * peak);
  }
}

TEST_CASE("undulator: quadrature over one period converges faster than any power", "[validation][source]") {
  const Undulator u = reference::u3();
  const double eta = 1.37 / slippage(u);  // between harmonics
  const double exact = PeriodIntegral(u, eta, 1, 200)(eta, 0.4, -0.3).s0;
  std::vector<double> error;
  for (const int n : {8, 12, 16, 20}) {
    error.push_back(std::abs(PeriodIntegral(u, eta, 1, n)(eta, 0.4, -0.3).s0 / exact - 1));
  }
  // A method of order p would gain (3/2)^p, then (4/3)^p, then (5/4)^p, less and less; here each step gains
  // more than 20.
  for (std::size_t i = 1; i < error.size(); ++i) CHECK(error[i] < error[i - 1] / 20);
  const PeriodIntegral chosen(u, eta, 0.5);
  CHECK(chosen(eta, 0.4, -0.3).s0 == Approx(exact).epsilon(1e-10));
}

TEST_CASE("undulator: energy integral of the flux is the power radiated in time", "[validation][source]") {
  Undulator u = reference::u3();
  u.n_periods = 60;
  for (const double kx : {0.0, 0.5}) {
    u.deflection_k = 0.9;
    u.deflection_kx = kx;
    for (const auto& [x, y] : {std::pair{0.0, 0.0}, std::pair{0.5, 0.3}, std::pair{-0.2, 1.1}}) {
      CAPTURE(kx, x, y);
      const double first_ev = resonance_energy_ev(u, 1, std::hypot(x, y) * 1e3 / u.gamma);
      const double top_ev = 20.5 * first_ev;
      const int n_panels = 21 * u.n_periods;
      const math::GaussLegendre rule(8);
      const PeriodIntegral one(u, reduced_energy(u, top_ev), std::hypot(x, y));
      double watt_per_mrad2 = 0;
      for (int panel = 0; panel < n_panels; ++panel) {
        for (std::size_t i = 0; i < rule.node.size(); ++i) {
          const double energy_ev = top_ev * (panel + rule.node[i]) / n_panels;
          const double eta = reduced_energy(u, energy_ev);
          watt_per_mrad2 +=
              rule.weight[i] * top_ev / n_panels * 1e3 * constants::kElementaryCharge * density_scale(u) *
              interference(u.n_periods, eta * (slippage(u) + x * x + y * y)) * one(eta, x, y).s0;
        }
      }
      // Beyond the top the ends leave 1e-3 of the power; the next order of that tail is smaller by about
      // 1/eta = 0.1.
      const double in_time = power_density(u, x, y, reduced_energy(u, top_ev)) * u.gamma * u.gamma * 1e-6;
      CHECK(watt_per_mrad2 == Approx(in_time).epsilon(1e-4));
    }
  }
}

TEST_CASE("undulator: power over all directions is the total power", "[validation][source]") {
  Undulator u = reference::u3();
  for (const double kx : {0.0, 0.8}) {
    u.deflection_kx = kx;
    // t = tan maps the plane to a square; the integrand is smooth and vanishes at its rim.
    const math::GaussLegendre rule(120);
    double sum = 0;
    for (std::size_t i = 0; i < rule.node.size(); ++i) {
      for (std::size_t j = 0; j < rule.node.size(); ++j) {
        const double a = kPi * (rule.node[i] - 0.5), b = kPi * (rule.node[j] - 0.5);
        const double jacobian = kPi * kPi / std::pow(std::cos(a) * std::cos(b), 2);
        sum += rule.weight[i] * rule.weight[j] * jacobian * power_density(u, std::tan(a), std::tan(b), 1e12);
      }
    }
    CHECK(sum == Approx(total_power_w(u)).epsilon(1e-5));
  }
}

TEST_CASE("undulator: wavelengths out of reach", "[unit][source]") {
  CHECK_THROWS_WITH(
      deflection_k_for(13.5, lorentz_factor(0.4), 40, 1),
      Contains("cannot be reached") && Contains("32.64 nm") && Contains("beam_energy_gev above 0.622"));
  CHECK_THROWS_AS(deflection_k_for(13.5, 1000, 20, 2), InputError);
  // The limits that the message names are the true ones.
  CHECK(deflection_k_for(13.5, lorentz_factor(0.623), 40, 1) > 0);
  CHECK(deflection_k_for(13.5, lorentz_factor(0.4), 16.5, 1) > 0);
  Undulator u = reference::u3();
  CHECK_THROWS_WITH(harmonic_strength(u, 2), Contains("odd"));
  CHECK_THROWS_AS(flux_density(u, -1, 0, 0), InputError);
  CHECK_THROWS_AS(flux_density(u, 90, 1e6, 0), InputError);
  CHECK_THROWS_AS(flux_density(u, 90, std::numeric_limits<double>::quiet_NaN(), 0), InputError);
  CHECK_THROWS_AS(flux_through_round(u, 90, std::numeric_limits<double>::quiet_NaN()), InputError);
  u.n_periods = 0;
  CHECK_THROWS_WITH(total_power_w(u), Contains("n_periods = 0"));
}
