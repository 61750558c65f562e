// SPDX-License-Identifier: MIT
#include "undulith/results/sweep_sqlite.hpp"

#include <algorithm>
#include <array>

#include "undulith/core/decimal.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/io/sqlite.hpp"
#include "undulith/results/sweep_columns.hpp"
#include "undulith/results/sweep_table.hpp"

namespace undulith::results {
namespace {

constexpr std::size_t kPoints = 0, kResults = 1;  // the tables

// A column of sweep.csv, and where it goes.
struct Column {
  std::string name;
  bool is_text = false, of_point = false;
};

std::vector<Column> columns_of(const study::SweepPlan& plan) {
  static constexpr std::array<std::string_view, 4> kTexts{"gauge", "status", "film_status", "error"},
      kOfPoint{"point", "wafers_per_hour", "error", ""};
  const auto is_among = [](const auto& names, const std::string& name) {
    return std::ranges::find(names, std::string_view(name)) != names.end();
  };
  std::vector<Column> columns;
  for (const std::string& name : io::csv_fields(sweep_head(plan))) {
    const auto key = std::ranges::find(plan.keys, name, &study::VariedKey::name);
    const bool is_key = key != plan.keys.end();
    columns.push_back({.name = name,
                       .is_text = is_key ? !key->is_number() : is_among(kTexts, name),
                       .of_point = is_key || is_among(kOfPoint, name)});
  }
  return columns;
}

io::SqlField field_of(const Column& column, const std::string& text) {
  if (text.empty()) return {};
  if (column.is_text) return text;
  const auto number = decimal_of(text);
  return number ? io::SqlField(*number) : io::SqlField();
}

}  // namespace

void write_sweep_sqlite(const study::SweepPlan& plan, const std::filesystem::path& csv,
                        const std::filesystem::path& path) {
  const std::vector<Column> columns = columns_of(plan);
  io::SqlTable points{.name = "points", .columns = {"point INTEGER PRIMARY KEY"}, .indices = {}},
      results{
          .name = "results", .columns = {"point INTEGER REFERENCES points"}, .indices = {"point", "gauge"}};
  for (const study::VariedKey& key : plan.keys) points.indices.push_back(key.name);
  for (const Column& column : columns)
    if (column.name != "point")
      (column.of_point ? points : results)
          .columns.push_back(io::sql_name(column.name) + (column.is_text ? " TEXT" : " REAL"));
  io::SqliteFile file(path, {points, results});
  long long last_point = 0;
  read_rows(csv, [&](const std::vector<std::string>& fields) {
    const auto point = static_cast<long long>(decimal_of(fields.at(0)).value_or(0));
    std::vector<io::SqlField> of_point{point}, of_gauge{point};
    bool has_result = false;
    for (std::size_t i = 1; i < columns.size(); ++i) {
      io::SqlField field = field_of(columns[i], fields.at(i));
      has_result = has_result || (!columns[i].of_point && !fields[i].empty());
      (columns[i].of_point ? of_point : of_gauge).push_back(std::move(field));
    }
    if (point != last_point) file.add(kPoints, of_point);
    if (has_result) file.add(kResults, of_gauge);
    last_point = point;
  });
  file.commit();
}

}  // namespace undulith::results
