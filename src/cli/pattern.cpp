// SPDX-License-Identifier: MIT
#include <cstdio>
#include <memory>
#include <string>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "undulith/program/pattern_file.hpp"

namespace undulith::cli {
namespace {

struct PatternOptions {
  std::string kind, file;
  layout::PatternParameters parameters;
  bool force = false;
};

int pattern(const GlobalOptions& global, PatternOptions options) {
  options.parameters.kind = program::pattern_kind(options.kind);
  const std::string written =
      program::write_pattern(options.parameters, options.file,
                             options.force ? program::ExistingFile::replace : program::ExistingFile::refuse);
  if (global.json)
    print(
        nlohmann::ordered_json{{"file", options.file}, {"pattern", options.kind}, {"message", written}}.dump(
            2) +
        "\n");
  else
    print(written.ends_with('\n') ? written : written + "\n");
  return 0;
}

}  // namespace

Command make_pattern_command(const GlobalOptions& global) {
  const auto options = std::make_shared<PatternOptions>();
  layout::PatternParameters& p = options->parameters;
  return {
      .name = "pattern",
      .summary = "write a test pattern as a GDSII or OASIS file",
      .details = "Lengths are in nm at wafer scale, multiples of 0.25 nm.",
      .options = {{.names = "KIND",
                   .value = "",
                   .help = "kind of pattern",
                   .target = &options->kind,
                   .required = true,
                   .completion = Completion::nothing,
                   .choices = program::pattern_names()},
                  {.names = "-o,--out",
                   .value = "FILE",
                   .help = "file to write, ending in .gds or .oas",
                   .target = &options->file,
                   .required = true,
                   .completion = Completion::file},
                  {"--pitch-nm", "NM", fmt::format("pitch; default {}", p.pitch_nm), &p.pitch_nm},
                  {"--width-nm", "NM", fmt::format("width of a line or contact; default {}", p.width_nm),
                   &p.width_nm},
                  {"--gap-nm", "NM", fmt::format("gap between line ends; default {}", p.gap_nm), &p.gap_nm},
                  {"--size-nm", "NM",
                   fmt::format("side of the field or diameter of the star; default {}", p.size_nm),
                   &p.size_nm},
                  {"--horizontal", "", "lines run along x instead of y", &p.horizontal},
                  {"--spokes", "N", fmt::format("spokes of the star; default {}", p.spokes), &p.spokes},
                  {"--layer", "N", fmt::format("layer; default {}", p.layer), &p.layer},
                  {"--datatype", "N", fmt::format("datatype; default {}", p.datatype), &p.datatype},
                  {"-f,--force", "", "replace an existing file", &options->force}},
      .run = [&global, options] { return pattern(global, *options); }};
}

}  // namespace undulith::cli
