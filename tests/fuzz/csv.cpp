// SPDX-License-Identifier: MIT
// The reader of tables, and what the writer of fields makes of them.
#include <cmath>

#include "fuzz_input.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/io/file_kind.hpp"

using namespace undulith;

namespace {

const io::CsvOptions kNumbers{
    .texts = {}, .usual_columns = {"sigma_x", "sigma_y", "weight", "s1", "s2", "s3"}, .n_columns = {3, 6}},
    kTexts{.texts = {"gauge", "cd_nm"}, .usual_columns = {}, .n_columns = {}};

void check_column(const io::CsvTable& table, const std::string& name) {
  const std::size_t column = table.column_with_gaps(name);
  for (const std::vector<double>& row : table.rows)
    require(!std::isinf(row[column]), "a field is finite or no number");
  const std::size_t full = table.column(name);  // refuses gaps
  for (const std::vector<double>& row : table.rows) require(std::isfinite(row[full]), "a field is finite");
}

/// The table in the way that Undulith writes its own.
std::string written(const io::CsvTable& table) {
  std::string text;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    text += (i > 0 ? "," : "") + io::format_text(table.columns[i]);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    text += '\n';
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const auto fields = table.text_fields.find(table.columns[i]);
      const double value = table.rows[row][i];
      text += (i > 0 ? "," : "") + (fields != table.text_fields.end() ? io::format_text(fields->second[row])
                                    : std::isfinite(value)            ? io::format_number(value)
                                                                      : "");
    }
  }
  return text + '\n';
}

bool same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

void check(const io::CsvTable& table, const io::CsvOptions& options) {
  require(!table.columns.empty() && table.lines.size() == table.rows.size(), "every row has a line");
  for (const std::vector<double>& row : table.rows)
    require(row.size() == table.columns.size(), "every row has all columns");
  for (std::size_t i = 1; i < table.lines.size(); ++i)
    require(table.lines[i] > table.lines[i - 1], "lines ascend");
  for (const auto& [name, fields] : table.text_fields)
    require(fields.size() == table.rows.size(), "every row has its text");
  for (const std::string& name : table.columns) {
    try {
      check_column(table, name);
    } catch (const InputError&) {
    }
  }
  // A table of one column has no comma, and a name can look like the beginning of another kind of file.
  const std::string text = written(table);
  const io::FileKind kind = io::kind_of(io::head_of(std::as_bytes(std::span(text))));
  if (table.columns.size() < 2 || (kind != io::FileKind::unknown && kind != io::FileKind::table)) return;
  const io::CsvTable again = io::parse_csv(text, "written", options);
  require(again.columns == table.columns && again.text_fields == table.text_fields &&
              again.rows.size() == table.rows.size(),
          "a written table is read again");
  for (std::size_t row = 0; row < table.rows.size(); ++row)
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      require(same(table.rows[row][i], again.rows[row][i]), "written numbers are read again");
}

}  // namespace

void read_input(std::span<const std::byte> bytes) {
  for (const io::CsvOptions& options : {kNumbers, kTexts}) {
    io::CsvTable table;
    try {
      table = io::parse_csv(text_of(bytes), "input", options);
    } catch (const InputError&) {
      continue;
    }
    try {
      check(table, options);
    } catch (const InputError& error) {  // what was written must be read
      throw std::logic_error(error.what());
    }
  }
}
