// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

namespace undulith::program {

/// The same content twice: for a reader and for a program.
struct Report {
  std::string text;  ///< a table in plain text, lines end in '\n'
  std::string json;  ///< one JSON document
};

/// Optical constants at one wavelength: the whole library, or one material in full.
///
/// For each: n, k, the depth in which the intensity falls to 1/e, lambda / (4 pi k), density and source; of
/// one material also published measurements of films of its formula, each with the value of the tables at its
/// wavelength. A material that absorbs nothing has no absorption length: "-" in the text, null in JSON.
/// @param name           of the library, a formula with its density (see materials::refractive_index) or a
///                       .csv table; the whole library when absent
/// @param wavelength_nm  vacuum wavelength
/// @throws InputError    as materials::refractive_index
/// Theory: docs/theory/materials.md
[[nodiscard]] Report materials_report(const std::optional<std::string>& name, double wavelength_nm);

/// n and k of one material against wavelength, as a CSV that may be a material itself.
/// @param from_nm, to_nm  first and last wavelength, both inside the material's table
/// @param step_nm         between the rows, > 0; at most 1e5 rows
/// @throws InputError     as materials::refractive_index; a range or step without two rows, or too many
/// Format: docs/formats/optical-constants.md
[[nodiscard]] std::string materials_csv(const std::string& name, double from_nm, double to_nm,
                                        double step_nm);

}  // namespace undulith::program
