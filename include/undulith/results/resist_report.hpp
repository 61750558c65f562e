// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "undulith/flow/resist_stage.hpp"
#include "undulith/results/result_writer.hpp"

/// Files and text of a developed film.
namespace undulith::results {

/// Arrays, volumes, tables and pictures of the film and of its noise.
void write_resist(ResultWriter& writer, const flow::Prepared& prepared, const flow::ResistStage& stage);

/// The tables of summary.json: "resist" and, with noise, "stochastics".
[[nodiscard]] nlohmann::ordered_json resist_json(const flow::Prepared& prepared,
                                                 const flow::ResistStage& stage);
[[nodiscard]] nlohmann::ordered_json stochastics_json(const flow::StochasticStage& stage);

/// One line per gauge, and the effect of noise on each.
[[nodiscard]] std::string resist_text(const flow::Prepared& prepared, const flow::ResistStage& stage);

}  // namespace undulith::results
