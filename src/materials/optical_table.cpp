// SPDX-License-Identifier: MIT
#include "undulith/materials/optical_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <system_error>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/io/files.hpp"

namespace undulith::materials {
namespace {

namespace fs = std::filesystem;

/// No material has a larger index. The range of wavelengths, gamma rays to radio waves, keeps reports
/// printable.
constexpr double kMaxIndex = 20, kMinWavelengthNm = 1e-3, kMaxWavelengthNm = 1e9;

/// Positions of the three columns, and what they contain.
struct Columns {
  std::size_t abscissa, real, imaginary;
  bool energy, deltas;
};

Columns columns_of(const io::CsvTable& table) {
  const bool energy = table.has("energy_ev"), deltas = table.has("delta");
  const std::string first = energy ? "energy_ev" : "wavelength_nm", second = deltas ? "delta" : "n",
                    third = deltas ? "beta" : "k";
  if (table.columns.size() != 3 || !table.has(first) || !table.has(second) || !table.has(third))
    throw InputError(
        fmt::format("{}: the columns are not those of optical constants (there must be three: wavelength_nm "
                    "or energy_ev, and n, k or delta, beta); write these names on the first line",
                    table.name));
  return {table.column(first), table.column(second), table.column(third), energy, deltas};
}

}  // namespace

bool names_table(std::string_view material) {
  return material.ends_with(".csv");
}

OpticalTable parse_optical_table(std::string_view text, const std::string& name) {
  const io::CsvTable csv = io::parse_csv(text, name);
  const Columns columns = columns_of(csv);
  OpticalTable table;
  table.name = name;
  double previous = 0;
  for (std::size_t i = 0; i < csv.rows.size(); ++i) {
    const auto fail = [&](const std::string& what) {
      return InputError(fmt::format("{}:{}: {}", name, csv.lines[i], what));
    };
    const double abscissa = csv.rows[i][columns.abscissa], real = csv.rows[i][columns.real],
                 k = csv.rows[i][columns.imaginary];
    const std::string& label = csv.columns[columns.abscissa];
    if (!(abscissa > previous))
      throw fail(fmt::format("{} = {} (must ascend from 0, the previous row has {}); sort the rows", label,
                             abscissa, previous));
    previous = abscissa;
    const double wavelength_nm = columns.energy ? constants::wavelength_nm_of(abscissa) : abscissa;
    if (!(wavelength_nm >= kMinWavelengthNm && wavelength_nm <= kMaxWavelengthNm))
      throw fail(fmt::format("{} = {} (a wavelength of {} nm; must be from {} to {} nm); check the unit",
                             label, abscissa, wavelength_nm, kMinWavelengthNm, kMaxWavelengthNm));
    const double n = columns.deltas ? 1 - real : real;
    if (!(n > 0 && n <= kMaxIndex))
      throw fail(
          fmt::format("{} = {} (the refractive index n must be above 0, at most {}); check the columns",
                      csv.columns[columns.real], real, kMaxIndex));
    if (!(k >= 0 && k <= kMaxIndex))
      throw fail(fmt::format(
          "{} = {} (must be from 0 to {}: a material cannot amplify light); write n + ik with k >= 0",
          csv.columns[columns.imaginary], k, kMaxIndex));
    table.wavelength_nm.push_back(wavelength_nm);
    table.n.push_back(n);
    table.k.push_back(k);
  }
  if (table.n.size() < 2)
    throw InputError(
        fmt::format("{}: {} rows of optical constants (at least 2: there is nothing to interpolate "
                    "between); add a row on either side of your wavelength",
                    name, table.n.size()));
  if (columns.energy)
    for (std::vector<double>* column : {&table.wavelength_nm, &table.n, &table.k})
      std::reverse(column->begin(), column->end());
  // Two energies that differ by a rounding error are one wavelength.
  if (std::adjacent_find(table.wavelength_nm.begin(), table.wavelength_nm.end(),
                         [](double a, double b) { return !(a < b); }) != table.wavelength_nm.end())
    throw InputError(fmt::format("{}: two rows have the same wavelength; remove one of them", name));
  return table;
}

OpticalTable read_optical_table(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status))
    throw InputError(
        fmt::format("cannot read {} (it is not a plain file); give the name of a file", file.string()));
  return parse_optical_table(io::read_text(file, kMaxOpticalTableBytes), file.string());
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
