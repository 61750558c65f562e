// SPDX-License-Identifier: MIT
#include "undulith/provenance/audit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <span>

#include "undulith/core/error.hpp"
#include "undulith/io/bytes.hpp"
#include "undulith/io/files.hpp"
#include "undulith/provenance/signatures.hpp"
#include "undulith/provenance/stages.hpp"

namespace undulith::provenance {
namespace {

namespace fs = std::filesystem;
using Kind = Finding::Kind;

constexpr std::size_t kMostSignatureBytes = std::size_t{1} << 20, kMostOpeningBytes = std::size_t{16} << 20;

// Where files were made, by their hash.
using Makers = std::map<io::Sha256, std::string>;

// What differs between a file on disk and what is recorded of it; nothing where it is the same.
std::optional<std::string> difference(const fs::path& path, std::uint64_t n_bytes, const io::Sha256& sha256) {
  const io::HashedFile file = io::hash_file(path);
  if (file.n_bytes != n_bytes)
    return fmt::format("is truncated or replaced: {} of {} bytes", file.n_bytes, n_bytes);
  if (file.sha256 != sha256) return "has other content than the manifest says";
  return {};
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

Finding check_input(const fs::path& folder, const InputFile& input, const std::string& link) {
  const fs::path path = (folder / input.name).lexically_normal();
  try {
    if (!is_file(path)) return {Kind::note, link, fmt::format("{} is not here: not checked", input.name)};
    if (const auto why = difference(path, input.n_bytes, input.sha256))
      return {Kind::broken, link, fmt::format("{} {}", input.name, *why)};
  } catch (const InputError& error) {
    return {Kind::broken, link, error.what()};
  }
  return {Kind::good, link, fmt::format("{} is the file that was used", input.name)};
}

Finding check_output(const fs::path& folder, const OutputFile& output) {
  const fs::path path = folder / output.name;
  try {
    if (!is_file(path)) return {Kind::broken, "outputs", fmt::format("{} is missing", output.name)};
    if (const auto why = difference(path, output.n_bytes, output.sha256))
      return {Kind::broken, "outputs", fmt::format("{} {}", output.name, *why)};
  } catch (const InputError& error) {
    return {Kind::broken, "outputs", error.what()};
  }
  return {Kind::good, "outputs", output.name};
}

// Files in the folder that nobody vouches for.
std::string files_not_of(const fs::path& folder, const Manifest& manifest) {
  constexpr std::size_t kMostNamed = 5;
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().lexically_relative(folder).generic_string();
    const auto output = std::ranges::find(manifest.outputs, name, &OutputFile::name);
    if (name != kManifestName && name != kSignaturesName && it->is_regular_file(error) &&
        (output == manifest.outputs.end() || output->withheld))
      names.push_back(name);
  }
  std::ranges::sort(names);
  const std::size_t n = names.size();
  if (n > kMostNamed) names.resize(kMostNamed);
  return fmt::format("{}{}", fmt::join(names, ", "),
                     n > kMostNamed ? fmt::format(" and {} more", n - kMostNamed) : "");
}

// Many good files are one line.
void add_outputs(const fs::path& folder, const Manifest& manifest, Findings& findings) {
  const Findings outputs = audit_outputs(folder, manifest);
  std::ranges::copy_if(outputs, std::back_inserter(findings),
                       [](const Finding& one) { return one.kind == Kind::broken; });
  if (const auto n_withheld = std::ranges::count(outputs, Kind::note, &Finding::kind); n_withheld > 0)
    findings.push_back({Kind::note, "outputs", fmt::format("{} files are withheld", n_withheld)});
  if (const std::string others = files_not_of(folder, manifest); !others.empty())
    findings.push_back(
        {Kind::note, "outputs", fmt::format("not checked, as the manifest has no hash of them: {}", others)});
  const auto n_good = std::ranges::count(outputs, Kind::good, &Finding::kind);
  findings.push_back(
      {n_good > 0 ? Kind::good : Kind::note, "outputs",
       fmt::format("{} of {} files are as the manifest says", n_good, manifest.outputs.size())});
  const auto job = std::ranges::find(manifest.outputs, kJobName, &OutputFile::name);
  if (job != manifest.outputs.end() && !job->withheld &&
      job->sha256 != io::sha256(io::bytes_of(manifest.job)))
    findings.push_back(
        {Kind::broken, "job", fmt::format("the job of the manifest is not that of {}", kJobName)});
}

void add_signatures(const fs::path& folder, const std::string& manifest, const AuditOptions& options,
                    Findings& findings) {
  const fs::path path = folder / kSignaturesName;
  const auto add = [&](Kind kind, const std::string& text) { findings.push_back({kind, "signature", text}); };
  std::error_code ignored;
  const bool is_there = fs::exists(fs::symlink_status(path, ignored));
  const std::vector<ManifestSignature> signatures =
      is_there ? parse_signatures(io::read_text(path, kMostSignatureBytes), path.string())
               : std::vector<ManifestSignature>{};
  if (signatures.empty())
    return add(options.trusted.empty() ? Kind::note : Kind::broken,
               "not signed: the hashes show that files belong together, not who made them");
  bool is_trusted = false;
  for (const ManifestSignature& one : signatures) {
    const auto known = std::ranges::find(options.trusted, one.key, &TrustedKey::key);
    const std::string by =
        known == options.trusted.end() ? "key " + one.key.hex().substr(0, 16) : known->name;
    if (!io::verifies(one.key, io::bytes_of(manifest), one.signature)) {
      add(Kind::broken, fmt::format("the signature by {} is not of this manifest", by));
    } else if (known != options.trusted.end()) {
      is_trusted = true;
      add(Kind::good, "signed by " + by);
    } else {
      add(Kind::note, fmt::format("signed by {}, whose owner is not known here", by));
    }
  }
  if (!options.trusted.empty() && !is_trusted) add(Kind::broken, "not signed by a key that is trusted");
}

// The chain from the light to the measurements.
void add_stages(const fs::path& folder, const Manifest& manifest, const Makers& makers, Findings& findings) {
  const std::vector<Stage> expected =
      stages_of(manifest.version, manifest.job, manifest.inputs, manifest.layout);
  if (manifest.stages.size() != expected.size())
    findings.push_back({Kind::broken, "stages",
                        fmt::format("{} stages instead of {}", manifest.stages.size(), expected.size())});
  for (std::size_t i = 0; i < std::min(expected.size(), manifest.stages.size()); ++i) {
    const std::string& link = expected[i].name;
    for (const InputFile& input : manifest.inputs) {
      if (stage_of(manifest.job, input) != link) continue;
      findings.push_back(check_input(folder, input, link));
      if (const auto maker = makers.find(input.sha256); maker != makers.end())
        findings.back().text += ", made in " + maker->second;
    }
    const bool follows = manifest.stages[i] == expected[i];
    if (link == "layout" && manifest.layout)
      findings.push_back({Kind::note, link, "concealed: only the commitment to it is here"});
    findings.push_back({follows ? Kind::good : Kind::broken, link,
                        follows
                            ? "follows from its tables and files"
                            : "does not follow from its tables, its files, what it reads and the version"});
  }
}

void add_version(const Manifest& manifest, const AuditOptions& options, Findings& findings) {
  findings.push_back({Kind::good, "manifest",
                      fmt::format("undulith {} {}{}", manifest.command, manifest.version,
                                  manifest.title.empty() ? "" : ": " + manifest.title)});
  if (manifest.version != options.version)
    findings.push_back(
        {Kind::note, "manifest",
         fmt::format("made by version {}, this is {}: its numbers may not be repeated to the last digit",
                     manifest.version, options.version)});
}

void add_tile(const Manifest& manifest, const TileOpening& tile, const std::string& file,
              Findings& findings) {
  const bool is_ours = manifest.layout && is_opened_by(*manifest.layout, tile);
  findings.push_back({is_ours ? Kind::good : Kind::broken, "opening",
                      is_ours
                          ? fmt::format("tile {},{} of {} is part of the layout", tile.i_x, tile.i_y, file)
                          : fmt::format("tile {},{} of {} is not part of the layout that was committed to",
                                        tile.i_x, tile.i_y, file)});
}

void add_file(const fs::path& folder, const Manifest& manifest, const FileOpening& opening,
              Findings& findings) {
  const auto output = std::ranges::find(manifest.outputs, opening.name, &OutputFile::name);
  const auto add = [&](Kind kind, const std::string& text) { findings.push_back({kind, "opening", text}); };
  if (output == manifest.outputs.end() || !output->withheld)
    return add(Kind::broken, fmt::format("{} is no withheld file of this manifest", opening.name));
  if (!is_file(folder / opening.name))
    return add(Kind::broken, fmt::format("{} is opened and not here; copy it into the folder", opening.name));
  const bool is_same = commitment_to(opening.salt, io::read_bytes(folder / opening.name)) == output->sha256;
  add(is_same ? Kind::good : Kind::broken,
      fmt::format("{} is {}the file that was committed to", opening.name, is_same ? "" : "not "));
}

// What an opening opens.
std::string subject_of(const Opening& opening) {
  if (const auto* tile = std::get_if<TileOpening>(&opening))
    return fmt::format("tile {},{}", tile->i_x, tile->i_y);
  return std::get<FileOpening>(opening).name;
}

struct NamedOpening {
  fs::path path;
  Opening opening;
};

void add_openings(const fs::path& folder, const Manifest& manifest, const std::vector<NamedOpening>& openings,
                  Findings& findings) {
  std::map<Salt, const NamedOpening*> salts;
  for (const NamedOpening& named : openings) {
    const auto& [path, opening] = named;
    const Salt& salt = std::visit([](const auto& one) -> const Salt& { return one.salt; }, opening);
    const auto [other, is_new] = salts.try_emplace(salt, &named);
    if (!is_new && subject_of(other->second->opening) != subject_of(opening))
      findings.push_back({Kind::broken, "opening",
                          fmt::format("{} and {} have the same salt: equal contents could be recognised",
                                      other->second->path.string(), path.string())});
    if (const auto* tile = std::get_if<TileOpening>(&opening))
      add_tile(manifest, *tile, path.string(), findings);
    if (const auto* file = std::get_if<FileOpening>(&opening)) add_file(folder, manifest, *file, findings);
  }
}

// The last entry of a subject is the one that holds.
void add_ledger(const std::string& manifest, const AuditOptions& options, Findings& findings) {
  if (!options.ledger) return;
  std::ranges::copy(options.ledger->findings, std::back_inserter(findings));
  const io::Sha256 hash = io::sha256(io::bytes_of(manifest));
  const std::vector<LedgerEntry>& entries = options.ledger->entries;
  const auto last = std::find_if(entries.rbegin(), entries.rend(),
                                 [&](const LedgerEntry& entry) { return entry.statement.sha256 == hash; });
  const auto add = [&](Kind kind, const std::string& text) { findings.push_back({kind, "ledger", text}); };
  if (last == entries.rend()) return add(Kind::broken, "the ledger has no entry for this manifest");
  const auto own = std::prev(last.base());
  if (!options.trusted.empty() &&
      std::ranges::find(options.trusted, own->key, &TrustedKey::key) == options.trusted.end())
    return add(Kind::broken, fmt::format("entry {} of {} is signed by a key that is not trusted", own->number,
                                         own->statement.party));
  const auto newer = std::find_if(own + 1, entries.end(), [&](const LedgerEntry& entry) {
    return entry.statement.subject == own->statement.subject &&
           entry.statement.party == own->statement.party && entry.statement.sha256 != hash;
  });
  if (newer != entries.end())
    return add(Kind::broken, fmt::format("an older version: entry {} of {} was replaced by entry {}",
                                         own->number, own->statement.subject, newer->number));
  add(Kind::good, fmt::format("entry {}, {} by {}", own->number, own->statement.step, own->statement.party));
}

FolderAudit audit_folder(const fs::path& folder, const AuditOptions& options, const Makers& makers,
                         const std::vector<NamedOpening>& openings) {
  FolderAudit out{.folder = folder, .findings = {}};
  try {
    const fs::path path = folder / kManifestName;
    const std::string text = io::read_text(path);
    const Manifest manifest = parse_manifest(text, path.string());
    add_version(manifest, options, out.findings);
    add_signatures(folder, text, options, out.findings);
    add_stages(folder, manifest, makers, out.findings);
    add_outputs(folder, manifest, out.findings);
    add_openings(folder, manifest, openings, out.findings);
    add_ledger(text, options, out.findings);
  } catch (const InputError& error) {
    out.findings.push_back({Kind::broken, "manifest", error.what()});
  }
  return out;
}

}  // namespace

Findings audit_outputs(const fs::path& folder, const Manifest& manifest) {
  Findings findings;
  for (const OutputFile& output : manifest.outputs)
    findings.push_back(output.withheld
                           ? Finding{Kind::note, "outputs", fmt::format("{} is withheld", output.name)}
                           : check_output(folder, output));
  return findings;
}

Findings audit_inputs(const fs::path& folder, const Manifest& manifest) {
  Findings findings;
  for (const InputFile& input : manifest.inputs) findings.push_back(check_input(folder, input, "inputs"));
  return findings;
}

std::vector<FolderAudit> audit(const std::vector<fs::path>& folders, const AuditOptions& options) {
  if (folders.size() != 1 && !options.openings.empty())
    throw InputError("an opening belongs to one folder; audit that folder alone with it");
  Makers makers;
  for (const fs::path& folder : folders) {
    try {
      for (const OutputFile& output : read_manifest(folder / kManifestName).outputs)
        makers.emplace(output.sha256, folder.string());
    } catch (const InputError&) {  // audit_folder() says so
    }
  }
  std::vector<NamedOpening> openings;
  for (const fs::path& path : options.openings)
    openings.push_back({path, parse_opening(io::read_text(path, kMostOpeningBytes), path.string())});
  std::vector<FolderAudit> out;
  for (const fs::path& folder : folders) out.push_back(audit_folder(folder, options, makers, openings));
  return out;
}

}  // namespace undulith::provenance
