// SPDX-License-Identifier: MIT
#include <fmt/core.h>

#include <memory>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "undulith/core/log.hpp"
#include "undulith/program/multilayer_report.hpp"

namespace undulith::cli {
namespace {

struct MultilayerCommandOptions {
  JobOptions job;
  std::string out;
  bool force = false;
  mask::MultilayerTargets targets;
};

int multilayer(const GlobalOptions& global, const MultilayerCommandOptions& options) {
  const program::MultilayerReport report =
      program::report_multilayer(read_job(options.job, job::JobScope::mirror),
                                 {.out = options.out, .force = options.force, .targets = options.targets});
  print(with_newline(global.json ? report.json : report.text));
  for (const auto& file : report.files) log::info(fmt::format("wrote {}", file.string()));
  return report.reached ? 0 : 1;
}

}  // namespace

Command make_multilayer_command(const GlobalOptions& global) {
  const auto options = std::make_shared<MultilayerCommandOptions>();
  Command command{
      .name = "multilayer",
      .summary = "reflectance, phase and standing wave of the mask's multilayer; fit of its thicknesses",
      .details =
          "Without JOB: the default stack, changed with --set. The job needs no shapes. With --out: writes "
          "tables and pictures too. A fit changes the thicknesses of spacer and reflector until the peak or "
          "the centroid at the chief ray has the wanted wavelength. It prints the thicknesses as lines of a "
          "job and reports on that mirror. Exit code 1 if there is no solution.",
      .options = job_options(options->job),
      .run = [&global, options] { return multilayer(global, *options); }};
  command.options.front().required = false;
  command.options.front().help = "job file (TOML); default: the default stack";
  mask::MultilayerTargets& targets = options->targets;
  command.options.insert(
      command.options.end(),
      {{.names = "-o,--out",
        .value = "DIR",
        .help = "folder for tables and pictures; default none",
        .target = &options->out,
        .completion = Completion::folder},
       {"-f,--force", "", "replace existing results", &options->force},
       {"--fit-peak-nm", "NM", "fit the period: peak at this wavelength", &targets.peak_nm},
       {"--fit-centroid-nm", "NM", "fit the period: centroid of the half-maximum band at this wavelength",
        &targets.centroid_nm},
       {"--fit-reflectance", "R", "also fit the share of the reflector: this peak reflectance",
        &targets.reflectance},
       {"--fit-fwhm-nm", "NM", "also fit the share of the reflector: this full width at half maximum",
        &targets.fwhm_nm}});
  return command;
}

}  // namespace undulith::cli
