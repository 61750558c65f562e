// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

#include "undulith/study/sweep_plan.hpp"

namespace undulith::study {

/// What a sweep would compute, and what that costs without anything that is kept from before.
struct SweepCost {
  std::size_t n_points = 0;
  // Different stages, by the names of the keys that they depend on.
  std::size_t n_lights = 0, n_masks = 0, n_images = 0;
  std::size_t n_films = 0;  ///< 0: the resist has no film
  double cpu_s = 0;
  double wall_s = 0;  ///< with the threads of the process
  int n_threads = 1;
  double memory_mb = 0;  ///< of the program, with the points that are computed at a time
  int n_at_a_time = 1;   ///< as many points
};

/// Expected cost of computing these points. Up to 24 different images are prepared with an estimated light; where there are
/// more, a sample of them stands for all.
/// @param points  at least one
/// @throws InputError  a point of the sample cannot be prepared
///
/// Accuracy: a factor of 2 of the CPU time of the sweeps in tests/tools/sweep_costs.py. Cost: that of preparing the sample, below
/// a second.
[[nodiscard]] SweepCost estimate_sweep(const SweepPlan& plan, std::span<const std::size_t> points);

}  // namespace undulith::study
