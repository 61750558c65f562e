// SPDX-License-Identifier: MIT
#include "materials/material_library.hpp"

#include <array>

namespace undulith::materials {
namespace {

constexpr std::string_view kBulk = "density of the bulk";
constexpr std::string_view kFilm = "density of the bulk or of a film as commonly tabulated";
constexpr std::string_view kAssumed = "composition and density are assumed: no measurement of a film";

constexpr auto kEntries = std::to_array<LibraryEntry>({
    {"vacuum", "", 0, "exact"},
    // Mirrors, capping layers, substrates.
    {"Mo", "Mo", 10.22, kBulk},
    {"Si", "Si", 2.33, kBulk},
    {"Ru", "Ru", 12.41, kBulk},
    {"MoSi2", "MoSi2", 6.26, kBulk},
    {"Mo5Si3", "Mo5Si3", 8.24, kBulk},
    {"B4C", "B4C", 2.52, kBulk},
    {"C", "C", 2.2, "density of graphite-like carbon; films are 1.8 to 2.3 g/cm3"},
    {"SiC", "SiC", 3.21, kBulk},
    {"Si3N4", "Si3N4", 3.44, kFilm},
    {"SiO2", "SiO2", 2.2, kBulk},
    {"RuO2", "RuO2", 6.97, kBulk},
    {"MoO3", "MoO3", 4.69, kBulk},
    {"Al2O3", "Al2O3", 3.97, kBulk},
    {"TiO2", "TiO2", 4.23, kBulk},
    {"Zr", "Zr", 6.506, kBulk},
    {"ZrSi2", "ZrSi2", 4.88, kBulk},
    {"Nb", "Nb", 8.57, kBulk},
    {"Y", "Y", 4.469, kBulk},
    {"La", "La", 6.145, kBulk},
    // Absorbers.
    {"Ta", "Ta", 16.654, kBulk},
    {"TaN", "TaN", 14.3, kBulk},
    {"Ta2O5", "Ta2O5", 8.2, kBulk},
    {"TaBN", "Ta60B15N25", 13.5, kAssumed},
    {"TaBO", "Ta30B10O60", 9.0, kAssumed},
    {"Cr", "Cr", 7.19, kBulk},
    {"CrN", "CrN", 5.9, kBulk},
    {"Ni", "Ni", 8.902, kBulk},
    {"NiAl", "NiAl", 5.86, kBulk},
    {"Co", "Co", 8.9, kBulk},
    {"Te", "Te", 6.24, kBulk},
    {"Pt", "Pt", 21.45, kBulk},
    {"Pd", "Pd", 12.02, kBulk},
    {"Rh", "Rh", 12.41, kBulk},
    {"Ir", "Ir", 22.42, kBulk},
    {"Os", "Os", 22.57, kBulk},
    {"Re", "Re", 21.02, kBulk},
    {"W", "W", 19.3, kBulk},
    {"Au", "Au", 19.32, kBulk},
    {"Ag", "Ag", 10.5, kBulk},
    {"Al", "Al", 2.699, kBulk},
    {"Ti", "Ti", 4.54, kBulk},
    {"Cu", "Cu", 8.96, kBulk},
    {"Hf", "Hf", 13.31, kBulk},
    {"HfO2", "HfO2", 9.68, kBulk},
    {"RuTa_50", "RuTa", 14.53, kAssumed},
    {"RuTa_75", "Ru75Ta25", 13.47, kAssumed},
    {"PtMo_50", "PtMo", 16.0, kAssumed},
    {"Pt2Mo", "Pt2Mo", 17.9, kAssumed},
    {"PtW_50", "PtW", 20.4, kAssumed},
    {"RuPt_50", "RuPt", 17.0, kAssumed},
    // Debris of a tin plasma.
    {"Sn", "Sn", 7.31, kBulk},
    {"SnO2", "SnO2", 6.95, kBulk},
    // Pellicles and resists.
    {"pSi_pellicle", "Si", 2.33, "polysilicon at the density of the bulk"},
    {"CNT_C", "C", 1.4,
     "density of a dense carbon nanotube film is assumed; the effective density of a membrane "
     "is far lower"},
    {"PMMA", "C5H8O2", 1.19, kBulk},
    {"ZEP", "C13H15O2Cl", 1.2, "density is assumed"},
    {"resist_PHS", "C8H8O", 1.2, "polyhydroxystyrene; density is assumed"},
    {"SnOx_resist", "SnO2C8H18", 1.9, kAssumed},
});

}  // namespace

std::span<const LibraryEntry> library_entries() {
  return kEntries;
}

}  // namespace undulith::materials
