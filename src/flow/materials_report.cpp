#include "undulith/flow/materials_report.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "undulith/core/constants.hpp"
#include "undulith/materials/optical_constants.hpp"

namespace undulith::flow {
namespace {

using Json = nlohmann::ordered_json;

/// One material at the wavelength asked for.
struct Entry {
  const materials::Material* material;
  double n, k;
  std::optional<double> absorption_length_nm;
};

Entry evaluate(const materials::Material& material, double wavelength_nm) {
  const auto index = materials::refractive_index(material.name, wavelength_nm);
  Entry entry{&material, index.real(), index.imag(), std::nullopt};
  if (entry.k > 0) entry.absorption_length_nm = wavelength_nm / (4 * constants::kPi * entry.k);
  return entry;
}

std::string density_text(const materials::Material& material) {
  return material.density_g_cm3 > 0 ? fmt::format("{:.6g}", material.density_g_cm3) : "-";
}

std::string length_text(const Entry& entry) {
  return entry.absorption_length_nm ? fmt::format("{:.2f}", *entry.absorption_length_nm) : "-";
}

std::string table_text(const std::vector<Entry>& entries, double wavelength_nm) {
  std::string text = fmt::format("Optical constants at {} nm (n + ik)\n\n", wavelength_nm);
  text += fmt::format("{:<14} {:>11} {:>11} {:>14} {:>9}  {}\n", "material", "n", "k", "absorption nm",
                      "g/cm3", "formula");
  for (const Entry& e : entries)
    text += fmt::format("{:<14} {:>11.8f} {:>11.8f} {:>14} {:>9}  {}\n", e.material->name, e.n, e.k,
                        length_text(e), density_text(*e.material), e.material->formula);
  return text;
}

std::string material_text(const Entry& e, double wavelength_nm) {
  const materials::Material& m = *e.material;
  std::string text = fmt::format("{} at {} nm\n\n", m.name, wavelength_nm);
  const auto line = [&text](std::string_view label, const std::string& value) {
    text += fmt::format("  {:<20} {}\n", label, value);
  };
  line("n", fmt::format("{:.8f}", e.n));
  line("k", fmt::format("{:.8f}", e.k));
  line("absorption length", e.absorption_length_nm ? length_text(e) + " nm" : "-");
  line("formula", m.formula.empty() ? "-" : m.formula);
  line("density", m.density_g_cm3 > 0 ? density_text(m) + " g/cm3" : "-");
  line("known between", fmt::format("{:.6g} and {:.6g} nm", m.min_wavelength_nm, m.max_wavelength_nm));
  line("source", m.source);
  return text;
}

Json json_of(const Entry& e) {
  const materials::Material& m = *e.material;
  return {{"name", m.name},
          {"formula", m.formula},
          {"density_g_cm3", m.density_g_cm3 > 0 ? Json(m.density_g_cm3) : Json(nullptr)},
          {"n", e.n},
          {"k", e.k},
          {"absorption_length_nm", e.absorption_length_nm ? Json(*e.absorption_length_nm) : Json(nullptr)},
          {"min_wavelength_nm", m.min_wavelength_nm},
          {"max_wavelength_nm", m.max_wavelength_nm},
          {"source", m.source}};
}

}  // namespace

Report materials_report(const std::optional<std::string>& name, double wavelength_nm) {
  std::vector<Entry> entries;
  if (name) {
    entries.push_back(evaluate(materials::find_material(*name), wavelength_nm));
  } else {
    for (const materials::Material& material : materials::all_materials())
      entries.push_back(evaluate(material, wavelength_nm));
  }
  Json document = {{"wavelength_nm", wavelength_nm}, {"materials", Json::array()}};
  for (const Entry& entry : entries) document["materials"].push_back(json_of(entry));
  return {name ? material_text(entries.front(), wavelength_nm) : table_text(entries, wavelength_nm),
          document.dump(2) + "\n"};
}

}  // namespace undulith::flow
