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

/// CD of horizontal lines less that of vertical ones, at the job's focus and one threshold.
[[nodiscard]] std::optional<double> hv_bias(const study::MaskEffects& effects, std::size_t pitch,
                                            mask::Model model);
/// CD at the job's focus and the threshold that all share.
[[nodiscard]] std::optional<double> cd_in_focus(const study::LineSeries& series);

}  // namespace undulith::results
