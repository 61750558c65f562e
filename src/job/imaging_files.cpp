// SPDX-License-Identifier: MIT
#include "job/imaging_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>

#include "job/wavefront_files.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/npy.hpp"
#include "undulith/job/keys.hpp"
#include "undulith/optics/pupil_map.hpp"

namespace undulith::job {
namespace {

// Samples whose cells tile [-1, 1].
Grid2D pupil_grid(std::size_t n) {
  const double step = 2.0 / static_cast<double>(n);
  return {.plane = Plane::pupil,
          .nx = static_cast<int>(n),
          .ny = static_cast<int>(n),
          .x0 = -1 + step / 2,
          .y0 = -1 + step / 2,
          .dx = step,
          .dy = step};
}

Field2D<double> map_of_npy(const std::string& file) {
  const io::NpyArray array = io::read_npy(file);
  if (array.shape.size() != 2 || array.shape[0] != array.shape[1])
    throw InputError(fmt::format(
        "{} has {} axes{} (must hold n x n samples of the pupil from -1 to 1); crop it", file,
        array.shape.size(),
        array.shape.size() == 2 ? fmt::format(" of {} and {}", array.shape[0], array.shape[1]) : ""));
  return {pupil_grid(array.shape[0]), {array.values.begin(), array.values.end()}};
}

/// The places of samples along one axis, ascending and each once.
std::vector<double> places_of(const io::CsvTable& table, std::size_t column) {
  std::vector<double> places;
  for (const std::vector<double>& row : table.rows) places.push_back(row[column]);
  std::ranges::sort(places);
  constexpr double kSame = 1e-9;
  places.erase(
      std::unique(places.begin(), places.end(), [](double a, double b) { return std::abs(a - b) <= kSame; }),
      places.end());
  return places;
}

/// The regular grid of the samples: n x n, symmetric, either cells that tile [-1, 1] or samples from rim to rim.
Grid2D grid_of(const std::string& file, const std::vector<double>& xs, const std::vector<double>& ys) {
  const std::size_t n = xs.size();
  if (n != ys.size() || n < 2)
    throw InputError(
        fmt::format("{} has samples at {} x and {} y (a square grid of the pupil has n x n); complete it",
                    file, xs.size(), ys.size()));
  const double step = (xs.back() - xs.front()) / static_cast<double>(n - 1);
  const Grid2D cells = pupil_grid(n);
  Grid2D rim = cells;
  rim.x0 = rim.y0 = -1;
  rim.dx = rim.dy = 2.0 / static_cast<double>(n - 1);
  constexpr double kOffGrid = 0.01;  // of a step: what rounding of the file may do
  for (const Grid2D& grid : {cells, rim})
    if (std::abs(step - grid.dx) < kOffGrid * grid.dx && std::abs(xs.front() - grid.x0) < kOffGrid * grid.dx)
      return grid;
  throw InputError(fmt::format(
      "{}: the samples go from {:.6g} to {:.6g} at {} places (must be a regular grid whose cells tile "
      "[-1, 1], the first at {:.6g}, the step {:.6g}, or one from -1 to 1); resample the map",
      file, xs.front(), xs.back(), n, cells.x0, cells.dx));
}

/// Samples in any order; outside of the disc they may be missing.
Field2D<double> map_of_csv(const std::string& file, std::string_view text, const std::string& column) {
  const io::CsvTable table = io::parse_csv(
      text, file, {.texts = {}, .usual_columns = {"pupil_x", "pupil_y", column}, .n_columns = {3}});
  const std::size_t x = table.column("pupil_x"), y = table.column("pupil_y"),
                    value = table.column_with_gaps(column);
  const Grid2D grid = grid_of(file, places_of(table, x), places_of(table, y));
  Field2D<double> map(grid, std::numeric_limits<double>::quiet_NaN());
  std::vector<bool> seen(grid.size());
  constexpr double kOffGrid = 0.01;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const double u = (table.rows[i][x] - grid.x0) / grid.dx, v = (table.rows[i][y] - grid.y0) / grid.dy;
    const double ix = std::round(u), iy = std::round(v);
    if (!(std::abs(u - ix) < kOffGrid && std::abs(v - iy) < kOffGrid && ix >= 0 && iy >= 0 && ix < grid.nx &&
          iy < grid.ny))
      throw InputError(fmt::format(
          "line {} of {}: ({}, {}) is not a sample of the {} x {} grid (the first is {:.6g}, the step {:.6g}); "
          "resample the map",
          table.lines[i], file, table.rows[i][x], table.rows[i][y], grid.nx, grid.ny, grid.x0, grid.dx));
    const std::size_t place =
        static_cast<std::size_t>(iy) * static_cast<std::size_t>(grid.nx) + static_cast<std::size_t>(ix);
    if (seen[place])
      throw InputError(fmt::format("line {} of {}: ({}, {}) is given twice; leave one of the rows out",
                                   table.lines[i], file, table.rows[i][x], table.rows[i][y]));
    seen[place] = true;
    map(static_cast<int>(iy), static_cast<int>(ix)) = table.rows[i][value];
  }
  return map;
}

/// A table of samples, or the grid of a lens design program.
Field2D<double> map_of_text(const std::string& file, const std::string& column, double wavelength_nm) {
  const std::string text = io::read_text(file);
  const PupilQuantity quantity =
      column == "amplitude" ? PupilQuantity::amplitude : PupilQuantity::phase_waves;
  if (auto map = read_design_grid(text, file, quantity, wavelength_nm)) return std::move(*map);
  return map_of_csv(file, text, column);
}

/// Beyond these a map is in another unit.
constexpr double kMostWaves = 1000, kMostAmplitude = 100;

struct Column {
  std::size_t place;
  optics::ZernikeSet set;
  int index;
};

std::optional<Column> aberration_column(const std::string& name, std::size_t place) {
  const std::size_t underscore = name.find('_');
  if (underscore == std::string::npos) return {};
  const std::string set = name.substr(0, underscore);
  int index = -1;
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + underscore + 1, end, index);
  if (error != std::errc{} || rest != end) return {};
  for (const auto& [word, value] :
       {std::pair{"fringe", optics::ZernikeSet::fringe}, std::pair{"noll", optics::ZernikeSet::noll},
        std::pair{"osa", optics::ZernikeSet::osa}})
    if (set == word && index >= (value == optics::ZernikeSet::osa ? 0 : 1) &&
        index <= optics::last_zernike_index(value))
      return Column{place, value, index};
  return {};
}

}  // namespace

Field2D<double> read_pupil_map(const std::string& file, const std::string& column, double wavelength_nm) {
  const bool is_array = std::filesystem::path(file).extension() == ".npy";
  Field2D<double> map = is_array ? map_of_npy(file) : map_of_text(file, column, wavelength_nm);
  // A sample outside of the pupil may be missing: NaN.
  const bool amplitude = column == "amplitude";
  const Range range = amplitude ? Range::closed(0, kMostAmplitude) : Range::closed(-kMostWaves, kMostWaves);
  for (const double value : map.values())
    if (!std::isnan(value))
      require_in(range, fmt::format("{}: {}", file, column), value,
                 amplitude ? "scale the map so that 1 transmits all light; put signs into the phase"
                           : "write waves: 0.02 is 20 mwaves");
  static_cast<void>(optics::PupilMap(map));  // refuses gaps
  return map;
}

std::vector<imaging::FieldPosition> read_field_positions(const std::string& file,
                                                         const std::vector<double>& position_mm) {
  const io::CsvTable table = io::read_csv(file);
  const std::size_t position = table.column("position_mm");
  std::vector<Column> columns;
  std::optional<std::size_t> azimuth;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string& name = table.columns[i];
    if (i == position) continue;
    if (name == "azimuth_deg") {
      azimuth = i;
      static_cast<void>(table.column(name));
    } else if (const auto column = aberration_column(name, i)) {
      static_cast<void>(table.column(name));
      columns.push_back(*column);
    } else {
      throw InputError(fmt::format(
          "{} has a column {} (known are position_mm, azimuth_deg, and fringe_1 to fringe_37, noll_1 to "
          "noll_91, osa_0 to osa_90); rename it",
          file, name));
    }
  }
  if (table.rows.empty()) throw InputError(fmt::format("{} has no rows; give at least one position", file));
  const auto within = [&](std::size_t row, std::size_t column, const char* key) {
    require_in(find_key(key)->range,
               fmt::format("line {} of {}: {}", table.lines[row], file, table.columns[column]),
               table.rows[row][column], "correct it or leave the row out");
  };
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    within(i, position, "imaging.slit_position_mm");
    if (azimuth) within(i, *azimuth, "imaging.chief_ray_azimuth_deg");
    for (const Column& column : columns) within(i, column.place, "imaging.aberration.waves");
    if (i > 0 && !(table.rows[i][position] > table.rows[i - 1][position]))
      throw InputError(
          fmt::format("line {} of {}: position_mm must ascend; sort the rows", table.lines[i], file));
  }

  std::vector<imaging::FieldPosition> positions;
  for (const double at : position_mm) {
    const double first = table.rows.front()[position], last = table.rows.back()[position];
    if (!(at >= first && at <= last))
      throw InputError(fmt::format(
          "{} goes from {} to {} mm (imaging.slit_position_mm asks for {}); choose a position in it", file,
          first, last, at));
    const auto above =
        std::ranges::lower_bound(table.rows, at, {}, [&](const auto& row) { return row[position]; });
    const auto below = above == table.rows.begin() ? above : std::prev(above);
    const double step = (*above)[position] - (*below)[position];
    const double t = step > 0 ? (at - (*below)[position]) / step : 0;
    const auto value = [&](std::size_t column) { return std::lerp((*below)[column], (*above)[column], t); };
    imaging::FieldPosition& result = positions.emplace_back();
    for (const Column& column : columns)
      result.aberrations.push_back({column.index, value(column.place), column.set});
    if (azimuth) result.chief_ray_azimuth_deg = value(*azimuth);
  }
  return positions;
}

}  // namespace undulith::job
