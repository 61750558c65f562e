// SPDX-License-Identifier: MIT
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/core.h>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "cli/terminal.hpp"
#include "undulith/core/log.hpp"
#include "undulith/program/window.hpp"

namespace undulith::cli {
namespace {

struct WindowCommandOptions {
  JobOptions job;
  std::string out;
  bool force = false;
};

int window(const GlobalOptions& global, const WindowCommandOptions& options) {
  const job::ReadJob read = read_job(options.job);
  const std::filesystem::path out =
      options.out.empty() ? default_folder(options.job.file) / "window" : std::filesystem::path(options.out);
  const program::WindowReport report = program::find_window(
      read, {.out = out, .force = options.force, .progress = make_progress("window", !global.quiet)});
  clear_progress();
  print(global.json ? with_newline(report.json) : report.text);
  for (const auto& file : report.files) log::info(fmt::format("wrote {}", file.string()));
  return report.has_window ? 0 : 1;
}

}  // namespace

Command make_window_command(const GlobalOptions& global) {
  const auto options = std::make_shared<WindowCommandOptions>();
  Command command{.name = "window",
                  .summary = "CD over focus and dose: Bossung curves, process windows, exposure latitude",
                  .details =
                      "Focus values and doses come from [window]. Exit code 1 if no dose and focus keep all "
                      "features within tolerance.",
                  .options = job_options(options->job),
                  .run = [&global, options] { return window(global, *options); }};
  command.options.push_back({.names = "-o,--out",
                             .value = "DIR",
                             .help = "folder for tables and plots; default results/<name of the job>/window",
                             .target = &options->out,
                             .completion = Completion::folder});
  command.options.push_back({"-f,--force", "", "replace existing results", &options->force});
  return command;
}

}  // namespace undulith::cli
