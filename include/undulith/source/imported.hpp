// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/optics/stokes.hpp"

/// Light that another code computed, read from its file.
namespace undulith::source {

enum class LightFormat { automatic, srw, spectra, genesis, csv };

/// Stokes densities in photons/s/mrad^2/0.1%bw at one photon energy, on one Plane::angle (mrad).
struct AngularMap {
  Field2D<double> s0, s1, s2, s3;  ///< s1 to s3 may be empty
  [[nodiscard]] bool empty() const { return s0.empty(); }
};

/// What a file gave: a spectrum, or a map of directions at one or more photon energies.
struct ImportedLight {
  LightFormat format = LightFormat::csv;  ///< never automatic
  /// Ascending; empty: the file is a map and does not say its photon energy
  std::vector<double> photon_energy_ev;
  std::vector<double> spectral_flux;  ///< photons/s/0.1%bw, through the aperture of the file
  /// photons/s/mrad^2/0.1%bw: a density in one direction, not yet a flux through an aperture
  std::vector<double> spectral_density;
  /// Of spectral_flux, else of spectral_density, s0 = 1; empty: unknown
  std::vector<optics::Stokes> spectral_stokes;
  /// One per photon energy (one if the energy is not known), all on one grid; empty: no map
  std::vector<AngularMap> maps;
  double pulse_energy_j = 0;       ///< Genesis; 0: not known
  double pulse_length_fs = 0;      ///< Genesis: rms; 0: not known
  std::vector<std::string> notes;  ///< what was assumed or left out, one sentence each
};

struct ImportOptions {
  LightFormat format = LightFormat::automatic;  ///< automatic: by the content of the file
  /// From the source to the plane of the file, for files in mm; 0 = not given (it is never guessed). A file
  /// that says its distance needs none, and one that contradicts it is refused.
  double observation_distance_m = 0;
  double repetition_rate_mhz = 0;  ///< Genesis: pulses per second, for the average power
};

/// Reads a file of light; recognises its format by its content.
///
/// srw: ASCII intensity of SRW (one or four Stokes components; complex and mutual intensities are refused);
/// spectra: JSON output of SPECTRA; genesis: Genesis 1.3 version 4 .out.h5 (needs a build with HDF5);
/// csv: `E_eV,flux[,s1,s2,s3]` or `[E_eV,]thx_urad,thy_urad,S0[,S1,S2,S3]`.
/// @throws InputError  file:line: what is wrong: truncated, malformed, complex, unknown units, a distance
///                     that is needed and not given, values that are not numbers or negative
/// Formats: docs/formats/light.md
[[nodiscard]] ImportedLight read_light(const std::filesystem::path& file, const ImportOptions& options);

/// Whether this build reads HDF5 files.
[[nodiscard]] bool reads_hdf5();

}  // namespace undulith::source
