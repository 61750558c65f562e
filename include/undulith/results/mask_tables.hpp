// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "undulith/study/mask_effects.hpp"

/// The effects of a mask as tables: for files, for programs and for people.
namespace undulith::results {

[[nodiscard]] std::string orders_csv(const study::MaskEffects& effects);
[[nodiscard]] std::string gauges_csv(const study::MaskEffects& effects);
[[nodiscard]] std::string through_focus_csv(const study::MaskEffects& effects);
[[nodiscard]] std::string through_pitch_csv(const study::MaskEffects& effects);
[[nodiscard]] std::string poles_csv(const study::MaskEffects& effects);
[[nodiscard]] std::string swing_csv(const study::MaskEffects& effects);

[[nodiscard]] nlohmann::ordered_json effects_json(const study::MaskEffects& effects);
[[nodiscard]] std::string effects_text(const job::Job& job, const study::MaskEffects& effects);

}  // namespace undulith::results
