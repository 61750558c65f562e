// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/source/bending_magnet.hpp"
#include "undulith/source/fel.hpp"
#include "undulith/source/source.hpp"
#include "undulith/source/ssmb.hpp"

using namespace undulith;
using namespace undulith::source;
using Catch::Matchers::Contains;

namespace {

constexpr double kNewSubaruFlux = 6.343739397201272e12;  // photons/s/mrad/0.1%bw, case B1

BendingMagnet dipole() {
  return {.gamma = lorentz_factor(1.0), .beam_current_a = 0.3, .field_t = 1.03};
}

SourceParameters of(SourceKind kind) {
  SourceParameters p;
  p.kind = kind;
  return p;
}
SourceParameters ring() {
  SourceParameters p = of(SourceKind::ssmb);
  p.beam = {.beam_energy_gev = 0.6, .beam_current_a = 1};
  p.ssmb.bunching_factor = 0.1;
  return p;
}
SourceParameters laser() {
  SourceParameters p = of(SourceKind::fel);
  p.beam.energy_spread = 5e-4;
  return p;
}

double flux_of_map(const AngularMap& map) {
  double sum = 0;
  for (int iy = 0; iy < map.s0.ny(); ++iy)
    for (int ix = 0; ix < map.s0.nx(); ++ix)
      sum += map.s0(iy, ix) * (ix == 0 || ix + 1 == map.s0.nx() ? 0.5 : 1) *
             (iy == 0 || iy + 1 == map.s0.ny() ? 0.5 : 1);
  return sum * map.s0.grid().dx * map.s0.grid().dy;
}

}  // namespace

TEST_CASE("bending magnet: flux over all angles, and half of the power above the critical energy",
          "[validation][source]") {
  const BendingMagnet magnet = dipole();
  const double energy_ev = constants::energy_ev_of(13.5);
  CHECK(critical_energy_ev(magnet) == Approx(684.9765275648597).epsilon(1e-6));
  CHECK(flux_per_mrad_all_psi(magnet, energy_ev) == Approx(kNewSubaruFlux).epsilon(1e-6));
  // Photons are conserved from the density to the aperture to the whole.
  CHECK(flux_per_mrad(magnet, energy_ev, 20).s0 == Approx(kNewSubaruFlux).epsilon(1e-6));
  // P = 1e3 e int F dE, the upper half above E_c.
  double lower = 0, upper = 0;
  const double critical = critical_energy_ev(magnet);
  for (int i = 0; i < 4000; ++i) {
    const double from = critical * std::pow(10, -5 + 7.0 * i / 4000),
                 to = critical * std::pow(10, -5 + 7.0 * (i + 1) / 4000);
    const double watt = 1e3 * constants::kElementaryCharge * (to - from) *
                        flux_per_mrad_all_psi(magnet, std::sqrt(from * to));
    (to <= critical * (1 + 1e-9) ? lower : upper) += watt;
  }
  CHECK(lower + upper == Approx(power_per_mrad_w(magnet)).epsilon(2e-3));
  CHECK(upper / lower == Approx(1).epsilon(5e-3));
}

TEST_CASE("bending magnet: polarisation and divergence", "[property][source]") {
  const BendingMagnet magnet = dipole();
  for (double psi = -4; psi <= 4; psi += 0.37) {
    const optics::Stokes s = flux_density(magnet, 91.84, psi), mirrored = flux_density(magnet, 91.84, -psi);
    CHECK(s.s1 * s.s1 + s.s3 * s.s3 == Approx(s.s0 * s.s0).epsilon(1e-9));  // one electron is fully polarised
    CHECK(s.s3 == Approx(-mirrored.s3));
    CHECK(s.s1 >= 0);
  }
  SourceParameters p = of(SourceKind::bending_magnet);
  p.beam = {.beam_energy_gev = 1, .beam_current_a = 0.3};
  const SourceOutput sharp = compute_source(p);
  CHECK(sharp.in_band_power_w / 10 == Approx(1.8668796e-3).epsilon(2e-3));
  // The top of the angular distribution is flat at 13.5 nm; a divergence as wide as it lowers it.
  p.beam.beam_divergence_y_urad = 2000;
  p.bending_magnet.acceptance_half_height_mrad = 30;
  const SourceOutput blurred = compute_source(p);
  CHECK(blurred.on_axis_flux.front() < sharp.on_axis_flux.front());
  CHECK(blurred.in_band_power_w == Approx(sharp.in_band_power_w).epsilon(1e-3));
  p.bending_magnet.field_t = 0;
  CHECK_THROWS_WITH(compute_source(p), Contains("source.bending_magnet.field_t = 0"));
}

TEST_CASE("ssmb: power grows with both currents and with the square of the bunching",
          "[validation][source]") {
  const SourceParameters p = ring();
  const double power_w = compute_source(p).in_band_power_w;
  const auto ratio = [&](auto change) {
    SourceParameters q = ring();
    change(q);
    return compute_source(q).in_band_power_w / power_w;
  };
  CHECK(ratio([](auto& q) { q.beam.beam_current_a = 0.5; }) == Approx(0.25));
  CHECK(ratio([](auto& q) { q.ssmb.peak_current_a = 3; }) == Approx(3));
  CHECK(ratio([](auto& q) { q.ssmb.bunching_factor = 0.05; }) == Approx(0.25));
  CHECK(ratio([](auto& q) { q.beam.beam_size_x_um = q.beam.beam_size_y_um = 50; }) < 0.8);
  // b = exp(-(k s)^2/2): 3, 4, 5 nm give 0.377, 0.177, 0.067.
  CHECK(bunching_factor_of(3, 13.5) == Approx(0.377).epsilon(2e-3));
  CHECK(bunching_factor_of(5, 13.5) == Approx(0.067).epsilon(1e-2));
  CHECK(transverse_form_factor(0) == 1);
  // FF = 2 int sinc^2(pi u) exp(-4 pi S u) du, by brute force.
  const double s = 0.03;
  double sum = 0;
  for (int i = 0; i < 400000; ++i) {
    const double u = 40.0 * (i + 0.5) / 400000, x = constants::kPi * u;
    sum += 2 * std::pow(std::sin(x) / x, 2) * std::exp(-4 * constants::kPi * s * u) * 40 / 400000;
  }
  CHECK(transverse_form_factor(s) == Approx(sum).epsilon(1e-6));
}

TEST_CASE("ssmb: what it refuses", "[unit][source]") {
  const auto refused = [](auto change, const char* words) {
    SourceParameters p = ring();
    change(p);
    CHECK_THROWS_WITH(compute_source(p), Contains(words));
  };
  refused([](auto& p) { p.ssmb.bunching_factor = 1.2; },
          "source.ssmb.bunching_factor = 1.2 (must be in [0, 1]");
  refused([](auto& p) { p.beam.beam_energy_gev = 0.3; }, "cannot be reached");
  refused([](auto& p) { p.ssmb.peak_current_a = 0.5; }, "source.ssmb.peak_current_a = 0.5");
  refused([](auto& p) { p.ssmb.deflection_k = 3; }, "it lies at");
}

TEST_CASE("fel: gain of a published class of machine", "[validation][source]") {
  // 800 MeV, 300 A, 0.6 um, 5e-4, beta 5 m, 28 mm: planar and helical.
  const auto gain = [](bool helical) {
    const double gamma = lorentz_factor(0.8);
    return fel_gain({.gamma = gamma,
                     .period_mm = 28,
                     .deflection_k = deflection_k_for(13.5, gamma, 28, 1, helical ? 1 : 0),
                     .helical = helical});
  };
  CHECK(gain(false).rho == Approx(1.783173e-3).epsilon(1e-4));
  CHECK(gain(false).gain_length_3d_m == Approx(1.04887).epsilon(1e-4));
  CHECK(gain(false).saturation_power_w == Approx(3.23943e8).epsilon(1e-4));
  CHECK(gain(true).rho == Approx(2.0e-3).epsilon(0.02));
  CHECK(gain(true).gain_length_3d_m == Approx(0.885).epsilon(0.01));
  CHECK(gain(true).saturation_power_w == Approx(0.40e9).epsilon(0.02));
  const FelGain planar = gain(false);
  const double length_m = saturation_length_m(planar, 1000);
  CHECK(fel_power_w(planar, 1000, length_m) == Approx(planar.saturation_power_w));
  CHECK(fel_power_w(planar, 1000, length_m - planar.gain_length_3d_m) ==
        Approx(planar.saturation_power_w / std::exp(1.0)));
}

TEST_CASE("fel: average power, modes of operation, harmonics", "[property][source]") {
  const SourceOutput sase = compute_source(laser());
  CHECK(sase.in_band_power_w == Approx(3.23943e8 * 200e-15 * 162.5e6).epsilon(1e-3));
  CHECK(sase.time.pulse_energy_noise > 0.1);
  CHECK(sase.stokes.s1 == 1);
  // Photons are conserved from the map to the whole.
  CHECK(flux_of_map(sase.angular_flux) ==
        Approx(*std::max_element(sase.spectral_flux.begin(), sase.spectral_flux.end())).epsilon(2e-3));
  SourceParameters p = laser();
  p.fel.mode = FelMode::seeded;
  const SourceOutput seeded = compute_source(p);
  CHECK(seeded.bandwidth_fwhm_percent < sase.bandwidth_fwhm_percent);
  CHECK(seeded.coherence.coherence_time_fs > sase.coherence.coherence_time_fs);
  CHECK(seeded.time.pulse_energy_noise == 0);
  p.fel.mode = FelMode::regenerative;
  p.fel.outcoupling = 0.25;
  CHECK(compute_source(p).in_band_power_w == Approx(0.25 * sase.in_band_power_w).epsilon(1e-3));
  p.fel.undulator_length_m = 1;
  CHECK_THROWS_WITH(compute_source(p), Contains("below threshold"));
  p = laser();
  p.fel.undulator_length_m = 10;
  CHECK(compute_source(p).in_band_power_w < 0.1 * sase.in_band_power_w);
  // The third harmonic needs less beam energy, gains more slowly, and saturates lower.
  p = laser();
  p.fel.harmonic = 3;
  p.beam.beam_energy_gev = 0.5;
  const SourceOutput third = compute_source(p);
  CHECK(third.in_band_power_w < sase.in_band_power_w);
  p.fel.harmonic = 2;
  CHECK_THROWS_WITH(compute_source(p), Contains("source.fel.harmonic = 2"));
  p = laser();
  p.fel.field = UndulatorField::helical;
  CHECK(compute_source(p).stokes.s3 == 1);
  p.fel.energy_recovery = 0.9;
  CHECK(compute_source(p).beam_power_w == Approx(0.1 * 0.8e9 * 9.75e-3).epsilon(1e-6));
}
