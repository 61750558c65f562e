// SPDX-License-Identifier: MIT
#include <memory>
#include <string>

#include <fmt/core.h>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "cli/terminal.hpp"
#include "undulith/core/log.hpp"
#include "undulith/program/source_report.hpp"

namespace undulith::cli {
namespace {

struct SourceCommandOptions {
  JobOptions job;
  std::string out;
  bool force = false;
};

int source(const GlobalOptions& global, const SourceCommandOptions& options) {
  const program::SourceReport report = program::report_source(read_job(options.job, job::JobScope::light),
                                                              {.out = options.out, .force = options.force});
  print(global.json ? with_newline(report.json) : report.text);
  for (const auto& file : report.files) log::info(fmt::format("wrote {}", file.string()));
  return 0;
}

}  // namespace

Command make_source_command(const GlobalOptions& global) {
  const auto options = std::make_shared<SourceCommandOptions>();
  Command command{
      .name = "source",
      .summary = "compute only the light source of a job and its path to the wafer",
      .details = "JOB may be a source file, without a mask. With --out: writes files and pictures too.",
      .options = job_options(options->job),
      .run = [&global, options] { return source(global, *options); }};
  command.options.push_back(
      {.names = "-o,--out",
       .value = "DIR",
       .help = "folder for spectrum, angular map, Stokes parameters, pupil; default none",
       .target = &options->out,
       .completion = Completion::folder});
  command.options.push_back({"-f,--force", "", "replace existing results", &options->force});
  return command;
}

}  // namespace undulith::cli
