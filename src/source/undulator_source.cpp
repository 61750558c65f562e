// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "source/aperture_flux.hpp"
#include "source/kinds.hpp"
#include "source/spectrum.hpp"
#include "source/undulator_beam.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/require.hpp"
#include "undulith/source/keys.hpp"
#include "undulith/source/undulator.hpp"

namespace undulith::source {
namespace {

constexpr int kDesignMapPoints = 61;
constexpr int kSamplesPerLineWidth = 20;  // of E/(n N): trapezoids then err by 1e-4 of the power
constexpr int kMinSamples = 401, kMaxSamples = 4001;

/// Photon energies that hold the 2 % band and the peak of the harmonic from the edge of the aperture to the
/// axis.
std::vector<double> choose_energies(const Undulator& undulator, const UndulatorParameters& parameters,
                                    Band band) {
  const int harmonic = parameters.harmonic;
  const double on_axis_ev = resonance_energy_ev(undulator, harmonic);
  const double at_edge_ev =
      resonance_energy_ev(undulator, harmonic, parameters.acceptance_half_angle_urad * 1e-3);
  const double line_width_ev = on_axis_ev / (harmonic * undulator.n_periods);
  const double low = std::min(band.low_ev, std::max(at_edge_ev - 4 * line_width_ev, 0.2 * at_edge_ev));
  const double high = std::max(band.high_ev, on_axis_ev + 6 * line_width_ev);
  const double wanted = std::ceil((high - low) / line_width_ev * kSamplesPerLineWidth);
  const int n = static_cast<int>(std::clamp<double>(wanted, kMinSamples, kMaxSamples));
  std::vector<double> energies;
  for (int i = 0; i < n; ++i) energies.push_back(low + (high - low) * i / (n - 1));
  energies.push_back(band.low_ev);
  energies.push_back(band.high_ev);
  std::sort(energies.begin(), energies.end());
  energies.erase(std::unique(energies.begin(), energies.end()), energies.end());
  return energies;
}

std::string name_of(UndulatorField field) {
  switch (field) {
    case UndulatorField::planar:
      return "planar";
    case UndulatorField::helical:
      return "helical";
    case UndulatorField::elliptical:
      return "elliptical";
  }
  return {};
}

/// @throws InputError  the device cannot be set to the K that the wavelength needs; says which wavelengths it
///                     reaches
void require_within_reach(const SourceParameters& parameters, double gamma, double k, double kx_ratio) {
  const UndulatorParameters& p = parameters.undulator;
  if (k <= p.max_deflection_k) return;
  const auto wavelength_nm = [&](double deflection_k) {
    return resonance_wavelength_nm({.gamma = gamma,
                                    .period_mm = p.period_mm,
                                    .deflection_k = deflection_k,
                                    .deflection_kx = kx_ratio * deflection_k},
                                   p.harmonic);
  };
  throw InputError(fmt::format(
      "source.wavelength_nm = {:.6g} (needs K = {:.4g}; harmonic {} reaches {:.4g} to {:.4g} nm with K up to "
      "source.undulator.max_deflection_k = {:.4g}); lower beam_energy_gev or harmonic, or use "
      "a longer period_mm",
      parameters.wavelength_nm, k, p.harmonic, wavelength_nm(0), wavelength_nm(p.max_deflection_k),
      p.max_deflection_k));
}

/// Whether the energy was given as the other kind: the harmonic misses the design wavelength, and meets it
/// with the other kind.
void refuse_confused_energy(const SourceParameters& parameters, const Undulator& undulator) {
  const bool kinetic = parameters.beam.beam_energy_kind == EnergyKind::kinetic;
  const int harmonic = parameters.undulator.harmonic;
  Undulator other = undulator;
  other.gamma += kinetic ? -1 : 1;
  const auto detuning = [&](const Undulator& device) {
    return std::abs(resonance_wavelength_nm(device, harmonic) / parameters.wavelength_nm - 1);
  };
  if (detuning(undulator) < 1 / undulator.gamma || detuning(other) > 0.1 / undulator.gamma) return;
  throw InputError(fmt::format(
      "source.beam.beam_energy_gev = {} (as {} energy it puts harmonic {} at {:.6g} nm; as {} energy it "
      "would lie at {:.6g} nm, the design wavelength); set beam_energy_kind = \"{}\", or set deflection_k = "
      "0 to have K chosen",
      parameters.beam.beam_energy_gev, kinetic ? "kinetic" : "total", harmonic,
      resonance_wavelength_nm(undulator, harmonic), kinetic ? "total" : "kinetic", parameters.wavelength_nm,
      kinetic ? "total" : "kinetic"));
}

optics::Stokes share_of(const optics::Stokes& flux) {
  if (!(flux.s0 > 0)) return {};
  return {.s0 = 1, .s1 = flux.s1 / flux.s0, .s2 = flux.s2 / flux.s0, .s3 = flux.s3 / flux.s0};
}

struct Light {
  std::vector<optics::Stokes> stokes;   ///< through the aperture
  std::vector<optics::Stokes> on_axis;  ///< per mrad^2
};
Light light_through(const Undulator& undulator, const BeamSpread& spread, double half_angle_urad,
                    const std::vector<double>& energies_ev) {
  if (!spread.none())
    return {flux_through(undulator, spread, {Opening::round, half_angle_urad}, energies_ev),
            flux_through(undulator, spread, {Opening::axis}, energies_ev)};
  Light light{std::vector<optics::Stokes>(energies_ev.size()),
              std::vector<optics::Stokes>(energies_ev.size())};
  const RoundAperture aperture(undulator, energies_ev.back(), half_angle_urad);
  parallel_for(static_cast<int>(energies_ev.size()), [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    light.stokes[at] = aperture(energies_ev[at]);
    light.on_axis[at] = flux_density(undulator, energies_ev[at], 0, 0);
  });
  return light;
}

/// Trapezoids over the samples; the ends of the band are among them.
BandPower band_power(const std::vector<double>& energies_ev, const std::vector<optics::Stokes>& flux,
                     Band band) {
  const auto power = [&](double optics::Stokes::*part) {
    std::vector<double> values;
    for (const optics::Stokes& s : flux) values.push_back(s.*part);
    return spectrum_power_w(energies_ev, values, band);
  };
  const optics::Stokes sum{power(&optics::Stokes::s0), power(&optics::Stokes::s1), 0,
                           power(&optics::Stokes::s3)};
  return {.power_w = sum.s0, .stokes = share_of(sum)};
}

void describe_coherence(const Undulator& undulator, const SourceParameters& all, SourceOutput& output) {
  const ElectronBeam& beam = all.beam;
  const NaturalBeam natural = natural_beam(undulator, all.undulator.harmonic, beam.energy_spread);
  Coherence& c = output.coherence;
  c.size_x_um = std::hypot(natural.size_um, beam.beam_size_x_um);
  c.size_y_um = std::hypot(natural.size_um, beam.beam_size_y_um);
  c.divergence_x_urad = std::hypot(natural.divergence_urad, beam.beam_divergence_x_urad);
  c.divergence_y_urad = std::hypot(natural.divergence_urad, beam.beam_divergence_y_urad);
  const double one_mode_um_urad = 1e3 * all.wavelength_nm / (4 * constants::kPi);  // 1 nm rad = 1e3 um urad
  c.n_modes_x = std::max(1.0, c.size_x_um * c.divergence_x_urad / one_mode_um_urad);
  c.n_modes_y = std::max(1.0, c.size_y_um * c.divergence_y_urad / one_mode_um_urad);
  const SpectralPeak line = find_peak(output.photon_energy_ev, output.on_axis_flux);
  if (line.fwhm_ev > 0) {
    c.coherence_length_um = 1e-3 * all.wavelength_nm * line.energy_ev / line.fwhm_ev;
    c.coherence_time_fs = c.coherence_length_um * 1e-6 / constants::kSpeedOfLight * 1e15;
  }
}

void add_figures(const Undulator& undulator, const UndulatorParameters& parameters, SourceOutput& output,
                 double peak_ev) {
  const auto add = [&](const char* name, double value) {
    output.figures.emplace_back(name, fmt::format("{:.5g}", value));
  };
  const double resonance_ev = resonance_energy_ev(undulator, parameters.harmonic);
  const auto at = [&](double energy_ev) {
    const auto& energies = output.photon_energy_ev;
    const auto above = std::clamp<std::ptrdiff_t>(
        std::ranges::lower_bound(energies, energy_ev) - energies.begin(), 1, std::ssize(energies) - 1);
    const double t = (energy_ev - energies[above - 1]) / (energies[above] - energies[above - 1]);
    return std::lerp(output.spectral_flux[above - 1], output.spectral_flux[above], t);
  };
  add("deflection_k", undulator.deflection_k);
  if (undulator.deflection_kx > 0) add("deflection_kx", undulator.deflection_kx);
  add("peak_field_t", undulator.deflection_k / deflection_k_of_field(1, undulator.period_mm));
  add("resonance_wavelength_nm", constants::wavelength_nm_of(resonance_ev));
  add("flux_at_resonance_ph_s_01bw", at(resonance_ev));
  add("flux_at_red_detuned_peak_ph_s_01bw", at(peak_ev));
  add("peak_detuning_line_widths", (peak_ev / resonance_ev - 1) * parameters.harmonic * undulator.n_periods);
  add("cone_flux_at_resonance_ph_s_01bw", cone_flux_at_resonance(undulator, parameters.harmonic));
  add("cone_flux_red_detuned_ph_s_01bw", cone_flux_red_detuned(undulator, parameters.harmonic));
  const Coherence& c = output.coherence;
  if (c.size_x_um > 0) {
    const double mm_mrad = 1e-6;  // um urad in mm mrad
    const double brilliance = at(peak_ev) / (4 * constants::kPi * constants::kPi * c.size_x_um * c.size_y_um *
                                             c.divergence_x_urad * c.divergence_y_urad * mm_mrad * mm_mrad);
    add("brilliance_ph_s_mm2_mrad2_01bw", brilliance);
    add("coherent_flux_ph_s_01bw", at(peak_ev) / (c.n_modes_x * c.n_modes_y));
  }
}

std::string description_of(const Undulator& undulator, const SourceParameters& all) {
  const UndulatorParameters& parameters = all.undulator;
  return fmt::format(
      "{} undulator: {:.4g} GeV, {:.4g} A, {} periods of {:.4g} mm, K = {:.5g}, harmonic {}, round "
      "aperture of {:.4g} urad half angle",
      name_of(parameters.field), all.beam.beam_energy_gev, all.beam.beam_current_a, parameters.n_periods,
      parameters.period_mm, undulator.deflection_k, parameters.harmonic,
      parameters.acceptance_half_angle_urad);
}

BeamSpread spread_of(const ElectronBeam& beam) {
  return {beam.beam_divergence_x_urad, beam.beam_divergence_y_urad, beam.energy_spread};
}

void note_detuning(const Undulator& undulator, const SourceParameters& all, SourceOutput& output) {
  const double resonance_nm = resonance_wavelength_nm(undulator, all.undulator.harmonic);
  if (std::abs(resonance_nm / all.wavelength_nm - 1) > 0.01) {
    output.notes.push_back(
        fmt::format("Harmonic {} lies at {:.6g} nm on the axis, outside the 2 % band about {:.6g} nm: set "
                    "deflection_k = 0 to tune the undulator.",
                    all.undulator.harmonic, resonance_nm, all.wavelength_nm));
  }
}

void add_notes(const Undulator& undulator, const SourceParameters& all, double in_band_w,
               SourceOutput& output) {
  const UndulatorParameters& parameters = all.undulator;
  const ElectronBeam& beam = all.beam;
  if (parameters.deflection_k == 0) {
    output.notes.push_back(
        fmt::format("K = {:.6g} was chosen so that harmonic {} lies at {:.6g} nm on the axis.",
                    undulator.deflection_k, parameters.harmonic, all.wavelength_nm));
  }
  const double sampled_w =
      spectrum_power_w(output.photon_energy_ev, output.spectral_flux, band_about(all.wavelength_nm));
  if (std::abs(sampled_w - in_band_w) > 1e-3 * in_band_w) {
    output.notes.push_back(fmt::format(
        "The {} photon energies of the spectrum are too few for its lines: they give {:.4g} W in the "
        "band instead of {:.4g} W, which is kept.",
        output.photon_energy_ev.size(), sampled_w, in_band_w));
  }
  note_detuning(undulator, all, output);
  output.notes.push_back(
      fmt::format("Referred to the undulator, through a round aperture of {:.6g} urad half angle: no mirror "
                  "is in the path yet.",
                  parameters.acceptance_half_angle_urad));
  if (beam.beam_divergence_x_urad == 0 && beam.beam_divergence_y_urad == 0 && beam.energy_spread == 0)
    output.notes.push_back(
        "Filament beam: no emittance and no energy spread, which would lower and widen the peak on the "
        "axis but hardly change the flux through a wide aperture.");
  output.notes.push_back("Ideal field of exactly the given number of periods, without end poles.");
  output.notes.push_back(
      fmt::format("All photon energies and angles together carry {:.4g} W, which the first optics must "
                  "bear.",
                  output.total_power_w));
}

}  // namespace

Undulator undulator_of(const SourceParameters& parameters) {
  const UndulatorParameters& p = parameters.undulator;
  const double wavelength_nm = parameters.wavelength_nm;
  const std::string at = "source.undulator.";
  require_in(Range::above(0, 1e6), "source.wavelength_nm", wavelength_nm, "use 13.5 for EUV");
  check_keys(p, undulator_keys(), "source.undulator");
  const double gamma = gamma_of(parameters.beam);
  require(p.field == UndulatorField::elliptical || p.deflection_kx == 0, at + "deflection_kx",
          p.deflection_kx, "must be 0 unless field = \"elliptical\"", "set field, or leave it out");
  require(p.field != UndulatorField::elliptical || p.deflection_k > 0, at + "deflection_k", p.deflection_k,
          "must be > 0 for field = \"elliptical\": one condition does not choose two fields", "give both K");
  require(p.harmonic % 2 == 1, at + "harmonic", p.harmonic,
          "must be odd: even harmonics have no light on the axis", "use 1, 3 or 5");
  require(p.field != UndulatorField::helical || p.harmonic == 1, at + "harmonic", p.harmonic,
          "must be 1 for field = \"helical\": others have no light on the axis", "use 1");
  const double widest_urad = 10e6 / gamma;
  require(p.acceptance_half_angle_urad <= widest_urad, at + "acceptance_half_angle_urad",
          p.acceptance_half_angle_urad,
          fmt::format("must be at most {:.6g}, ten times 1/gamma, which holds all the light", widest_urad),
          "use about 2/gamma or less");
  const double ratio = p.field == UndulatorField::helical ? 1 : 0;
  const double k = p.deflection_k > 0
                       ? p.deflection_k
                       : deflection_k_for(wavelength_nm, gamma, p.period_mm, p.harmonic, ratio);
  require_within_reach(parameters, gamma, k, ratio);
  Undulator undulator{.gamma = gamma,
                      .beam_current_a = parameters.beam.beam_current_a,
                      .period_mm = p.period_mm,
                      .n_periods = p.n_periods,
                      .deflection_k = k,
                      .deflection_kx = p.field == UndulatorField::elliptical ? p.deflection_kx : ratio * k};
  refuse_confused_energy(parameters, undulator);
  return undulator;
}

SourceOutput compute_undulator(const SourceParameters& all) {
  const UndulatorParameters& parameters = all.undulator;
  const double wavelength_nm = all.wavelength_nm;
  const Undulator undulator = undulator_of(all);
  const Band band = band_about(wavelength_nm);
  const double half_angle_urad = parameters.acceptance_half_angle_urad;
  const BeamSpread spread = spread_of(all.beam);

  SourceOutput output;
  output.kind = SourceKind::undulator;
  output.wavelength_nm = wavelength_nm;
  output.description = description_of(undulator, all);
  output.photon_energy_ev = choose_energies(undulator, parameters, band);
  const Light within = light_through(undulator, spread, half_angle_urad, output.photon_energy_ev);
  for (const optics::Stokes& flux : within.stokes) {
    output.spectral_flux.push_back(std::max(0.0, flux.s0));
    output.spectral_stokes.push_back(share_of(flux));
  }
  for (const optics::Stokes& density : within.on_axis)
    output.on_axis_flux.push_back(std::max(0.0, density.s0));
  const BandPower in_band = spread.none() ? in_band_power(undulator, wavelength_nm, half_angle_urad)
                                          : band_power(output.photon_energy_ev, within.stokes, band);
  output.in_band_power_w = in_band.power_w;
  output.stokes = in_band.stokes;
  output.total_power_w = total_power_w(undulator);
  output.power_density_w_mrad2 = power_density_w_mrad2(undulator, 0, 0);
  const SpectralPeak peak = find_peak(output.photon_energy_ev, output.spectral_flux);
  output.peak_wavelength_nm = constants::wavelength_nm_of(peak.energy_ev);
  output.bandwidth_fwhm_percent = 100 * peak.fwhm_ev / peak.energy_ev;
  const double design_ev = constants::energy_ev_of(wavelength_nm);
  const double half_width_mrad = 2e-3 * half_angle_urad;
  const double samples = map_samples(undulator, spread, design_ev, half_width_mrad, kDesignMapPoints);
  if (samples <= kMostMapSamples)
    output.angular_flux =
        angular_maps(undulator, spread, {design_ev}, half_width_mrad, kDesignMapPoints, MapStokes::all)
            .front();
  else
    output.notes.push_back(fmt::format(
        "The map of directions is left out: its fringes need {:.2g} samples. Fewer periods or a narrower aperture "
        "have one.",
        samples));

  describe_coherence(undulator, all, output);
  add_figures(undulator, parameters, output, peak.energy_ev);
  add_notes(undulator, all, in_band.power_w, output);
  return output;
}

SourceEstimate estimate_undulator(const SourceParameters& all) {
  const UndulatorParameters& parameters = all.undulator;
  const Undulator undulator = undulator_of(all);
  const Band band = band_about(all.wavelength_nm);
  const BeamSpread spread = spread_of(all.beam);
  check_spread(spread);
  double half_angle_urad = parameters.acceptance_half_angle_urad;
  const std::vector<double> energies = choose_energies(undulator, parameters, band);
  SourceEstimate estimate;
  if (spread.none()) {
    const double n = static_cast<double>(energies.size()) +
                     in_band_energies(undulator, all.wavelength_nm, half_angle_urad);
    estimate.cpu_s = n * round_aperture_cpu_s(undulator, energies.back(), half_angle_urad);
  } else {
    estimate.cpu_s = flux_through_cpu_s(undulator, spread, {Opening::round, half_angle_urad}, energies) +
                     flux_through_cpu_s(undulator, spread, {Opening::axis}, energies);
  }
  const double design_ev = constants::energy_ev_of(all.wavelength_nm);
  const double samples = map_samples(undulator, spread, design_ev, 2e-3 * half_angle_urad, kDesignMapPoints);
  if (samples <= kMostMapSamples) estimate.cpu_s += samples * kTermSeconds * (40 + 4 * 2 * kDesignMapPoints);
  constexpr double kQuickS = 0.1;
  if (estimate.cpu_s <= kQuickS) {
    estimate.light = compute_undulator(all);
    return estimate;
  }

  // A few periods have no fringes to resolve, and their flux through an aperture is that of their number.
  constexpr int kFewPeriods = 10;
  constexpr double kCoarseS = 0.01;
  Undulator few = undulator;
  few.n_periods = std::min(few.n_periods, kFewPeriods);
  while (round_aperture_cpu_s(few, band.high_ev, half_angle_urad) > kCoarseS && half_angle_urad > 1e-3)
    half_angle_urad *= 0.7;
  const RoundAperture aperture(few, band.high_ev, half_angle_urad);
  SourceOutput& light = estimate.light;
  estimate.is_coarse = true;
  light.kind = SourceKind::undulator;
  light.wavelength_nm = light.peak_wavelength_nm = all.wavelength_nm;
  light.description = description_of(undulator, all);
  light.photon_energy_ev = {band.low_ev, design_ev, band.high_ev};
  std::vector<optics::Stokes> flux;
  for (const double energy_ev : light.photon_energy_ev) {
    flux.push_back(aperture(energy_ev));
    const double scale = static_cast<double>(undulator.n_periods) / few.n_periods;
    light.spectral_flux.push_back(scale * std::max(0.0, flux.back().s0));
    light.spectral_stokes.push_back(share_of(flux.back()));
  }
  light.in_band_power_w = spectrum_power_w(light.photon_energy_ev, light.spectral_flux, band);
  light.stokes = band_power(light.photon_energy_ev, flux, band).stokes;
  light.total_power_w = total_power_w(undulator);
  light.spectrum_width = SpectrumWidth::cut;
  light.notes.push_back(fmt::format(
      "Power and polarisation are estimates for planning: the light takes about {:.2g} s to compute.",
      estimate.cpu_s));
  note_detuning(undulator, all, light);
  return estimate;
}

}  // namespace undulith::source
