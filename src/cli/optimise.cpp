// SPDX-License-Identifier: MIT
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/core.h>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "cli/terminal.hpp"
#include "undulith/core/log.hpp"
#include "undulith/program/optimise.hpp"

namespace undulith::cli {
namespace {

struct OptimiseCommandOptions {
  JobOptions job;
  std::string out;
  bool force = false;
};

int optimise(const GlobalOptions& global, const OptimiseCommandOptions& options) {
  const std::filesystem::path out = options.out.empty() ? default_folder(options.job.file) / "optimised"
                                                        : std::filesystem::path(options.out);
  finish_at_first_interrupt(
      "the search ends after this step and its mask is written; press Ctrl-C again to stop at once");
  const program::OptimiseReport report =
      program::optimise(options.job.file, {.overrides = overrides_of(options.job),
                                           .out = out,
                                           .force = options.force,
                                           .progress = make_progress("optimising", !global.quiet)});
  clear_progress();
  print(global.json ? with_newline(report.json) : report.text);
  for (const auto& file : report.files) log::info(fmt::format("wrote {}", file.string()));
  constexpr int kInterrupted = 130;
  return report.interrupted ? kInterrupted : report.met ? 0 : 1;
}

}  // namespace

Command make_optimise_command(const GlobalOptions& global) {
  const auto options = std::make_shared<OptimiseCommandOptions>();
  Command command{
      .name = "optimise",
      .summary = "find the mask, the light in the pupil, or both that print the layout of a job best",
      .details =
          "Goal and rules are [optimise] and [[optimise.band]] of the job. Exit code 1 if a site stays "
          "beyond its tolerance or the mask breaks a rule. "
          "Ctrl-C ends the search early and writes the best mask so far (exit code 130).",
      .options = job_options(options->job),
      .run = [&global, options] { return optimise(global, *options); }};
  command.options.push_back({.names = "-o,--out",
                             .value = "DIR",
                             .help = "folder for the results; default results/<name of the job>/optimised",
                             .target = &options->out,
                             .completion = Completion::folder});
  command.options.push_back({"-f,--force", "", "replace existing results", &options->force});
  return command;
}

}  // namespace undulith::cli
