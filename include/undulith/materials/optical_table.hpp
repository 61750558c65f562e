// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Optical constants of the user: a file against wavelength or photon energy.
namespace undulith::materials {

/// n and k at two or more wavelengths, which ascend.
struct OpticalTable {
  std::string name;  ///< name of the file, for messages
  std::vector<double> wavelength_nm, n, k;
  std::string source;        ///< what the file holds
  std::string formula;       ///< of scattering factors: the element; else empty
  double density_g_cm3 = 0;  ///< of scattering factors; else 0
};

/// Larger files are refused before they are read.
inline constexpr std::size_t kMaxOpticalTableBytes = std::size_t{1} << 20;

/// Reads the text of a table with columns of wavelengths or photon energies, and n, k or delta, beta, where
/// n = 1 - delta + i beta.
///
/// Layouts: columns by name with a unit (wavelength_nm, energy_ev), with commas, tabs or blanks; CXRO (a title
/// with "Density="); refractiveindex.info (a block of n, then of k, in micrometres); IMD (a name that ends in
/// .nk: angstroms, n, k). Columns of ours must ascend, those of other programs may descend too.
/// @param name  of the file, for messages
/// @throws InputError  with file and line: other columns, fewer than two rows, out of order, k < 0, n <= 0,
///                     not a number
/// Format: docs/formats/optical-constants.md
[[nodiscard]] OpticalTable parse_optical_table(std::string_view text, const std::string& name);

/// Reads the file of a material that names_table() accepts. "mo.nff@10.22" gives n and k from the scattering
/// factors of one element [Henke1993] and the density in g/cm3.
/// @throws InputError  as parse_optical_table; a file that is missing, unreadable or over
///                     kMaxOpticalTableBytes; scattering factors without a density or of an unknown element
[[nodiscard]] OpticalTable read_optical_table(std::string_view material);

/// n + ik between the rows: both linear in wavelength.
/// @throws InputError  the wavelength lies outside the table (never extrapolated)
[[nodiscard]] std::complex<double> refractive_index(const OpticalTable& table, double wavelength_nm);

/// Whether the name of a material names a table: it ends in .csv, .dat, .txt, .tsv or .nk, or in .nff with or
/// without "@density".
[[nodiscard]] bool names_table(std::string_view material);

/// The file of a table: its name without a density.
[[nodiscard]] std::string file_of_table(std::string_view material);

}  // namespace undulith::materials
