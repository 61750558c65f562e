// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace undulith::provenance {
struct Manifest;
}

/// `undulith keygen`, `attest`, `audit`, `reveal` and `ledger`: who made results, from what, and whether they are whole.
namespace undulith::program {

struct ProvenanceReport {
  std::string text, json;
  bool whole = true;  ///< audit and ledger: nothing is broken; reproduction: all bytes are the same
};

/// The words of the command line, for the manifests of this process. Call once, before any work.
void record_command_line(std::vector<std::string> arguments);

/// Writes NAME.key and NAME.pub.
/// @throws InputError  one of them exists
[[nodiscard]] ProvenanceReport make_key(const std::filesystem::path& name);

struct AttestOptions {
  std::filesystem::path key;
  bool conceal_layout = false;
  std::filesystem::path out;      ///< conceal: folder to hand over
  std::filesystem::path secrets;  ///< conceal: file to keep; empty: OUT.secrets.json
  std::vector<std::string>
      keep;  ///< conceal: results that are handed over; empty: measurements.csv, if the gauges are in the job
  double tile_nm = 1000;  ///< conceal: side of a tile
};

/// Signs the manifest of a folder of results whose files are all as it says. Concealing: the folder stays as it is; a folder
/// with the kept results and a manifest that commits to the layout and to the other results is written and signed.
/// @throws InputError  no manifest, or an audit finds it broken; conceal: a kept file is none of the results, or shows the
///                     layout and was not asked for; the folder has files; the secrets would lie in it
[[nodiscard]] ProvenanceReport attest(const std::filesystem::path& folder, const AttestOptions& options);

struct AuditRequest {
  std::vector<std::string> folders;
  std::vector<std::string> trusted;   ///< files of public keys
  std::vector<std::string> openings;  ///< files of undulith reveal
  std::string ledger;                 ///< empty: none
};

/// Checks folders of results, and names the first broken link of each.
/// @throws InputError  a key, an opening or the ledger cannot be read
[[nodiscard]] ProvenanceReport audit_folders(const AuditRequest& request);

/// Writes what opens one tile of a concealed layout, or one withheld file.
/// @param tile  "3,5"; empty: a file
/// @param file  name of a result; empty: a tile
/// @throws InputError  not exactly one of them; no such tile
[[nodiscard]] ProvenanceReport reveal(const std::filesystem::path& secrets, const std::string& tile,
                                      const std::string& file, const std::filesystem::path& out);

struct LedgerRequest {
  std::filesystem::path ledger;
  std::string step, party, subject;    ///< subject: folder of results or file
  std::vector<std::string> made_from;  ///< numbers of entries
  std::string note;
  std::filesystem::path key;
  std::vector<std::string> trusted;  ///< verify: files of public keys
  std::string head;                  ///< verify: hash of an entry that must be in the ledger; empty: none
};

/// @throws InputError  as provenance::add_to_ledger
[[nodiscard]] ProvenanceReport add_to_ledger(const LedgerRequest& request);
/// @throws InputError  as provenance::read_ledger
[[nodiscard]] ProvenanceReport verify_ledger(const LedgerRequest& request);
[[nodiscard]] ProvenanceReport show_ledger(const LedgerRequest& request);

/// Whether a job file is a manifest of results, so that running it reproduces them.
[[nodiscard]] bool is_manifest(const std::filesystem::path& job);
/// Results of a manifest, to be computed again.
class Reproduction {
 public:
  /// Reads the manifest: its file may be replaced from now on.
  /// @throws InputError  results of another command than run; a file that the job names has other content than it had
  explicit Reproduction(const std::filesystem::path& manifest);
  /// Which of the results the folder `out` has, byte for byte.
  [[nodiscard]] ProvenanceReport compare(const std::filesystem::path& out) const;

 private:
  std::shared_ptr<const provenance::Manifest> manifest_;
};

}  // namespace undulith::program
