#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "flow/resist_stage.hpp"
#include "flow/result_writer.hpp"

/// What is written down of a developed film.
namespace undulith::flow {

/// Arrays, volumes, tables and pictures of the film and of its noise.
void write_resist(ResultWriter& writer, const FilmScene& scene, const ResistStage& stage);

/// The tables of summary.json: "resist" and, with noise, "stochastics".
[[nodiscard]] nlohmann::ordered_json resist_json(const FilmScene& scene, const ResistStage& stage);
[[nodiscard]] nlohmann::ordered_json stochastics_json(const StochasticStage& stage);

/// For people: a line a gauge, and what noise does to each.
[[nodiscard]] std::string resist_text(const FilmScene& scene, const ResistStage& stage);

}  // namespace undulith::flow
