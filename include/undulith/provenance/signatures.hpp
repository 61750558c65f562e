// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "undulith/io/ed25519.hpp"

namespace undulith::provenance {

/// The name of the file beside a manifest.
inline constexpr const char* kSignaturesName = "manifest.signatures.json";

/// Somebody's signature of the bytes of a manifest.
struct ManifestSignature {
  io::PublicKey key;
  io::Signature signature;
};

[[nodiscard]] std::string signatures_text(const std::vector<ManifestSignature>& signatures);

/// @param name  of the file, for messages
/// @throws InputError  at the line: another format, or no signatures
[[nodiscard]] std::vector<ManifestSignature> parse_signatures(std::string_view text, const std::string& name);

}  // namespace undulith::provenance
