#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace undulith::results {

/// Rows that a table shows on a terminal; the CSV file has all.
inline constexpr std::size_t kTableRows = 40;

/// A value of a CSV file, in full precision; empty when it is not known.
[[nodiscard]] std::string field(const std::optional<double>& value);

/// A value of a table on a terminal; "-" when it is not known.
[[nodiscard]] std::string cell(const std::optional<double>& value, int decimals);

/// A value of a JSON file; null when it is not known.
[[nodiscard]] nlohmann::ordered_json known(const std::optional<double>& value);

}  // namespace undulith::results
