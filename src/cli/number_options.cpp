// SPDX-License-Identifier: MIT
#include "cli/number_options.hpp"

#include <charconv>
#include <limits>
#include <system_error>

#include <fmt/core.h>

#include "undulith/core/decimal.hpp"
#include "undulith/core/error.hpp"

namespace undulith::cli {

int whole_number(const std::string& name, const std::string& text) {
  const char* begin = text.data() + (text.starts_with('+') && !text.starts_with("+-") ? 1 : 0);
  const char* end = text.data() + text.size();
  int value = 0;
  const auto [rest, error] = std::from_chars(begin, end, value);
  if (rest == end && error == std::errc::result_out_of_range)
    throw InputError(fmt::format("{} {} (must be from {} to {}); write a smaller number", name,
                                 shown_text(text), std::numeric_limits<int>::min(),
                                 std::numeric_limits<int>::max()));
  if (rest != end || error != std::errc{})
    throw InputError(fmt::format("{} {} (must be a whole number in decimal digits); write {} 10", name,
                                 shown_text(text), name));
  return value;
}

double finite_number(const std::string& name, const std::string& text) {
  const Decimal number = read_decimal(text);
  if (number.fault == DecimalFault::too_large)
    throw InputError(
        fmt::format("{} {} (must be below 1.8e308); write a smaller number", name, shown_text(text)));
  if (number.fault == DecimalFault::no_number)
    throw InputError(
        fmt::format("{} {} (must be a number: finite, with a decimal point); write it like "
                    "13.5 or 1.35e1",
                    name, shown_text(text)));
  return number.value;
}

}  // namespace undulith::cli
