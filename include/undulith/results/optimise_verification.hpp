// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "undulith/study/mask_optimisation.hpp"

namespace undulith::results {

/// Edge placement of the mask found by the model of the search and by the one that judges; empty without one.
[[nodiscard]] std::string verification_text(const study::MaskOptimisation& found);
/// null without one.
[[nodiscard]] nlohmann::ordered_json verification_json(const study::MaskOptimisation& found);

}  // namespace undulith::results
