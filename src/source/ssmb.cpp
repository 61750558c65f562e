// SPDX-License-Identifier: MIT
#include "undulith/source/ssmb.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "source/kinds.hpp"
#include "source/narrow_line.hpp"
#include "source/units.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/require.hpp"

namespace undulith::source {

using constants::kPi;

double transverse_form_factor(double s) {
  if (s <= 0) return 1;
  const double q = 4 * s * s;
  // log1p keeps the logarithm's digits for large S, where 1/q is small.
  return 2 / kPi * (std::atan(1 / (2 * s)) - s * std::log1p(1 / q));
}

double transverse_form_factor(double s_x, double s_y) {
  if (s_x == s_y) return transverse_form_factor(s_x);
  // Midpoints of a periodic function, which has kinks near the axes only when one size is close to 0.
  constexpr int kAzimuths = 256;
  double sum = 0;
  for (int i = 0; i < kAzimuths; ++i) {
    const double cosine = std::cos(0.5 * kPi * (i + 0.5) / kAzimuths), along = cosine * cosine;
    sum += transverse_form_factor(s_x * along + s_y * (1 - along));
  }
  return sum / kAzimuths;
}

double bunching_factor_of(double length_nm, double wavelength_nm) {
  const double phase = 2 * kPi * length_nm / wavelength_nm;
  return std::exp(-0.5 * phase * phase);
}

double coherent_power_w(const Undulator& undulator, double peak_current_a, double bunching_factor,
                        double beam_size_um) {
  const double k = undulator.deflection_k;
  const double q1 = (1 + 0.5 * k * k) * harmonic_strength(undulator, 1);
  const double hbar = constants::kPlanck / (2 * kPi);
  const double wavenumber = 2 * kPi / (resonance_wavelength_nm(undulator, 1) * 1e-9);
  const double length_m = undulator.n_periods * undulator.period_mm * 1e-3;
  const double s = wavenumber * beam_size_um * beam_size_um * 1e-12 / length_m;
  return kPi * kPi * constants::kFineStructure * hbar * undulator.n_periods * q1 *
         (undulator.beam_current_a / constants::kElementaryCharge) *
         (peak_current_a / constants::kElementaryCharge) * bunching_factor * bunching_factor *
         transverse_form_factor(s);
}

namespace {

void check_ssmb(const SourceParameters& all) {
  const SsmbParameters& p = all.ssmb;
  require(p.peak_current_a == 0 || p.peak_current_a >= all.beam.beam_current_a, "source.ssmb.peak_current_a",
          p.peak_current_a, "must be 0, or at least source.beam.beam_current_a",
          "the average cannot exceed the current within the filled part");
}

/// Microbunches in their undulator, and the light that they make.
struct CoherentLight {
  Undulator undulator;
  double resonance_nm = 0;  ///< of the undulator
  double wavenumber_per_m = 0;
  double size_x_m = 0, size_y_m = 0;  ///< of the beam, rms
  double form = 1;                    ///< transverse form factor
  double bunching = 0;                ///< |b| at the wavelength
  double peak_current_a = 0;
  double power_w = 0;  ///< average
  [[nodiscard]] double length_m() const { return kMetresPerMm * undulator.n_periods * undulator.period_mm; }
};

CoherentLight coherent_light(const SourceParameters& all) {
  const SsmbParameters& p = all.ssmb;
  CoherentLight light;
  const double gamma = gamma_of(all.beam);
  light.undulator = {.gamma = gamma,
                     .beam_current_a = all.beam.beam_current_a,
                     .period_mm = p.period_mm,
                     .n_periods = p.n_periods,
                     .deflection_k = p.deflection_k > 0
                                         ? p.deflection_k
                                         : deflection_k_for(all.wavelength_nm, gamma, p.period_mm, 1)};
  light.resonance_nm = resonance_wavelength_nm(light.undulator, 1);
  require(std::abs(light.resonance_nm / all.wavelength_nm - 1) < 0.01, "source.ssmb.deflection_k",
          light.undulator.deflection_k,
          fmt::format(
              "must be such that the resonance lies at source.wavelength_nm within 1 %; it lies at {:.6g} nm",
              light.resonance_nm),
          "use 0 to have it chosen");
  light.wavenumber_per_m = 2 * kPi / (all.wavelength_nm * kMetresPerNm);
  light.size_x_m = kMetresPerUm * all.beam.beam_size_x_um;
  light.size_y_m = kMetresPerUm * all.beam.beam_size_y_um;
  const auto diffraction_share = [&light](double size_m) {
    return light.wavenumber_per_m * size_m * size_m / light.length_m();
  };
  light.form = transverse_form_factor(diffraction_share(light.size_x_m), diffraction_share(light.size_y_m));
  light.bunching = p.bunching_factor > 0 ? p.bunching_factor
                                         : bunching_factor_of(p.microbunch_length_nm, all.wavelength_nm);
  light.peak_current_a = p.peak_current_a > 0 ? p.peak_current_a : light.undulator.beam_current_a;
  light.power_w = coherent_power_w(light.undulator, light.peak_current_a, light.bunching, 0) * light.form;
  return light;
}

/// sinc^2 of the phase that the path of a slant ray gains over the device, times the form factor of the beam;
/// the integral of the product is pi/2 FF/turns.
void fill_cone(SourceOutput& output, const CoherentLight& light) {
  const double turns_per_mrad2 = 1e-6 * light.length_m() / (2 * kMetresPerNm * output.wavelength_nm);
  const double phase_x = 1e-3 * light.wavenumber_per_m * light.size_x_m,  // per mrad
      phase_y = 1e-3 * light.wavenumber_per_m * light.size_y_m;
  const auto share = [&](double x, double y) {
    const double phase = kPi * turns_per_mrad2 * (x * x + y * y);
    const double sinc = phase < 1e-8 ? 1 : std::sin(phase) / phase;
    const double blur = std::pow(phase_x * x, 2) + std::pow(phase_y * y, 2);
    return 2 * turns_per_mrad2 / (kPi * light.form) * sinc * sinc * std::exp(-blur);
  };
  // As far as the fourth dark ring, or as far as the form factor leaves light.
  const auto reach = [&](double phase) {
    return std::min(2 / std::sqrt(turns_per_mrad2), 4 / std::max(phase, 1e-9));
  };
  fill_directions(output, share, reach(phase_x), reach(phase_y));
}

/// One transverse mode, as wide as the diffraction of the device and the beam together.
Coherence one_mode(Coherence coherence, const Undulator& undulator, const ElectronBeam& beam,
                   double wavelength_nm) {
  const double natural_um = natural_beam(undulator, 1, 0).size_um;
  coherence.size_x_um = std::hypot(natural_um, beam.beam_size_x_um);
  coherence.size_y_um = std::hypot(natural_um, beam.beam_size_y_um);
  coherence.n_modes_x = coherence.n_modes_y = 1;
  coherence.divergence_x_urad = kUradPerMrad * wavelength_nm / (4 * kPi * coherence.size_x_um);
  coherence.divergence_y_urad = kUradPerMrad * wavelength_nm / (4 * kPi * coherence.size_y_um);
  return coherence;
}

void add_figures(const CoherentLight& light, SourceOutput& output) {
  const auto figure = [&](const char* name, double value) {
    output.figures.emplace_back(name, fmt::format("{:.5g}", value));
  };
  const double average_current_a = light.undulator.beam_current_a;
  figure("deflection_k", light.undulator.deflection_k);
  figure("bunching_factor", light.bunching);
  figure("transverse_form_factor", light.form);
  figure("resonance_wavelength_nm", light.resonance_nm);
  figure("peak_power_w", light.power_w * light.peak_current_a / average_current_a);
  figure("incoherent_total_power_w", total_power_w(light.undulator));
  figure("coherent_energy_loss_ev_per_pass", light.power_w / average_current_a);
}

std::string describe(const CoherentLight& light, const ElectronBeam& beam) {
  const Undulator& u = light.undulator;
  return fmt::format(
      "steady-state microbunching: {:.4g} GeV, {:.4g} A ({:.4g} A peak), {} periods of {:.4g} mm, K = "
      "{:.5g}, bunching factor {:.4g}",
      beam.beam_energy_gev, u.beam_current_a, light.peak_current_a, u.n_periods, u.period_mm, u.deflection_k,
      light.bunching);
}

void add_notes(const SsmbParameters& p, const CoherentLight& light, SourceOutput& output) {
  output.notes = {
      "A steady state of microbunches at this wavelength has not been demonstrated: it was shown that they "
      "form again after one turn, at 1064 nm (Deng et al., Nature 590, 2021).",
      "The power is that of light exactly at the resonance, half of the red-detuned flux of the cone; it "
      "grows with average times peak current and with the square of the bunching factor.",
      "Left out: gain, the effect of the emitted energy on the bunching, the power of the modulation laser, "
      "intrabeam scattering, divergence and energy spread of the beam.",
      fmt::format(
          "The line width {:.3g} is that of the laser which holds the microbunches (a parameter, not a "
          "result); one transverse mode.",
          p.line_width_relative)};
  constexpr double kNotedDetuning = 0.1;  // of the line width 1/N
  const double detuning = (light.resonance_nm / output.wavelength_nm - 1) * p.n_periods;
  if (std::abs(detuning) > kNotedDetuning)
    output.notes.push_back(fmt::format(
        "deflection_k puts the resonance at {:.6g} nm, {:.2g} line widths 1/N from the microbunches at "
        "{:.6g} nm; the power stated is that without detuning.",
        light.resonance_nm, std::abs(detuning), output.wavelength_nm));
  if (p.repetition_rate_mhz == 0 && light.peak_current_a > light.undulator.beam_current_a)
    output.notes.push_back(
        "The ring has gaps, but repetition_rate_mhz = 0: the light is taken as continuous.");
}

}  // namespace

SourceOutput compute_ssmb(const SourceParameters& all) {
  check_ssmb(all);
  const SsmbParameters& p = all.ssmb;
  const CoherentLight light = coherent_light(all);
  SourceOutput output;
  output.kind = SourceKind::ssmb;
  output.wavelength_nm = all.wavelength_nm;
  output.description = describe(light, all.beam);
  fill_narrow_line(output, light.power_w, p.line_width_relative);
  output.stokes = {.s0 = 1, .s1 = 1};
  fill_cone(output, light);
  output.total_power_w += total_power_w(light.undulator);
  output.power_density_w_mrad2 += power_density_w_mrad2(light.undulator, 0, 0);
  output.coherence = one_mode(output.coherence, light.undulator, all.beam, all.wavelength_nm);
  if (p.repetition_rate_mhz > 0) {
    output.time = {.pulsed = true,
                   .repetition_rate_hz = kHzPerMhz * p.repetition_rate_mhz,
                   .pulse_length_fs = kFsPerSecond * light.undulator.beam_current_a / light.peak_current_a /
                                      (kHzPerMhz * p.repetition_rate_mhz)};
  }
  add_figures(light, output);
  add_notes(p, light, output);
  return output;
}

}  // namespace undulith::source
