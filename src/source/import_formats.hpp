// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "undulith/io/csv.hpp"
#include "undulith/source/imported.hpp"

/// One reader for each format. Each throws InputError with the file and, in texts, the line.
namespace undulith::source {

[[nodiscard]] ImportedLight import_srw(const std::string& text, const std::string& name,
                                       const ImportOptions& options);
[[nodiscard]] ImportedLight import_spectra(const std::string& text, const std::string& name,
                                           const ImportOptions& options);
[[nodiscard]] ImportedLight import_csv(const std::filesystem::path& file);
/// The light of a table with the columns of CSV.
[[nodiscard]] ImportedLight import_table(const io::CsvTable& table);
/// Columns between blanks, tabs or semicolons, found by their labels: SPEC files of XOPPY and similar.
[[nodiscard]] ImportedLight import_columns(const std::string& text, const std::string& name);
[[nodiscard]] ImportedLight import_genesis(const std::filesystem::path& file, const ImportOptions& options);

/// Largest number of values that a file of light may hold; bounds what a header can ask for.
inline constexpr double kMostValues = 2e7;
/// Largest size of a value in a file: far above any light, and its square is still a number.
inline constexpr double kLargestValue = 1e60;
/// How far beyond full polarisation a file may go by rounding; relative.
inline constexpr double kPolarisationSlack = 1e-3;

/// A regular grid of angles in mrad. @param factor  from the unit of the file to mrad
[[nodiscard]] Grid2D angle_grid(int nx, double x0, double x1, int ny, double y0, double y1, double factor);

/// Stokes parameters relative to s0, s0 = 1; unpolarised where there is no light, and never more than fully
/// polarised: what rounding adds is taken off.
[[nodiscard]] optics::Stokes relative_stokes(double s0, double s1, double s2, double s3);

/// options.observation_distance_m. @throws InputError  it is not given, and `why` the file needs it
[[nodiscard]] double needed_distance_m(const ImportOptions& options, const std::string& name,
                                       const std::string& why);

}  // namespace undulith::source
