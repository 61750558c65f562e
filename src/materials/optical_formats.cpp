// SPDX-License-Identifier: MIT
#include "materials/optical_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "undulith/core/decimal.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/spelling.hpp"
#include "undulith/io/csv.hpp"

namespace undulith::materials {
namespace {

enum class Quantity { other, wavelength, energy, n, k, delta, beta, f1, f2 };

/// What a column holds; unit in nm or eV, 0 where the name has none that is known.
struct Heading {
  Quantity quantity = Quantity::other;
  double unit = 1;
};

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

double unit_of(std::string_view name) {
  static constexpr auto kUnits = std::to_array<std::pair<std::string_view, double>>({{"nm", 1},
                                                                                     {"um", 1e3},
                                                                                     {"\xc2\xb5m", 1e3},
                                                                                     {"\xce\xbcm", 1e3},
                                                                                     {"micron", 1e3},
                                                                                     {"microns", 1e3},
                                                                                     {"micrometer", 1e3},
                                                                                     {"micrometers", 1e3},
                                                                                     {"a", 0.1},
                                                                                     {"\xc3\xa5", 0.1},
                                                                                     {"\xc3\x85", 0.1},
                                                                                     {"angstrom", 0.1},
                                                                                     {"angstroms", 0.1},
                                                                                     {"m", 1e9},
                                                                                     {"ev", 1},
                                                                                     {"kev", 1e3}});
  const auto found = std::ranges::find(kUnits, name, &std::pair<std::string_view, double>::first);
  return found == kUnits.end() ? 0 : found->second;
}

/// "Energy(eV)", "wavelength_nm", "Wavelength [um]", "wl".
Heading heading_of(std::string_view column) {
  const std::string name = lower_case(column);
  for (const auto& [word, quantity] :
       {std::pair{"n", Quantity::n}, std::pair{"k", Quantity::k}, std::pair{"delta", Quantity::delta},
        std::pair{"beta", Quantity::beta}, std::pair{"f1", Quantity::f1}, std::pair{"f2", Quantity::f2}})
    if (name == word) return {quantity, 1};
  if (name == "wl") return {Quantity::wavelength, unit_of("um")};  // refractiveindex.info
  const std::size_t end = name.find_last_of("([_ ");
  const std::string_view word = without_blanks(std::string_view(name).substr(0, end));
  std::string_view unit = end == std::string::npos ? "" : std::string_view(name).substr(end + 1);
  while (!unit.empty() && (unit.back() == ')' || unit.back() == ']')) unit.remove_suffix(1);
  const bool energy = word == "energy" || word == "e" || word == "photon_energy" || word == "photon energy";
  const bool wavelength = word == "wavelength" || word == "lambda" || word == "wl";
  if (energy && (unit == "ev" || unit == "kev")) return {Quantity::energy, unit_of(unit)};
  if (wavelength && unit_of(unit) > 0 && !unit.ends_with("ev")) return {Quantity::wavelength, unit_of(unit)};
  return {};
}

/// Position and heading of the first column that holds a quantity.
std::optional<std::pair<std::size_t, Heading>> find_column(const io::CsvTable& table, Quantity quantity) {
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (const Heading heading = heading_of(table.columns[i]); heading.quantity == quantity)
      return std::pair{i, heading};
  return std::nullopt;
}

struct Columns {
  std::size_t abscissa, real, imaginary;
  Heading heading;
  bool deltas;
};

Columns columns_of(const io::CsvTable& table) {
  const auto wavelength = find_column(table, Quantity::wavelength),
             energy = find_column(table, Quantity::energy), n = find_column(table, Quantity::n),
             k = find_column(table, Quantity::k), delta = find_column(table, Quantity::delta),
             beta = find_column(table, Quantity::beta);
  const auto& abscissa = wavelength ? wavelength : energy;
  const bool indices = n && k, deltas = !indices && delta && beta;
  if (!abscissa || (!indices && !deltas)) {
    const bool factors = find_column(table, Quantity::f1).has_value();
    throw InputError(
        factors ? fmt::format("{}: the columns are those of atomic scattering factors (f1, f2); give the "
                              "file the name of its element and .nff, and write the density in g/cm3 "
                              "behind: mo.nff@10.22",
                              table.name)
                : fmt::format("{}: the columns are not those of optical constants (there must be three: "
                              "wavelength_nm or energy_ev, and n, k or delta, beta); write these names on "
                              "the first line",
                              table.name));
  }
  for (const auto& part : {abscissa, indices ? n : delta, indices ? k : beta})
    static_cast<void>(table.column(table.columns[part->first]));
  return {abscissa->first, indices ? n->first : delta->first, indices ? k->first : beta->first,
          abscissa->second, deltas};
}

ConstantsRows rows_of(const io::CsvTable& table) {
  const Columns columns = columns_of(table);
  ConstantsRows out{.abscissa = table.columns[columns.abscissa],
                    .real = table.columns[columns.real],
                    .imaginary = table.columns[columns.imaginary],
                    .energy = columns.heading.quantity == Quantity::energy,
                    .deltas = columns.deltas,
                    .unit = columns.heading.unit,
                    .rows = {}};
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    out.rows.push_back({table.lines[i], table.rows[i][columns.abscissa], table.rows[i][columns.real],
                        table.rows[i][columns.imaginary]});
  return out;
}

/// The lines of a text; `change` returns what stands for one of them.
template <class Change>
std::string with_lines(std::string_view text, Change change) {
  std::string out;
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out += change(++number, text.substr(0, end));
    out += '\n';
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

/// The first line that is neither blank nor a comment, and its number.
std::pair<int, std::string_view> first_line(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = without_blanks(text.substr(0, end));
    if (!line.empty() && line.front() != '#') return {number, line};
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return {0, {}};
}

/// "wl,n" and "wl,k" of refractiveindex.info, in any case and with any separator: 'n' or 'k'.
char block_of(std::string_view line) {
  std::string name;
  for (const char c : lower_case(without_blanks(line)))
    if (c != ' ' && c != '"') name += c == '\t' || c == ';' ? ',' : c;
  return name == "wl,n" ? 'n' : name == "wl,k" ? 'k' : '\0';
}

/// One block of refractiveindex.info: ascending wavelengths and values.
struct Block {
  std::vector<double> x, y;
  std::vector<int> lines;
};

Block read_block(std::string_view text, const std::string& name, char wanted) {
  char current = '\0';
  const std::string block = with_lines(text, [&](int, std::string_view line) {
    if (const char begins = block_of(line)) current = begins;
    return current == wanted ? line : std::string_view();
  });
  if (without_blanks(block).empty())
    throw InputError(fmt::format(
        "{}: there is no block 'wl,{}' (a film needs n and k); add it, or choose a record that has both",
        name, wanted));
  const io::CsvTable table = io::parse_csv(block, name);
  const std::size_t y = table.column(table.columns.back()), x = table.column(table.columns.front());
  Block out;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    if (i > 0 && !(table.rows[i][x] > out.x.back()))
      throw InputError(fmt::format("{}:{}: wl = {} (must ascend, the previous row has {}); sort the rows",
                                   name, table.lines[i], table.rows[i][x], out.x.back()));
    out.x.push_back(table.rows[i][x]);
    out.y.push_back(table.rows[i][y]);
    out.lines.push_back(table.lines[i]);
  }
  if (out.x.empty())
    throw InputError(fmt::format("{}: the block 'wl,{}' has no rows; add them", name, wanted));
  return out;
}

double value_at(const Block& block, double x) {
  const auto above = std::ranges::lower_bound(block.x, x);
  const auto i = static_cast<std::size_t>(above - block.x.begin());
  if (block.x[i] == x) return block.y[i];
  const double share = (x - block.x[i - 1]) / (block.x[i] - block.x[i - 1]);
  return std::lerp(block.y[i - 1], block.y[i], share);
}

/// A block of n, then one of k, each with its own wavelengths in micrometres: linear between their rows.
ConstantsRows read_blocks(std::string_view text, const std::string& name) {
  const Block n = read_block(text, name, 'n'), k = read_block(text, name, 'k');
  const double low = std::max(n.x.front(), k.x.front()), high = std::min(n.x.back(), k.x.back());
  ConstantsRows out{.abscissa = "wl", .real = "n", .imaginary = "k", .unit = unit_of("um"), .rows = {}};
  std::vector<std::pair<double, int>> places;
  for (const Block* block : {&n, &k})
    for (std::size_t i = 0; i < block->x.size(); ++i)
      if (block->x[i] >= low && block->x[i] <= high) places.emplace_back(block->x[i], block->lines[i]);
  std::ranges::sort(places);
  for (const auto& [x, line] : places)
    if (out.rows.empty() || x > out.rows.back().abscissa)
      out.rows.push_back({line, x, value_at(n, x), value_at(k, x)});
  return out;
}

}  // namespace

ConstantsRows read_constants(std::string_view text, const std::string& name) {
  const auto [first, line] = first_line(text);
  if (block_of(line) != '\0') return read_blocks(text, name);
  // CXRO: " TaN Density=14.3" above the header. IMD: comments begin with ';', wavelengths are in angstroms.
  const bool imd = lower_case(name).ends_with(".nk");
  const bool title = lower_case(line).find("density=") != std::string::npos;
  if (!imd && !title) return rows_of(io::parse_csv(text, name));
  const std::string plain = with_lines(text, [&, first = first](int number, std::string_view content) {
    const bool comment = imd && without_blanks(content).starts_with(';');
    return comment || (title && number == first) ? std::string_view() : content;
  });
  return rows_of(io::parse_csv(
      plain, name,
      {.texts = {},
       .usual_columns = imd ? std::vector<std::string>{"wavelength_a", "n", "k"} : std::vector<std::string>{},
       .n_columns = imd ? std::vector<std::size_t>{3} : std::vector<std::size_t>{}}));
}

std::vector<FactorRow> read_factors(std::string_view text, const std::string& name) {
  constexpr double kUnknown = -9999;
  const io::CsvTable table = io::parse_csv(text, name);
  const auto energy = find_column(table, Quantity::energy), f1 = find_column(table, Quantity::f1),
             f2 = find_column(table, Quantity::f2);
  if (!energy || !f1 || !f2)
    throw InputError(fmt::format(
        "{}: the columns are not those of atomic scattering factors (must be E(eV), f1, f2); choose another "
        "file, or another ending of its name if it holds n and k",
        name));
  for (const auto& column : {energy, f1, f2}) static_cast<void>(table.column(table.columns[column->first]));
  std::vector<FactorRow> rows;
  double previous = 0;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::vector<double>& row = table.rows[i];
    const FactorRow factor{row[energy->first] * energy->second.unit, row[f1->first], row[f2->first]};
    const auto fail = [&](const std::string& what) {
      return InputError(fmt::format("{}:{}: {}", name, table.lines[i], what));
    };
    if (!(factor.energy_ev > previous))
      throw fail(fmt::format("E = {} (must ascend from 0, the previous row has {}); sort the rows",
                             factor.energy_ev, previous));
    previous = factor.energy_ev;
    if (factor.f1 <= kUnknown) continue;
    if (!(factor.f2 > 0 && factor.f2 < 1e6 && std::abs(factor.f1) < 1e6))
      throw fail(fmt::format("f1 = {}, f2 = {} (f2 must be > 0, both below 1e6); correct the row", factor.f1,
                             factor.f2));
    rows.push_back(factor);
  }
  if (rows.size() < 2)
    throw InputError(
        fmt::format("{}: {} with f1 (at least 2: there is nothing to interpolate between); add rows", name,
                    counted(rows.size(), "row", "rows")));
  return rows;
}

}  // namespace undulith::materials
