// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "undulith/flow/stages.hpp"

namespace undulith::results {

/// How a mask was computed and how well, one or two lines; empty for a thin one.
[[nodiscard]] std::string thick_mask_text(const flow::Results& results);

/// The same for "mask" in summary.json.
[[nodiscard]] nlohmann::ordered_json thick_mask_json(const mask::ThickMaskReport& report);

/// What a mask will take, one line.
[[nodiscard]] std::string mask_plan_text(const flow::Prepared& prepared);

}  // namespace undulith::results
