#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "source/aperture_flux.hpp"
#include "source/kinds.hpp"
#include "source/spectrum.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/source/undulator.hpp"

namespace undulith::source {
namespace {

constexpr int kMapPoints = 61;
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

}  // namespace

Undulator undulator_of(const UndulatorParameters& p, double wavelength_nm) {
  const auto positive = [](double value) { return std::isfinite(value) && value > 0; };
  const std::string at = "source.undulator.";
  require(positive(wavelength_nm), "source.wavelength_nm", wavelength_nm, "> 0", "use 13.5 for EUV");
  require(std::isfinite(p.beam_energy_gev) && lorentz_factor(p.beam_energy_gev) >= 20, at + "beam_energy_gev",
          p.beam_energy_gev, ">= 0.01022, gamma >= 20: the formulas are for fast electrons",
          "use 0.4 to 1 for 13.5 nm");
  require(positive(p.beam_current_a), at + "beam_current_a", p.beam_current_a, "> 0", "use 0.3 for 300 mA");
  require(positive(p.period_mm), at + "period_mm", p.period_mm, "> 0", "use 10 to 50");
  require(p.n_periods >= 1 && p.n_periods <= 10000, at + "n_periods", p.n_periods, "in [1, 10000]",
          "use 50 to 300");
  require(std::isfinite(p.deflection_k) && p.deflection_k >= 0 && p.deflection_k <= 20, at + "deflection_k",
          p.deflection_k, "in [0, 20]", "use 0 to have K chosen for source.wavelength_nm");
  require(p.harmonic >= 1 && p.harmonic <= 99 && p.harmonic % 2 == 1, at + "harmonic", p.harmonic,
          "odd, in [1, 99]: even harmonics have no light on the axis", "use 1, 3 or 5");
  const double gamma = lorentz_factor(p.beam_energy_gev);
  const double widest_urad = 10e6 / gamma;
  require(positive(p.acceptance_half_angle_urad) && p.acceptance_half_angle_urad <= widest_urad,
          at + "acceptance_half_angle_urad", p.acceptance_half_angle_urad,
          fmt::format("in (0, {:.6g}], ten times 1/gamma, which holds all the light", widest_urad).c_str(),
          "use about 2/gamma or less");
  const double k =
      p.deflection_k > 0 ? p.deflection_k : deflection_k_for(wavelength_nm, gamma, p.period_mm, p.harmonic);
  require(k <= 20, at + "deflection_k", k, "<= 20 to reach source.wavelength_nm",
          "lower beam_energy_gev, lengthen period_mm or use a lower harmonic");
  return {.gamma = gamma,
          .beam_current_a = p.beam_current_a,
          .period_mm = p.period_mm,
          .n_periods = p.n_periods,
          .deflection_k = k};
}

SourceOutput compute_undulator(const UndulatorParameters& parameters, double wavelength_nm) {
  const Undulator undulator = undulator_of(parameters, wavelength_nm);
  const Band band = band_about(wavelength_nm);
  const double half_angle_urad = parameters.acceptance_half_angle_urad;

  SourceOutput output;
  output.kind = SourceKind::undulator;
  output.wavelength_nm = wavelength_nm;
  output.description = fmt::format(
      "planar undulator: {:.4g} GeV, {:.4g} A, {} periods of {:.4g} mm, K = {:.5g}, harmonic {}, round "
      "aperture "
      "of {:.4g} urad half angle",
      parameters.beam_energy_gev, parameters.beam_current_a, parameters.n_periods, parameters.period_mm,
      undulator.deflection_k, parameters.harmonic, half_angle_urad);
  output.photon_energy_ev = choose_energies(undulator, parameters, band);
  output.spectral_flux.resize(output.photon_energy_ev.size());
  const RoundAperture aperture(undulator, output.photon_energy_ev.back(), half_angle_urad);
  parallel_for(static_cast<int>(output.photon_energy_ev.size()), [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    output.spectral_flux[at] = std::max(0.0, aperture(output.photon_energy_ev[at]).s0);
  });
  const BandPower in_band = in_band_power(undulator, wavelength_nm, half_angle_urad);
  output.in_band_power_w = in_band.power_w;
  output.stokes = in_band.stokes;
  output.total_power_w = total_power_w(undulator);
  const SpectralPeak peak = find_peak(output.photon_energy_ev, output.spectral_flux);
  output.peak_wavelength_nm = constants::wavelength_nm_of(peak.energy_ev);
  output.bandwidth_fwhm_percent = 100 * peak.fwhm_ev / peak.energy_ev;
  output.angular_flux =
      angular_flux_map(undulator, constants::energy_ev_of(wavelength_nm), 2e-3 * half_angle_urad, kMapPoints);

  if (parameters.deflection_k == 0) {
    output.notes.push_back(
        fmt::format("K = {:.6g} was chosen so that harmonic {} lies at {:.6g} nm on the axis.",
                    undulator.deflection_k, parameters.harmonic, wavelength_nm));
  }
  const double sampled_w = spectrum_power_w(output.photon_energy_ev, output.spectral_flux, band);
  if (std::abs(sampled_w - in_band.power_w) > 1e-3 * in_band.power_w) {
    output.notes.push_back(fmt::format(
        "The {} photon energies of the spectrum are too few for its lines: they give {:.4g} W in the "
        "band instead of {:.4g} W, which stands.",
        output.photon_energy_ev.size(), sampled_w, in_band.power_w));
  }
  const double resonance_nm = resonance_wavelength_nm(undulator, parameters.harmonic);
  if (std::abs(resonance_nm / wavelength_nm - 1) > 0.01) {
    output.notes.push_back(
        fmt::format("Harmonic {} lies at {:.6g} nm on the axis, outside the 2 % band about {:.6g} nm: set "
                    "deflection_k = 0 to tune the undulator.",
                    parameters.harmonic, resonance_nm, wavelength_nm));
  }
  output.notes.push_back(
      fmt::format("Referred to the undulator, through a round aperture of {:.6g} urad half angle: no mirror "
                  "is in the path yet.",
                  half_angle_urad));
  output.notes.push_back(
      "Filament beam: no emittance and no energy spread, which would lower and widen the peak on the "
      "axis but hardly change the flux through a wide aperture.");
  output.notes.push_back("Ideal field of exactly the given number of periods, without end poles.");
  output.notes.push_back(
      fmt::format("All photon energies and angles together carry {:.4g} W, which the first optics must "
                  "bear.",
                  output.total_power_w));
  return output;
}

}  // namespace undulith::source
