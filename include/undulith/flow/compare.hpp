#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/flow/job.hpp"

/// The same mask, optics, dose and resist with one light source after another.
namespace undulith::flow {

struct CompareOptions {
  std::vector<std::filesystem::path> sources;  ///< empty: [[compare.source]] of the job
  std::vector<Override> overrides;             ///< of every job
  std::filesystem::path out;
  bool force = false;
  Progress progress;
};

struct CompareReport {
  std::string text, json;
  std::vector<std::filesystem::path> files;
};

/// Runs the job with each source and lays the figures side by side: table, CSV, JSON and a montage of
/// pictures. Sources whose images differ by less than compare.same_image_tolerance everywhere are named as
/// equal.
/// @throws InputError  fewer than two sources, a source without status or citation, and as read_job
/// Rows: docs/guide/comparing-sources.md
[[nodiscard]] CompareReport compare_sources(const std::filesystem::path& job, const CompareOptions& options);

/// A question asked backwards: which value of a parameter gives a result?
struct SolveOptions {
  std::vector<std::filesystem::path> sources;  ///< empty: the job's own, or [[compare.source]]
  std::vector<Override> overrides;
  std::string parameter;  ///< key of [source...] or [beamline], in full or its last part
  std::string result;     ///< name of a row
  double target = 0;
};

struct SolveReport {
  std::string text, json;
  bool all_solved = true;
};

/// Scans the range of the key for the interval next to the present value in which the result passes the
/// target, then closes in on it (TOMS 748; whole numbers by bisection).
///
/// The answer is accurate to 1e-6 of the parameter. Where there is none, the answer says between which values
/// the result stays.
/// @throws InputError  unknown parameter or result, a result that is no number
[[nodiscard]] SolveReport solve_source(const std::filesystem::path& job, const SolveOptions& options);

}  // namespace undulith::flow
