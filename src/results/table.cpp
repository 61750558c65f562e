// SPDX-License-Identifier: MIT
#include "undulith/results/table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "undulith/io/csv.hpp"
#include "undulith/io/finite.hpp"

namespace undulith::results {
namespace {

void require_finite_numbers(const nlohmann::ordered_json& node, const std::string& place,
                            std::string_view file) {
  if (node.is_number_float() && !std::isfinite(node.get<double>()))
    io::refuse_result(file, place, fmt::format("{}", node.get<double>()));
  if (node.is_object())
    for (const auto& [key, value] : node.items())
      require_finite_numbers(value, place.empty() ? key : place + "." + key, file);
  if (node.is_array())
    for (std::size_t i = 0; i < node.size(); ++i)
      require_finite_numbers(node[i], fmt::format("{}[{}]", place, i + 1), file);
}

}  // namespace

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

std::string json_text(const nlohmann::ordered_json& document, std::string_view file) {
  require_finite_numbers(document, "", file);
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace undulith::results
