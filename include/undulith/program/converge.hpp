// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "undulith/core/progress.hpp"
#include "undulith/job/job.hpp"

/// How far the numbers of a job are from those of an infinitely fine computation.
namespace undulith::program {

struct ConvergeOptions {
  /// A refined job that would take longer than this on one processor is left out, and named
  double max_cpu_s = 300;
  Progress progress;
};

struct ConvergeReport {
  std::string text;  ///< for people: one line a refinement, and the error bar of the job
  std::string json;  ///< docs/formats/converge.md
};

/// Runs a job, then again with each discretisation made finer, one at a time.
///
/// The changes d_1 .. d_n between successive refinements of a discretisation fall by a ratio r each (straight
/// line through their logarithms); what is left in the job is |I_n - I_0| + d_n/(r - 1): the whole change
/// plus the geometric series behind it, with r <= 4. The error bar is the root of the sum of squares over all
/// discretisations. A ratio below 1.25 is reported as not converging.
/// @throws InputError  as run_job; a max_cpu_s that is not positive
/// Accuracy: of the error bar itself about a factor of two. Theory and reading: docs/guide/accuracy.md
[[nodiscard]] ConvergeReport converge_job(const job::ReadJob& read, const ConvergeOptions& options = {});

}  // namespace undulith::program
