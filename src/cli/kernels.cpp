// SPDX-License-Identifier: MIT
#include <memory>
#include <string>

#include <fmt/core.h>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "cli/terminal.hpp"
#include "undulith/core/log.hpp"
#include "undulith/program/kernels.hpp"

namespace undulith::cli {
namespace {

struct KernelCommandOptions {
  JobOptions job;
  std::string out = "kernels";
  std::string layout = "undulith";
  bool force = false;
};

int kernels(const GlobalOptions& global, const KernelCommandOptions& options) {
  const program::KernelReport report = program::write_kernels(
      read_job(options.job), {.out = options.out,
                              .force = options.force,
                              .layout = options.layout == "iccad13" ? program::KernelLayout::iccad13
                                                                    : program::KernelLayout::undulith});
  print(global.json ? with_newline(report.json) : report.text);
  for (const auto& file : report.files) log::info(fmt::format("wrote {}", file.string()));
  return 0;
}

}  // namespace

Command make_kernels_command(const GlobalOptions& global) {
  const auto options = std::make_shared<KernelCommandOptions>();
  Command command{.name = "kernels",
                  .summary = "compute the coherent systems (SOCS) of a job's optics and write them as npy",
                  .details = "imaging.n_kernels sets how many. A job reads them with imaging.kernel_file.",
                  .options = job_options(options->job),
                  .run = [&global, options] { return kernels(global, *options); }};
  command.options.push_back({.names = "-o,--out",
                             .value = "DIR",
                             .help = "folder for the kernels; default kernels",
                             .target = &options->out,
                             .completion = Completion::folder});
  command.options.push_back({.names = "--layout",
                             .value = "NAME",
                             .help = "layout of the files: undulith or iccad13",
                             .target = &options->layout,
                             .choices = {"undulith", "iccad13"}});
  command.options.push_back({"-f,--force", "", "replace existing files", &options->force});
  return command;
}

}  // namespace undulith::cli
