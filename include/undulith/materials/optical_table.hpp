// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// Optical constants of the user: a CSV file against wavelength or photon energy.
namespace undulith::materials {

/// n and k at two or more wavelengths, which ascend.
struct OpticalTable {
  std::string name;  ///< name of the file, for messages
  std::vector<double> wavelength_nm, n, k;
};

/// Larger files are refused before they are read.
inline constexpr std::size_t kMaxOpticalTableBytes = std::size_t{1} << 20;

/// Reads the text of a table with the columns wavelength_nm or energy_ev, and n, k or delta, beta, where
/// n = 1 - delta + i beta.
///
/// The column of wavelengths or energies must ascend.
/// @param name  of the file, for messages
/// @throws InputError  with file and line: other columns, fewer than two rows, out of order, k < 0, n <= 0,
///                     not a number
/// Format: docs/formats/optical-constants.md
[[nodiscard]] OpticalTable parse_optical_table(std::string_view text, const std::string& name);

/// Reads a file.
/// @throws InputError  as parse_optical_table; a file that is missing, unreadable or over
///                     kMaxOpticalTableBytes
[[nodiscard]] OpticalTable read_optical_table(const std::filesystem::path& file);

/// n + ik between the rows: both linear in wavelength.
/// @throws InputError  the wavelength lies outside the table (never extrapolated)
[[nodiscard]] std::complex<double> refractive_index(const OpticalTable& table, double wavelength_nm);

/// Whether the name of a material names a table: it ends in ".csv".
[[nodiscard]] bool names_table(std::string_view material);

}  // namespace undulith::materials
