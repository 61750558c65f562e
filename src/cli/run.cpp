// SPDX-License-Identifier: MIT
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include <fmt/core.h>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "cli/terminal.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"
#include "undulith/program/cache.hpp"
#include "undulith/program/provenance.hpp"
#include "undulith/program/run.hpp"

namespace undulith::cli {
namespace {

struct RunOptions {
  JobOptions job;
  std::string out;
  bool force = false, no_pictures = false;
};

int run(const GlobalOptions& global, const RunOptions& options) {
  // Another value makes other results of the same files.
  std::optional<program::Reproduction> manifest;
  if (program::is_manifest(options.job.file)) manifest.emplace(options.job.file);
  const bool reproduces = manifest && options.job.set.empty();
  if (reproduces) program::use_no_cache();
  job::ReadJob job = read_job(options.job);
  if (options.no_pictures) std::erase(job.job.outputs, job::Output::pictures);
  const std::filesystem::path out =
      options.out.empty() ? default_folder(options.job.file) : std::filesystem::path(options.out);
  if (std::error_code ignored; !options.force && std::filesystem::is_directory(out, ignored) &&
                               !std::filesystem::is_empty(out, ignored))
    throw InputError(fmt::format(
        "{} cannot be written (it holds results already); choose another folder with --out, or add --force",
        out.string()));
  log::info(fmt::format("results go to {}", out.string()));
  const program::RunReport report = program::run_job(
      job, {.out = out, .force = options.force, .progress = make_progress("simulating", !global.quiet)});
  clear_progress();
  if (!report.all_printed)
    log::warning(
        "a gauge did not find its feature (it does not print, or it merges with its neighbour); its numbers "
        "are empty");
  for (const std::filesystem::path& file : report.files) log::info(fmt::format("wrote {}", file.string()));
  if (reproduces) {
    const program::ProvenanceReport compared = manifest->compare(out);
    print(global.json ? with_newline(compared.json) : report.table + compared.text);
    return compared.whole ? 0 : 1;
  }
  print(global.json ? with_newline(report.json) : report.table);
  return 0;
}

}  // namespace

Command make_run_command(const GlobalOptions& global) {
  const auto options = std::make_shared<RunOptions>();
  Command command{
      .name = "run",
      .summary = "simulate a job: numbers, pictures and files",
      .details =
          "The folder of results is written completely or not at all. A manifest.json of results is a job too: running "
          "it computes all of them again, without kept results, and says which files have the same bytes; exit code 1 if one differs.",
      .options = job_options(options->job),
      .run = [&global, options] { return run(global, *options); }};
  command.options.push_back({.names = "-o,--out",
                             .value = "DIR",
                             .help = "folder for the results; default results/<name of the job>",
                             .target = &options->out,
                             .completion = Completion::folder});
  command.options.push_back({"-f,--force", "", "replace existing results", &options->force});
  command.options.push_back({"--no-pictures", "",
                             "write no PNG pictures; outputs in the job chooses among all files",
                             &options->no_pictures});
  return command;
}

}  // namespace undulith::cli
