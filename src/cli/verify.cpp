// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "undulith/core/error.hpp"
#include "undulith/verify/verify.hpp"

namespace undulith::cli {
namespace {

struct VerifyOptions {
  std::string folder, only, third_party;
  bool markdown = false;
};

int verify(const GlobalOptions& global, const VerifyOptions& options) {
  if (global.json && options.markdown)
    throw InputError("--json with --markdown (only one format can be printed); give only one of them");
  const auto folder =
      options.folder.empty() ? verify::default_reference_folder() : std::filesystem::path(options.folder);
  // The variable serves scripts and tests; an empty one counts as none.
  const char* variable = std::getenv("UNDULITH_SHARED");
  const std::filesystem::path third_party =
      options.third_party.empty() && variable != nullptr ? variable : options.third_party;
  const verify::VerifyReport report = verify::verify(folder, options.only, third_party);
  print(with_newline(global.json ? report.json : options.markdown ? report.markdown : report.text));
  return report.passed ? 0 : 1;
}

}  // namespace

Command make_verify_command(const GlobalOptions& global) {
  const auto options = std::make_shared<VerifyOptions>();
  return {
      .name = "verify",
      .summary = "compare Undulith with numbers of independent codes",
      .details =
          "Exit code 1 if a case fails. Cases that need third-party files are skipped unless a folder has "
          "these files, in layouts/ and reference/peers/.",
      .options = {{.names = "DIR",
                   .value = "",
                   .help = "folder of reference numbers; default: the one installed with Undulith",
                   .target = &options->folder,
                   .completion = Completion::folder},
                  {"--only", "CASE", "only cases whose name starts with this", &options->only},
                  {.names = "--third-party",
                   .value = "FOLDER",
                   .help = "folder of third-party layouts and images; default: $UNDULITH_SHARED",
                   .target = &options->third_party,
                   .completion = Completion::folder},
                  {"--markdown", "", "print the table as Markdown", &options->markdown}},
      .run = [&global, options] { return verify(global, *options); }};
}

}  // namespace undulith::cli
