// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "undulith/flow/light_chain.hpp"
#include "undulith/flow/stages.hpp"

namespace undulith::study {

/// One row of a comparison for one source: a number, a word, or nothing where it is not defined.
struct Figure {
  std::string name;  ///< with its unit: "wafer_power_w"
  std::variant<std::monostate, double, std::string> value;
};

/// Rows that need no image, and their names in the same order.
[[nodiscard]] std::vector<Figure> light_figures(const source::SourceOutput& light,
                                                const flow::LightChain& chain);

/// Rows that the image gives, for its first gauge; its horizontal and vertical gauges give the H-V
/// bias, its planes the best focus.
[[nodiscard]] std::vector<Figure> image_figures(const flow::Results& results);

/// Names of all rows, those of the light first.
[[nodiscard]] const std::vector<std::string>& figure_names();
[[nodiscard]] bool needs_image(const std::string& figure_name);
/// Whether its values are words.
[[nodiscard]] bool is_word(const std::string& figure_name);
/// Whether its numbers may have either sign: focus, bias, Stokes parameters.
[[nodiscard]] bool can_be_negative(const std::string& figure_name);

/// The rows, their meaning and what they leave out, as a Markdown table: docs/guide/comparing-sources.md.
[[nodiscard]] std::string figure_guide();

/// "n/a", "0.123", "design".
[[nodiscard]] std::string figure_text(const Figure& figure);

}  // namespace undulith::study
