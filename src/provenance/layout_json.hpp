// SPDX-License-Identifier: MIT
#pragma once

#include "provenance/json_document.hpp"
#include "undulith/provenance/manifest.hpp"

namespace undulith::provenance {

[[nodiscard]] Json layout_json(const LayoutCommitment& layout);
/// @throws InputError  at the line
[[nodiscard]] LayoutCommitment layout_of(const JsonValue& value);

}  // namespace undulith::provenance
