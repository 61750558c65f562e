// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "reference.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/math/gauss_legendre.hpp"
#include "undulith/source/undulator.hpp"

// Spectra, maps and apertures are compared by `undulith verify`; here is what follows from them.
namespace {
constexpr double kSrw = 0.007;        // SRW and a direct integral differ by up to 0.56 % of the peak
constexpr double kQuadrature = 1e-7;  // two ways to integrate the same function
}  // namespace

using namespace undulith;
using namespace undulith::source;

namespace {

struct Case {
  const char* name;
  Undulator undulator;
};
std::vector<Case> cases() {
  return {{"u1", reference::u1()}, {"u3", reference::u3()}};
}

}  // namespace

TEST_CASE("undulator: the factor two between resonance and the red-detuned peak", "[validation][source]") {
  const Undulator u = reference::u3();
  CHECK(cone_flux_red_detuned(u, 1) == Approx(3466279801599554.5).epsilon(1e-7));
  CHECK(cone_flux_at_resonance(u, 1) == 0.5 * cone_flux_red_detuned(u, 1));
  const double resonance_ev = resonance_energy_ev(u, 1);
  for (const auto& row : reference::read_table("u3_angle_integrated.csv")) {
    CAPTURE(row[0]);
    const double flux = flux_through_square(u, resonance_ev * (1 + row[0] / u.n_periods), 300).s0;
    // In units of the central-cone flux; the reference itself errs by more than 0.1 % (see its README).
    CHECK(std::abs(flux / cone_flux_red_detuned(u, 1) - row[2]) < kSrw);
  }
  // The closed forms are limits for many periods: what is missing falls as 1/N.
  Undulator longer = u;
  longer.n_periods = 1600;
  CHECK(flux_through_round(longer, resonance_ev, 300).s0 ==
        Approx(cone_flux_at_resonance(u, 1) * 16).epsilon(0.004));
  CHECK(flux_through_round(longer, resonance_ev * (1 - 8.0 / 1600), 300).s0 ==
        Approx(cone_flux_red_detuned(u, 1) * 16).epsilon(0.03));
}

TEST_CASE("undulator: power in the 2 % band against SRW", "[validation][source]") {
  // The reference sums 41 energies by trapezoids: 0.7 % of U3 at 100 urad, where the spectrum bends most in
  // the band.
  for (const auto& [name, undulator] : cases()) {
    for (const auto& row : reference::read_table("in_band_power.csv", name)) {
      CAPTURE(name, row[0]);
      CHECK(in_band_power(undulator, 13.5, row[0]).power_w == Approx(row[1]).epsilon(0.01));
    }
  }
}

TEST_CASE("undulator: photons are conserved from map to aperture", "[property][source]") {
  const Undulator u = reference::u3();
  const double energy_ev = 91;
  const double exact = flux_through_square(u, energy_ev, 150).s0;
  std::vector<double> error;
  for (const int n : {31, 61, 121}) {
    const Field2D<double> map = angular_maps(u, {}, {energy_ev}, 0.15, n, MapStokes::s0).front().s0;
    CHECK(map.grid().plane == Plane::angle);
    double sum = 0;
    for (int iy = 0; iy < n; ++iy) {
      for (int ix = 0; ix < n; ++ix) {
        const double rim = (iy == 0 || iy == n - 1 ? 0.5 : 1.0) * (ix == 0 || ix == n - 1 ? 0.5 : 1.0);
        sum += rim * map(iy, ix) * map.grid().dx * map.grid().dy;
      }
    }
    error.push_back(std::abs(sum / exact - 1));
  }
  // Trapezoids are of second order: halving the step quarters the error.
  CHECK(error[2] < 1e-4);
  CHECK(std::log2(error[0] / error[1]) == Approx(2).margin(0.1));
  CHECK(std::log2(error[1] / error[2]) == Approx(2).margin(0.1));
}

TEST_CASE("undulator: round and square apertures agree on what they share", "[property][source]") {
  for (const double kx : {0.0, 1.0}) {
    Undulator u = reference::u3();
    u.deflection_kx = kx;
    const double energy_ev = 0.985 * resonance_energy_ev(u, 1);
    const double inner = flux_through_round(u, energy_ev, 150).s0;
    const double square = flux_through_square(u, energy_ev, 150).s0;
    const double outer = flux_through_round(u, energy_ev, 150 * std::sqrt(2.0)).s0;
    CHECK(inner < square);
    CHECK(square < outer);
    // Gauss points in theta^2 and trapezoids round the circle, no symmetry used: an independent sum over the
    // disc.
    double sum = 0, s3 = 0;
    const math::GaussLegendre radial(48);  // four rings
    const int n_azimuth = 48;
    for (std::size_t i = 0; i < radial.node.size(); ++i) {
      const double theta = 0.15 * std::sqrt(radial.node[i]);
      for (int j = 0; j < n_azimuth; ++j) {
        const double azimuth = 2 * constants::kPi * (j + 0.3) / n_azimuth;
        const optics::Stokes s =
            flux_density(u, energy_ev, theta * std::cos(azimuth), theta * std::sin(azimuth));
        sum += radial.weight[i] * s.s0;
        s3 += radial.weight[i] * s.s3;
      }
    }
    const double scale = constants::kPi * 0.15 * 0.15 / n_azimuth;
    const optics::Stokes round = flux_through_round(u, energy_ev, 150);
    CHECK(sum * scale == Approx(round.s0).epsilon(kQuadrature));
    CHECK(s3 * scale == Approx(round.s3).margin(kQuadrature * round.s0));
    CHECK(round.s1 * round.s1 + round.s3 * round.s3 <= round.s0 * round.s0);
  }
}

TEST_CASE("undulator: a wide aperture is as exact as a narrow one", "[property][source]") {
  // Against a direct polar sum at gamma theta = 2, where azimuthal and radial orders are many.
  Undulator u = reference::u3();
  u.n_periods = 10;
  const double half_angle_urad = 2e6 / u.gamma;
  const math::GaussLegendre radial(240);  // up to 46 rings
  const int n_azimuth = 64;
  for (const double energy_ev : {30.0, 91.84, 250.0}) {
    CAPTURE(energy_ev);
    double sum = 0;
    for (std::size_t i = 0; i < radial.node.size(); ++i) {
      const double theta = 1e-3 * half_angle_urad * std::sqrt(radial.node[i]);
      for (int j = 0; j < n_azimuth; ++j) {
        const double azimuth = 0.5 * constants::kPi * (j + 0.5) / n_azimuth;
        sum += radial.weight[i] *
               flux_density(u, energy_ev, theta * std::cos(azimuth), theta * std::sin(azimuth)).s0;
      }
    }
    const double exact = sum * constants::kPi * half_angle_urad * half_angle_urad * 1e-6 / n_azimuth;
    CHECK(flux_through_round(u, energy_ev, half_angle_urad).s0 == Approx(exact).epsilon(kQuadrature));
  }
  CHECK_THROWS_AS(flux_through_round(u, 91, 0), InputError);
  CHECK_THROWS_AS(flux_through_round(u, 91, 11e6 / u.gamma), InputError);
}
