// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "source/spectrum.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/source/estimate.hpp"
#include "undulith/source/source.hpp"
#include "undulith/source/undulator.hpp"

using namespace undulith;
using namespace undulith::source;
using Catch::Matchers::Contains;

namespace {

bool says(const SourceOutput& output, const std::string& words) {
  return std::any_of(output.notes.begin(), output.notes.end(),
                     [&](const std::string& note) { return note.find(words) != std::string::npos; });
}

SourceParameters lpp() {
  SourceParameters p;
  p.kind = SourceKind::lpp;
  return p;
}

}  // namespace

TEST_CASE("source: undulator of 0.8 GeV", "[validation][source]") {
  const SourceOutput light = compute_source({});
  CHECK(light.kind == SourceKind::undulator);
  // 0.480 W in the 2 % band through 200 urad by SRW, trapezoids over 41 energies.
  CHECK(light.in_band_power_w == Approx(0.47957).epsilon(0.01));
  CHECK(light.total_power_w == Approx(135.69423974).epsilon(1e-3));
  REQUIRE(light.photon_energy_ev.size() == light.spectral_flux.size());
  CHECK(std::is_sorted(light.photon_energy_ev.begin(), light.photon_energy_ev.end()));
  // The spectrum handed on holds the band and carries its power.
  const Band band = band_about(13.5);
  CHECK(light.photon_energy_ev.front() < band.low_ev);
  CHECK(light.photon_energy_ev.back() > band.high_ev);
  CHECK(spectrum_power_w(light.photon_energy_ev, light.spectral_flux, band) ==
        Approx(light.in_band_power_w).epsilon(1e-4));
  // The peak of the flux through a wide aperture lies red of the resonance by a fraction of 1/N.
  CHECK(light.peak_wavelength_nm > 13.5);
  CHECK(light.peak_wavelength_nm < 13.5 * 1.02);
  // Red-shifted from the axis to the edge of the aperture: gamma^2 theta^2/(1 + K^2/2) = 4.15 %.
  CHECK(light.bandwidth_fwhm_percent == Approx(4.1).margin(0.5));
  CHECK(light.stokes.s0 == 1);
  CHECK(light.stokes.s1 > 0.999);
  CHECK(light.stokes.s1 < 1);
  CHECK(light.stokes.s2 == 0);
  CHECK_FALSE(light.time.pulsed);
  CHECK(says(light, "K = 1.65133 was chosen"));
  CHECK(says(light, "Filament beam"));
  CHECK(says(light, "200 urad"));
}

TEST_CASE("source: map of the undulator", "[property][source]") {
  const SourceOutput light = compute_source({});
  const Grid2D& grid = light.angular_flux.s0.grid();
  CHECK(grid.plane == Plane::angle);
  CHECK(grid.nx == 61);
  CHECK(grid.x0 == Approx(-0.4));
  CHECK(grid.x(60) == Approx(0.4));
  const Undulator u = undulator_of({});
  CHECK(light.angular_flux.s0(30, 30) == Approx(peak_on_axis_density(u, 1)).epsilon(1e-9));
  CHECK(light.angular_flux.s0(12, 40) ==
        Approx(flux_density(u, constants::energy_ev_of(13.5), grid.x(40), grid.y(12)).s0).epsilon(1e-9));
}

TEST_CASE("source: the narrower the aperture the less power", "[property][source]") {
  SourceParameters p;
  double narrower = 0, purest = 1;
  for (const double half_angle_urad : {20.0, 60.0, 150.0, 400.0, 900.0}) {
    p.undulator.acceptance_half_angle_urad = half_angle_urad;
    const SourceOutput light = compute_source(p);
    CHECK(light.in_band_power_w > narrower);
    CHECK(light.stokes.s1 < purest);
    CHECK(light.in_band_power_w < light.total_power_w);
    narrower = light.in_band_power_w;
    purest = light.stokes.s1;
  }
}

TEST_CASE("source: third harmonic and a detuned device", "[unit][source]") {
  SourceParameters p;
  p.undulator.harmonic = 3;
  const SourceOutput third = compute_source(p);
  CHECK(says(third, "harmonic 3 lies at 13.5 nm"));
  const Undulator u = undulator_of(p);
  CHECK(resonance_wavelength_nm(u, 3) == Approx(13.5).epsilon(1e-12));
  CHECK(third.angular_flux.s0(30, 30) == Approx(peak_on_axis_density(u, 3)).epsilon(1e-9));
  p.undulator.harmonic = 1;
  p.undulator.deflection_k = 1;
  CHECK(says(compute_source(p), "outside the 2 % band"));
  CHECK_FALSE(says(compute_source(p), "too few"));
  // A wiggler tuned far away has hundreds of harmonics before the band; the shortfall of the samples is said.
  p.undulator.deflection_k = 8;
  p.undulator.n_periods = 400;
  CHECK(says(compute_source(p), "too few"));
}

TEST_CASE("source: threads do not change a bit", "[property][source]") {
  set_thread_count(1);
  const SourceOutput one = compute_source({});
  set_thread_count(4);
  const SourceOutput four = compute_source({});
  set_thread_count(0);
  CHECK(one.spectral_flux == four.spectral_flux);
  CHECK(one.in_band_power_w == four.in_band_power_w);
}

TEST_CASE("source: bad undulators are named", "[unit][source]") {
  const auto message = [](auto change) {
    SourceParameters p;
    change(p);
    try {
      (void)compute_source(p);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THAT(message([](auto& p) { p.undulator.n_periods = 0; }),
             Contains("source.undulator.n_periods = 0 (must be in [1, 10000])"));
  CHECK_THAT(message([](auto& p) { p.beam.beam_energy_gev = 0; }),
             Contains("source.beam.beam_energy_gev = 0"));
  CHECK_THAT(message([&](auto& p) { p.beam.beam_energy_gev = nan; }), Contains("beam_energy_gev"));
  CHECK_THAT(message([](auto& p) { p.beam.beam_current_a = -0.1; }), Contains("source.beam.beam_current_a"));
  CHECK_THAT(message([](auto& p) { p.undulator.period_mm = 0; }), Contains("source.undulator.period_mm = 0"));
  CHECK_THAT(message([](auto& p) { p.undulator.harmonic = 2; }),
             Contains("source.undulator.harmonic = 2") && Contains("odd"));
  CHECK_THAT(message([](auto& p) { p.undulator.deflection_k = 234; }),
             Contains("wiggler: use kind = \"bending_magnet\""));
  CHECK_THAT(message([](auto& p) { p.undulator.deflection_k = -1; }),
             Contains("source.undulator.deflection_k = -1"));
  CHECK_THAT(message([](auto& p) { p.undulator.acceptance_half_angle_urad = 0; }),
             Contains("source.undulator.acceptance_half_angle_urad = 0"));
  CHECK_THAT(message([](auto& p) { p.undulator.acceptance_half_angle_urad = 9000; }), Contains("1/gamma"));
  CHECK_THAT(message([](auto& p) { p.beam.beam_energy_gev = 0.3; }),
             Contains("or longer") && Contains("harmonic"));
  CHECK_THAT(message([](auto& p) { p.wavelength_nm = 0; }), Contains("source.wavelength_nm = 0"));
  CHECK_THAT(message([](auto& p) { p.undulator.max_deflection_k = 1; }),
             Contains("needs K = 1.651") && Contains("reaches 5.712 to 8.568 nm"));
}

TEST_CASE("lpp: power, pulses and drive laser", "[validation][source]") {
  const SourceOutput light = compute_source(lpp());
  CHECK(light.kind == SourceKind::lpp);
  CHECK(light.in_band_power_w == 250);
  CHECK(spectrum_power_w(light.photon_energy_ev, light.spectral_flux, band_about(13.5)) ==
        Approx(250).epsilon(1e-12));
  CHECK(light.time.pulsed);
  CHECK(light.time.repetition_rate_hz == 50000);
  CHECK(light.stokes == optics::Stokes{});
  CHECK(light.angular_flux.empty());
  // 250 W at 6 % conversion and 19.4 % to intermediate focus ask for the 21.5 kW of the production laser, 5
  // mJ a pulse.
  CHECK(says(light, "21.48 kW"));
  CHECK(says(light, "5 mJ"));
}

TEST_CASE("lpp: a chain of mirrors narrows the spectrum", "[validation][source]") {
  SourceParameters p = lpp();
  double wider = 100;
  for (const int n : {1, 6, 10, 12}) {
    p.lpp.n_mirrors = n;
    const SourceOutput light = compute_source(p);
    CHECK(light.bandwidth_fwhm_percent < wider);
    CHECK(light.peak_wavelength_nm == Approx(13.5).epsilon(0.005));
    wider = light.bandwidth_fwhm_percent;
    // Single Mo/Si mirrors are 0.5 to 0.66 nm wide, from measured stacks to ideal ones; ten of them about 2
    // %.
    if (n == 1) CHECK(0.135 * light.bandwidth_fwhm_percent == Approx(0.58).margin(0.08));
    if (n == 10) CHECK(light.bandwidth_fwhm_percent == Approx(2.1).margin(0.25));
  }
  p.lpp.n_mirrors = 0;
  const SourceOutput flat = compute_source(p);
  CHECK(*std::max_element(flat.spectral_flux.begin(), flat.spectral_flux.end()) ==
        *std::min_element(flat.spectral_flux.begin(), flat.spectral_flux.end()));
  // The half-maximum points of a chain lie about the wavelength asked for, whatever it is.
  p.lpp.n_mirrors = 11;
  for (const double wavelength_nm : {13.3, 13.7}) {
    p.wavelength_nm = wavelength_nm;
    CHECK(compute_source(p).peak_wavelength_nm == Approx(wavelength_nm).epsilon(0.005));
  }
}

TEST_CASE("lpp: bad plasmas, and bad lines, are named", "[unit][source]") {
  const auto fails = [](auto change, const char* words) {
    SourceParameters p = lpp();
    change(p);
    CHECK_THROWS_WITH(compute_source(p), Contains(words));
    CHECK_THROWS_AS(compute_source(p), InputError);
  };
  fails([](auto& p) { p.lpp.power_if_w = 0; }, "source.lpp.power_if_w = 0");
  fails([](auto& p) { p.lpp.repetition_rate_khz = -1; }, "source.lpp.repetition_rate_khz = -1");
  fails([](auto& p) { p.lpp.conversion_efficiency = 6; }, "source.lpp.conversion_efficiency = 6");
  fails([](auto& p) { p.lpp.collector_transmission = 0; }, "source.lpp.collector_transmission = 0");
  fails([](auto& p) { p.lpp.n_mirrors = -1; }, "source.lpp.n_mirrors = -1");
  fails([](auto& p) { p.wavelength_nm = 6.7; }, "source.wavelength_nm = 6.7");
  fails(
      [](auto& p) {
        p.kind = SourceKind::monochromatic;
        p.monochromatic.power_w = 0;
      },
      "source.monochromatic.power_w = 0");
}

TEST_CASE("monochromatic: a line", "[unit][source]") {
  SourceParameters p;
  p.kind = SourceKind::monochromatic;
  p.monochromatic.power_w = 2;
  const SourceOutput light = compute_source(p);
  REQUIRE(light.photon_energy_ev.size() == 1);
  CHECK(light.photon_energy_ev[0] == Approx(91.84014698755574).epsilon(1e-12));
  CHECK(light.spectral_flux[0] * light.photon_energy_ev[0] * constants::kElementaryCharge == Approx(2));
  CHECK(light.in_band_power_w == 2);
  CHECK(light.total_power_w == 2);
  CHECK(light.bandwidth_fwhm_percent == 0);
  CHECK(light.stokes == optics::Stokes{});
}

TEST_CASE("spectrum: peak and power of a known curve", "[unit][source]") {
  // A Gaussian of standard deviation 1 about 90.03, off the samples.
  std::vector<double> energy_ev, flux;
  for (int i = 0; i <= 200; ++i) {
    energy_ev.push_back(80 + 0.1 * i);
    flux.push_back(std::exp(-0.5 * std::pow(energy_ev.back() - 90.03, 2)));
  }
  const SpectralPeak peak = find_peak(energy_ev, flux);
  CHECK(peak.energy_ev == Approx(90.03).epsilon(1e-6));
  CHECK(peak.fwhm_ev == Approx(2 * std::sqrt(2 * std::log(2.0))).epsilon(2e-3));  // second order in 0.1
  const double watt = spectrum_power_w(energy_ev, flux, {.low_ev = 80.05, .high_ev = 99.97});
  CHECK(watt == Approx(1e3 * constants::kElementaryCharge * std::sqrt(2 * constants::kPi)).epsilon(1e-6));
  // Part of one interval.
  CHECK(spectrum_power_w(std::vector{1.0, 2.0}, std::vector{1.0, 3.0}, {.low_ev = 1.25, .high_ev = 1.75}) ==
        Approx(1e3 * constants::kElementaryCharge * 1.0));
}

TEST_CASE("undulator: the estimate for planning is quick and near", "[unit][source]") {
  SourceParameters p;
  // Quick: the light itself.
  p.undulator.n_periods = 20;
  const SourceEstimate quick = estimate_source(p);
  CHECK_FALSE(quick.is_coarse);
  CHECK(quick.light.spectral_flux == compute_source(p).spectral_flux);
  // Slow: power and polarisation of the band from a few periods.
  p.undulator.n_periods = 100;
  p.beam.energy_spread = 1e-3;
  p.beam.beam_divergence_x_urad = 30;
  p.beam.beam_divergence_y_urad = 10;
  const SourceEstimate coarse = estimate_source(p);
  const SourceOutput light = compute_source(p);
  REQUIRE(coarse.is_coarse);
  CHECK(coarse.light.in_band_power_w == Approx(light.in_band_power_w).epsilon(0.5));  // a narrower line
  CHECK(coarse.light.stokes.s1 == Approx(light.stokes.s1).margin(0.05));
  CHECK(coarse.light.description == light.description);
  CHECK(coarse.cpu_s > 0.1);
  // The longest device through the widest aperture, and the strongest.
  p.beam.beam_divergence_x_urad = p.beam.beam_divergence_y_urad = 300;
  p.undulator.n_periods = 10000;
  p.undulator.acceptance_half_angle_urad = 2000;
  CHECK(estimate_source(p).cpu_s > 60);
  p.undulator.deflection_k = 20;
  p.undulator.n_periods = 50;
  const SourceEstimate strong = estimate_source(p);
  CHECK(strong.light.in_band_power_w > 0);
  CHECK_THAT(strong.light.notes.at(1), Contains("outside the 2 % band"));
  p.undulator.harmonic = 2;
  CHECK_THROWS_AS(estimate_source(p), InputError);
}
