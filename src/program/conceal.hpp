// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "undulith/io/ed25519.hpp"
#include "undulith/program/provenance.hpp"
#include "undulith/provenance/manifest.hpp"

namespace undulith::program {

/// Writes the folder that is handed over, signed, and the file of secrets.
/// @throws InputError, IoError
void write_concealed(const std::filesystem::path& folder, const provenance::Manifest& manifest,
                     const io::SigningKey& key, const AttestOptions& options);

}  // namespace undulith::program
