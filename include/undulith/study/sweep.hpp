// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "undulith/flow/stages.hpp"
#include "undulith/study/sweep_plan.hpp"

/// Computing the points of a sweep.
namespace undulith::study {

/// What a point gave: results, or why there are none.
struct SweepResult {
  std::size_t point = 0;
  std::optional<flow::Results> results;
  std::string error;  ///< empty where there are results
};

/// How far a sweep has come.
struct SweepProgress {
  std::size_t n_finished = 0, n_points = 0;
  double fraction = 0;  ///< in [0, 1], never falls; points that have begun count in part
};

/// Receives the progress, one call at a time. It stops the sweep by throwing (Interrupted). An empty function is never called.
using SweepWatch = std::function<void(const SweepProgress&)>;

/// Points that see the same image by the names of their keys alone (resist, metrology, stochastics, throughput): each
/// group starts with the point that is computed first.
[[nodiscard]] std::vector<std::vector<std::size_t>> points_by_image(const SweepPlan& plan,
                                                                    std::span<const std::size_t> points);

/// Computes points, several at a time where memory allows. Points that differ behind the image alone share what lies before
/// it; light, masks and images they take from the store in use (flow::use_store), and the first point that needs one computes
/// it before the others begin. A point that refuses its job, or whose computation
/// fails, has an error.
/// @param done  is called for each point as it is finished, one call at a time, in no order
/// @throws Interrupted  after a request to finish (core/stop.hpp), when the points that had begun are done; after a request
///                      to stop, at once: points that had begun are lost
void run_sweep(const SweepPlan& plan, std::span<const std::size_t> points, const SweepWatch& watch,
               const std::function<void(SweepResult)>& done);

}  // namespace undulith::study
