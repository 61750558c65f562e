// SPDX-License-Identifier: MIT
#include "undulith/io/csv.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"

namespace undulith::io {

namespace {

/// Limits the number of columns: all names are compared with each other, which is slow for a million of them.
constexpr std::size_t kMaxColumns = 1000;

[[nodiscard]] std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\v\f";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

[[nodiscard]] std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const auto comma = line.find(',');
    fields.push_back(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

/// A finite number that fills the whole text, independent of the locale.
[[nodiscard]] std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

/// Text of an untrusted file, made short and printable for a message.
[[nodiscard]] std::string shown(std::string_view text) {
  std::string result(text.substr(0, 40));
  for (char& c : result) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  if (text.size() > 40) result += "...";
  return result;
}

[[noreturn]] void fail(const std::string& name, int line, const std::string& message) {
  throw InputError(fmt::format("{}:{}: {}", name, line, message));
}

[[nodiscard]] std::vector<std::string> read_header(const std::vector<std::string_view>& fields,
                                                   const std::string& name, int line) {
  if (std::all_of(fields.begin(), fields.end(), [](auto field) { return parse_number(field).has_value(); })) {
    fail(
        name, line,
        "no header (the first line is a row of numbers); write the names of the columns on a line before it");
  }
  if (fields.size() > kMaxColumns) {
    fail(name, line,
         fmt::format("{} columns (at most {}); check that the file is a table of numbers", fields.size(),
                     kMaxColumns));
  }
  std::vector<std::string> columns;
  for (const std::string_view field : fields) {
    if (field.empty())
      fail(name, line,
           "a column has no name (two commas in a row, or a comma at an end of the line); write its name");
    if (std::find(columns.begin(), columns.end(), field) != columns.end()) {
      fail(name, line,
           fmt::format("two columns are called '{}' (names must differ); rename one of them", shown(field)));
    }
    columns.emplace_back(field);
  }
  if (columns.size() == 1 && columns[0].find_first_of(";\t") != std::string::npos) {
    fail(name, line,
         "the header has only one column (its name contains ';' or a tab); separate the columns by commas");
  }
  return columns;
}

}  // namespace

std::size_t CsvTable::column(const std::string& wanted) const {
  const auto found = std::find(columns.begin(), columns.end(), wanted);
  if (found == columns.end()) {
    throw InputError(fmt::format("{}: no column '{}' (the columns are: {}); add it or rename a column", name,
                                 wanted, fmt::join(columns, ", ")));
  }
  return static_cast<std::size_t>(found - columns.begin());
}

bool CsvTable::has(const std::string& wanted) const {
  return std::find(columns.begin(), columns.end(), wanted) != columns.end();
}

CsvTable read_csv(const std::filesystem::path& path, const std::string& text_column) {
  return parse_csv(read_text(path), path.string(), text_column);
}

CsvTable parse_csv(std::string_view text, const std::string& name, const std::string& text_column) {
  CsvTable table;
  table.name = name;

  std::string_view rest = text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);  // byte-order mark of spreadsheet programs
  for (int line = 1; !rest.empty(); ++line) {
    const auto end = rest.find('\n');
    std::string_view content = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    content = trimmed(content.substr(0, content.find('#')));
    if (content.empty()) continue;

    const std::vector<std::string_view> fields = split(content);
    if (table.columns.empty()) {
      table.columns = read_header(fields, table.name, line);
      if (!text_column.empty()) static_cast<void>(table.column(text_column));
      continue;
    }
    if (fields.size() != table.columns.size()) {
      fail(table.name, line,
           fmt::format("{} fields (the header has {} columns); write one number per column", fields.size(),
                       table.columns.size()));
    }
    std::vector<double> row;
    row.reserve(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!text_column.empty() && table.columns[i] == text_column) {
        table.texts.emplace_back(fields[i]);
        row.push_back(0);
        continue;
      }
      const std::optional<double> value = parse_number(fields[i]);
      if (!value) {
        fail(table.name, line,
             fmt::format("column '{}': '{}' (must be a finite number); write it like 0.25 or 2.5e-1",
                         shown(table.columns[i]), shown(fields[i])));
      }
      row.push_back(*value);
    }
    table.rows.push_back(std::move(row));
    table.lines.push_back(line);
  }
  if (table.columns.empty()) {
    throw InputError(fmt::format(
        "{}: no header (only blank lines and comments); write the names of the columns on the first line",
        table.name));
  }
  return table;
}

std::string format_number(double value) {
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), result.ptr);
}

std::string format_text(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace undulith::io
