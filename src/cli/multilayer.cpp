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
      .summary = "reflectance, phase and standing wave of the mirror of a mask; thicknesses for a peak",
      .details =
          "Without JOB: the default stack, with --set. The job needs no shapes. With --out also tables and "
          "pictures. A fit changes spacer and reflector until peak or centroid lie where they are asked "
          "for at the chief ray, prints them as lines of a job, and shows the mirror that has them; exit "
          "code 1 when there is none.",
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
       {"-f,--force", "", "replace results that are there", &options->force},
       {"--fit-peak-nm", "NM", "seek the period whose peak lies at this wavelength", &targets.peak_nm},
       {"--fit-centroid-nm", "NM", "the same for the centroid of the half-maximum band",
        &targets.centroid_nm},
       {"--fit-reflectance", "R", "seek the share of the reflector as well: peak reflectance",
        &targets.reflectance},
       {"--fit-fwhm-nm", "NM", "the same for the full width at half maximum", &targets.fwhm_nm}});
  return command;
}

}  // namespace undulith::cli
