// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

namespace undulith::materials {

/// The number of atoms of one element in a formula, and its atomic weight.
struct Constituent {
  std::string_view element;  ///< a constant of the program
  double count;
  double atomic_weight;  ///< g/mol
};

/// A composition and its density.
struct Compound {
  std::vector<Constituent> constituents;
  std::string_view formula;  ///< part of the text that was read
  double density_g_cm3 = 0;
};

/// Symbols of all elements with an atomic weight, in alphabetical order.
[[nodiscard]] std::vector<std::string_view> known_elements();

/// Reads a formula such as "Ta60B15N25" or "Ru0.75Ta0.25": element symbols, each with a number of atoms, 1
/// if absent.
/// @throws InputError  malformed (at which character), an element without a weight (with the nearest known
///                     one)
[[nodiscard]] std::vector<Constituent> parse_formula(std::string_view formula);

/// Reads "Ta2O5@8.2": a formula and its density in g/cm3.
/// @throws InputError  as parse_formula; a density that is not a number in [1e-6, 30]
[[nodiscard]] Compound parse_compound(std::string_view text);

}  // namespace undulith::materials
