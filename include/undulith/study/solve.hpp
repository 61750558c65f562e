// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "undulith/job/job.hpp"

/// Solves for a parameter: its value that gives a target result.
namespace undulith::study {

struct SolveOptions {
  std::vector<std::filesystem::path> sources;  ///< empty: the job's own, or [[compare.source]]
  std::vector<job::Override> overrides;
  std::string parameter;  ///< key of [source...] or [beamline], in full or its last part
  std::string result;     ///< name of a row
  double target = 0;
};

/// The value of the parameter for one source, or what the result does instead.
struct Solution {
  std::string source;     ///< its name
  std::string parameter;  ///< full name of the key
  double present_value = 0;
  std::optional<double> value;  ///< absent: no value in the range of the key gives the target
  int n_crossings = 0;  ///< values that give the target; `value` is the one nearest to the present one
  /// Range of the result where the source exists, for values of the parameter from `from` to `to`; empty
  /// (result_min > result_max) where no value makes a source
  double result_min = HUGE_VAL, result_max = -HUGE_VAL;
  double from = 0, to = 0;
  std::string last_refusal;  ///< why a value made no source
  int n_evaluations = 0;
};

/// Scans the range of the key for the interval next to the present value in which the result passes the
/// target, then closes in on it (TOMS 748; whole numbers by bisection). One solution per source.
///
/// Accuracy: 1e-6 of the parameter.
/// @throws InputError  unknown parameter or result, a result that is no number, a target that is not finite or that the
///                     row cannot have
[[nodiscard]] std::vector<Solution> solve_source(const std::filesystem::path& job,
                                                 const SolveOptions& options);

}  // namespace undulith::study
