#pragma once

#include <optional>
#include <string>

namespace undulith::flow {

/// The same content twice: for a reader and for a program.
struct Report {
  std::string text;  ///< a table in plain text, lines end in '\n'
  std::string json;  ///< one JSON document
};

/// The built-in optical constants at one wavelength: all materials, or one in full.
///
/// For each: n, k, the depth in which the intensity falls to 1/e, lambda / (4 pi k), density and source.
/// A material that absorbs nothing has no absorption length: "-" in the text, null in JSON.
/// @param name           as listed by materials::all_materials(); all of them when absent
/// @param wavelength_nm  vacuum wavelength
/// @throws InputError    unknown name (with the nearest known one), or a wavelength outside the tables
/// Theory: docs/theory/materials.md
[[nodiscard]] Report materials_report(const std::optional<std::string>& name, double wavelength_nm);

}  // namespace undulith::flow
