// SPDX-License-Identifier: MIT
#include "materials/scattering_factors.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "undulith/core/error.hpp"

namespace undulith::materials {
namespace {

struct Row {
  double energy_ev, f1, f2;
};
using Table = std::map<std::string, std::vector<Row>, std::less<>>;

/// Removes and returns the text up to the next separator, or all of it.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view head = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return head;
}

double number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw std::logic_error(fmt::format("built-in scattering factors: '{}' is not a number", text));
  return value;
}

Table parse_table() {
  Table table;
  std::string_view text = kHenkeCsv;
  bool header_seen = false;
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    if (line.empty() || line.front() == '#') continue;
    if (!header_seen) {
      header_seen = true;
      continue;
    }
    const std::string_view element = take(line, ',');
    const double energy_ev = number(take(line, ','));
    const double f1 = number(take(line, ','));
    const double f2 = number(take(line, ','));
    auto& rows = table[std::string(element)];
    if (!(f2 > 0) || (!rows.empty() && !(energy_ev > rows.back().energy_ev)))
      throw std::logic_error(
          fmt::format("built-in scattering factors of {} at {} eV are out of order", element, energy_ev));
    rows.push_back({energy_ev, f1, f2});
  }
  return table;
}

const std::vector<Row>& rows_of(std::string_view element) {
  static const Table table = parse_table();
  const auto found = table.find(element);
  if (found == table.end())
    throw InputError(
        fmt::format("no scattering factors for element '{}' (the built-in table has {} elements); "
                    "give the material by n and k instead",
                    element, table.size()));
  return found->second;
}

}  // namespace

EnergyRange tabulated_range(std::string_view element) {
  const auto& rows = rows_of(element);
  return {rows.front().energy_ev, rows.back().energy_ev};
}

ScatteringFactor scattering_factor(std::string_view element, double energy_ev) {
  const auto& rows = rows_of(element);
  if (!std::isfinite(energy_ev) || energy_ev < rows.front().energy_ev || energy_ev > rows.back().energy_ev)
    throw InputError(
        fmt::format("scattering factors of {} at {} eV are not known (the table covers {} to {} eV); "
                    "choose a wavelength within it",
                    element, energy_ev, rows.front().energy_ev, rows.back().energy_ev));
  const auto above = std::upper_bound(rows.begin() + 1, rows.end() - 1, energy_ev,
                                      [](double e, const Row& row) { return e < row.energy_ev; });
  const Row& a = *(above - 1);
  const Row& b = *above;
  const double w = std::log(energy_ev / a.energy_ev) / std::log(b.energy_ev / a.energy_ev);
  return {(1 - w) * a.f1 + w * b.f1, a.f2 * std::exp(w * std::log(b.f2 / a.f2))};
}

}  // namespace undulith::materials
