// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "source/kinds.hpp"
#include "source/spectrum.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"

namespace undulith::source {
namespace {

/// rms half width of the map along one direction, urad.
double rms_urad(const Field2D<double>& map, bool along_x) {
  double weight = 0, first = 0, second = 0;
  for (int iy = 0; iy < map.ny(); ++iy)
    for (int ix = 0; ix < map.nx(); ++ix) {
      const double angle = along_x ? map.grid().x(ix) : map.grid().y(iy), s0 = map(iy, ix);
      weight += s0;
      first += s0 * angle;
      second += s0 * angle * angle;
    }
  if (!(weight > 0)) return 0;
  return 1e3 * std::sqrt(std::max(0.0, second / weight - std::pow(first / weight, 2)));
}

/// Share of one cell (ix, iy) that each of its corners gets within a circle, from kFiner^2 samples of the
/// bilinear map; order: (x, y), (x+1, y), (x, y+1), (x+1, y+1).
std::array<double, 4> corner_shares(const Grid2D& grid, int ix, int iy, double radius) {
  constexpr int kFiner = 32;
  std::array<double, 4> shares{};
  for (int j = 0; j < kFiner; ++j)
    for (int i = 0; i < kFiner; ++i) {
      const double u = (i + 0.5) / kFiner, v = (j + 0.5) / kFiner;
      if (std::hypot(grid.x0 + (ix + u) * grid.dx, grid.y0 + (iy + v) * grid.dy) > radius) continue;
      shares[0] += (1 - u) * (1 - v);
      shares[1] += u * (1 - v);
      shares[2] += (1 - u) * v;
      shares[3] += u * v;
    }
  for (double& share : shares) share /= kFiner * kFiner;
  return shares;
}

/// Weights of the nodes of a map: the sum of weight times value is the integral of the bilinear map over the
/// whole map (half angle 0: trapezoids, the nodes of the rim count for half a cell) or over a round aperture.
Field2D<double> aperture_weights(const Grid2D& grid, double half_angle_urad) {
  const double radius = 1e-3 * half_angle_urad;
  const double reach = std::min({-grid.x0, grid.x(grid.nx - 1), -grid.y0, grid.y(grid.ny - 1)});
  if (half_angle_urad > 0 && !(radius <= reach * (1 + 1e-9)))
    throw InputError(
        fmt::format("source.file.acceptance_half_angle_urad = {} (the aperture is larger than the map, which "
                    "reaches {:.6g} urad from the axis); use that or less, or give a wider map",
                    half_angle_urad, std::max(0.0, 1e3 * reach)));
  const auto farthest = [](double from, double step) {
    return std::max(std::abs(from), std::abs(from + step));
  };
  const auto nearest = [](double from, double step) {
    return from * (from + step) <= 0 ? 0.0 : std::min(std::abs(from), std::abs(from + step));
  };
  Field2D<double> weights(grid, 0.0);
  for (int iy = 0; iy + 1 < grid.ny; ++iy)
    for (int ix = 0; ix + 1 < grid.nx; ++ix) {
      const double x = grid.x(ix), y = grid.y(iy);
      std::array<double, 4> shares{0.25, 0.25, 0.25, 0.25};
      if (half_angle_urad > 0) {
        if (std::hypot(nearest(x, grid.dx), nearest(y, grid.dy)) > radius) continue;
        if (std::hypot(farthest(x, grid.dx), farthest(y, grid.dy)) > radius)
          shares = corner_shares(grid, ix, iy, radius);
      }
      for (int corner = 0; corner < 4; ++corner)
        weights(iy + corner / 2, ix + corner % 2) +=
            shares[static_cast<std::size_t>(corner)] * grid.dx * grid.dy;
    }
  return weights;
}

double weighted_sum(const Field2D<double>& weights, const Field2D<double>& values) {
  const auto w = weights.values(), v = values.values();
  return std::inner_product(w.begin(), w.end(), v.begin(), 0.0);
}

/// Photon energy of the file's light: that of the design wavelength if the file does not say it.
std::vector<double> energies_of(const ImportedLight& light, double wavelength_nm) {
  if (!light.photon_energy_ev.empty()) return light.photon_energy_ev;
  return {constants::energy_ev_of(wavelength_nm)};
}

/// Flux and polarisation of every photon energy from its own map, within the aperture.
void fill_spectrum_of_maps(SourceOutput& output, const FileParameters& p) {
  const std::vector<AngularMap>& maps = p.light.maps;
  output.photon_energy_ev = energies_of(p.light, output.wavelength_nm);
  const Field2D<double> weights = aperture_weights(maps.front().s0.grid(), p.acceptance_half_angle_urad);
  for (const AngularMap& map : maps) {
    const double s0 = weighted_sum(weights, map.s0);
    output.spectral_flux.push_back(s0);
    if (map.s1.empty()) continue;
    output.spectral_stokes.push_back(!(s0 > 0) ? optics::Stokes{}
                                               : optics::Stokes{.s0 = 1,
                                                                .s1 = weighted_sum(weights, map.s1) / s0,
                                                                .s2 = weighted_sum(weights, map.s2) / s0,
                                                                .s3 = weighted_sum(weights, map.s3) / s0});
  }
  if (p.light.photon_energy_ev.empty())
    output.notes.push_back(fmt::format(
        "The file does not say the photon energy of its map: it is taken to be at the design wavelength of "
        "{:.6g} nm.",
        output.wavelength_nm));
}

/// A single photon energy: its flux is taken for the whole 2 % band.
void spread_over_band(SourceOutput& output) {
  const Band band = band_about(output.wavelength_nm);
  const double energy_ev = output.photon_energy_ev.front();
  if (!(energy_ev >= band.low_ev && energy_ev <= band.high_ev))
    throw InputError(fmt::format(
        "source.file.file: its photon energy of {:.6g} eV lies outside the 2 % band about source.wavelength_nm "
        "= {:.6g} ({:.6g} to {:.6g} eV); give a file of that band, or set source.wavelength_nm = {:.6g}",
        energy_ev, output.wavelength_nm, band.low_ev, band.high_ev, constants::wavelength_nm_of(energy_ev)));
  output.photon_energy_ev = {band.low_ev, constants::energy_ev_of(output.wavelength_nm), band.high_ev};
  output.spectral_flux.assign(3, output.spectral_flux.front());
  if (!output.spectral_stokes.empty()) output.spectral_stokes.assign(3, output.spectral_stokes.front());
  output.spectrum_width = SpectrumWidth::assumed;
  output.peak_wavelength_nm = constants::wavelength_nm_of(energy_ev);
  output.notes.push_back(fmt::format(
      "The file has one photon energy, {:.6g} eV: its flux is taken for the whole 2 % band ({:.6g} to {:.6g} "
      "eV), which overstates a narrow line. Bandwidth and coherence are not known.",
      energy_ev, band.low_ev, band.high_ev));
}

void check_file(const FileParameters& p) {
  const bool has_map = !p.light.maps.empty();
  require_in(kAcceptanceUrad, "source.file.acceptance_half_angle_urad", p.acceptance_half_angle_urad,
             "use 0 for the whole map");
  require(p.acceptance_half_angle_urad == 0 || (has_map && p.light.spectral_flux.empty()),
          "source.file.acceptance_half_angle_urad", p.acceptance_half_angle_urad,
          "must be 0 for a file without a map of directions, whose flux is through an aperture already",
          "leave it out");
}

/// Says which share of the 2 % band the photon energies of the file cover.
void note_covered_band(SourceOutput& output) {
  const Band band = band_about(output.wavelength_nm);
  const std::vector<double>& e = output.photon_energy_ev;
  if (e.back() <= band.low_ev || e.front() >= band.high_ev)
    throw InputError(fmt::format(
        "source.file.file: its photon energies {:.6g} to {:.6g} eV lie outside the 2 % band about "
        "source.wavelength_nm = {:.6g} ({:.6g} to {:.6g} eV); give another file or wavelength",
        e.front(), e.back(), output.wavelength_nm, band.low_ev, band.high_ev));
  const double covered = std::min(e.back(), band.high_ev) - std::max(e.front(), band.low_ev);
  const double percent = 100 * covered / (band.high_ev - band.low_ev);
  const auto within =
      std::ranges::count_if(e, [&](double ev) { return ev >= band.low_ev && ev <= band.high_ev; });
  std::string note = fmt::format(
      "The file covers {:.3g} % of the 2 % band ({:.6g} to {:.6g} eV), with {} of its {} photon energies in it",
      percent, band.low_ev, band.high_ev, within, e.size());
  output.notes.push_back(note + (percent < 99.99 ? "; the rest of the band is dark." : "."));
}

/// Photon energies, flux and polarisation of the file, at least two energies.
void fill_file_spectrum(SourceOutput& output, const FileParameters& p) {
  const ImportedLight& light = p.light;
  if (!light.spectral_flux.empty()) {
    output.photon_energy_ev = light.photon_energy_ev;
    output.spectral_flux = light.spectral_flux;
    output.spectral_stokes = light.spectral_stokes;
  } else if (!light.maps.empty()) {
    fill_spectrum_of_maps(output, p);
  } else {
    throw InputError(
        "source.file.file: the file gives a density in one direction (photons/s/mrad^2) and no map of "
        "directions, so that the flux is not known; give a map, or a spectrum of flux through an aperture");
  }
  if (output.photon_energy_ev.size() == 1)
    spread_over_band(output);
  else
    note_covered_band(output);
}

/// The peak of the spectrum may lie outside the band, as that of an undulator that is not tuned.
void note_peak(SourceOutput& output, Band band) {
  const double peak_ev = constants::energy_ev_of(output.peak_wavelength_nm);
  if (peak_ev >= band.low_ev && peak_ev <= band.high_ev) return;
  const auto &e = output.photon_energy_ev, &flux = output.spectral_flux;
  double in_band = std::max(flux_at(e, flux, band.low_ev), flux_at(e, flux, band.high_ev));
  for (std::size_t i = 0; i < e.size(); ++i)
    if (e[i] >= band.low_ev && e[i] <= band.high_ev) in_band = std::max(in_band, flux[i]);
  constexpr double kFlat = 0.98;  // of the peak: the band is part of a flat top
  if (in_band >= kFlat * std::ranges::max(flux)) return;
  output.notes.push_back(fmt::format(
      "The peak of the file, {:.6g} eV ({:.6g} nm), lies outside the 2 % band about {:.6g} nm: the band has "
      "{:.3g} % of the power of the file. Set source.wavelength_nm to the wavelength of the light, or give another "
      "file.",
      peak_ev, output.peak_wavelength_nm, output.wavelength_nm,
      100 * output.in_band_power_w / output.total_power_w));
}

void fill_powers(SourceOutput& output) {
  const Band band = band_about(output.wavelength_nm);
  const Band whole{output.photon_energy_ev.front(), output.photon_energy_ev.back()};
  output.in_band_power_w = spectrum_power_w(output.photon_energy_ev, output.spectral_flux, band);
  if (!(output.in_band_power_w > 0))
    throw InputError(
        "source.file.file: no light within the 2 % band about source.wavelength_nm; give another file");
  output.total_power_w = spectrum_power_w(output.photon_energy_ev, output.spectral_flux, whole);
  if (output.spectrum_width == SpectrumWidth::assumed) return;
  const SpectralPeak peak = find_peak(output.photon_energy_ev, output.spectral_flux);
  output.peak_wavelength_nm = constants::wavelength_nm_of(peak.energy_ev);
  note_peak(output, band);
  if (!peak.cut) {
    output.bandwidth_fwhm_percent = 100 * peak.fwhm_ev / peak.energy_ev;
    return;
  }
  output.spectrum_width = SpectrumWidth::cut;
  output.notes.push_back(
      "The spectrum of the file ends before it falls to half of its maximum: its bandwidth and the coherence "
      "that follows from it are not known.");
}

/// The map nearest to the design wavelength, with the divergences of its light.
void show_nearest_map(SourceOutput& output, const ImportedLight& light) {
  const std::vector<double> energies = energies_of(light, output.wavelength_nm);
  const double design_ev = constants::energy_ev_of(output.wavelength_nm);
  const auto nearest = static_cast<std::size_t>(
      std::ranges::min_element(energies, {}, [&](double ev) { return std::abs(ev - design_ev); }) -
      energies.begin());
  output.angular_flux = light.maps[nearest];
  output.coherence.divergence_x_urad = rms_urad(light.maps[nearest].s0, true);
  output.coherence.divergence_y_urad = rms_urad(light.maps[nearest].s0, false);
  if (energies.size() > 1)
    output.notes.push_back(fmt::format(
        "The flux of each of the {} photon energies is that of its own map; the map at {:.6g} eV, the nearest to "
        "the design wavelength, is shown.",
        energies.size(), energies[nearest]));
}

/// Mean polarisation of the power in the band.
optics::Stokes stokes_of_band(const SourceOutput& output) {
  const Band band = band_about(output.wavelength_nm);
  const auto part = [&](double optics::Stokes::*s) {
    std::vector<double> values;
    for (std::size_t i = 0; i < output.spectral_flux.size(); ++i)
      values.push_back(output.spectral_flux[i] * (output.spectral_stokes[i].*s));
    return spectrum_power_w(output.photon_energy_ev, values, band) / output.in_band_power_w;
  };
  return {.s0 = 1,
          .s1 = part(&optics::Stokes::s1),
          .s2 = part(&optics::Stokes::s2),
          .s3 = part(&optics::Stokes::s3)};
}

}  // namespace

SourceOutput compute_imported(const FileParameters& p, double wavelength_nm) {
  check_file(p);
  const ImportedLight& light = p.light;
  SourceOutput output;
  output.kind = SourceKind::file;
  output.wavelength_nm = wavelength_nm;
  output.description = fmt::format("light of the file {}", p.file);
  output.notes = light.notes;
  fill_file_spectrum(output, p);
  output.on_axis_flux = light.spectral_density;
  if (output.on_axis_flux.size() != output.photon_energy_ev.size()) output.on_axis_flux.clear();
  fill_powers(output);
  if (!output.spectral_stokes.empty()) output.stokes = stokes_of_band(output);
  if (!light.maps.empty()) show_nearest_map(output, light);
  if (p.repetition_rate_mhz > 0)
    output.time = {.pulsed = true,
                   .repetition_rate_hz = 1e6 * p.repetition_rate_mhz,
                   .pulse_length_fs = light.pulse_length_fs};
  output.notes.push_back("Size, modes and coherence of the light are not in the file, and not known.");
  return output;
}

}  // namespace undulith::source
