// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/job/job.hpp"

/// The mask that prints a layout best.
namespace undulith::program {

struct OptimiseOptions {
  std::vector<job::Override> overrides;
  std::filesystem::path out;
  bool force = false;
  Progress progress;
};

struct OptimiseReport {
  std::string text, json;
  std::vector<std::filesystem::path> files;
  bool interrupted = false;  ///< by request_finish(): the best mask so far
  bool met = true;           ///< no site beyond its tolerance, no rule broken
};

/// Optimises the mask of a job by its [optimise] and writes it with the figures before and after.
/// @throws InputError  as job::read_job() and study::optimise_mask()
/// Files: docs/formats/results.md. Theory: docs/theory/optimisation.md
[[nodiscard]] OptimiseReport optimise(const std::filesystem::path& job, const OptimiseOptions& options);

}  // namespace undulith::program
