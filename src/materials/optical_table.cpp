// SPDX-License-Identifier: MIT
#include "undulith/materials/optical_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <system_error>

#include "materials/formula.hpp"
#include "materials/optical_formats.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/spelling.hpp"
#include "undulith/io/files.hpp"

namespace undulith::materials {
namespace {

namespace fs = std::filesystem;

/// No material has a larger index. The range of wavelengths, gamma rays to radio waves, keeps reports
/// printable.
constexpr double kMaxIndex = 20, kMinWavelengthNm = 1e-3, kMaxWavelengthNm = 1e9;

/// Endings of the names of tables; scattering factors have a density behind theirs.
constexpr auto kEndings = std::to_array<std::string_view>({".csv", ".dat", ".txt", ".tsv", ".nk"});
constexpr std::string_view kFactorEnding = ".nff";

bool ends_with(std::string_view name, std::string_view ending) {
  return name.size() >= ending.size() &&
         std::equal(ending.begin(), ending.end(), name.end() - static_cast<std::ptrdiff_t>(ending.size()),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

/// Whether energies or wavelengths descend from each row to the next, as files of other programs may have them.
bool descends(const ConstantsRows& table) {
  const auto& rows = table.rows;
  return rows.size() > 1 && table.abscissa != "wavelength_nm" && table.abscissa != "energy_ev" &&
         std::adjacent_find(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
           return !(a.abscissa > b.abscissa);
         }) == rows.end();
}

/// Element of a file of scattering factors: its name, "mo.nff".
std::string element_of(const fs::path& file) {
  std::string element = file.stem().string();
  for (std::size_t i = 0; i < element.size(); ++i) {
    char& c = element[i];
    if (i == 0 && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (i > 0 && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const std::vector<std::string_view> known = known_elements();
  if (std::ranges::find(known, element) == known.end())
    throw InputError(fmt::format(
        "{} (the name of the file does not say which element it is); name it by the element, such as mo.nff",
        file.string()));
  return element;
}

/// n and k of one element, at the energies of its scattering factors and between them: the table is then as
/// smooth as f1 linear and f2 logarithmic in log E.
OpticalTable table_of_factors(const std::vector<FactorRow>& rows, const Compound& compound,
                              const std::string& name) {
  constexpr int kSteps = 16;  // between two rows, which lie 1.6 % apart
  constexpr double kNm3PerCm3 = 1e21;
  const double atoms_per_nm3 = constants::kAvogadro * compound.density_g_cm3 /
                               compound.constituents.front().atomic_weight / kNm3PerCm3;
  OpticalTable table;
  table.name = name;
  table.source = fmt::format("{} rows of scattering factors of this file; density as given", rows.size());
  table.formula = compound.formula;
  table.density_g_cm3 = compound.density_g_cm3;
  const auto add = [&](double energy_ev, double f1, double f2) {
    const double wavelength_nm = constants::wavelength_nm_of(energy_ev);
    const double factor = constants::kClassicalElectronRadiusNm * wavelength_nm * wavelength_nm /
                          (2 * constants::kPi) * atoms_per_nm3;
    table.wavelength_nm.push_back(wavelength_nm);
    table.n.push_back(1 - factor * f1);
    table.k.push_back(factor * f2);
  };
  for (std::size_t i = 0; i + 1 < rows.size(); ++i)
    for (int step = 0; step < kSteps; ++step) {
      const double w = static_cast<double>(step) / kSteps;
      const FactorRow &a = rows[i], &b = rows[i + 1];
      add(a.energy_ev * std::pow(b.energy_ev / a.energy_ev, w), std::lerp(a.f1, b.f1, w),
          a.f2 * std::pow(b.f2 / a.f2, w));
    }
  add(rows.back().energy_ev, rows.back().f1, rows.back().f2);
  for (std::vector<double>* column : {&table.wavelength_nm, &table.n, &table.k})
    std::reverse(column->begin(), column->end());
  return table;
}

void require_ascending(const OpticalTable& table) {
  // Two energies that differ by a rounding error are one wavelength.
  if (std::adjacent_find(table.wavelength_nm.begin(), table.wavelength_nm.end(),
                         [](double a, double b) { return !(a < b); }) != table.wavelength_nm.end())
    throw InputError(fmt::format("{}: two rows have the same wavelength; remove one of them", table.name));
}

std::string read_file(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status))
    throw InputError(
        fmt::format("cannot read {} (it is not a plain file); give the name of a file", file.string()));
  return io::read_text(file, kMaxOpticalTableBytes);
}

}  // namespace

std::string file_of_table(std::string_view material) {
  const std::size_t at = material.rfind('@');
  if (at != std::string_view::npos && ends_with(material.substr(0, at), kFactorEnding))
    return std::string(material.substr(0, at));
  return std::string(material);
}

bool names_table(std::string_view material) {
  if (ends_with(file_of_table(material), kFactorEnding)) return true;
  return std::ranges::any_of(kEndings, [&](std::string_view ending) { return ends_with(material, ending); });
}

OpticalTable parse_optical_table(std::string_view text, const std::string& name) {
  ConstantsRows raw = read_constants(text, name);
  if (descends(raw)) std::ranges::reverse(raw.rows);
  OpticalTable table;
  table.name = name;
  double previous = 0;
  for (const ConstantsRows::Row& row : raw.rows) {
    const auto fail = [&](const std::string& what) {
      return InputError(fmt::format("{}:{}: {}", name, row.line, what));
    };
    if (!(row.abscissa > previous))
      throw fail(fmt::format("{} = {} (must ascend from 0, the previous row has {}); sort the rows",
                             raw.abscissa, row.abscissa, previous));
    previous = row.abscissa;
    const double scaled = row.abscissa * raw.unit;
    const double wavelength_nm = raw.energy ? constants::wavelength_nm_of(scaled) : scaled;
    if (!(wavelength_nm >= kMinWavelengthNm && wavelength_nm <= kMaxWavelengthNm))
      throw fail(fmt::format("{} = {} (a wavelength of {} nm; must be from {} to {} nm); check the unit",
                             raw.abscissa, row.abscissa, wavelength_nm, kMinWavelengthNm, kMaxWavelengthNm));
    const double n = raw.deltas ? 1 - row.real : row.real, k = row.imaginary;
    if (!(n > 0 && n <= kMaxIndex))
      throw fail(
          fmt::format("{} = {} (the refractive index n must be above 0, at most {}); check the columns",
                      raw.real, row.real, kMaxIndex));
    if (!(k >= 0 && k <= kMaxIndex))
      throw fail(fmt::format(
          "{} = {} (must be from 0 to {}: a material cannot amplify light); write n + ik with k >= 0",
          raw.imaginary, k, kMaxIndex));
    table.wavelength_nm.push_back(wavelength_nm);
    table.n.push_back(n);
    table.k.push_back(k);
  }
  if (table.n.size() < 2)
    throw InputError(
        fmt::format("{}: {} of optical constants (at least 2: there is nothing to interpolate between); add "
                    "a row on either side of your wavelength",
                    name, counted(table.n.size(), "row", "rows")));
  if (raw.energy)
    for (std::vector<double>* column : {&table.wavelength_nm, &table.n, &table.k})
      std::reverse(column->begin(), column->end());
  require_ascending(table);
  table.source = fmt::format("{} rows of this file; n and k are linear in wavelength between them",
                             table.wavelength_nm.size());
  return table;
}

OpticalTable read_optical_table(std::string_view material) {
  const fs::path file = file_of_table(material);
  if (!ends_with(file.string(), kFactorEnding)) return parse_optical_table(read_file(file), file.string());
  const std::string text = read_file(file);
  const std::string element = element_of(file), density(material.substr(file.string().size()));
  if (density.empty())
    throw InputError(fmt::format(
        "{} (scattering factors of atoms need a density); write it behind the name, in g/cm3: {}@10.2",
        file.string(), file.filename().string()));
  OpticalTable table =
      table_of_factors(read_factors(text, file.string()), parse_compound(element + density), file.string());
  require_ascending(table);
  return table;
}

std::complex<double> refractive_index(const OpticalTable& table, double wavelength_nm) {
  const std::vector<double>& w = table.wavelength_nm;
  if (!std::isfinite(wavelength_nm) || wavelength_nm < w.front() || wavelength_nm > w.back())
    throw InputError(fmt::format(
        "optical constants of {} at {} nm are not known (the table covers {:.6g} to {:.6g} nm); choose a "
        "wavelength within it, or add rows",
        table.name, wavelength_nm, w.front(), w.back()));
  const auto above = std::upper_bound(w.begin() + 1, w.end() - 1, wavelength_nm);
  const auto i = static_cast<std::size_t>(above - w.begin());
  const double share = (wavelength_nm - w[i - 1]) / (w[i] - w[i - 1]);
  return {(1 - share) * table.n[i - 1] + share * table.n[i],
          (1 - share) * table.k[i - 1] + share * table.k[i]};
}

}  // namespace undulith::materials
