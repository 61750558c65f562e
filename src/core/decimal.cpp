// SPDX-License-Identifier: MIT
#include "undulith/core/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

namespace undulith {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether the exponent of a number that no double holds is negative: the number is then nearly 0. Without an
/// exponent it is the digits before the point that are too many, unless all of them are 0.
bool is_tiny(std::string_view number) {
  const std::size_t exponent = number.find_first_of("eE");
  if (exponent != std::string_view::npos) return number.substr(exponent + 1).starts_with('-');
  const std::string_view whole = number.substr(0, number.find('.'));
  return std::ranges::all_of(whole, [](char c) { return c == '0' || c == '-'; });
}

}  // namespace

Decimal read_decimal(std::string_view text) {
  std::string digits(text);
  if (digits.starts_with('+') && digits.size() > 1 && (is_digit(digits[1]) || digits[1] == '.'))
    digits.erase(0, 1);
  // Letters other than those of an exponent belong to "nan", "inf" or a unit.
  if (std::ranges::any_of(digits, [](char c) {
        return !is_digit(c) && std::string_view("+-.eEdD").find(c) == std::string_view::npos;
      }))
    return {};
  std::ranges::replace_if(
      digits, [](char c) { return c == 'd' || c == 'D'; }, 'e');
  double value = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, value);
  if (rest != end || digits.empty()) return {};
  if (error == std::errc::result_out_of_range)
    return is_tiny(digits) ? Decimal{0, DecimalFault::none} : Decimal{0, DecimalFault::too_large};
  if (error != std::errc{} || !std::isfinite(value)) return {};
  return {value, DecimalFault::none};
}

std::optional<double> decimal_of(std::string_view text) {
  const Decimal number = read_decimal(text);
  return number.fault == DecimalFault::none ? std::optional(number.value) : std::nullopt;
}

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string shown_text(std::string_view text) {
  constexpr std::size_t kMost = 40;
  std::string result;
  std::size_t characters = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80 && ++characters > kMost) return result + "...";
    result += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return result;
}

}  // namespace undulith
