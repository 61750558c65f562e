// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "source/kinds.hpp"
#include "source/spectrum.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"

namespace undulith::source {
namespace {

optics::Stokes of_map(const ImportedLight& light) {
  const auto sum = [](const Field2D<double>& field) {
    const auto values = field.values();
    return std::accumulate(values.begin(), values.end(), 0.0);
  };
  const double s0 = sum(light.s0);
  if (light.s1.empty() || !(s0 > 0)) return {};
  return {.s0 = 1, .s1 = sum(light.s1) / s0, .s2 = sum(light.s2) / s0, .s3 = sum(light.s3) / s0};
}

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

/// Flux of the map, or of a round aperture in it: the bilinear map on a grid kFiner times as fine.
double flux_of_map(const Field2D<double>& map, double acceptance_half_angle_urad) {
  const Grid2D& grid = map.grid();
  if (acceptance_half_angle_urad == 0) {
    // Trapezoids: the samples of the rim count for half a cell.
    double sum = 0;
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix)
        sum +=
            map(iy, ix) * (ix == 0 || ix == grid.nx - 1 ? 0.5 : 1) * (iy == 0 || iy == grid.ny - 1 ? 0.5 : 1);
    return sum * grid.dx * grid.dy;
  }
  const double radius = 1e-3 * acceptance_half_angle_urad;
  const double reach = std::min({-grid.x0, grid.x(grid.nx - 1), -grid.y0, grid.y(grid.ny - 1)});
  if (!(radius <= reach * (1 + 1e-9)))
    throw InputError(
        fmt::format("source.file.acceptance_half_angle_urad = {} (the aperture is larger than the map, which "
                    "reaches {:.6g} urad from the axis); use that or less, or give a wider map",
                    acceptance_half_angle_urad, std::max(0.0, 1e3 * reach)));
  constexpr int kFiner = 32;
  double sum = 0;
  for (int iy = 0; iy < (grid.ny - 1) * kFiner; ++iy)
    for (int ix = 0; ix < (grid.nx - 1) * kFiner; ++ix) {
      const double u = (ix + 0.5) / kFiner, v = (iy + 0.5) / kFiner;
      if (std::hypot(grid.x0 + u * grid.dx, grid.y0 + v * grid.dy) > radius) continue;
      const int x = static_cast<int>(u), y = static_cast<int>(v);
      sum += std::lerp(std::lerp(map(y, x), map(y, x + 1), u - x),
                       std::lerp(map(y + 1, x), map(y + 1, x + 1), u - x), v - y);
    }
  return sum * grid.dx * grid.dy / (kFiner * kFiner);
}

/// A single photon energy: its flux is taken for the whole 2 % band.
void spread_over_band(SourceOutput& output, double flux, const optics::Stokes& stokes) {
  const Band band = band_about(output.wavelength_nm);
  output.photon_energy_ev = {band.low_ev, constants::energy_ev_of(output.wavelength_nm), band.high_ev};
  output.spectral_flux.assign(3, flux);
  output.spectral_stokes.assign(3, stokes);
  output.notes.push_back(
      "The file has one photon energy: its flux is taken for the whole 2 % band, which overstates a narrow "
      "line.");
}

void check_file(const FileParameters& p) {
  const bool has_map = !p.light.s0.empty();
  require_in(kAcceptanceUrad, "source.file.acceptance_half_angle_urad", p.acceptance_half_angle_urad,
             "use 0 for the whole map");
  require(p.acceptance_half_angle_urad == 0 || (has_map && p.light.spectral_flux.empty()),
          "source.file.acceptance_half_angle_urad", p.acceptance_half_angle_urad,
          "must be 0 for a file without a map of directions, whose flux is through an aperture already",
          "leave it out");
}

/// The flux of the map at its energy; a density against energy, in one direction, gives the shape.
void fill_spectrum_of_map(SourceOutput& output, const FileParameters& p, const optics::Stokes& map_stokes) {
  const ImportedLight& light = p.light;
  const double flux = flux_of_map(light.s0, p.acceptance_half_angle_urad);
  if (light.spectral_density.size() <= 1) {
    spread_over_band(output, flux, map_stokes);
    return;
  }
  const auto nearest =
      std::ranges::min_element(light.photon_energy_ev, {},
                               [&](double energy_ev) { return std::abs(energy_ev - light.map_energy_ev); }) -
      light.photon_energy_ev.begin();
  const double at_map = light.spectral_density[nearest];
  if (!(at_map > 0))
    throw InputError(
        "source.file.file: the spectrum is dark at the photon energy of the map; give another file");
  output.photon_energy_ev = light.photon_energy_ev;
  for (const double density : light.spectral_density) output.spectral_flux.push_back(flux * density / at_map);
  output.spectral_stokes = light.spectral_stokes;
  output.notes.push_back("The spectrum of one direction is taken for that of the whole map.");
}

/// Photon energies, flux and polarisation of the file, at least three energies of the band.
void fill_file_spectrum(SourceOutput& output, const FileParameters& p, const optics::Stokes& map_stokes) {
  const ImportedLight& light = p.light;
  if (!light.spectral_flux.empty()) {
    output.photon_energy_ev = light.photon_energy_ev;
    output.spectral_flux = light.spectral_flux;
    output.spectral_stokes = light.spectral_stokes;
  } else if (!light.s0.empty()) {
    fill_spectrum_of_map(output, p, map_stokes);
  } else {
    throw InputError(
        "source.file.file: the file gives a density in one direction (photons/s/mrad^2) and no map of "
        "directions, so that the flux is not known; give a map, or a spectrum of flux through an aperture");
  }
  if (output.photon_energy_ev.size() == 1) {
    const double flux = output.spectral_flux.front();
    const optics::Stokes stokes =
        output.spectral_stokes.empty() ? map_stokes : output.spectral_stokes.front();
    spread_over_band(output, flux, stokes);
  }
  const Band band = band_about(output.wavelength_nm);
  if (output.photon_energy_ev.back() <= band.low_ev || output.photon_energy_ev.front() >= band.high_ev)
    throw InputError(fmt::format(
        "source.file.file: its photon energies {:.6g} to {:.6g} eV lie outside the 2 % band about "
        "source.wavelength_nm = {:.6g} ({:.6g} to {:.6g} eV); give another file or wavelength",
        output.photon_energy_ev.front(), output.photon_energy_ev.back(), output.wavelength_nm, band.low_ev,
        band.high_ev));
}

void fill_powers(SourceOutput& output) {
  const Band band = band_about(output.wavelength_nm);
  const Band whole{output.photon_energy_ev.front(), output.photon_energy_ev.back()};
  output.in_band_power_w = spectrum_power_w(output.photon_energy_ev, output.spectral_flux, band);
  if (!(output.in_band_power_w > 0))
    throw InputError(
        "source.file.file: no light within the 2 % band about source.wavelength_nm; give another file");
  output.total_power_w = spectrum_power_w(output.photon_energy_ev, output.spectral_flux, whole);
  const SpectralPeak peak = find_peak(output.photon_energy_ev, output.spectral_flux);
  output.peak_wavelength_nm = constants::wavelength_nm_of(peak.energy_ev);
  output.bandwidth_fwhm_percent = 100 * peak.fwhm_ev / peak.energy_ev;
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
  const bool has_map = !light.s0.empty();
  SourceOutput output;
  output.kind = SourceKind::file;
  output.wavelength_nm = wavelength_nm;
  output.description = fmt::format("light of the file {}", p.file);
  output.notes = light.notes;
  const optics::Stokes map_stokes = has_map ? of_map(light) : optics::Stokes{};
  fill_file_spectrum(output, p, map_stokes);
  output.on_axis_flux = light.spectral_density;
  if (output.on_axis_flux.size() != output.photon_energy_ev.size()) output.on_axis_flux.clear();
  fill_powers(output);
  output.stokes = output.spectral_stokes.empty() ? map_stokes : stokes_of_band(output);
  if (has_map) {
    output.angular_flux = {light.s0, light.s1, light.s2, light.s3};
    output.coherence.divergence_x_urad = rms_urad(light.s0, true);
    output.coherence.divergence_y_urad = rms_urad(light.s0, false);
  }
  if (p.repetition_rate_mhz > 0)
    output.time = {.pulsed = true,
                   .repetition_rate_hz = 1e6 * p.repetition_rate_mhz,
                   .pulse_length_fs = light.pulse_length_fs};
  output.notes.push_back("Size, modes and coherence of the light are not in the file, and not known.");
  return output;
}

}  // namespace undulith::source
