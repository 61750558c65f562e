// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/job/job.hpp"

/// The focus-exposure matrix of a job and the process windows in it.
namespace undulith::program {

struct WindowOptions {
  std::filesystem::path out;  ///< folder for tables and plots
  bool force = false;
  Progress progress;
};

struct WindowReport {
  std::string text;  ///< for people
  std::string json;
  std::vector<std::filesystem::path> files;
  bool has_window = true;  ///< all features hold their CD together somewhere
};

/// CD of every gauge with a target over window.focus_nm and window.dose_mj_cm2, its Bossung curves, the doses
/// that keep CD within tolerance, exposure latitude against depth of focus of each feature and of all
/// together, mask error factors, the contrast curve of a film and, with stochastics.n_realisations > 0, the
/// probability of failure against dose.
///
/// Images are computed once for each focus. With a threshold model a dose costs a measurement, with a film a
/// bake and a development.
/// @throws InputError  as run_job; no gauge with a target
/// Files: docs/formats/results.md. Theory: docs/theory/process-window.md
[[nodiscard]] WindowReport find_window(const job::ReadJob& read, const WindowOptions& options);

}  // namespace undulith::program
