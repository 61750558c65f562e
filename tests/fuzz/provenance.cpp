// SPDX-License-Identifier: MIT
// Readers of manifests, signatures, secrets, openings and ledgers: files that strangers hand over.
#include <string>

#include "fuzz_input.hpp"
#include "input_file.hpp"
#include "undulith/core/error.hpp"
#include "undulith/provenance/ledger.hpp"
#include "undulith/provenance/manifest.hpp"
#include "undulith/provenance/signatures.hpp"
#include "undulith/provenance/stages.hpp"
#include "undulith/provenance/tiles.hpp"

using namespace undulith;

namespace {

void read_manifest(const std::string& text) {
  const provenance::Manifest manifest = provenance::parse_manifest(text, "input");
  const std::string again = provenance::manifest_text(manifest);
  require(provenance::manifest_text(provenance::parse_manifest(again, "again")) == again,
          "what was written is read again");
  const auto stages = provenance::stages_of(manifest.version, manifest.job, manifest.inputs, manifest.layout);
  require(stages.size() == 7, "every text has all stages");
  require(provenance::without_layout(provenance::without_layout(manifest.job)) ==
              provenance::without_layout(manifest.job),
          "a layout is removed once");
}

void read_secrets(const std::string& text) {
  const provenance::Secrets secrets = provenance::parse_secrets(text, "input");
  const provenance::Secrets own = provenance::commit(secrets.layout, secrets.tiles, secrets.secret);
  require(provenance::is_opened_by(own.layout, provenance::open_tile(own, own.layout.n_x - 1, 0)),
          "a tile opens its own commitment");
}

void read_ledger(const std::string& text) {
  const InputFile file(std::as_bytes(std::span(text)), "ledger");
  const provenance::Ledger ledger = provenance::read_ledger(file.path());
  for (std::size_t i = 0; i < ledger.entries.size() && ledger.is_whole(); ++i)
    require(ledger.entries[i].number == i + 1, "entries of a whole ledger are counted from 1");
}

}  // namespace

void read_input(std::span<const std::byte> bytes) {
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (const auto read : {read_manifest, read_secrets, read_ledger}) {
    try {
      read(text);
    } catch (const InputError&) {
    }
  }
  try {
    static_cast<void>(provenance::parse_signatures(text, "input"));
  } catch (const InputError&) {
  }
  try {
    static_cast<void>(provenance::parse_opening(text, "input"));
  } catch (const InputError&) {
  }
}
