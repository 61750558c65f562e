// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <valarray>
#include <vector>

#include "reference.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/math/gauss_legendre.hpp"
#include "undulith/source/source.hpp"
#include "undulith/source/undulator.hpp"

using namespace undulith;
using namespace undulith::source;
using Catch::Matchers::Contains;

namespace {

constexpr double kPi = constants::kPi;

/// Gaussian average over -6 to 6 rms by 24 panels of 6 points: enough for fringes of a seventh of the rms.
template <class F>
auto average(const F& f, double rms) {
  const math::GaussLegendre rule(6);
  constexpr int kPanels = 24;
  auto sum = f(0.0);
  sum *= 0;
  for (int panel = 0; panel < kPanels; ++panel)
    for (std::size_t i = 0; i < rule.node.size(); ++i) {
      const double u = 12 * (panel + rule.node[i]) / kPanels - 6;
      sum += 12 * rule.weight[i] / kPanels * std::exp(-0.5 * u * u) / std::sqrt(2 * kPi) * f(u * rms);
    }
  return sum;
}

std::valarray<double> four(const optics::Stokes& s) {
  return {s.s0, s.s1, s.s2, s.s3};
}

std::vector<double> energies_about(const Undulator& u, int n) {
  std::vector<double> energies;
  const double line = 91.84014698755574 / u.n_periods;
  for (int i = 0; i < n; ++i) energies.push_back(91.84014698755574 + line * (-5 + 8.0 * i / (n - 1)));
  return energies;
}

// The divergence of the other plane is raised to 2 % of the natural one: 1e-3 of the peak at most.
constexpr double kFloorTolerance = 1e-3;

}  // namespace

TEST_CASE("beam: energy spread against an average over electrons", "[validation][source]") {
  const Undulator u = reference::u1();
  const BeamSpread spread{.energy_spread = 8e-4};
  const std::vector<double> energies = energies_about(u, 17);
  const auto found = flux_through(u, spread, {Opening::axis}, energies);
  const double peak = peak_on_axis_density(u, 1);
  for (std::size_t i = 0; i < energies.size(); ++i) {
    const double expected = average(
        [&](double d) {
          Undulator electron = u;
          electron.gamma *= 1 + d;
          return flux_density(electron, energies[i], 0, 0).s0;
        },
        spread.energy_spread);
    CAPTURE(energies[i], expected / peak);
    CHECK(std::abs(found[i].s0 - expected) < kFloorTolerance * peak);
  }
}

TEST_CASE("beam: divergence against an average over electrons", "[validation][source]") {
  for (Undulator u : {reference::u1(), Undulator{.gamma = 1200,
                                       .beam_current_a = 0.3,
                                       .period_mm = 20,
                                       .n_periods = 60,
                                       .deflection_k = 0.9,
                                       .deflection_kx = 0.5}}) {
    const BeamSpread spread{.divergence_x_urad = 50, .divergence_y_urad = 20};
    const double energy_ev = resonance_energy_ev(u, 1) * 0.996;
    const double scale = peak_on_axis_density(u, 1);
    const auto map = angular_maps(u, spread, {energy_ev}, 0.2, 9, MapStokes::all).front();
    const auto on_axis = flux_through(u, spread, {Opening::axis}, {energy_ev}).front();
    for (const auto& [iy, ix] : {std::pair{4, 4}, {4, 6}, {7, 4}, {1, 2}}) {
      const double x = map.s0.grid().x(ix), y = map.s0.grid().y(iy);
      const std::valarray<double> expected = average(
          [&](double dy) {
            return average([&](double dx) { return four(flux_density(u, energy_ev, x - dx, y - dy)); },
                           spread.divergence_x_urad * 1e-3);
          },
          spread.divergence_y_urad * 1e-3);
      CAPTURE(u.deflection_kx, ix, iy);
      // Both are Gaussians cut at 5 or 6 rms.
      CHECK(map.s0(iy, ix) == Approx(expected[0]).margin(1e-5 * scale));
      CHECK(map.s1(iy, ix) == Approx(expected[1]).margin(1e-5 * scale));
      CHECK(map.s2(iy, ix) == Approx(expected[2]).margin(1e-5 * scale));
      CHECK(map.s3(iy, ix) == Approx(expected[3]).margin(1e-5 * scale));
    }
    CHECK(map.s0(4, 4) == Approx(on_axis.s0).margin(1e-5 * scale));
    CHECK(map.s3(4, 4) == Approx(on_axis.s3).margin(1e-5 * scale));
  }
}

TEST_CASE("beam: without spread it is the filament", "[property][source]") {
  for (const Undulator& u : {reference::u1(), reference::u3()}) {
    const std::vector<double> energies = energies_about(u, 5);
    const double flux = cone_flux_red_detuned(u, 1);
    const auto round = flux_through(u, {}, {Opening::round, 120}, energies);
    const auto square = flux_through(u, {}, {Opening::square, 60}, energies);
    for (std::size_t i = 0; i < energies.size(); ++i) {
      CHECK(std::abs(round[i].s0 - flux_through_round(u, energies[i], 120).s0) < kFloorTolerance * flux);
      CHECK(std::abs(square[i].s0 - flux_through_square(u, energies[i], 60).s0) < kFloorTolerance * flux);
    }
    const auto map = angular_maps(u, {}, {91.5}, 0.3, 21, MapStokes::all).front();
    const auto at = flux_density(u, 91.5, map.s0.grid().x(3), map.s0.grid().y(16));
    const double peak = peak_on_axis_density(u, 1);
    CHECK(map.s0(16, 3) == Approx(at.s0).margin(1e-8 * peak));
    CHECK(map.s2(16, 3) == Approx(at.s2).margin(1e-8 * peak));
  }
}

TEST_CASE("beam: photons are conserved from map to aperture to the whole", "[property][source]") {
  const Undulator u = reference::u3();
  const BeamSpread spread{.divergence_x_urad = 25, .divergence_y_urad = 8, .energy_spread = 8e-4};
  const double energy_ev = 91.2;
  // A map so wide and fine that trapezoids of a smooth function leave nothing.
  const auto map = angular_maps(u, spread, {energy_ev}, 0.4, 201, MapStokes::s0).front().s0;
  double sum = 0, round = 0;
  for (int iy = 0; iy < map.ny(); ++iy)
    for (int ix = 0; ix < map.nx(); ++ix) sum += map(iy, ix) * map.grid().dx * map.grid().dy;
  const double square = flux_through(u, spread, {Opening::square, 402}, {energy_ev}).front().s0;
  CHECK(sum == Approx(square).epsilon(5e-3));
  round = flux_through(u, spread, {Opening::round, 400}, {energy_ev}).front().s0;
  CHECK(round < square);
  CHECK(round > 0.97 * square);
  // A filament beam has the same photons: spread only moves them.
  const double filament = flux_through_square(u, energy_ev, 402).s0;
  CHECK(square == Approx(filament).epsilon(0.03));
}

TEST_CASE("beam: Stokes parameters stay physical", "[property][source]") {
  const Undulator u{.gamma = 1100,
                    .beam_current_a = 0.2,
                    .period_mm = 22,
                    .n_periods = 50,
                    .deflection_k = 1.1,
                    .deflection_kx = 0.6};
  const auto map = angular_maps(u, {30, 10, 5e-4}, {80, 88, 95}, 1.0, 31, MapStokes::all);
  for (const AngularMap& m : map)
    for (std::size_t i = 0; i < m.s0.values().size(); ++i) {
      const double s0 = m.s0.values()[i], s1 = m.s1.values()[i], s2 = m.s2.values()[i], s3 = m.s3.values()[i];
      CHECK(s1 * s1 + s2 * s2 + s3 * s3 <=
            s0 * s0 * (1 + 1e-9) + 1e-12 * std::pow(peak_on_axis_density(u, 1), 2));
    }
}

TEST_CASE("beam: what it refuses", "[unit][source]") {
  const Undulator u = reference::u3();
  CHECK_THROWS_AS(flux_through(u, {-1, 0, 0}, {}, {91.0}), InputError);
  CHECK_THROWS_AS(flux_through(u, {0, 0, 0.5}, {}, {91.0}), InputError);
  CHECK_THROWS_AS(flux_through(u, {}, {Opening::round, 0}, {91.0}), InputError);
  CHECK_THROWS_AS(flux_through(u, {}, {}, {92.0, 91.0}), InputError);
  CHECK_THROWS_AS(angular_maps(u, {}, {91.0}, 0, 11, MapStokes::s0), InputError);
  SourceParameters p;
  p.undulator.deflection_k = deflection_k_for(13.5, 1 + 800 / constants::kElectronMassMev, 28, 1);
  CHECK_THROWS_WITH(compute_source(p), Contains("beam_energy_kind = \"kinetic\""));
  p.beam.beam_energy_kind = EnergyKind::kinetic;
  CHECK(compute_source(p).in_band_power_w > 0.4);
}
