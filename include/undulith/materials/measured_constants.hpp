// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

/// Published measurements of films, for comparison with the tables of atomic scattering factors.
namespace undulith::materials {

/// n + ik of a film at one wavelength.
struct MeasuredIndex {
  std::string_view formula;
  double wavelength_nm;
  double n, k;
  std::string_view source;  ///< who measured, and where the numbers were read
};

/// All known measurements, by formula and wavelength. The refractive indices of a job never come from here.
[[nodiscard]] const std::vector<MeasuredIndex>& all_measurements();

/// Measurements of films of this formula, as written in Material::formula; none for an empty formula.
[[nodiscard]] std::vector<MeasuredIndex> find_measurements(std::string_view formula);

}  // namespace undulith::materials
