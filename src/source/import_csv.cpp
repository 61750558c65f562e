// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <set>
#include <string_view>

#include "source/import_formats.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/csv.hpp"

namespace undulith::source {
namespace {

[[noreturn]] void fail(const io::CsvTable& table, std::size_t row, const std::string& message) {
  throw InputError(fmt::format("{}:{}: {}", table.name, table.lines[row], message));
}

/// Refuses columns that no reader knows: a misspelt s1 must not be taken for unpolarised light.
void check_columns(const io::CsvTable& table, std::initializer_list<std::string_view> known) {
  for (const std::string& column : table.columns)
    if (std::ranges::find(known, column) == known.end())
      throw InputError(
          fmt::format("{}: the column '{}' is not known (known here are {}); rename or remove it", table.name,
                      column, fmt::join(known, ", ")));
}

void check_size(const io::CsvTable& table, std::size_t row) {
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (std::abs(table.rows[row][i]) > kLargestValue)
      fail(table, row,
           fmt::format("{} = {} (must be at most {:g} in size); correct the row", table.columns[i],
                       table.rows[row][i], kLargestValue));
}

/// @param s1, s2, s3  in the unit of s0
void check_stokes(const io::CsvTable& table, std::size_t row, double s0, double s1, double s2, double s3) {
  if (std::sqrt(s1 * s1 + s2 * s2 + s3 * s3) > s0 * (1 + kPolarisationSlack))
    fail(table, row,
         fmt::format(
             "Stokes parameters {}, {}, {} of light {} (the squares of the three may sum to its square "
             "at most); scale them down",
             s1, s2, s3, s0));
}

ImportedLight spectrum_of(const io::CsvTable& table) {
  check_columns(table, {"E_eV", "flux", "s1", "s2", "s3"});
  table.require_numbers();
  ImportedLight light;
  const std::size_t energy = table.column("E_eV"), flux = table.column("flux");
  const bool stokes = table.has("s1") || table.has("s2") || table.has("s3");
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    check_size(table, i);
    if (!(row[energy] > 0))
      fail(table, i, fmt::format("E_eV = {} (must be > 0); correct the row", row[energy]));
    if (i > 0 && !(row[energy] > table.rows[i - 1][energy]))
      fail(table, i, "E_eV must ascend from row to row; sort the rows");
    if (!(row[flux] >= 0))
      fail(table, i, fmt::format("flux = {} (must be >= 0); correct the row", row[flux]));
    light.photon_energy_ev.push_back(row[energy]);
    light.spectral_flux.push_back(row[flux]);
    if (!stokes) continue;
    const double s1 = row[table.column("s1")], s2 = row[table.column("s2")], s3 = row[table.column("s3")];
    check_stokes(table, i, 1, s1, s2, s3);
    light.spectral_stokes.push_back(relative_stokes(1, s1, s2, s3));
  }
  return light;
}

std::vector<double> distinct_values(const io::CsvTable& table, std::size_t column) {
  std::set<double> distinct;
  for (const auto& row : table.rows) distinct.insert(row[column]);
  return {distinct.begin(), distinct.end()};
}

/// Ascending distinct values of a column, evenly spaced.
std::vector<double> axis_of(const io::CsvTable& table, std::size_t column) {
  const std::vector<double> axis = distinct_values(table, column);
  const double step =
      (axis.back() - axis.front()) / static_cast<double>(std::max<std::size_t>(1, axis.size() - 1));
  for (std::size_t i = 0; i < axis.size(); ++i)
    if (axis.size() < 2 || std::abs(axis[i] - (axis.front() + step * static_cast<double>(i))) > 0.01 * step)
      throw InputError(fmt::format("{}: {} is not a regular grid of two or more values; resample the map",
                                   table.name, table.columns[column]));
  return axis;
}

/// One map, or with a column E_eV one per photon energy.
ImportedLight maps_of(const io::CsvTable& table) {
  check_columns(table, {"E_eV", "thx_urad", "thy_urad", "S0", "S1", "S2", "S3"});
  table.require_numbers();
  for (std::size_t i = 0; i < table.rows.size(); ++i) check_size(table, i);
  const std::size_t x = table.column("thx_urad"), y = table.column("thy_urad"), s0 = table.column("S0");
  const bool stokes = table.has("S1") || table.has("S2") || table.has("S3");
  const std::vector<double> xs = axis_of(table, x), ys = axis_of(table, y);
  ImportedLight light;
  if (table.has("E_eV")) light.photon_energy_ev = distinct_values(table, table.column("E_eV"));
  const std::vector<double>& energies = light.photon_energy_ev;
  const std::size_t n_maps = std::max<std::size_t>(1, energies.size()), n_directions = xs.size() * ys.size();
  if (n_maps * n_directions != table.rows.size())
    throw InputError(
        fmt::format("{} has {} rows (a grid of {} x {} angles at {} photon energies has {}); add "
                    "the missing rows",
                    table.name, table.rows.size(), xs.size(), ys.size(), n_maps, n_maps * n_directions));
  const Grid2D grid = angle_grid(static_cast<int>(xs.size()), xs.front(), xs.back(),
                                 static_cast<int>(ys.size()), ys.front(), ys.back(), 1e-3);
  const Field2D<double> dark(grid);
  light.maps.assign(n_maps, AngularMap{.s0 = dark,
                                       .s1 = stokes ? dark : Field2D<double>(),
                                       .s2 = stokes ? dark : Field2D<double>(),
                                       .s3 = stokes ? dark : Field2D<double>()});
  std::vector<bool> seen(n_maps * n_directions);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    std::size_t ie = 0;
    if (!energies.empty()) {
      const double energy = row[table.column("E_eV")];
      if (!(energy > 0)) fail(table, i, fmt::format("E_eV = {} (must be > 0); correct the row", energy));
      ie = static_cast<std::size_t>(std::ranges::lower_bound(energies, energy) - energies.begin());
    }
    const int ix = static_cast<int>(std::lround((1e-3 * row[x] - grid.x0) / grid.dx));
    const int iy = static_cast<int>(std::lround((1e-3 * row[y] - grid.y0) / grid.dy));
    const std::size_t place =
        ie * n_directions + static_cast<std::size_t>(iy) * xs.size() + static_cast<std::size_t>(ix);
    if (seen[place]) fail(table, i, "this direction is given twice; leave one out");
    seen[place] = true;
    AngularMap& map = light.maps[ie];
    map.s0(iy, ix) = row[s0];
    if (!(row[s0] >= 0)) fail(table, i, fmt::format("S0 = {} (must be >= 0); correct the row", row[s0]));
    if (!stokes) continue;
    const double s1 = row[table.column("S1")], s2 = row[table.column("S2")], s3 = row[table.column("S3")];
    check_stokes(table, i, row[s0], s1, s2, s3);
    map.s1(iy, ix) = s1;
    map.s2(iy, ix) = s2;
    map.s3(iy, ix) = s3;
  }
  return light;
}

}  // namespace

ImportedLight import_csv(const std::filesystem::path& file) {
  return import_table(io::read_csv(file));
}

ImportedLight import_table(const io::CsvTable& table) {
  if (table.rows.empty()) throw InputError(fmt::format("{} has no rows; give at least one", table.name));
  if (table.has("thx_urad")) return maps_of(table);
  if (table.has("E_eV")) return spectrum_of(table);
  throw InputError(fmt::format(
      "{}: its columns are neither a spectrum nor a map of light (must be E_eV,flux[,s1,s2,s3] or "
      "[E_eV,]thx_urad,thy_urad,S0[,S1,S2,S3]); rename the columns",
      table.name));
}

}  // namespace undulith::source
