// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

namespace undulith::materials {

/// One line of the library. An empty formula is empty space.
struct LibraryEntry {
  std::string_view name, formula;
  double density_g_cm3;
  std::string_view note;  ///< how certain composition and density are; added to Material::source
};

/// The built-in materials, in no particular order.
[[nodiscard]] std::span<const LibraryEntry> library_entries();

}  // namespace undulith::materials
