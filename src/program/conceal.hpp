// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "undulith/program/provenance.hpp"
#include "undulith/provenance/manifest.hpp"

namespace undulith::program {

/// Writes the folder that is handed over, and the file of secrets. @returns the manifest of that folder, as written
/// @throws InputError, IoError
[[nodiscard]] std::string write_concealed(const std::filesystem::path& folder,
                                          const provenance::Manifest& manifest, const AttestOptions& options);

}  // namespace undulith::program
