// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "undulith/study/sweep.hpp"

/// The table of a sweep: one line for each point and gauge, the varied keys first.
namespace undulith::results {

/// The head of sweep.csv, with a line end. Columns of a film, of noise and of errors are empty where there are none.
[[nodiscard]] std::string sweep_head(const study::SweepPlan& plan);

/// The lines of one point, each with a line end: one per gauge, one without a gauge where the job has none, one with the
/// error where the point has failed.
/// @throws NumericalError  a field that is nan or inf
[[nodiscard]] std::string sweep_lines(const study::SweepPlan& plan, const study::SweepResult& result);

}  // namespace undulith::results
