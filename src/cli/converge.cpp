// SPDX-License-Identifier: MIT
#include <memory>
#include <optional>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "cli/terminal.hpp"
#include "undulith/program/converge.hpp"

namespace undulith::cli {
namespace {

struct ConvergeOptions {
  JobOptions job;
  std::optional<double> max_cpu_s;
};

int converge(const GlobalOptions& global, const ConvergeOptions& options) {
  program::ConvergeOptions request{.progress = make_progress("refining", !global.quiet)};
  if (options.max_cpu_s) request.max_cpu_s = *options.max_cpu_s;
  const program::ConvergeReport report = program::converge_job(read_job(options.job), request);
  clear_progress();
  print(with_newline(global.json ? report.json : report.text));
  return 0;
}

}  // namespace

Command make_converge_command(const GlobalOptions& global) {
  const auto options = std::make_shared<ConvergeOptions>();
  Command command{
      .name = "converge",
      .summary = "refine each discretisation of a job and give the numerical error of its results",
      .details = "Writes no files. Errors of the models are not included.",
      .options = job_options(options->job),
      .run = [&global, options] { return converge(global, *options); }};
  command.options.push_back(
      {.names = "--max-cpu-s",
       .value = "S",
       .help = "leave out refinements that would take longer on one processor; default 300",
       .target = &options->max_cpu_s});
  return command;
}

}  // namespace undulith::cli
