// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "undulith/job/job.hpp"
#include "undulith/study/sweep.hpp"

/// `undulith sweep`: many points of one job, with a journal that outlives the process.
namespace undulith::program {

struct SweepRequest {
  study::SweepOptions points;
  std::filesystem::path out;    ///< folder of the journals and of sweep.csv
  int shard = 1, n_shards = 1;  ///< this process computes every n_shards-th point, from the shard-th on
  bool keep_going = false;      ///< a point that fails is a line of the table; else it ends the sweep
  bool restart = false;  ///< forget the journals of the folder; its table stays until there is a new one
  bool gather = false;   ///< compute nothing: write the table of the journals in the folder
  bool sqlite = false;   ///< write sweep.sqlite too
  std::vector<std::string> fronts;  ///< Pareto fronts: "nils:wafers_per_hour"
  study::SweepWatch watch;
};

struct SweepReport {
  std::string text, json;
  std::vector<std::filesystem::path> files;
  bool complete = false;  ///< all points of all shards are there
  int n_failed = 0;
};

/// What a sweep, or the shard of it, would do, without doing it: points, different stages, time and memory.
/// @throws InputError  as study::plan_sweep and study::estimate_sweep
[[nodiscard]] SweepReport plan_sweep(const job::ReadJob& read, const SweepRequest& request);

/// Computes the points that no journal in the folder holds yet, and writes sweep.csv when all of them are there: the same
/// bytes however often the sweep was stopped, and for any number of shards. Then the plots, and what the request adds. Keys whose
/// values change nothing are a warning.
///
/// Images are shared by points that differ in keys behind the image alone. Without a store in use they are kept in the
/// folder until the sweep is complete.
/// @throws InputError  as study::plan_sweep; the folder holds another sweep; a point fails without keep_going; to be gathered,
///                     and points are missing
[[nodiscard]] SweepReport run_sweep(const job::ReadJob& read, const SweepRequest& request);

}  // namespace undulith::program
