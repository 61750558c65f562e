// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "undulith/mask/mirror_curves.hpp"
#include "undulith/report/multilayer_pictures.hpp"

namespace undulith::results {

/// The stack in a line: "Ru 2.5, 40 x (Si 4.17, Mo 2.78), SiO2; period 6.95 nm, 82 films, 280.5 nm".
[[nodiscard]] std::string stack_text(const mask::FilmStack& stack);

/// Names and contents of the tables.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> multilayer_tables(
    const mask::MirrorInLight& mirror, const mask::MultilayerCurves& curves);
/// Names and contents of the pictures.
[[nodiscard]] std::vector<std::pair<std::string, report::Picture>> multilayer_pictures(
    const mask::MirrorInLight& mirror, const mask::MultilayerCurves& curves, const std::string& title);

}  // namespace undulith::results
