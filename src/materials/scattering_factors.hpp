// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace undulith::materials {

/// The table of src/materials/henke_f1f2.csv: element,energy_ev,f1,f2; energies of an element ascend.
extern const std::string_view kHenkeCsv;

/// Forward scattering factor f1 + i f2 of one atom, in electrons.
struct ScatteringFactor {
  double f1 = 0, f2 = 0;
};

/// The range of energies in eV in which an element is tabulated.
struct EnergyRange {
  double min_ev = 0, max_ev = 0;
};

/// @throws InputError  the element is not in the table
[[nodiscard]] EnergyRange tabulated_range(std::string_view element);

/// f1 linear in log E, f2 linear in log-log, between tabulated energies.
/// @throws InputError  the element is not in the table, or the energy lies outside its range
[[nodiscard]] ScatteringFactor scattering_factor(std::string_view element, double energy_ev);

}  // namespace undulith::materials
