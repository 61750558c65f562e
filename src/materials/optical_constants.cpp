#include "undulith/materials/optical_constants.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "materials/material_library.hpp"
#include "materials/scattering_factors.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/spelling.hpp"

namespace undulith::materials {
namespace {

constexpr double kNm3PerCm3 = 1e21;
/// Empty space has n = 1 at any wavelength; finite bounds keep reports printable.
constexpr double kVacuumMinWavelengthNm = 1e-3, kVacuumMaxWavelengthNm = 1e9;

/// What refractive_index needs of a material, prepared once.
struct Library {
  std::vector<Material> materials;                                        ///< sorted by name
  std::map<std::string, std::vector<Constituent>, std::less<>> contents;  ///< by name
};

Material describe(const LibraryEntry& entry, const std::vector<Constituent>& constituents) {
  Material material;
  material.name = entry.name;
  material.formula = entry.formula;
  material.density_g_cm3 = entry.density_g_cm3;
  if (constituents.empty()) {
    material.min_wavelength_nm = kVacuumMinWavelengthNm;
    material.max_wavelength_nm = kVacuumMaxWavelengthNm;
    material.source = entry.note;
    return material;
  }
  EnergyRange range = tabulated_range(constituents.front().element);
  for (const Constituent& c : constituents) {
    const EnergyRange of_element = tabulated_range(c.element);
    range.min_ev = std::max(range.min_ev, of_element.min_ev);
    range.max_ev = std::min(range.max_ev, of_element.max_ev);
  }
  material.min_wavelength_nm = constants::wavelength_nm_of(range.max_ev);
  material.max_wavelength_nm = constants::wavelength_nm_of(range.min_ev);
  material.source =
      fmt::format("scattering factors of Henke et al. 1993 with the updates of CXRO; {}", entry.note);
  return material;
}

const Library& library() {
  static const Library instance = [] {
    Library result;
    for (const LibraryEntry& entry : library_entries()) {
      auto constituents = parse_formula(entry.formula);
      result.materials.push_back(describe(entry, constituents));
      result.contents.emplace(entry.name, std::move(constituents));
    }
    std::sort(result.materials.begin(), result.materials.end(),
              [](const Material& a, const Material& b) { return a.name < b.name; });
    return result;
  }();
  return instance;
}

}  // namespace

const std::vector<Material>& all_materials() {
  return library().materials;
}

const Material& find_material(std::string_view name) {
  const auto& materials = all_materials();
  const auto found = std::lower_bound(materials.begin(), materials.end(), name,
                                      [](const Material& m, std::string_view key) { return m.name < key; });
  if (found != materials.end() && found->name == name) return *found;
  const auto nearest =
      std::min_element(materials.begin(), materials.end(), [name](const Material& a, const Material& b) {
        return edit_distance(a.name, name) < edit_distance(b.name, name);
      });
  throw InputError(
      fmt::format("unknown material '{}' (names are case-sensitive); did you mean '{}'? "
                  "undulith materials lists them",
                  name, nearest->name));
}

std::complex<double> refractive_index(std::string_view name, double wavelength_nm) {
  const Material& material = find_material(name);
  if (!std::isfinite(wavelength_nm) || wavelength_nm < material.min_wavelength_nm ||
      wavelength_nm > material.max_wavelength_nm)
    throw InputError(fmt::format(
        "optical constants of {} at {} nm are not known (the table covers {:.3f} to {:.3f} nm); "
        "choose a wavelength within it, or reflected amplitudes of your own: mask.amplitudes = \"given\"",
        name, wavelength_nm, material.min_wavelength_nm, material.max_wavelength_nm));
  const auto& constituents = library().contents.find(name)->second;
  if (constituents.empty()) return 1.0;

  double f1 = 0, f2 = 0, molar_mass = 0;
  for (const Constituent& c : constituents) {
    // Rounding of h c / (h c / E) must not push the end of the range out of the table.
    const EnergyRange range = tabulated_range(c.element);
    const double energy_ev = std::clamp(constants::energy_ev_of(wavelength_nm), range.min_ev, range.max_ev);
    const ScatteringFactor factor = scattering_factor(c.element, energy_ev);
    f1 += c.count * factor.f1;
    f2 += c.count * factor.f2;
    molar_mass += c.count * c.atomic_weight;
  }
  const double units_per_nm3 = constants::kAvogadro * material.density_g_cm3 / molar_mass / kNm3PerCm3;
  const double factor = constants::kClassicalElectronRadiusNm * wavelength_nm * wavelength_nm /
                        (2 * constants::kPi) * units_per_nm3;
  return {1 - factor * f1, factor * f2};
}

}  // namespace undulith::materials
