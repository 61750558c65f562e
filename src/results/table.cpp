#include "undulith/results/table.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "undulith/io/csv.hpp"

namespace undulith::results {

std::string field(const std::optional<double>& value) {
  return value ? io::format_number(*value) : std::string();
}

std::string cell(const std::optional<double>& value, int decimals) {
  return value ? fmt::format("{:.{}f}", *value, decimals) : std::string("-");
}

nlohmann::ordered_json known(const std::optional<double>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

}  // namespace undulith::results
