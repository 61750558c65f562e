// SPDX-License-Identifier: MIT
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <fmt/core.h>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "cli/terminal.hpp"
#include "undulith/core/log.hpp"
#include "undulith/program/mask_report.hpp"

namespace undulith::cli {
namespace {

struct MaskCommandOptions {
  JobOptions job;
  std::string out;
  std::optional<double> cd_nm, pitch_nm;
  bool force = false;
};

int mask(const GlobalOptions& global, const MaskCommandOptions& options) {
  const job::ReadJob read = read_job(options.job);
  const std::filesystem::path out =
      options.out.empty() ? default_folder(options.job.file) / "mask" : std::filesystem::path(options.out);
  const program::MaskReport report =
      program::report_mask(read, {.out = out,
                                  .cd_nm = options.cd_nm,
                                  .pitch_nm = options.pitch_nm,
                                  .force = options.force,
                                  .progress = make_progress("mask", !global.quiet)});
  clear_progress();
  print(global.json ? with_newline(report.json) : report.text);
  for (const auto& file : report.files) log::info(fmt::format("wrote {}", file.string()));
  return 0;
}

}  // namespace

Command make_mask_command(const GlobalOptions& global) {
  const auto options = std::make_shared<MaskCommandOptions>();
  Command command{
      .name = "mask",
      .summary = "3-D mask effects: orders, shadowing, H-V bias, shifts of pattern and best focus",
      .details =
          "Compares a rigorous mask with a thin one: vertical and horizontal lines of one width, from dense "
          "to isolated. The gauges of the job use its own mask model.",
      .options = job_options(options->job),
      .run = [&global, options] { return mask(global, *options); }};
  command.options.push_back(
      {.names = "--cd",
       .value = "NM",
       .help = "width of the lines at wafer scale; default: the smallest target CD of the gauges",
       .target = &options->cd_nm});
  command.options.push_back({.names = "--pitch",
                             .value = "NM",
                             .help = "pitch of the densest lines; default: twice their width",
                             .target = &options->pitch_nm});
  command.options.push_back({.names = "-o,--out",
                             .value = "DIR",
                             .help = "folder for tables and plots; default results/<name of the job>/mask",
                             .target = &options->out,
                             .completion = Completion::folder});
  command.options.push_back({"-f,--force", "", "replace existing results", &options->force});
  return command;
}

}  // namespace undulith::cli
