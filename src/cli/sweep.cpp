// SPDX-License-Identifier: MIT
#include <filesystem>
#include <limits>
#include <memory>
#include <string>

#include <fmt/core.h>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "cli/number_options.hpp"
#include "cli/terminal.hpp"
#include "undulith/core/error.hpp"
#include "undulith/program/sweep.hpp"

namespace undulith::cli {
namespace {

constexpr int kNotGiven = std::numeric_limits<int>::min();

struct SweepCommandOptions {
  JobOptions job;
  std::vector<std::string> vary;
  std::string points, out, shard;
  int sample = kNotGiven, seed = kNotGiven;
  bool zip = false, plan = false, keep_going = false, force = false, sqlite = false, gather = false;
  std::vector<std::string> fronts;
};

study::SweepWatch watch_of(const GlobalOptions& global) {
  const auto show = make_counted_progress("sweeping", "points", !global.quiet);
  return [show](const study::SweepProgress& progress) {
    show(progress.n_finished, progress.n_points, progress.fraction);
  };
}

program::SweepRequest request_of(const GlobalOptions& global, const SweepCommandOptions& options) {
  program::SweepRequest request{.out = options.out.empty() ? default_folder(options.job.file) / "sweep"
                                                           : std::filesystem::path(options.out),
                                .keep_going = options.keep_going,
                                .restart = options.force,
                                .gather = options.gather,
                                .sqlite = options.sqlite,
                                .fronts = options.fronts,
                                .watch = {}};
  if (options.zip && options.sample != kNotGiven)
    throw InputError("--zip and --sample exclude each other (a point is made in one way); leave one out");
  if (!options.points.empty() && (options.zip || options.sample != kNotGiven))
    throw InputError("--points excludes --zip and --sample (a line of the file is a point); leave them out");
  request.points = {.vary = options.vary, .points_file = options.points};
  if (options.zip) request.points.points = study::SweepPoints::in_step;
  if (options.sample != kNotGiven) {
    request.points.points = study::SweepPoints::sampled;
    request.points.n_samples = options.sample;
  }
  if (options.seed != kNotGiven) request.points.seed = options.seed;
  if (options.gather && (options.force || !options.shard.empty()))
    throw InputError("--gather excludes --shard and --force (it computes nothing); leave them out");
  if (!options.shard.empty()) {
    const std::size_t slash = options.shard.find('/');
    const auto is_number = [](const std::string& text) {
      return !text.empty() && text.size() < 8 && text.find_first_not_of("0123456789") == std::string::npos;
    };
    const std::string shard = options.shard.substr(0, slash),
                      of = slash == std::string::npos ? "" : options.shard.substr(slash + 1);
    if (!is_number(shard) || !is_number(of))
      throw InputError(
          fmt::format("--shard {} (must be i/n); write 1/3, 2/3, 3/3 for three shards", options.shard));
    request.shard = whole_number("--shard", shard);
    request.n_shards = whole_number("--shard", of);
  }
  if (!options.plan) {
    request.watch = watch_of(global);
    finish_at_first_interrupt(
        "the points that have begun are finished first; press Ctrl-C again to stop at once");
  }
  return request;
}

int sweep(const GlobalOptions& global, const SweepCommandOptions& options) {
  const job::ReadJob read = read_job(options.job);
  const program::SweepRequest request = request_of(global, options);
  const program::SweepReport report =
      options.plan ? program::plan_sweep(read, request) : program::run_sweep(read, request);
  clear_progress();
  print(global.json ? with_newline(report.json) : report.text);
  return report.n_failed == 0 ? 0 : 1;
}

}  // namespace

Command make_sweep_command(const GlobalOptions& global) {
  const auto options = std::make_shared<SweepCommandOptions>();
  Command command{
      .name = "sweep",
      .summary = "one job with many values of some keys: one table",
      .details =
          "Every combination of the values, or with --zip the first of each key, the second, and so on, or with --sample "
          "points spread over ranges, or the lines of a file. Without --vary and --points the points are those of [sweep] "
          "in the job. The key source.file stands for files of light sources, as undulith compare takes them. A stopped sweep goes on where it was when the same command is given again. Exit "
          "code 1 if points failed.",
      .options = job_options(options->job),
      .run = [&global, options] { return sweep(global, *options); }};
  command.options.push_back(
      {"--vary", "KEY=VALUES",
       "values of a key: first:last:count, or separated by commas; with --sample first:last; repeatable",
       &options->vary});
  command.options.push_back(
      {.names = "--points",
       .value = "FILE",
       .help = "CSV with the names of keys in its first line and a point in each other one",
       .target = &options->points,
       .completion = Completion::file});
  command.options.push_back({"--zip", "", "take the values of all keys in step", &options->zip});
  command.options.push_back({"--sample", "N", "N points of a Latin hypercube", &options->sample});
  command.options.push_back({"--seed", "N", "chooses the points of --sample; default 1", &options->seed});
  command.options.push_back(
      {"--plan", "", "print points, images, time and memory, and compute nothing", &options->plan});
  command.options.push_back(
      {"--keep-going", "", "make points that fail lines of the table", &options->keep_going});
  command.options.push_back(
      {"--shard", "I/N", "compute the I-th of N parts; all parts share the folder", &options->shard});
  command.options.push_back({"--gather", "",
                             "compute nothing: write the table of the journals of all shards in the folder",
                             &options->gather});
  command.options.push_back(
      {"--pareto", "A:B",
       "write the Pareto front of two quantities, such as nils:wafers_per_hour; repeatable",
       &options->fronts});
  command.options.push_back({"--sqlite", "", "write the table as an SQLite database too", &options->sqlite});
  command.options.push_back({.names = "-o,--out",
                             .value = "DIR",
                             .help = "folder of the table; default results/<name of the job>/sweep",
                             .target = &options->out,
                             .completion = Completion::folder});
  command.options.push_back(
      {"-f,--force", "", "begin anew, whatever the folder holds of a sweep", &options->force});
  return command;
}

}  // namespace undulith::cli
