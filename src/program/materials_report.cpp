// SPDX-License-Identifier: MIT
#include "undulith/program/materials_report.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/materials/measured_constants.hpp"
#include "undulith/materials/optical_constants.hpp"
#include "undulith/results/table.hpp"

namespace undulith::program {
namespace {

using Json = nlohmann::ordered_json;

/// n + ik of a measured film, and of the tables at the same wavelength.
struct Comparison {
  materials::MeasuredIndex measured;
  std::complex<double> tabulated;
};

/// One material at the given wavelength.
struct Entry {
  materials::MaterialDescription material;
  double n, k;
  std::optional<double> absorption_length_nm;
  std::vector<Comparison> comparisons;
};

Entry evaluate(const materials::Material& material, double wavelength_nm) {
  const materials::MaterialDescription& description = material.description();
  const auto index = material.index(wavelength_nm);
  Entry entry{description, index.real(), index.imag(), std::nullopt, {}};
  if (entry.k > 0) entry.absorption_length_nm = wavelength_nm / (4 * constants::kPi * entry.k);
  for (const materials::MeasuredIndex& measured : materials::find_measurements(description.formula))
    entry.comparisons.push_back({measured, material.index(measured.wavelength_nm)});
  return entry;
}

std::string density_text(const materials::MaterialDescription& material) {
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
    text += fmt::format("{:<14} {:>11.8f} {:>11.8f} {:>14} {:>9}  {}\n", e.material.name, e.n, e.k,
                        length_text(e), density_text(e.material), e.material.formula);
  text +=
      "\nOne of them in full: undulith materials TaBN. Any other by formula and density in g/cm3, "
      "Ta2O5@8.2,\n"
      "or by a table of your own, film.csv: columns wavelength_nm,n,k or energy_ev,delta,beta.\n";
  return text;
}

std::string material_text(const Entry& e, double wavelength_nm) {
  const materials::MaterialDescription& m = e.material;
  std::string text = fmt::format("{} at {} nm\n\n", m.name, wavelength_nm);
  const auto line = [&text](std::string_view label, const std::string& value) {
    text += fmt::format("  {:<20} {}\n", label, value);
  };
  line("n", fmt::format("{:.8f}", e.n));
  line("k = beta", fmt::format("{:.8f}", e.k));
  line("delta = 1 - n", fmt::format("{:.8f}", 1 - e.n));
  line("absorption length", e.absorption_length_nm ? length_text(e) + " nm" : "-");
  line("formula", m.formula.empty() ? "-" : m.formula);
  line("density", m.density_g_cm3 > 0 ? density_text(m) + " g/cm3" : "-");
  line("known between", fmt::format("{:.6g} and {:.6g} nm", m.min_wavelength_nm, m.max_wavelength_nm));
  line("source", m.source);
  if (e.comparisons.empty()) return text;
  text += "\nMeasured on films (not used for images; give a table to use them)\n\n";
  text += fmt::format("  {:>9} {:>9} {:>9} {:>12} {:>12}  {}\n", "nm", "n", "k", "n of tables", "k of tables",
                      "source");
  for (const Comparison& c : e.comparisons)
    text +=
        fmt::format("  {:>9} {:>9} {:>9} {:>12.5f} {:>12.5f}  {}\n", c.measured.wavelength_nm, c.measured.n,
                    c.measured.k, c.tabulated.real(), c.tabulated.imag(), c.measured.source);
  return text;
}

Json json_of(const Entry& e) {
  const materials::MaterialDescription& m = e.material;
  Json measured = Json::array();
  for (const Comparison& c : e.comparisons)
    measured.push_back({{"wavelength_nm", c.measured.wavelength_nm},
                        {"n", c.measured.n},
                        {"k", c.measured.k},
                        {"tabulated_n", c.tabulated.real()},
                        {"tabulated_k", c.tabulated.imag()},
                        {"source", c.measured.source}});
  return {{"name", m.name},
          {"formula", m.formula},
          {"density_g_cm3", m.density_g_cm3 > 0 ? Json(m.density_g_cm3) : Json(nullptr)},
          {"n", e.n},
          {"k", e.k},
          {"delta", 1 - e.n},
          {"absorption_length_nm", results::number_or_null(e.absorption_length_nm)},
          {"min_wavelength_nm", m.min_wavelength_nm},
          {"max_wavelength_nm", m.max_wavelength_nm},
          {"source", m.source},
          {"measured", measured}};
}

/// A name may hold anything; a comment of a CSV is one line.
std::string printable(std::string text) {
  for (char& c : text)
    if (c == '\n' || c == '\r') c = '?';
  return text;
}

}  // namespace

Report materials_report(const std::optional<std::string>& name, double wavelength_nm) {
  std::vector<Entry> entries;
  if (name) {
    entries.push_back(evaluate(*name, wavelength_nm));
  } else {
    for (const materials::MaterialDescription& material : materials::all_materials())
      entries.push_back(evaluate(material.name, wavelength_nm));
  }
  Json document = {{"wavelength_nm", wavelength_nm}, {"materials", Json::array()}};
  for (const Entry& entry : entries) document["materials"].push_back(json_of(entry));
  return {name ? material_text(entries.front(), wavelength_nm) : table_text(entries, wavelength_nm),
          results::json_text(document, "materials")};
}

std::string materials_csv(const std::string& name, double from_nm, double to_nm, double step_nm) {
  constexpr double kMaxRows = 1e5;
  const bool finite = std::isfinite(from_nm) && std::isfinite(to_nm) && std::isfinite(step_nm) && step_nm > 0;
  // Rounding must not lose the last row.
  const double steps = finite ? std::floor((to_nm - from_nm) / step_nm * (1 + 1e-12)) : 0;
  if (!(steps >= 1 && steps < kMaxRows))
    throw InputError(fmt::format(
        "{} nm to {} nm in steps of {} nm (must be from 2 to {} rows); choose another range or step", from_nm,
        to_nm, step_nm, kMaxRows));
  const materials::Material material = name;
  const materials::MaterialDescription& description = material.description();
  std::string text = fmt::format("# {}: {}\n# density: {} g/cm3\nwavelength_nm,n,k\n", printable(name),
                                 printable(description.source), density_text(description));
  for (int i = 0; i <= static_cast<int>(steps); ++i) {
    // To a billionth of a nanometre: 13.05, not 13.049999999999999.
    const double wavelength_nm = std::clamp(std::round((from_nm + i * step_nm) * 1e9) / 1e9, from_nm, to_nm);
    const auto index = material.index(wavelength_nm);
    text += results::fields({wavelength_nm, index.real(), index.imag()}) + "\n";
  }
  return text;
}

}  // namespace undulith::program
