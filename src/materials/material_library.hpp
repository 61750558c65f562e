#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace undulith::materials {

/// One line of the library. An empty formula is empty space.
struct LibraryEntry {
  std::string_view name, formula;
  double density_g_cm3;
  std::string_view note;  ///< how sure composition and density are; added to Material::source
};

/// The built-in materials, in no particular order.
[[nodiscard]] std::span<const LibraryEntry> library_entries();

/// How many atoms of one element a formula holds, and their mass.
struct Constituent {
  std::string_view element;
  double count;
  double atomic_weight;  ///< g/mol
};

/// Reads a formula such as "Ta60B15N25" or "SiO2": element symbols, each with a number of atoms, 1 when
/// absent.
/// @throws std::logic_error  a malformed formula or an element without a weight: the library itself is wrong
[[nodiscard]] std::vector<Constituent> parse_formula(std::string_view formula);

}  // namespace undulith::materials
