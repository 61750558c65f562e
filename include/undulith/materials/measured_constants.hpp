#pragma once

#include <string_view>
#include <vector>

/// Published measurements of films, to be compared with what the tables of atoms give.
namespace undulith::materials {

/// n + ik of a film at one wavelength.
struct MeasuredIndex {
  std::string_view formula;
  double wavelength_nm;
  double n, k;
  std::string_view source;  ///< who measured, and where it was read
};

/// All measurements known, by formula and wavelength. Refractive indices of a job never come from here.
[[nodiscard]] const std::vector<MeasuredIndex>& all_measurements();

/// Those of films of this formula, as spelt in Material::formula; none for an empty one.
[[nodiscard]] std::vector<MeasuredIndex> find_measurements(std::string_view formula);

}  // namespace undulith::materials
