// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "undulith/study/sweep_plan.hpp"

namespace undulith::study {

/// Stages that points of a sweep can share, in the order of the light.
enum class SweepStage { light, mask, image, film };

/// Whether a varied key may change a stage, by its name alone. A key that does counts for every later stage too.
[[nodiscard]] bool changes(SweepStage stage, std::string_view key);

/// Points that have the same values of all keys that may change a stage, in the order of their first points.
[[nodiscard]] std::vector<std::vector<std::size_t>> points_by_stage(const SweepPlan& plan, SweepStage stage,
                                                                    std::span<const std::size_t> points);

}  // namespace undulith::study
