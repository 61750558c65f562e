// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "undulith/layout/layout.hpp"

namespace undulith::layout {

/// Reads an ICCAD-2013 contest clip: RECT and PGON in whole units (1 nm unless EQUIV says otherwise), one
/// layer (1/0), one cell.
/// @param name         for messages, usually the path
/// @throws InputError  with the line
/// Format: docs/formats/glp.md
[[nodiscard]] Layout read_glp(std::string_view text, const std::string& name);

}  // namespace undulith::layout
