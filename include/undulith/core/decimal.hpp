// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Numbers that people and programs write: decimal in every locale, whatever zeros they begin with.
namespace undulith {

enum class DecimalFault { none, no_number, too_large };

/// A text as a number; value is meaningful without a fault only.
struct Decimal {
  double value = 0;
  DecimalFault fault = DecimalFault::no_number;
};

/// Reads a whole text, without blanks around it: "0.25", "+1", "010" (ten), "2.5e-1", "1.0D+00" (Fortran). A
/// number below the smallest double is 0. "nan", "inf" and "0x10" are no numbers.
[[nodiscard]] Decimal read_decimal(std::string_view text);

/// The number of a text, absent if it has a fault.
[[nodiscard]] std::optional<double> decimal_of(std::string_view text);

/// The text without blanks, tabs and line ends around it.
[[nodiscard]] std::string_view without_blanks(std::string_view text);

/// A text of a file or a command line as a message shows it: at most 40 characters, and '?' for every control
/// character.
[[nodiscard]] std::string shown_text(std::string_view text);

}  // namespace undulith
