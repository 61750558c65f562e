// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "undulith/io/ed25519.hpp"
#include "undulith/provenance/finding.hpp"
#include "undulith/provenance/ledger.hpp"
#include "undulith/provenance/manifest.hpp"
#include "undulith/provenance/tiles.hpp"

namespace undulith::provenance {

/// A key whose owner is known.
struct TrustedKey {
  std::string name;
  io::PublicKey key;
};

struct AuditOptions {
  std::vector<TrustedKey>
      trusted;  ///< with any, every folder and its entry in the ledger must be signed by one of them
  std::vector<std::filesystem::path> openings;
  std::optional<Ledger> ledger;  ///< with one, the last entry of a manifest's name must be this manifest
  std::string version;           ///< of this program
};

/// What was found in one folder of results, in the order of the chain: manifest, signature, the stages from the light to
/// the measurements, outputs, openings, ledger.
struct FolderAudit {
  std::filesystem::path folder;
  Findings findings;
};

/// Checks every hash and signature of folders of results. Nothing is computed again: `undulith run manifest.json` does that.
///
/// Inputs that are outputs of another of these folders are named as such. A folder whose manifest cannot be read has one
/// broken finding.
/// @throws InputError  an opening cannot be read, or there are openings and several folders
/// Cost: reading and hashing all files.
[[nodiscard]] std::vector<FolderAudit> audit(const std::vector<std::filesystem::path>& folders,
                                             const AuditOptions& options);

/// Differences of the files in a folder from the outputs of a manifest.
[[nodiscard]] Findings audit_outputs(const std::filesystem::path& folder, const Manifest& manifest);
/// Differences of the files that the job of a manifest names, from the inputs of the manifest.
[[nodiscard]] Findings audit_inputs(const std::filesystem::path& folder, const Manifest& manifest);

}  // namespace undulith::provenance
