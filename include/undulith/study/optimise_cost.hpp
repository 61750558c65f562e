// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/flow/prepared.hpp"

namespace undulith::study {

struct OptimiseCost {
  double cpu_s = 0;      ///< on one processor
  double memory_mb = 0;  ///< beside the program and its pictures
};

/// Expected cost of optimise_mask() for this job: within a factor of two on masks of 250 nm to 2 um. Searches that need fewer
/// or more images (repairs of sites) differ.
[[nodiscard]] OptimiseCost optimise_cost(const flow::Prepared& prepared);

}  // namespace undulith::study
