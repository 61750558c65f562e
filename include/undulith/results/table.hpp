// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

/// Numbers that may be absent, as fields of CSV lines, cells of tables and values of JSON.
namespace undulith::results {

/// Rows of a table on a terminal; the CSV file has all.
inline constexpr std::size_t kTableRows = 40;

/// One field of a CSV line: the shortest text that reads back to the same number; empty where it is absent.
[[nodiscard]] std::string field(const std::optional<double>& value);

/// Neighbouring fields of a CSV line, separated by commas.
[[nodiscard]] std::string fields(std::initializer_list<std::optional<double>> values);

/// One cell of a table on a terminal, with fixed decimals; "-" where the number is absent. A number that
/// rounds to zero has no sign: symmetry makes it zero, and rounding gives it either sign.
[[nodiscard]] std::string cell(const std::optional<double>& value, int decimals);

/// A number, or null where it is absent.
[[nodiscard]] nlohmann::ordered_json number_or_null(const std::optional<double>& value);

/// A document as text, ending in a line end. Texts that are not UTF-8 get a replacement character.
/// @param file  that it will be, for messages
/// @throws NumericalError  a number in it is NaN or infinite; names its place: "light.power_w"
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& document, std::string_view file);

}  // namespace undulith::results
