// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/job/job.hpp"

/// The same mask, optics, dose and resist with one light source after another.
namespace undulith::program {

struct CompareOptions {
  std::vector<std::filesystem::path> sources;  ///< empty: [[compare.source]] of the job
  std::vector<job::Override> overrides;        ///< of every job
  std::filesystem::path out;
  bool force = false;
  Progress progress;
};

struct CompareReport {
  std::string text, json;
  std::vector<std::filesystem::path> files;
};

/// Runs the job with each source and writes the rows of all sources: table, CSV, JSON and a montage of
/// pictures. Sources whose images differ by less than compare.same_image_tolerance everywhere are named as
/// equal.
/// @throws InputError  fewer than two sources, a source without status or citation, and as read_job
/// Rows: docs/guide/comparing-sources.md
[[nodiscard]] CompareReport compare_sources(const std::filesystem::path& job, const CompareOptions& options);

}  // namespace undulith::program
