// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "undulith/flow/stages.hpp"
#include "undulith/study/optimise_cost.hpp"

/// What `undulith check` prints: the job as it would be computed, and its expected cost.
namespace undulith::results {

/// Expected times of further commands on the same job.
struct StudyCosts {
  double window_s = 0;                          ///< undulith window
  std::optional<double> mask_effects_s;         ///< undulith mask; absent: not for this job
  std::optional<study::OptimiseCost> optimise;  ///< absent: the job has no [optimise]
};
[[nodiscard]] std::string check_text(const job::ReadJob& read, const flow::Prepared& prepared,
                                     const StudyCosts& studies);
[[nodiscard]] std::string check_json(const job::ReadJob& read, const flow::Prepared& prepared,
                                     const StudyCosts& studies);

}  // namespace undulith::results
