#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "flow/mask_effects.hpp"

/// The effects of a mask as tables: for files, for programs and for people.
namespace undulith::flow {

[[nodiscard]] std::string orders_csv(const MaskEffects& effects);
[[nodiscard]] std::string gauges_csv(const MaskEffects& effects);
[[nodiscard]] std::string through_focus_csv(const MaskEffects& effects);
[[nodiscard]] std::string through_pitch_csv(const MaskEffects& effects);
[[nodiscard]] std::string poles_csv(const MaskEffects& effects);
[[nodiscard]] std::string swing_csv(const MaskEffects& effects);

[[nodiscard]] nlohmann::ordered_json effects_json(const MaskEffects& effects);
[[nodiscard]] std::string effects_text(const Job& job, const MaskEffects& effects);

[[nodiscard]] std::string name_of(Orientation orientation);

/// CD of horizontal lines less that of vertical ones, at the job's focus and one threshold.
[[nodiscard]] std::optional<double> hv_bias(const MaskEffects& effects, std::size_t pitch, mask::Model model);
/// CD at the job's focus and the threshold that all share.
[[nodiscard]] std::optional<double> cd_in_focus(const LineSeries& series);

}  // namespace undulith::flow
