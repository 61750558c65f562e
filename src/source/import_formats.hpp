#pragma once

#include <filesystem>
#include <string>

#include "undulith/source/imported.hpp"

/// One reader for each format. Each throws InputError with file and line.
namespace undulith::source {

[[nodiscard]] ImportedLight import_srw(const std::string& text, const std::string& name,
                                       const ImportOptions& options);
[[nodiscard]] ImportedLight import_spectra(const std::string& text, const std::string& name,
                                           const ImportOptions& options);
[[nodiscard]] ImportedLight import_csv(const std::filesystem::path& file);
[[nodiscard]] ImportedLight import_genesis(const std::filesystem::path& file, const ImportOptions& options);

/// Largest number of values that a file of light may hold; bounds what a header can ask for.
inline constexpr double kMostValues = 2e7;

/// A regular grid of angles in mrad. @param factor  from the unit of the file to mrad
[[nodiscard]] Grid2D angle_grid(int nx, double x0, double x1, int ny, double y0, double y1, double factor);

}  // namespace undulith::source
