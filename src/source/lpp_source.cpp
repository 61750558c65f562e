// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "source/kinds.hpp"
#include "source/spectrum.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/optics/mirror.hpp"

namespace undulith::source {
namespace {

constexpr double kSpan = 0.05;        // the spectrum covers wavelength_nm +- 5 %
constexpr double kIncidenceDeg = 6;   // of all mirrors
constexpr double kShortestNm = 12.5;  // below it silicon absorbs, and the mirror does not reflect
constexpr double kLongestNm = 14.6;   // the tin plasma is taken flat up to here

double mirror_reflectance(double wavelength_nm, double period_nm) {
  return optics::reflectance({.period_nm = period_nm}, wavelength_nm, kIncidenceDeg);
}

/// Energies that hold the ends of the band, so that trapezoids see exactly the band.
std::vector<double> choose_energies(double wavelength_nm) {
  const Band band = band_about(wavelength_nm);
  const std::array<double, 4> ends{constants::energy_ev_of((1 + kSpan) * wavelength_nm), band.low_ev,
                                   band.high_ev, constants::energy_ev_of((1 - kSpan) * wavelength_nm)};
  const std::array<int, 3> steps{120, 160, 120};
  std::vector<double> energies;
  for (std::size_t part = 0; part < steps.size(); ++part) {
    for (int i = 0; i < steps[part]; ++i) {
      energies.push_back(ends[part] + (ends[part + 1] - ends[part]) * i / steps[part]);
    }
  }
  energies.push_back(ends.back());
  return energies;
}

/// A disc of plasma into the collector: etendue = area times solid angle, in modes of lambda^2. Size and
/// divergence are those of a square of equal etendue.
void fill_coherence(const LppParameters& p, SourceOutput& output) {
  const double radius_um = p.plasma_diameter_um / 2;
  const double etendue_um2 = constants::kPi * radius_um * radius_um * p.collector_solid_angle_sr;
  const double wavelength_um = 1e-3 * output.wavelength_nm;
  Coherence& c = output.coherence;
  c.size_x_um = c.size_y_um = radius_um / 2;  // rms of a disc
  c.n_modes_x = c.n_modes_y = std::sqrt(etendue_um2) / wavelength_um;
  c.divergence_x_urad = c.divergence_y_urad =
      c.n_modes_x * wavelength_um / (4 * constants::kPi) / c.size_x_um * 1e6;
  c.coherence_length_um = wavelength_um / 0.02;  // of the 2 % band
  c.coherence_time_fs = c.coherence_length_um * 1e-6 / constants::kSpeedOfLight * 1e15;
}

}  // namespace

SourceOutput compute_lpp(const LppParameters& p, double wavelength_nm) {
  const double shortest = kShortestNm / (1 - kSpan), longest = kLongestNm / (1 + kSpan);
  require(wavelength_nm >= shortest && wavelength_nm <= longest, "source.wavelength_nm", wavelength_nm,
          fmt::format("must be in [{:.4g}, {:.4g}] for kind lpp: Mo/Si mirrors and tin", shortest, longest),
          "use 13.5");

  SourceOutput output;
  output.kind = SourceKind::lpp;
  output.wavelength_nm = wavelength_nm;
  output.description = fmt::format("laser-produced tin plasma: {:.4g} W at intermediate focus, {:.4g} kHz",
                                   p.power_if_w, p.repetition_rate_khz);
  output.photon_energy_ev = choose_energies(wavelength_nm);
  std::vector<double> shape;
  if (p.n_mirrors == 0) {
    shape.assign(output.photon_energy_ev.size(), 1);
  } else {
    const double period_nm = optics::tuned_period_nm({}, wavelength_nm, kIncidenceDeg, p.n_mirrors);
    for (const double energy_ev : output.photon_energy_ev) {
      shape.push_back(mirror_reflectance(constants::wavelength_nm_of(energy_ev), period_nm));
    }
    const double highest = *std::max_element(shape.begin(), shape.end());
    for (double& value : shape) value = std::pow(value / highest, p.n_mirrors);
  }
  const double scale =
      p.power_if_w / spectrum_power_w(output.photon_energy_ev, shape, band_about(wavelength_nm));
  for (const double value : shape) output.spectral_flux.push_back(scale * value);
  output.in_band_power_w = p.power_if_w;
  output.total_power_w = p.power_if_w * (1 + p.out_of_band_fraction);
  const SpectralPeak peak = find_peak(output.photon_energy_ev, output.spectral_flux);
  output.peak_wavelength_nm = constants::wavelength_nm_of(peak.energy_ev);
  output.bandwidth_fwhm_percent = 100 * peak.fwhm_ev / peak.energy_ev;
  output.time = {.pulsed = true,
                 .repetition_rate_hz = 1e3 * p.repetition_rate_khz,
                 .pulse_energy_noise = p.pulse_energy_noise};
  fill_coherence(p, output);
  const double drive_w = p.power_if_w / (p.conversion_efficiency * p.collector_transmission);
  output.figures = {{"drive_laser_power_kw", fmt::format("{:.5g}", 1e-3 * drive_w)},
                    {"pulse_energy_mj", fmt::format("{:.5g}", p.power_if_w / p.repetition_rate_khz)}};

  output.notes.push_back(
      p.n_mirrors == 0
          ? fmt::format("No mirror shapes the spectrum: it is taken flat over {:.6g} nm +- {:.0f} %, whose "
                        "width is then not a property of the plasma.",
                        wavelength_nm, 100 * kSpan)
          : fmt::format("The spectrum is that of {} Mo/Si mirrors centred on {:.6g} nm: the tin emission is "
                        "far broader and taken flat (assumed, not measured).",
                        p.n_mirrors, wavelength_nm));
  output.notes.push_back(fmt::format(
      "The power is in band at intermediate focus, all mirror losses after it still to come; light out of "
      "band there is taken as {:.3g} of it (assumed).",
      p.out_of_band_fraction));
  output.notes.push_back(
      fmt::format("Drive laser: {:.4g} kW, at a conversion efficiency of {:.4g} and a transmission of {:.4g} "
                  "to intermediate focus; {:.4g} mJ in band per pulse there.",
                  1e-3 * drive_w, p.conversion_efficiency, p.collector_transmission,
                  p.power_if_w / p.repetition_rate_khz));
  output.notes.push_back(
      "Unpolarised; pulse energies vary independently (open loop): a dose servo does better.");
  return output;
}

}  // namespace undulith::source
