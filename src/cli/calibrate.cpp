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
#include "undulith/program/calibrate.hpp"

namespace undulith::cli {
namespace {

struct CalibrateCommandOptions {
  JobOptions job;
  std::string data, out;
  std::vector<std::string> fit;
  bool bands = false, force = false;
};

/// KEY=LOW:HIGH
program::FittedKey fitted_key(const std::string& text) {
  const std::size_t equals = text.find('='), colon = text.find(':', equals + 1);
  const std::string key(without_blanks(text.substr(0, equals)));
  if (equals == std::string::npos || key.empty() || colon == std::string::npos)
    throw InputError(
        fmt::format("--fit {} (a key and its bounds are needed); write --fit resist.blur.sigma_nm=1:6",
                    shown_text(text)));
  const auto bound = [&](std::size_t from, std::size_t n) {
    return finite_number("--fit " + shown_text(key), std::string(without_blanks(text.substr(from, n))));
  };
  return {
      .key = key, .low = bound(equals + 1, colon - equals - 1), .high = bound(colon + 1, std::string::npos)};
}

int calibrate(const GlobalOptions& global, const CalibrateCommandOptions& options) {
  std::vector<program::FittedKey> keys;
  for (const std::string& text : options.fit) keys.push_back(fitted_key(text));
  const std::filesystem::path out = options.out.empty() ? default_folder(options.job.file) / "calibration"
                                                        : std::filesystem::path(options.out);
  const program::CalibrateReport report =
      program::calibrate(options.job.file, options.data,
                         {.overrides = overrides_of(options.job),
                          .keys = keys,
                          .bands = options.bands,
                          .out = out,
                          .force = options.force,
                          .progress = make_progress("calibrating", !global.quiet)});
  clear_progress();
  print(global.json ? with_newline(report.json) : report.text);
  for (const auto& file : report.files) log::info(fmt::format("wrote {}", file.string()));
  return report.converged ? 0 : 1;
}

}  // namespace

Command make_calibrate_command(const GlobalOptions& global) {
  const auto options = std::make_shared<CalibrateCommandOptions>();
  Command command{.name = "calibrate",
                  .summary = "fit keys of a job to measured CDs and give their uncertainties",
                  .details =
                      "The data are CSV with the columns gauge, focus_nm, dose_mj_cm2, cd_nm and, if known, "
                      "sigma_nm. Exit code 1 if the fit did not converge.",
                  .options = job_options(options->job),
                  .run = [&global, options] { return calibrate(global, *options); }};
  command.options.push_back({.names = "DATA",
                             .help = "CSV of measured CDs",
                             .target = &options->data,
                             .required = true,
                             .completion = Completion::file});
  command.options.push_back({.names = "--fit",
                             .value = "KEY=LOW:HIGH",
                             .help = "key to find and its bounds: resist.blur.sigma_nm=1:6; repeatable",
                             .target = &options->fit});
  command.options.push_back(
      {"--bands", "", "repeat the fit with other choices of the model", &options->bands});
  command.options.push_back({.names = "-o,--out",
                             .value = "DIR",
                             .help = "folder for the results; default results/<name of the job>/calibration",
                             .target = &options->out,
                             .completion = Completion::folder});
  command.options.push_back({"-f,--force", "", "replace existing results", &options->force});
  return command;
}

}  // namespace undulith::cli
