// SPDX-License-Identifier: MIT
#include "undulith/io/finite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "undulith/core/error.hpp"

namespace undulith::io {
namespace {

/// Columns of names, which may be any word.
bool holds_names(std::string_view column) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"name", "gauge", "material", "feature", "shape", "edge", "direction", "status", "row", "source"});
  return std::ranges::find(kNames, column) != kNames.end();
}

bool is_no_number(std::string_view field) {
  if (field.starts_with('-')) field.remove_prefix(1);
  return field == "nan" || field == "inf";
}

/// The text up to the comma that ends a field; quotes hold commas.
std::string_view take_field(std::string_view& line) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < line.size() && (quoted || line[end] != ','); ++end)
    if (line[end] == '"') quoted = !quoted;
  const std::string_view field = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return field;
}

}  // namespace

void refuse_result(std::string_view file, std::string_view quantity, std::string_view value) {
  throw NumericalError(fmt::format(
      "{}: {} = {} (a result must be finite: a number of the job is too large or too small for the "
      "computation); check the largest and the smallest numbers of the job and of its files",
      file, quantity, value));
}

void require_finite_fields(std::string_view csv, std::string_view file) {
  // Almost no table has such a word: it is looked for before the fields are taken apart.
  if (csv.find("nan") == std::string_view::npos && csv.find("inf") == std::string_view::npos) return;
  const auto take_line = [&csv] {
    const std::size_t end = csv.find('\n');
    const std::string_view line = csv.substr(0, end);
    csv.remove_prefix(end == std::string_view::npos ? csv.size() : end + 1);
    return line;
  };
  const std::string_view header = take_line();
  for (int number = 2; !csv.empty(); ++number) {
    std::string_view line = take_line(), columns = header;
    while (!line.empty()) {
      const std::string_view column = take_field(columns), field = take_field(line);
      if (is_no_number(field) && !holds_names(column))
        refuse_result(file, fmt::format("{} in line {}", column, number), field);
    }
  }
}

}  // namespace undulith::io
