// SPDX-License-Identifier: MIT
#include "undulith/source/fel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "source/kinds.hpp"
#include "source/narrow_line.hpp"
#include "source/units.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/source/undulator.hpp"

namespace undulith::source {
namespace {

using constants::kPi;

constexpr double kWidestLine = 0.2;
constexpr double kAlfvenCurrentA = 17045.09;              // 4 pi epsilon_0 m c^3/e
constexpr double kFwhmOfFlatTop = 0.885893;               // of sinc^2, in units of 1/length
const double kFwhmPerRms = std::sqrt(8 * std::log(2.0));  // of a Gaussian
constexpr double kCoupling = 9;                           // the growing mode takes 1/9 of the starting power

Undulator device(const FelBeam& beam) {
  return {.gamma = beam.gamma,
          .beam_current_a = beam.peak_current_a,
          .period_mm = beam.period_mm,
          .n_periods = 1,
          .deflection_k = beam.deflection_k,
          .deflection_kx = beam.helical ? beam.deflection_k : 0};
}

/// Ming Xie's fit; the coefficients are a1 to a19 of his table.
double ming_xie(double d, double e, double g) {
  return 0.45 * std::pow(d, 0.57) + 0.55 * std::pow(e, 1.6) + 3 * std::pow(g, 2) +
         0.35 * std::pow(e, 2.9) * std::pow(g, 2.4) + 51 * std::pow(d, 0.95) * std::pow(g, 3) +
         5.4 * std::pow(d, 0.7) * std::pow(e, 1.9) +
         1140 * std::pow(d, 2.2) * std::pow(e, 2.9) * std::pow(g, 3.2);
}

}  // namespace

FelGain fel_gain(const FelBeam& beam) {
  const auto require_positive = [](const char* name, double value) {
    if (!(std::isfinite(value) && value > 0))
      throw InputError(fmt::format("fel: {} = {} (must be > 0); use a positive value", name, value));
  };
  require_positive("peak_current_a", beam.peak_current_a);
  require_positive("normalised_emittance_um", beam.normalised_emittance_um);
  require_positive("beta_m", beam.beta_m);
  require_positive("deflection_k", beam.deflection_k);
  require_positive("period_mm", beam.period_mm);
  const double k = beam.deflection_k, h = beam.harmonic;
  FelGain gain;
  gain.wavelength_nm = resonance_wavelength_nm(device(beam), beam.harmonic);
  // F_h = h^2 K^2 [JJ]^2/u^2, twice that for a helical device, which has [JJ] = 1.
  const double u = 1 + 0.5 * k * k;
  gain.coupling = beam.helical ? 1 : std::sqrt(harmonic_strength(device(beam), beam.harmonic)) * u / (h * k);
  const double strength = beam.helical ? 2 * k * k : k * k * gain.coupling * gain.coupling;
  const double emittance_m = beam.normalised_emittance_um * 1e-6 / beam.gamma;
  const double variance_m2 = emittance_m * beam.beta_m;
  const double period_m = beam.period_mm * 1e-3, wavenumber_u = 2 * kPi / period_m;
  gain.rho = std::cbrt(beam.peak_current_a / (16 * kAlfvenCurrentA) * strength /
                       (std::pow(beam.gamma, 3) * variance_m2 * wavenumber_u * wavenumber_u * h * h));
  gain.gain_length_1d_m = period_m / (4 * kPi * std::sqrt(3.0) * h * gain.rho);
  const double wavelength_m = gain.wavelength_nm * 1e-9;
  gain.eta_diffraction = gain.gain_length_1d_m * wavelength_m / (4 * kPi * variance_m2);
  gain.eta_emittance = gain.gain_length_1d_m / beam.beta_m * 4 * kPi * emittance_m / wavelength_m;
  gain.eta_energy_spread = 4 * kPi * h * gain.gain_length_1d_m / period_m * beam.energy_spread;
  gain.lambda_correction = ming_xie(gain.eta_diffraction, gain.eta_emittance, gain.eta_energy_spread);
  gain.gain_length_3d_m = gain.gain_length_1d_m * (1 + gain.lambda_correction);
  gain.beam_power_w = beam.gamma * constants::kElectronMassMev * 1e6 * beam.peak_current_a;
  gain.saturation_power_1d_w = gain.rho * gain.beam_power_w;
  gain.saturation_power_w = 1.6 * gain.saturation_power_1d_w / std::pow(1 + gain.lambda_correction, 2);
  gain.cooperation_length_m = wavelength_m / (4 * kPi * gain.rho);
  return gain;
}

double shot_noise_power_w(const FelBeam& beam, const FelGain& gain) {
  const double energy_j = beam.gamma * constants::kElectronMassMev * 1e6 * constants::kElementaryCharge;
  return gain.rho * gain.rho * energy_j * constants::kSpeedOfLight / (gain.wavelength_nm * 1e-9);
}

double single_pass_gain(const FelGain& gain, double length_m) {
  constexpr double kOverflow = 700;
  return std::exp(std::min(length_m / gain.gain_length_3d_m, kOverflow)) / kCoupling;
}

double fel_power_w(const FelGain& gain, double start_power_w, double length_m) {
  return std::min(gain.saturation_power_w, start_power_w * single_pass_gain(gain, length_m));
}

double saturation_length_m(const FelGain& gain, double start_power_w) {
  return gain.gain_length_3d_m * std::max(0.0, std::log(kCoupling * gain.saturation_power_w / start_power_w));
}

namespace {

void check_parameters(const FelParameters& p) {
  if (p.field == UndulatorField::elliptical)
    throw InputError(
        "source.fel.field = elliptical (must be planar or helical: the gain is known for these); use one of "
        "them");
  require(p.harmonic % 2 == 1, "source.fel.harmonic", p.harmonic, "must be odd", "use 1, 3 or 5");
  require(p.field != UndulatorField::helical || p.harmonic == 1, "source.fel.harmonic", p.harmonic,
          "must be 1 for field = \"helical\"", "use 1");
  require(p.mode != FelMode::regenerative || p.outcoupling + p.round_trip_reflectance <= 1 + 1e-12,
          "source.fel.outcoupling", p.outcoupling,
          fmt::format("must leave what is fed back, round_trip_reflectance = {}: together at most 1",
                      p.round_trip_reflectance),
          fmt::format("use {:.4g}, or less", 1 - p.round_trip_reflectance));
}

std::string name_of(FelMode mode) {
  switch (mode) {
    case FelMode::sase:
      return "SASE";
    case FelMode::seeded:
      return "seeded";
    case FelMode::regenerative:
      return "regenerative-amplifier";
  }
  return {};
}

/// What comes out of the undulator, before taper and outcoupling.
struct Amplified {
  double power_w = 0, length_m = 0;
  double noise_w = 0;              ///< shot noise of the beam
  double start_w = 0;              ///< power that the gain starts from
  double saturation_length_m = 0;  ///< regenerative: the threshold
};

Amplified amplify_regenerative(const FelParameters& p, const FelGain& gain, double noise_w) {
  constexpr double kMargin = 1.5;  // gain over loss of one pass: saturation within a few tens of passes
  Amplified light{.power_w = gain.saturation_power_w,
                  .length_m = p.undulator_length_m,
                  .noise_w = noise_w,
                  .start_w = noise_w};
  light.saturation_length_m = gain.gain_length_3d_m * std::log(kCoupling / p.round_trip_reflectance);
  if (light.length_m == 0)
    light.length_m = gain.gain_length_3d_m * std::log(kCoupling * kMargin / p.round_trip_reflectance);
  const double one_pass = single_pass_gain(gain, light.length_m);
  if (!(one_pass * p.round_trip_reflectance > 1))
    throw InputError(fmt::format(
        "source.fel.undulator_length_m = {:.4g} (one pass gains {:.4g} and round_trip_reflectance = {:.4g} "
        "of it returns: below threshold); lengthen it beyond {:.4g}, or raise round_trip_reflectance above "
        "{:.4g}",
        light.length_m, one_pass, p.round_trip_reflectance, light.saturation_length_m, 1 / one_pass));
  return light;
}

Amplified amplify(const FelParameters& p, const FelBeam& beam, const FelGain& gain) {
  const double noise_w = shot_noise_power_w(beam, gain);
  if (p.mode == FelMode::regenerative) return amplify_regenerative(p, gain, noise_w);
  Amplified light{.length_m = p.undulator_length_m,
                  .noise_w = noise_w,
                  .start_w = p.mode == FelMode::seeded ? std::max(p.seed_power_w, noise_w) : noise_w};
  light.saturation_length_m = saturation_length_m(gain, light.start_w);
  if (light.length_m == 0) light.length_m = light.saturation_length_m;
  light.power_w = fel_power_w(gain, light.start_w, light.length_m);
  return light;
}

void add_notes(const FelParameters& p, const FelGain& gain, const Amplified& light, bool saturated,
               SourceOutput& output) {
  constexpr double kClearOfNoise = 100;
  output.notes = {
      "High-gain theory in one dimension with Ming Xie's fit for diffraction, emittance and energy spread; "
      "no space charge, no wakefields, a flat-top bunch of equal slices.",
      "One transverse mode, as wide as the electron beam, is assumed, which saturated free-electron lasers "
      "nearly have; spontaneous radiation is not counted."};
  switch (p.mode) {
    case FelMode::sase:
      output.notes.push_back(
          "Line: rms width rho. Coherence time: lambda/(2 rho c), one spike. Pulse noise: 1/sqrt(spikes), "
          "that of the linear regime, less at saturation; drifts of pointing and energy are not included.");
      break;
    case FelMode::seeded:
      output.notes.push_back(
          "Line: the transform limit of the flat-top bunch. Pulse noise follows the seed, which is not "
          "modelled: 0 is stated.");
      if (light.start_w < kClearOfNoise * light.noise_w)
        output.notes.push_back("The seed is less than 100 times the shot noise.");
      break;
    case FelMode::regenerative:
      output.notes.push_back(
          "Line: the transform limit of the flat-top bunch. Steady state at saturation; the length of the "
          "cavity, the load of its mirrors, the build-up and pulse noise (0 is stated) are not modelled.");
      break;
  }
  if (!saturated)
    output.notes.push_back(fmt::format(
        "The undulator of {:.4g} m is too short for saturation, which takes {:.4g} m: {:.3g} % of the "
        "saturated power{}.",
        light.length_m, light.saturation_length_m, 100 * light.power_w / gain.saturation_power_w,
        p.taper_gain > 1 ? ", and taper_gain, which is for the light beyond saturation, is left out" : ""));
  if (p.harmonic > 1)
    output.notes.push_back(
        "Harmonic lasing: the fundamental is taken to be kept from lasing by phase shifters or filters.");
}

FelBeam beam_of(const SourceParameters& all) {
  const FelParameters& p = all.fel;
  const bool helical = p.field == UndulatorField::helical;
  const double gamma = gamma_of(all.beam);
  return {.gamma = gamma,
          .period_mm = p.period_mm,
          .deflection_k = p.deflection_k > 0 ? p.deflection_k
                                             : deflection_k_for(all.wavelength_nm, gamma, p.period_mm,
                                                                p.harmonic, helical ? 1 : 0),
          .helical = helical,
          .harmonic = p.harmonic,
          .peak_current_a = p.peak_current_a,
          .normalised_emittance_um = p.normalised_emittance_um,
          .energy_spread = all.beam.energy_spread,
          .beta_m = p.beta_m};
}

FelGain tuned_gain(const FelBeam& beam, double wavelength_nm) {
  const FelGain gain = fel_gain(beam);
  require(std::abs(gain.wavelength_nm / wavelength_nm - 1) < 0.01, "source.fel.deflection_k",
          beam.deflection_k,
          fmt::format(
              "must be such that the harmonic lies at source.wavelength_nm within 1 %; it lies at {:.6g} nm",
              gain.wavelength_nm),
          "use 0 to have it chosen");
  return gain;
}

/// What leaves the machine.
struct Pulses {
  bool saturated = false;
  double peak_w = 0, average_w = 0;
  double average_current_a = 0;  ///< of the electrons
  double rate_hz = 0;            ///< averaged over trains
};

Pulses pulses_of(const FelParameters& p, const FelGain& gain, const Amplified& light) {
  constexpr double kRounding = 1e-9;
  Pulses pulses;
  pulses.saturated = light.power_w >= gain.saturation_power_w * (1 - kRounding);
  pulses.peak_w = light.power_w * (pulses.saturated ? p.taper_gain : 1) *
                  (p.mode == FelMode::regenerative ? p.outcoupling : 1);
  require(pulses.peak_w < gain.beam_power_w, "source.fel.taper_gain", p.taper_gain,
          "must be such that the light has less than the power of the beam", "use 1 to 5");
  pulses.rate_hz = kHzPerMhz * p.repetition_rate_mhz * p.duty_factor;
  const auto average = [&](double at_peak) {
    return at_peak * p.bunch_length_fs * kSecondsPerFs * pulses.rate_hz;
  };
  pulses.average_w = average(pulses.peak_w);
  pulses.average_current_a = average(p.peak_current_a);
  return pulses;
}

/// Relative FWHM of the line: rms rho for SASE, else (and at least) the transform limit of the bunch.
double line_width(const FelParameters& p, const FelGain& gain, double period_fs) {
  const double transform_limit = kFwhmOfFlatTop * period_fs / p.bunch_length_fs;
  const double fwhm =
      p.mode == FelMode::sase ? std::max(kFwhmPerRms * gain.rho, transform_limit) : transform_limit;
  require(fwhm < kWidestLine, "source.fel.bunch_length_fs", p.bunch_length_fs,
          "must be long enough for a line narrower than 20 %", "use 50 to 500");
  return fwhm;
}

/// One transverse mode as wide as the beam, with the divergence of that mode.
void fill_mode(SourceOutput& output, double beam_size_um) {
  constexpr double kWaists = 4;  // rms divergences that the map shows
  Coherence& c = output.coherence;
  c.size_x_um = c.size_y_um = beam_size_um;
  c.n_modes_x = c.n_modes_y = 1;
  c.divergence_x_urad = c.divergence_y_urad = kUradPerMrad * output.wavelength_nm / (4 * kPi * c.size_x_um);
  const double rms_mrad = kMradPerUrad * c.divergence_x_urad;
  const auto share = [rms_mrad](double x, double y) {
    const double variance = rms_mrad * rms_mrad;
    return std::exp(-0.5 * (x * x + y * y) / variance) / (2 * kPi * variance);
  };
  fill_directions(output, share, kWaists * rms_mrad, kWaists * rms_mrad);
}

std::string describe(const FelParameters& p, const FelBeam& beam, double beam_energy_gev, double rate_hz) {
  return fmt::format(
      "{} free-electron laser: {:.4g} GeV, {:.4g} A peak, {:.4g} fs at {:.4g} MHz, {} undulator of {:.4g} "
      "mm, K = {:.4g}{}",
      name_of(p.mode), beam_energy_gev, p.peak_current_a, p.bunch_length_fs, rate_hz / kHzPerMhz,
      beam.helical ? "helical" : "planar", p.period_mm, beam.deflection_k,
      p.harmonic > 1 ? fmt::format(", harmonic {}", p.harmonic) : "");
}

void add_figures(const FelParameters& p, const FelBeam& beam, const FelGain& gain, const Amplified& light,
                 const Pulses& pulses, double n_spikes, SourceOutput& output) {
  const auto figure = [&](const char* name, double value) {
    output.figures.emplace_back(name, fmt::format("{:.5g}", value));
  };
  const bool regenerative = p.mode == FelMode::regenerative;
  figure("deflection_k", beam.deflection_k);
  figure("rho", gain.rho);
  figure("gain_length_1d_m", gain.gain_length_1d_m);
  figure("gain_length_3d_m", gain.gain_length_3d_m);
  figure("saturation_power_w", gain.saturation_power_w);
  figure("saturation_power_1d_w", gain.saturation_power_1d_w);
  figure(regenerative ? "threshold_length_m" : "saturation_length_m", light.saturation_length_m);
  figure("undulator_length_m", light.length_m);
  if (regenerative) figure("single_pass_gain", single_pass_gain(gain, light.length_m));
  figure("shot_noise_power_w", light.noise_w);
  figure("cooperation_length_um", kUmPerMetre * gain.cooperation_length_m);
  figure("bandwidth_rms_percent", output.bandwidth_fwhm_percent / kFwhmPerRms);
  figure("peak_power_w", pulses.peak_w);
  figure("pulse_energy_uj", pulses.peak_w * p.bunch_length_fs * 1e-9);
  figure("beam_current_a", pulses.average_current_a);
  figure("bunch_charge_pc", p.peak_current_a * p.bunch_length_fs * 1e-3);
  figure("spikes_per_pulse", n_spikes);
}

}  // namespace

SourceOutput compute_fel(const SourceParameters& all) {
  const FelParameters& p = all.fel;
  check_parameters(p);
  const FelBeam beam = beam_of(all);
  const FelGain gain = tuned_gain(beam, all.wavelength_nm);
  const Amplified light = amplify(p, beam, gain);
  const Pulses pulses = pulses_of(p, gain, light);
  const bool sase = p.mode == FelMode::sase;

  SourceOutput output;
  output.kind = SourceKind::fel;
  output.wavelength_nm = all.wavelength_nm;
  output.description = describe(p, beam, all.beam.beam_energy_gev, pulses.rate_hz);
  output.stokes = beam.helical ? optics::Stokes{.s0 = 1, .s3 = 1} : optics::Stokes{.s0 = 1, .s1 = 1};
  const double period_fs = all.wavelength_nm * kMetresPerNm / constants::kSpeedOfLight * kFsPerSecond;
  fill_narrow_line(output, pulses.average_w, line_width(p, gain, period_fs));
  double n_spikes = 1;
  if (sase) {
    Coherence& c = output.coherence;
    c.coherence_time_fs = period_fs / (2 * gain.rho);
    c.coherence_length_um = c.coherence_time_fs * kUmPerMetreFs * constants::kSpeedOfLight;
    n_spikes = std::max(1.0, p.bunch_length_fs / c.coherence_time_fs);
  }
  fill_mode(output,
            kUmPerMetre * std::sqrt(p.normalised_emittance_um * kMetresPerUm / beam.gamma * p.beta_m));
  output.time = {.pulsed = true,
                 .repetition_rate_hz = pulses.rate_hz,
                 .pulse_length_fs = p.bunch_length_fs,
                 .pulse_energy_noise = sase ? 1 / std::sqrt(n_spikes) : 0};
  output.beam_power_w =
      gain.beam_power_w / p.peak_current_a * pulses.average_current_a * (1 - p.energy_recovery);
  add_figures(p, beam, gain, light, pulses, n_spikes, output);
  add_notes(p, gain, light, pulses.saturated, output);
  return output;
}

}  // namespace undulith::source
