// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "undulith/io/ed25519.hpp"
#include "undulith/io/sha256.hpp"
#include "undulith/provenance/finding.hpp"

/// A file to which entries are only ever added: the record of a mask from its design to the wafer, by several parties.
namespace undulith::provenance {

/// What an entry says.
struct LedgerStatement {
  std::string step;                      ///< "design", "opc", "mask", "wafer" or any other word
  std::string party;                     ///< who says so
  std::string subject;                   ///< name of the file that is recorded
  io::Sha256 sha256;                     ///< of its content
  std::vector<std::uint64_t> made_from;  ///< numbers of earlier entries
  std::string note;
};

struct LedgerEntry {
  std::uint64_t number = 0;  ///< from 1
  LedgerStatement statement;
  std::string time_utc;  ///< as the writer says
  io::PublicKey key;     ///< that signed it
  io::Sha256 line;       ///< of the entry as it is written: the next entry names it
};

struct Ledger {
  std::vector<LedgerEntry> entries;
  /// What is wrong, in the order of the lines: the chain, the signatures, the order, keys that change.
  Findings findings;

  [[nodiscard]] bool is_whole() const;
  /// The hash of the last line, by which a shortened file is noticed later.
  [[nodiscard]] io::Sha256 head() const;
};

/// Reads and checks a ledger.
/// @throws InputError  missing; a line that is no entry: file:line
/// Cost: a signature (0.1 ms) per entry.
[[nodiscard]] Ledger read_ledger(const std::filesystem::path& path);

/// Adds an entry that `key` signs; begins the file if there is none. Waits up to ten seconds for another writer.
/// @throws InputError  as read_ledger; the ledger is not whole; made_from names no earlier entry; the party has another key
///                     in this ledger; another process keeps it open
/// @throws IoError     it cannot be written
LedgerEntry add_to_ledger(const std::filesystem::path& path, const LedgerStatement& statement,
                          const io::SigningKey& key);

}  // namespace undulith::provenance
