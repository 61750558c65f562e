// SPDX-License-Identifier: MIT
#include "undulith/program/provenance.hpp"

#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "undulith/core/error.hpp"

namespace undulith::cli {
namespace {

int show(const GlobalOptions& global, const program::ProvenanceReport& report) {
  print(global.json ? with_newline(report.json) : report.text);
  return report.whole ? 0 : 1;
}

struct AttestCommandOptions {
  std::string folder, key, conceal, out, secrets;
  std::vector<std::string> keep;
  double tile_nm = program::AttestOptions{}.tile_nm;
};

int attest(const GlobalOptions& global, const AttestCommandOptions& options) {
  const bool conceals = !options.conceal.empty();
  if (conceals && options.out.empty())
    throw InputError("--conceal needs the folder that is handed over; name it with --out");
  const bool has_more = !options.out.empty() || !options.keep.empty() || !options.secrets.empty() ||
                        options.tile_nm != program::AttestOptions{}.tile_nm;
  if (!conceals && has_more)
    throw InputError(
        "--out, --keep, --secrets and --tile-nm belong to a concealed layout; add --conceal layout");
  program::AttestOptions request{.key = options.key,
                                 .conceal_layout = conceals,
                                 .out = options.out,
                                 .secrets = options.secrets,
                                 .tile_nm = options.tile_nm};
  if (!options.keep.empty()) request.keep = options.keep;
  return show(global, program::attest(options.folder, request));
}

struct RevealOptions {
  std::string secrets, tile, file, out;
};

struct LedgerOptions {
  std::string action, ledger, step, party, of, note, key, head;
  std::vector<std::string> made_from, trusted;
};

int ledger(const GlobalOptions& global, const LedgerOptions& options) {
  const program::LedgerRequest request{.ledger = options.ledger,
                                       .step = options.step,
                                       .party = options.party,
                                       .subject = options.of,
                                       .made_from = options.made_from,
                                       .note = options.note,
                                       .key = options.key,
                                       .trusted = options.trusted,
                                       .head = options.head};
  if (options.action == "show") return show(global, program::show_ledger(request));
  if (options.action == "verify") return show(global, program::verify_ledger(request));
  for (const auto& [name, value] : {std::pair("--of", &options.of), {"--key", &options.key}})
    if (value->empty())
      throw InputError(fmt::format("ledger add needs {}; see undulith ledger --help", name));
  return show(global, program::add_to_ledger(request));
}

Option file_argument(const std::string& name, const std::string& help, Target target) {
  return {.names = name,
          .value = "",
          .help = help,
          .target = target,
          .required = true,
          .completion = name == "DIR" ? Completion::folder : Completion::file};
}

Option file_option(const std::string& names, const std::string& help, Target target, bool required = false) {
  return {.names = names,
          .value = "FILE",
          .help = help,
          .target = target,
          .required = required,
          .completion = Completion::file};
}

}  // namespace

Command make_keygen_command(const GlobalOptions& global) {
  const auto name = std::make_shared<std::string>();
  return {.name = "keygen",
          .summary = "make a pair of keys for signatures",
          .details = "Writes NAME.key, which its owner alone may read, and NAME.pub. Ed25519, PEM.",
          .options = {file_argument("NAME", "of the files, without ending", name.get())},
          .run = [&global, name] { return show(global, program::make_key(*name)); }};
}

Command make_attest_command(const GlobalOptions& global) {
  const auto options = std::make_shared<AttestCommandOptions>();
  AttestCommandOptions& o = *options;
  return {
      .name = "attest",
      .summary = "sign results, also without showing their layout",
      .details =
          "The signature is of manifest.json, which names every input, stage and result by its hash. Results that "
          "are not as their manifest says are not signed.",
      .options = {file_argument("DIR", "folder of results", &o.folder),
                  file_option("-k,--key", "private key of undulith keygen", &o.key, true),
                  {.names = "--conceal",
                   .value = "WHAT",
                   .help = "layout: write a folder that commits to the layout instead of naming it",
                   .target = &o.conceal,
                   .choices = {"layout"}},
                  {.names = "-o,--out",
                   .value = "DIR",
                   .help = "folder to hand over",
                   .target = &o.out,
                   .completion = Completion::folder},
                  {"--keep", "NAME",
                   "result to hand over; repeatable; default measurements.csv, if the job names its gauges",
                   &o.keep},
                  file_option("--secrets", "what opens the commitments; default DIR.secrets.json",
                              &o.secrets),
                  {"--tile-nm", "NM", fmt::format("side of a tile of the layout; default {:g}", o.tile_nm),
                   &o.tile_nm}},
      .run = [&global, options] { return attest(global, *options); }};
}

Command make_reveal_command(const GlobalOptions& global) {
  const auto options = std::make_shared<RevealOptions>();
  RevealOptions& o = *options;
  return {.name = "reveal",
          .summary = "show one tile of a concealed layout, or one withheld file",
          .details = "",
          .options = {file_argument("SECRETS", "file that undulith attest --conceal wrote", &o.secrets),
                      {"--tile", "X,Y", "number of the tile, from 0,0 at the lower left", &o.tile},
                      {"--file", "NAME", "of a withheld result", &o.file},
                      file_option("-o,--out", "file to write", &o.out, true)},
          .run = [&global, options] {
            return show(global,
                        program::reveal(options->secrets, options->tile, options->file, options->out));
          }};
}

Command make_audit_command(const GlobalOptions& global) {
  const auto request = std::make_shared<program::AuditRequest>();
  program::AuditRequest& r = *request;
  return {.name = "audit",
          .summary = "check the hashes and signatures of results, from the light to the measurements",
          .details =
              "Nothing is computed again: undulith run DIR/manifest.json does that. Exit code 1 if a link is "
              "broken; the first one is named.",
          .options = {{.names = "DIR",
                       .value = "",
                       .help = "folders of results",
                       .target = &r.folders,
                       .required = true,
                       .completion = Completion::folder},
                      file_option("--trust",
                                  "public key whose owner is known; repeatable: one of them must have signed",
                                  &r.trusted),
                      file_option("--opening", "of undulith reveal; repeatable", &r.openings),
                      file_option("--ledger", "in which the manifests must be the last of their name",
                                  &r.ledger)},
          .run = [&global, request] { return show(global, program::audit_folders(*request)); }};
}

Command make_ledger_command(const GlobalOptions& global) {
  const auto options = std::make_shared<LedgerOptions>();
  LedgerOptions& o = *options;
  return {
      .name = "ledger",
      .summary = "the record of a mask from design to wafer: add an entry, verify, show",
      .details = "Entries are only ever added. Each names the one before it by its hash, and is signed.",
      .options = {{.names = "ACTION",
                   .value = "",
                   .help = "add, verify or show",
                   .target = &o.action,
                   .required = true,
                   .choices = {"add", "verify", "show"}},
                  file_argument("LEDGER", "file", &o.ledger),
                  file_option("--of", "add: file, or folder of results, that is recorded", &o.of),
                  {"--step", "WORD", "add: design, opc, mask, wafer ...", &o.step},
                  {"--party", "NAME", "add: who makes the entry", &o.party},
                  {"--made-from", "N", "add: number of an earlier entry; repeatable", &o.made_from},
                  {"--note", "TEXT", "add: anything else", &o.note},
                  file_option("-k,--key", "add: private key of undulith keygen", &o.key),
                  file_option("--trust", "verify: public key; repeatable: others are refused", &o.trusted),
                  {"--head", "SHA256", "verify: hash of an entry that was seen before", &o.head}},
      .run = [&global, options] { return ledger(global, *options); }};
}

}  // namespace undulith::cli
