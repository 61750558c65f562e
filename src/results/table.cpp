// SPDX-License-Identifier: MIT
#include "undulith/results/table.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "undulith/io/csv.hpp"

namespace undulith::results {

std::string field(const std::optional<double>& value) {
  return value ? io::format_number(*value) : std::string();
}

std::string fields(std::initializer_list<std::optional<double>> values) {
  std::string text;
  for (const std::optional<double>& value : values)
    text += (&value == values.begin() ? "" : ",") + field(value);
  return text;
}

std::string cell(const std::optional<double>& value, int decimals) {
  if (!value) return "-";
  std::string text = fmt::format("{:.{}f}", *value, decimals);
  const bool is_zero = text.find_first_not_of("-0.") == std::string::npos;
  if (is_zero && text.front() == '-') text.erase(0, 1);
  return text;
}

nlohmann::ordered_json number_or_null(const std::optional<double>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

}  // namespace undulith::results
