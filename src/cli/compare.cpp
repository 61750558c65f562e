// SPDX-License-Identifier: MIT
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "cli/number_options.hpp"
#include "cli/terminal.hpp"
#include "undulith/core/decimal.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"
#include "undulith/program/compare.hpp"
#include "undulith/program/solve.hpp"

namespace undulith::cli {
namespace {

struct CompareCommandOptions {
  JobOptions job;
  std::vector<std::string> sources;
  std::string out;
  bool force = false;
  std::string solve, wanted;
};

int answer(const GlobalOptions& global, const CompareCommandOptions& options) {
  const std::size_t equals = options.wanted.find('=');
  const std::string row(without_blanks(options.wanted.substr(0, equals)));
  if (equals == std::string::npos || row.empty())
    throw InputError(fmt::format("--for {} (a row and its value are needed); write --for wafers_per_hour=100",
                                 shown_text(options.wanted)));
  const double target = finite_number("--for " + shown_text(row),
                                      std::string(without_blanks(options.wanted.substr(equals + 1))));
  const program::SolveReport report =
      program::solve_source(options.job.file, {.sources = {options.sources.begin(), options.sources.end()},
                                               .overrides = overrides_of(options.job),
                                               .parameter = options.solve,
                                               .result = row,
                                               .target = target});
  print(global.json ? with_newline(report.json) : report.text);
  return report.all_solved ? 0 : 1;
}

int compare(const GlobalOptions& global, const CompareCommandOptions& options) {
  if (options.solve.empty() != options.wanted.empty())
    throw InputError(
        "one of --solve and --for is missing (they work only together); write --solve beam_current_a --for "
        "wafers_per_hour=100");
  if (!options.solve.empty()) return answer(global, options);
  const std::filesystem::path out = options.out.empty() ? default_folder(options.job.file) / "comparison"
                                                        : std::filesystem::path(options.out);
  const program::CompareReport report =
      program::compare_sources(options.job.file, {.sources = {options.sources.begin(), options.sources.end()},
                                                  .overrides = overrides_of(options.job),
                                                  .out = out,
                                                  .force = options.force,
                                                  .progress = make_progress("comparing", !global.quiet)});
  clear_progress();
  print(global.json ? with_newline(report.json) : report.text);
  for (const auto& file : report.files) log::info(fmt::format("wrote {}", file.string()));
  return 0;
}

}  // namespace

Command make_compare_command(const GlobalOptions& global) {
  const auto options = std::make_shared<CompareCommandOptions>();
  Command command{.name = "compare",
                  .summary = "run a job with several light sources and compare the results",
                  .details =
                      "With --solve and --for: solves for a parameter of the source. Exit code 1 if no value "
                      "gives the wanted result.",
                  .options = job_options(options->job),
                  .run = [&global, options] { return compare(global, *options); }};
  command.options.push_back({.names = "--source",
                             .value = "FILE",
                             .help = "TOML of a source ([source] and [beamline]); repeatable",
                             .target = &options->sources,
                             .completion = Completion::file});
  command.options.push_back({.names = "--solve",
                             .value = "KEY",
                             .help = "parameter of the source to solve for: beam_current_a",
                             .target = &options->solve});
  command.options.push_back({.names = "--for",
                             .value = "ROW=VALUE",
                             .help = "result that the solution must give: wafers_per_hour=100",
                             .target = &options->wanted});
  command.options.push_back(
      {.names = "-o,--out",
       .value = "DIR",
       .help = "folder for table and pictures; default results/<name of the job>/comparison",
       .target = &options->out,
       .completion = Completion::folder});
  command.options.push_back({"-f,--force", "", "replace existing results", &options->force});
  return command;
}

}  // namespace undulith::cli
