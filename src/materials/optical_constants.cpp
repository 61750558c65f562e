// SPDX-License-Identifier: MIT
#include "undulith/materials/optical_constants.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "materials/formula.hpp"
#include "materials/material_library.hpp"
#include "materials/scattering_factors.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/decimal.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/spelling.hpp"
#include "undulith/materials/optical_table.hpp"

namespace undulith::materials {
namespace {

constexpr double kNm3PerCm3 = 1e21;
/// Empty space has n = 1 at any wavelength; finite bounds keep reports printable.
constexpr double kVacuumMinWavelengthNm = 1e-3, kVacuumMaxWavelengthNm = 1e9;

/// Photon energies at which all elements are tabulated.
EnergyRange common_range(const std::vector<Constituent>& constituents) {
  EnergyRange range = tabulated_range(constituents.front().element);
  for (const Constituent& c : constituents) {
    const EnergyRange of_element = tabulated_range(c.element);
    range.min_ev = std::max(range.min_ev, of_element.min_ev);
    range.max_ev = std::min(range.max_ev, of_element.max_ev);
  }
  return range;
}

MaterialDescription describe(std::string_view name, std::string_view formula, double density_g_cm3,
                             std::string_view note, const std::vector<Constituent>& constituents) {
  MaterialDescription material;
  material.name = name;
  material.formula = formula;
  material.density_g_cm3 = density_g_cm3;
  if (constituents.empty()) {
    material.min_wavelength_nm = kVacuumMinWavelengthNm;
    material.max_wavelength_nm = kVacuumMaxWavelengthNm;
    material.source = note;
    return material;
  }
  const EnergyRange range = common_range(constituents);
  material.min_wavelength_nm = constants::wavelength_nm_of(range.max_ev);
  material.max_wavelength_nm = constants::wavelength_nm_of(range.min_ev);
  material.source = fmt::format("scattering factors of Henke et al. 1993 with the updates of CXRO; {}", note);
  return material;
}

bool names_compound(std::string_view name) {
  return name.find('@') != std::string_view::npos;
}

/// Name of a material for a message: shortened, without control characters.
std::string shown_name(std::string_view name) {
  std::string shown(name.substr(0, 80));
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return name.size() > 80 ? shown + "..." : shown;
}

[[noreturn]] void fail_unknown(std::string_view name) {
  const std::string head(name.substr(0, 80));
  std::vector<std::string> names;
  for (const MaterialDescription& material : all_materials()) names.push_back(material.name);
  // Names are a few letters long: a difference of two makes another material.
  const auto near = closest(head, names);
  std::string advice;
  if (near && edit_distance(*near, head) <= 1) advice = fmt::format("did you mean '{}'? ", *near);
  if (const std::size_t dot = head.rfind('.'); dot != std::string::npos)
    advice = fmt::format("tables have names that end in .csv, .dat, .txt, .tsv, .nk or .nff, not {}; ",
                         shown_text(head.substr(dot)));
  throw InputError(fmt::format(
      "unknown material '{}' (names are case-sensitive); {}undulith materials lists them; others are written "
      "formula@density, such as Ta2O5@8.2 in g/cm3, or as the name of a table, such as film.csv",
      shown_name(name), advice));
}

MaterialDescription describe_table(std::string_view name, const OpticalTable& table) {
  MaterialDescription material;
  material.name = name;
  material.min_wavelength_nm = table.wavelength_nm.front();
  material.max_wavelength_nm = table.wavelength_nm.back();
  material.source = table.source;
  material.formula = table.formula;
  material.density_g_cm3 = table.density_g_cm3;
  return material;
}

std::complex<double> index_of(const std::vector<Constituent>& constituents, double density_g_cm3,
                              std::string_view name, const EnergyRange& range, double wavelength_nm) {
  if (!std::isfinite(wavelength_nm) || wavelength_nm < constants::wavelength_nm_of(range.max_ev) ||
      wavelength_nm > constants::wavelength_nm_of(range.min_ev))
    throw InputError(fmt::format(
        "optical constants of {} at {} nm are not known (the table covers {:.3f} to {:.3f} nm); choose a "
        "wavelength within it, use a table of your own as material, or give reflected amplitudes instead: "
        "mask.amplitudes = \"given\"",
        shown_name(name), wavelength_nm, constants::wavelength_nm_of(range.max_ev),
        constants::wavelength_nm_of(range.min_ev)));
  // Rounding of h c / (h c / E) must not move the end of the range out of the table.
  const double energy_ev = std::clamp(constants::energy_ev_of(wavelength_nm), range.min_ev, range.max_ev);
  double f1 = 0, f2 = 0, molar_mass = 0;
  for (const Constituent& c : constituents) {
    const ScatteringFactor factor = scattering_factor(c.element, energy_ev);
    f1 += c.count * factor.f1;
    f2 += c.count * factor.f2;
    molar_mass += c.count * c.atomic_weight;
  }
  const double units_per_nm3 = constants::kAvogadro * density_g_cm3 / molar_mass / kNm3PerCm3;
  const double factor = constants::kClassicalElectronRadiusNm * wavelength_nm * wavelength_nm /
                        (2 * constants::kPi) * units_per_nm3;
  const std::complex<double> index = {1 - factor * f1, factor * f2};
  if (!(index.real() > 0))
    throw InputError(
        fmt::format("{} at {} nm would have n = {:.3g} (the density of atoms is too high); lower the density",
                    shown_name(name), wavelength_nm, index.real()));
  return index;
}

}  // namespace

/// The constants of a material, or the reason why there are none.
struct Material::Content {
  MaterialDescription description;
  std::vector<Constituent> constituents;  ///< empty: vacuum, or a table
  std::optional<OpticalTable> table;
  std::string error;  ///< not empty: the name could not be resolved

  /// The built-in materials, sorted by name.
  static const std::vector<std::shared_ptr<const Content>>& library() {
    static const std::vector<std::shared_ptr<const Content>> instance = [] {
      std::vector<std::shared_ptr<const Content>> all;
      for (const LibraryEntry& entry : library_entries()) {
        auto constituents = entry.formula.empty() ? std::vector<Constituent>{} : parse_formula(entry.formula);
        MaterialDescription description =
            describe(entry.name, entry.formula, entry.density_g_cm3, entry.note, constituents);
        all.push_back(std::make_shared<const Content>(
            Content{std::move(description), std::move(constituents), std::nullopt, ""}));
      }
      std::ranges::sort(all, {}, [](const auto& content) { return content->description.name; });
      return all;
    }();
    return instance;
  }

  static Content of_name(std::string_view name) {
    if (names_table(name)) {
      OpticalTable table = read_optical_table(name);
      MaterialDescription description = describe_table(name, table);
      return {std::move(description), {}, std::move(table), ""};
    }
    if (!names_compound(name)) fail_unknown(name);
    Compound compound = parse_compound(name);
    MaterialDescription description = describe(name, compound.formula, compound.density_g_cm3,
                                               "composition and density as given", compound.constituents);
    return {std::move(description), std::move(compound.constituents), std::nullopt, ""};
  }
};

std::shared_ptr<const Material::Content> Material::resolve(std::string_view name) {
  if (name.empty()) return nullptr;
  const auto& library = Content::library();
  const auto found = std::ranges::lower_bound(
      library, name, {}, [](const auto& content) -> std::string_view { return content->description.name; });
  if (found != library.end() && (*found)->description.name == name) return *found;
  try {
    return std::make_shared<const Content>(Content::of_name(name));
  } catch (const InputError& error) {
    Content failed;
    failed.description.name = name;
    failed.error = error.what();
    return std::make_shared<const Content>(std::move(failed));
  }
}

const std::string& Material::name() const {
  static const std::string none;
  return content_ ? content_->description.name : none;
}

const MaterialDescription& Material::description() const {
  if (!content_) throw InputError("no material (the name is empty); name one, such as Mo");
  if (!content_->error.empty()) throw InputError(content_->error);
  return content_->description;
}

std::complex<double> Material::index(double wavelength_nm) const {
  const MaterialDescription& known = description();
  if (content_->table) return refractive_index(*content_->table, wavelength_nm);
  const std::vector<Constituent>& constituents = content_->constituents;
  if (!constituents.empty())
    return index_of(constituents, known.density_g_cm3, known.name, common_range(constituents), wavelength_nm);
  if (!std::isfinite(wavelength_nm) || wavelength_nm < kVacuumMinWavelengthNm ||
      wavelength_nm > kVacuumMaxWavelengthNm)
    throw InputError(fmt::format("vacuum at {} nm (must be from {} to {} nm); choose a wavelength within it",
                                 wavelength_nm, kVacuumMinWavelengthNm, kVacuumMaxWavelengthNm));
  return 1.0;
}

const std::vector<MaterialDescription>& all_materials() {
  static const std::vector<MaterialDescription> all = [] {
    std::vector<MaterialDescription> descriptions;
    for (const auto& content : Material::Content::library()) descriptions.push_back(content->description);
    return descriptions;
  }();
  return all;
}

MaterialDescription find_material(std::string_view name) {
  return Material(name).description();
}

std::complex<double> refractive_index(std::string_view name, double wavelength_nm) {
  return Material(name).index(wavelength_nm);
}

}  // namespace undulith::materials
