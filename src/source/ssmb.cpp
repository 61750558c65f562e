#include "undulith/source/ssmb.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "source/kinds.hpp"
#include "source/narrow_line.hpp"
#include "undulith/core/constants.hpp"

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
  // Midpoints of a periodic function, which kinks near the axes only when one size is close to none.
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

SourceOutput compute_ssmb(const SourceParameters& all) {
  const SsmbParameters& p = all.ssmb;
  const std::string at = "source.ssmb.";
  const auto positive = [](double value) { return std::isfinite(value) && value > 0; };
  require(p.bunching_factor >= 0 && p.bunching_factor <= 1, at + "bunching_factor", p.bunching_factor,
          "in [0, 1]: the mean of a phase factor over the electrons cannot exceed 1",
          "use 0.05 to 0.2, or 0 to have it follow from microbunch_length_nm");
  require(positive(p.microbunch_length_nm), at + "microbunch_length_nm", p.microbunch_length_nm, "> 0",
          "use 3 for 13.5 nm light");
  require(std::isfinite(p.peak_current_a) && p.peak_current_a >= 0, at + "peak_current_a", p.peak_current_a,
          ">= 0", "use 0 for a ring without gaps");
  require(p.peak_current_a == 0 || p.peak_current_a >= all.beam.beam_current_a, at + "peak_current_a",
          p.peak_current_a, "0, or at least source.beam.beam_current_a",
          "the average cannot exceed the current within the filled part");
  require(p.line_width_relative > 0 && p.line_width_relative <= 0.01, at + "line_width_relative",
          p.line_width_relative, "in (0, 0.01]", "use 1e-6");
  require(std::isfinite(p.repetition_rate_mhz) && p.repetition_rate_mhz >= 0, at + "repetition_rate_mhz",
          p.repetition_rate_mhz, ">= 0", "use 0 for a ring without gaps");
  require(positive(p.period_mm), at + "period_mm", p.period_mm, "> 0", "use 10 to 50");
  require(p.n_periods >= 1 && p.n_periods <= 10000, at + "n_periods", p.n_periods, "in [1, 10000]",
          "use 300");
  require(p.deflection_k >= 0 && p.deflection_k <= 20, at + "deflection_k", p.deflection_k, "in [0, 20]",
          "use 0 to have K chosen for source.wavelength_nm");
  const double gamma = gamma_of(all.beam);
  const double k =
      p.deflection_k > 0 ? p.deflection_k : deflection_k_for(all.wavelength_nm, gamma, p.period_mm, 1);
  const Undulator undulator{.gamma = gamma,
                            .beam_current_a = all.beam.beam_current_a,
                            .period_mm = p.period_mm,
                            .n_periods = p.n_periods,
                            .deflection_k = k};
  const double resonance_nm = resonance_wavelength_nm(undulator, 1);
  require(std::abs(resonance_nm / all.wavelength_nm - 1) < 0.01, at + "deflection_k", k,
          fmt::format("such that the resonance lies at source.wavelength_nm within 1 %; it lies at {:.6g} nm",
                      resonance_nm)
              .c_str(),
          "use 0 to have it chosen");
  const double length_m = 1e-3 * p.n_periods * p.period_mm;
  const double wavenumber = 2 * kPi / (all.wavelength_nm * 1e-9);
  const double size_x_m = 1e-6 * all.beam.beam_size_x_um, size_y_m = 1e-6 * all.beam.beam_size_y_um;
  const double form = transverse_form_factor(wavenumber * size_x_m * size_x_m / length_m,
                                             wavenumber * size_y_m * size_y_m / length_m);
  const double bunching = p.bunching_factor > 0
                              ? p.bunching_factor
                              : bunching_factor_of(p.microbunch_length_nm, all.wavelength_nm);
  const double peak_current = p.peak_current_a > 0 ? p.peak_current_a : undulator.beam_current_a;
  const double power_w = coherent_power_w(undulator, peak_current, bunching, 0) * form;

  SourceOutput output;
  output.kind = SourceKind::ssmb;
  output.wavelength_nm = all.wavelength_nm;
  output.description = fmt::format(
      "steady-state microbunching: {:.4g} GeV, {:.4g} A ({:.4g} A peak), {} periods of {:.4g} mm, K = "
      "{:.5g}, "
      "bunching factor {:.4g}",
      all.beam.beam_energy_gev, undulator.beam_current_a, peak_current, p.n_periods, p.period_mm, k,
      bunching);
  fill_narrow_line(output, power_w, p.line_width_relative);
  output.stokes = {.s0 = 1, .s1 = 1};
  // sinc^2 of the phase that the path of a slant ray gains over the device, times the beam's own form factor;
  // their integral is pi/2 FF/turns.
  const double turns = 1e-6 * length_m / (2e-9 * all.wavelength_nm);  // per mrad^2
  const double phase_x = 1e-3 * wavenumber * size_x_m, phase_y = 1e-3 * wavenumber * size_y_m;
  const auto share = [&](double x, double y) {
    const double phase = kPi * turns * (x * x + y * y);
    const double sinc = phase < 1e-8 ? 1 : std::sin(phase) / phase;
    const double blur = std::pow(phase_x * x, 2) + std::pow(phase_y * y, 2);
    return 2 * turns / (kPi * form) * sinc * sinc * std::exp(-blur);
  };
  // As far as the fourth dark ring, or as the form factor leaves light.
  const auto reach = [&](double phase) { return std::min(2 / std::sqrt(turns), 4 / std::max(phase, 1e-9)); };
  fill_directions(output, share, reach(phase_x), reach(phase_y));
  output.total_power_w += total_power_w(undulator);
  output.power_density_w_mrad2 += power_density_w_mrad2(undulator, 0, 0);
  const NaturalBeam natural = natural_beam(undulator, 1, 0);
  Coherence& c = output.coherence;
  c.size_x_um = std::hypot(natural.size_um, all.beam.beam_size_x_um);
  c.size_y_um = std::hypot(natural.size_um, all.beam.beam_size_y_um);
  c.n_modes_x = c.n_modes_y = 1;
  c.divergence_x_urad = 1e3 * all.wavelength_nm / (4 * kPi * c.size_x_um);
  c.divergence_y_urad = 1e3 * all.wavelength_nm / (4 * kPi * c.size_y_um);
  if (p.repetition_rate_mhz > 0) {
    output.time = {
        .pulsed = true,
        .repetition_rate_hz = 1e6 * p.repetition_rate_mhz,
        .pulse_length_fs = 1e15 * undulator.beam_current_a / peak_current / (1e6 * p.repetition_rate_mhz)};
  }
  const auto figure = [&](const char* name, double value) {
    output.figures.emplace_back(name, fmt::format("{:.5g}", value));
  };
  figure("deflection_k", k);
  figure("bunching_factor", bunching);
  figure("transverse_form_factor", form);
  figure("resonance_wavelength_nm", resonance_nm);
  figure("peak_power_w", power_w * peak_current / undulator.beam_current_a);
  figure("incoherent_total_power_w", total_power_w(undulator));
  figure("coherent_energy_loss_ev_per_pass", power_w / undulator.beam_current_a);
  output.notes = {
      "A steady state of microbunches at this wavelength has not been demonstrated: shown was that they form "
      "again after one turn, at 1064 nm (Deng et al., Nature 590, 2021).",
      "The power is that of light exactly at the resonance, half of the red-detuned flux of the cone; it "
      "grows "
      "with average times peak current and with the square of the bunching factor.",
      "Left out: gain, what the energy that the light takes does to the bunching, the modulation laser's "
      "power, intrabeam scattering, divergence and energy spread of the beam.",
      fmt::format(
          "The line width {:.3g} is that of the laser which holds the microbunches (a parameter, not a "
          "result); one transverse mode.",
          p.line_width_relative)};
  const double detuning = (resonance_nm / all.wavelength_nm - 1) * p.n_periods;
  if (std::abs(detuning) > 0.1)
    output.notes.push_back(fmt::format(
        "deflection_k puts the resonance at {:.6g} nm, {:.2g} line widths 1/N from the microbunches "
        "at {:.6g} nm; the power stated is that without detuning.",
        resonance_nm, std::abs(detuning), all.wavelength_nm));
  if (p.repetition_rate_mhz == 0 && peak_current > undulator.beam_current_a)
    output.notes.push_back(
        "The ring has gaps, but repetition_rate_mhz = 0: the light is handed on as continuous.");
  return output;
}

}  // namespace undulith::source
