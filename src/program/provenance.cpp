// SPDX-License-Identifier: MIT
#include "undulith/program/provenance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "program/conceal.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"
#include "undulith/core/printable.hpp"
#include "undulith/core/version.hpp"
#include "undulith/io/bytes.hpp"
#include "undulith/io/ed25519.hpp"
#include "undulith/io/files.hpp"
#include "undulith/provenance/audit.hpp"
#include "undulith/provenance/ledger.hpp"
#include "undulith/provenance/manifest.hpp"
#include "undulith/provenance/signatures.hpp"
#include "undulith/provenance/tiles.hpp"
#include "undulith/results/manifest_file.hpp"
#include "undulith/results/table.hpp"

namespace undulith::program {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Kind = provenance::Finding::Kind;

constexpr const char* word_of(Kind kind) {
  return kind == Kind::good ? "ok" : kind == Kind::note ? "note" : "BROKEN";
}

std::string line_of(const provenance::Finding& finding) {
  return fmt::format("  {:<8}{:<14}{}\n", word_of(finding.kind), finding.link, printable(finding.text));
}

Json json_of(const provenance::Findings& findings) {
  Json out = Json::array();
  for (const provenance::Finding& one : findings)
    out.push_back({{"status", word_of(one.kind)}, {"link", one.link}, {"text", one.text}});
  return out;
}

// All but the signatures, which may be of an earlier manifest.
void require_whole(const fs::path& folder) {
  const std::vector<provenance::FolderAudit> audits = provenance::audit({folder}, {.version = kVersion});
  for (const provenance::Finding& one : audits.front().findings)
    if (one.kind == Kind::broken && one.link != "signature")
      throw InputError(fmt::format(
          "{}: {} (results that are not as their manifest says are not signed); compute them again", one.link,
          one.text));
}

std::vector<provenance::TrustedKey> trusted_keys(const std::vector<std::string>& files) {
  std::vector<provenance::TrustedKey> keys;
  for (const std::string& file : files) keys.push_back({file, io::read_public_key(file)});
  return keys;
}

// The signatures of this very manifest, without those of `key`: a folder that was computed again has old ones.
std::vector<provenance::ManifestSignature> signatures_of(const fs::path& folder, const std::string& manifest,
                                                         const io::PublicKey& key) {
  const fs::path path = folder / provenance::kSignaturesName;
  if (std::error_code ignored; !fs::exists(path, ignored)) return {};
  std::vector<provenance::ManifestSignature> all =
      provenance::parse_signatures(io::read_text(path), path.string());
  std::erase_if(all, [&](const provenance::ManifestSignature& one) {
    return one.key == key || !io::verifies(one.key, io::bytes_of(manifest), one.signature);
  });
  return all;
}

// A manifest stands for its folder.
std::vector<fs::path> folders_of(const std::vector<std::string>& names) {
  std::vector<fs::path> folders;
  for (const fs::path name : names)
    folders.push_back(name.filename() == provenance::kManifestName ? name.parent_path() / "" : name);
  return folders;
}

void refuse_existing(const fs::path& file) {
  if (std::error_code ignored; fs::exists(fs::symlink_status(file, ignored)))
    throw InputError(fmt::format("{} exists (it is not replaced); choose another name", file.string()));
}

// One name for a folder of results, however it was given.
std::string subject_name(const fs::path& given) {
  fs::path path = given.lexically_normal();
  if (path.filename() == provenance::kManifestName) path = path.parent_path();
  if (!path.has_filename()) path = path.parent_path();
  return path.generic_string();
}

int tile_number(std::string_view text, const std::string& all) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw InputError(fmt::format("--tile {} (two whole numbers are needed); write --tile 3,5", all));
  return value;
}

std::uint64_t entry_number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw InputError(
        fmt::format("--made-from {} (no number of an entry); undulith ledger show lists them", text));
  return value;
}

Json json_of(const provenance::LedgerEntry& entry) {
  const provenance::LedgerStatement& said = entry.statement;
  return {{"entry", entry.number},
          {"step", said.step},
          {"party", said.party},
          {"subject", said.subject},
          {"sha256", said.sha256.hex()},
          {"made_from", said.made_from},
          {"note", said.note},
          {"time_utc", entry.time_utc},
          {"public_key", entry.key.hex()},
          {"line_sha256", entry.line.hex()}};
}

std::string text_of(const provenance::LedgerEntry& entry) {
  const provenance::LedgerStatement& said = entry.statement;
  std::string from;
  for (const std::uint64_t number : said.made_from)
    from += fmt::format("{}{}", from.empty() ? "" : ",", number);
  return fmt::format("{:>5}  {:<10} {:<16} {:<28} {:<8} {}  {}{}\n", entry.number, printable(said.step),
                     printable(said.party), printable(said.subject), from.empty() ? "-" : from,
                     printable(entry.time_utc), said.sha256.hex().substr(0, 16),
                     said.note.empty() ? "" : "  " + printable(said.note));
}

std::string ledger_table(const provenance::Ledger& ledger) {
  std::string text = fmt::format("{:>5}  {:<10} {:<16} {:<28} {:<8} {:<20}  {}\n", "entry", "step", "party",
                                 "subject", "made of", "time_utc", "sha256");
  for (const provenance::LedgerEntry& entry : ledger.entries) text += text_of(entry);
  return text;
}

}  // namespace

void record_command_line(std::vector<std::string> arguments) {
  results::set_command_line(std::move(arguments));
}

ProvenanceReport make_key(const fs::path& name) {
  const io::SigningKey key = io::SigningKey::generate();
  const fs::path secret = name.string() + ".key", open = name.string() + ".pub";
  if (std::error_code ignored; fs::exists(open, ignored))
    throw InputError(fmt::format("{} exists (a key is never replaced); choose another name", open.string()));
  key.write(secret);
  io::write_public_key(open, key.public_key());
  return {.text = fmt::format("wrote {} (keep it to yourself) and {} (hand it out)\npublic key {}\n",
                              secret.string(), open.string(), key.public_key().hex()),
          .json = results::json_text(Json{{"private_key", secret.string()},
                                          {"public_key", open.string()},
                                          {"public_key_hex", key.public_key().hex()}},
                                     "--json")};
}

ProvenanceReport attest(const fs::path& folder, const AttestOptions& options) {
  const fs::path path = folder / provenance::kManifestName;
  const std::string text = io::read_text(path);
  const provenance::Manifest manifest = provenance::parse_manifest(text, path.string());
  require_whole(folder);
  const io::SigningKey key = io::SigningKey::read(options.key);
  fs::path where = folder;
  if (options.conceal_layout) {
    write_concealed(folder, manifest, key, options);
    where = options.out;
  } else {
    std::vector<provenance::ManifestSignature> all = signatures_of(folder, text, key.public_key());
    all.push_back({key.public_key(), key.sign(io::bytes_of(text))});
    io::write_atomic(folder / provenance::kSignaturesName,
                     std::string_view(provenance::signatures_text(all)));
  }
  return {.text = fmt::format("signed {} by key {}\n", (where / provenance::kManifestName).string(),
                              key.public_key().hex().substr(0, 16)),
          .json = results::json_text(Json{{"folder", where.string()}, {"public_key", key.public_key().hex()}},
                                     "--json")};
}

ProvenanceReport audit_folders(const AuditRequest& request) {
  provenance::AuditOptions options{.trusted = trusted_keys(request.trusted),
                                   .openings = {request.openings.begin(), request.openings.end()},
                                   .version = kVersion};
  if (!request.ledger.empty()) options.ledger = provenance::read_ledger(request.ledger);
  ProvenanceReport report;
  Json folders = Json::array();
  for (const provenance::FolderAudit& one : provenance::audit(folders_of(request.folders), options)) {
    const provenance::Finding* broken = provenance::first_broken(one.findings);
    report.whole = report.whole && broken == nullptr;
    report.text += one.folder.string() + "\n";
    for (const provenance::Finding& finding : one.findings) report.text += line_of(finding);
    report.text += broken == nullptr
                       ? std::string("whole\n")
                       : fmt::format("first broken link: {}: {}\n", broken->link, printable(broken->text));
    folders.push_back({{"folder", one.folder.string()},
                       {"whole", broken == nullptr},
                       {"first_broken_link", broken == nullptr ? Json(nullptr) : Json(broken->link)},
                       {"findings", json_of(one.findings)}});
  }
  report.json = results::json_text(Json{{"whole", report.whole}, {"folders", folders}}, "--json");
  return report;
}

ProvenanceReport reveal(const fs::path& secrets_file, const std::string& tile, const std::string& file,
                        const fs::path& out) {
  if (tile.empty() == file.empty())
    throw InputError("a tile or a file is revealed; give one of --tile X,Y and --file NAME");
  refuse_existing(out);
  const provenance::Secrets secrets =
      provenance::parse_secrets(io::read_text(secrets_file), secrets_file.string());
  std::string text;
  if (!tile.empty()) {
    const std::size_t comma = std::min(tile.find(','), tile.size());
    const int i_x = tile_number(std::string_view(tile).substr(0, comma), tile),
              i_y = tile_number(std::string_view(tile).substr(std::min(comma + 1, tile.size())), tile);
    text = provenance::opening_text(provenance::open_tile(secrets, i_x, i_y));
  } else {
    text = provenance::opening_text(provenance::open_file(secrets, file));
  }
  io::write_atomic(out, std::string_view(text));
  return {.text = fmt::format("wrote {}\n", out.string()),
          .json = results::json_text(Json{{"file", out.string()}}, "--json")};
}

ProvenanceReport add_to_ledger(const LedgerRequest& request) {
  std::error_code ignored;
  const bool is_folder = fs::is_directory(request.subject, ignored);
  const fs::path file =
      is_folder ? fs::path(request.subject) / provenance::kManifestName : fs::path(request.subject);
  provenance::LedgerStatement statement{.step = request.step,
                                        .party = request.party,
                                        .subject = subject_name(request.subject),
                                        .sha256 = io::hash_file(file).sha256,
                                        .made_from = {},
                                        .note = request.note};
  for (const std::string& number : request.made_from)
    if (const std::uint64_t entry = entry_number(number);
        std::ranges::find(statement.made_from, entry) == statement.made_from.end())
      statement.made_from.push_back(entry);
  const provenance::LedgerEntry entry =
      provenance::add_to_ledger(request.ledger, statement, io::SigningKey::read(request.key));
  return {.text = fmt::format("entry {} of {}\nhead {}\n", entry.number, request.ledger.string(),
                              entry.line.hex()),
          .json = results::json_text(json_of(entry), "--json")};
}

ProvenanceReport verify_ledger(const LedgerRequest& request) {
  provenance::Ledger ledger = provenance::read_ledger(request.ledger);
  const std::vector<provenance::TrustedKey> trusted = trusted_keys(request.trusted);
  const auto broken = [&](const std::string& why) {
    ledger.findings.push_back({Kind::broken, "ledger", why});
  };
  for (const provenance::LedgerEntry& entry : ledger.entries)
    if (!trusted.empty() &&
        std::ranges::find(trusted, entry.key, &provenance::TrustedKey::key) == trusted.end())
      broken(fmt::format("entry {} of {} is signed by key {}, which is not trusted", entry.number,
                         entry.statement.party, entry.key.hex().substr(0, 16)));
  const std::optional<io::Sha256> head = io::Sha256::from_hex(request.head);
  if (!request.head.empty() && !head)
    throw InputError(fmt::format(
        "--head {} (a hash of 64 hexadecimal digits is needed); give it as it was printed", request.head));
  if (head && *head != provenance::Ledger{}.head() &&
      std::ranges::none_of(ledger.entries,
                           [&](const provenance::LedgerEntry& entry) { return entry.line == *head; }))
    broken(fmt::format("no entry has the hash {} (the file was shortened, or is another one)", request.head));
  ProvenanceReport report{.whole = ledger.is_whole()};
  for (const provenance::Finding& finding : ledger.findings) report.text += line_of(finding);
  report.text += fmt::format("{} entries, {}\nhead {}\n", ledger.entries.size(),
                             report.whole ? "whole" : "not whole", ledger.head().hex());
  report.json = results::json_text(Json{{"n_entries", ledger.entries.size()},
                                        {"whole", report.whole},
                                        {"head", ledger.head().hex()},
                                        {"findings", json_of(ledger.findings)}},
                                   "--json");
  return report;
}

ProvenanceReport show_ledger(const LedgerRequest& request) {
  const provenance::Ledger ledger = provenance::read_ledger(request.ledger);
  Json entries = Json::array();
  for (const provenance::LedgerEntry& entry : ledger.entries) entries.push_back(json_of(entry));
  ProvenanceReport report{.text = ledger_table(ledger), .whole = ledger.is_whole()};
  for (const provenance::Finding& finding : ledger.findings) report.text += line_of(finding);
  report.json = results::json_text(
      Json{{"whole", report.whole}, {"head", ledger.head().hex()}, {"entries", entries}}, "--json");
  return report;
}

bool is_manifest(const fs::path& job) {
  return provenance::is_manifest(job);
}

Reproduction::Reproduction(const fs::path& file)
    : manifest_(std::make_shared<provenance::Manifest>(provenance::read_manifest(file))) {
  const provenance::Manifest& manifest = *manifest_;
  if (manifest.command != "run")
    throw InputError(
        fmt::format("{} is of undulith {} (run reproduces its own results only); give it to that command",
                    file.string(), manifest.command));
  const provenance::Findings inputs = provenance::audit_inputs(file.parent_path(), manifest);
  if (const provenance::Finding* changed = provenance::first_broken(inputs))
    throw InputError(
        fmt::format("{} (these results came from another content); restore the file, or run "
                    "job.resolved.toml for new results",
                    changed->text));
  if (manifest.version != kVersion)
    log::warning(
        fmt::format("made by version {}, this is {}: numbers may differ", manifest.version, kVersion));
}

ProvenanceReport Reproduction::compare(const fs::path& out) const {
  const provenance::Manifest& manifest = *manifest_;
  ProvenanceReport report;
  int n_same = 0;
  Json different = Json::array();
  // The job names its files relative to its folder: there it is the same if its stages are.
  const bool same_stages =
      provenance::read_manifest(out / provenance::kManifestName).stages == manifest.stages;
  const provenance::Findings found = provenance::audit_outputs(out, manifest);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const provenance::Finding& one = found[i];
    if (one.kind == Kind::good || (manifest.outputs[i].name == provenance::kJobName && same_stages)) {
      ++n_same;
      continue;
    }
    report.whole = false;
    different.push_back(one.text);
    report.text += fmt::format("  {}\n", printable(one.text));
  }
  report.text += fmt::format("reproduced: {} of {} files are the same\n", n_same, manifest.outputs.size());
  report.json = results::json_text(
      Json{{"n_files", manifest.outputs.size()}, {"n_same", n_same}, {"different", different}}, "--json");
  return report;
}

}  // namespace undulith::program
