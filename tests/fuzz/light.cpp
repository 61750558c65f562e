// SPDX-License-Identifier: MIT
// The readers of files of light (SRW, SPECTRA, CSV, columns, Genesis), and the source that such a file makes.
#include <cmath>

#include "fuzz_input.hpp"
#include "input_file.hpp"
#include "undulith/core/error.hpp"
#include "undulith/source/source.hpp"

using namespace undulith;

namespace {

constexpr double kRounding = 1e-9;

bool all_finite(std::span<const double> values) {
  for (const double value : values)
    if (!std::isfinite(value)) return false;
  return true;
}

void check_polarisation(const optics::Stokes& s) {
  require(std::hypot(s.s1, s.s2, s.s3) <= s.s0 * (1 + kRounding), "no light is polarised more than fully");
}

void check_flux(std::span<const double> flux) {
  require(all_finite(flux), "flux is finite");
  for (const double value : flux) require(value >= 0, "flux is not negative");
}

/// Energies ascend, and every list has a value for each.
void check(const source::ImportedLight& light) {
  const std::size_t n = light.photon_energy_ev.size();
  require(light.format != source::LightFormat::automatic, "the format is known");
  require(all_finite(light.photon_energy_ev), "photon energies are finite");
  for (std::size_t i = 0; i < n; ++i)
    require(light.photon_energy_ev[i] > (i > 0 ? light.photon_energy_ev[i - 1] : 0.0),
            "photon energies ascend");
  require(!light.spectral_flux.empty() || !light.spectral_density.empty() || !light.maps.empty(),
          "a file has a spectrum or a map");
  for (const auto* list : {&light.spectral_flux, &light.spectral_density}) {
    require(list->empty() || list->size() == n, "one flux per photon energy");
    check_flux(*list);
  }
  require(light.spectral_stokes.empty() || light.spectral_stokes.size() == n, "one Stokes vector per energy");
  for (const optics::Stokes& stokes : light.spectral_stokes) check_polarisation(stokes);
  require(light.maps.empty() || light.maps.size() == std::max<std::size_t>(1, n),
          "one map per photon energy");
  for (const source::AngularMap& map : light.maps) {
    check_flux(map.s0.values());
    require(map.s0.grid() == light.maps.front().s0.grid(), "all maps have one grid");
    for (const auto* part : {&map.s1, &map.s2, &map.s3})
      require(part->empty() || (part->grid() == map.s0.grid() && all_finite(part->values())),
              "Stokes maps have the grid of s0");
  }
}

void check(const source::SourceOutput& light) {
  require(std::isfinite(light.in_band_power_w) && light.in_band_power_w > 0, "the power in the band is > 0");
  require(light.in_band_power_w <= light.total_power_w * (1 + kRounding),
          "the band has no more than all power");
  require(light.spectral_flux.size() == light.photon_energy_ev.size(), "one flux per photon energy");
  check_flux(light.spectral_flux);
  require(light.peak_wavelength_nm > 0 && std::isfinite(light.peak_wavelength_nm),
          "the peak has a wavelength");
  require(std::isfinite(light.bandwidth_fwhm_percent) && light.bandwidth_fwhm_percent >= 0,
          "the width is finite");
  require(
      std::isfinite(light.coherence.divergence_x_urad) && std::isfinite(light.coherence.divergence_y_urad),
      "divergences are finite");
  check_polarisation(light.stokes);
}

}  // namespace

void read_input(std::span<const std::byte> bytes) {
  const InputFile file(bytes, "input.dat");
  const source::ImportOptions plain, complete{.observation_distance_m = 10, .repetition_rate_mhz = 1};
  for (const source::ImportOptions& options : {plain, complete}) {
    try {
      source::SourceParameters parameters{.kind = source::SourceKind::file};
      parameters.file.light = source::read_light(file.path(), options);
      check(parameters.file.light);
      // The design wavelength is that of the file, so that files of any energy are followed.
      const std::vector<double>& energies = parameters.file.light.photon_energy_ev;
      for (const double wavelength_nm :
           {13.5, energies.empty() ? 13.5 : 1239.841984 / energies[energies.size() / 2]}) {
        parameters.wavelength_nm = wavelength_nm;
        try {
          check(source::compute_source(parameters));
        } catch (const InputError&) {
        }
      }
    } catch (const InputError&) {
    }
  }
}
