// SPDX-License-Identifier: MIT
#include "undulith/core/key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"

namespace undulith {
namespace {

std::string list_text(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

bool accepts_number(const KeyInfo& key, double value) {
  return key.range.contains(value) &&
         (key.only.empty() || std::ranges::find(key.only, value) != key.only.end());
}

std::string text_of(const KeyValue& value) {
  struct Text {
    std::string operator()(std::monostate) const { return "absent"; }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(int number) const { return fmt::format("{}", number); }
    std::string operator()(const std::string& text) const { return fmt::format("\"{}\"", text); }
    std::string operator()(const std::vector<double>& numbers) const {
      std::string text;
      for (const double number : numbers) text += (text.empty() ? "" : ", ") + fmt::format("{}", number);
      return "[" + text + "]";
    }
    std::string operator()(const std::complex<double>& number) const {
      return fmt::format("[{}, {}]", number.real(), number.imag());
    }
    std::string operator()(const std::vector<std::string>& words) const {
      std::string text;
      for (const std::string& word : words) text += (text.empty() ? "" : ", ") + fmt::format("\"{}\"", word);
      return "[" + text + "]";
    }
  };
  return std::visit(Text{}, value);
}

std::string advice_of(const KeyInfo& key) {
  if (!key.advice.empty()) return key.advice;
  if (std::holds_alternative<std::monostate>(key.default_value)) return "see undulith explain";
  return fmt::format("leave it out to get {}", text_of(key.default_value));
}

}  // namespace

std::string demand_of(const KeyInfo& key) {
  if (!key.only.empty()) {
    std::vector<std::string> numbers;
    for (const double number : key.only) numbers.push_back(fmt::format("{}", number));
    return "one of " + list_text(numbers);
  }
  switch (key.type) {
    case KeyType::number:
    case KeyType::integer:
    case KeyType::numbers:
      return key.range.text().empty() ? "finite" : key.range.text();
    case KeyType::complex:
      return key.range.text().empty() ? "finite" : "of a modulus " + key.range.text();
    case KeyType::choice:
      return "one of " + list_text(key.choices);
    case KeyType::words:
      return "an array of different words of " + list_text(key.choices);
    case KeyType::text:
    case KeyType::file:
    case KeyType::material:
      return "text";
  }
  return {};
}

bool accepts(const KeyInfo& key, const KeyValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return !key.required;
  switch (key.type) {
    case KeyType::number:
      return std::holds_alternative<double>(value) && accepts_number(key, std::get<double>(value));
    case KeyType::integer:
      return std::holds_alternative<int>(value) && accepts_number(key, std::get<int>(value));
    case KeyType::numbers:
      return std::holds_alternative<std::vector<double>>(value) &&
             std::ranges::all_of(std::get<std::vector<double>>(value),
                                 [&](double number) { return accepts_number(key, number); });
    case KeyType::complex: {
      if (!std::holds_alternative<std::complex<double>>(value)) return false;
      const auto number = std::get<std::complex<double>>(value);
      return std::isfinite(number.real()) && std::isfinite(number.imag()) &&
             accepts_number(key, std::abs(number));
    }
    case KeyType::choice:
      return std::holds_alternative<std::string>(value) &&
             std::ranges::find(key.choices, std::get<std::string>(value)) != key.choices.end();
    case KeyType::words: {
      if (!std::holds_alternative<std::vector<std::string>>(value)) return false;
      const auto& words = std::get<std::vector<std::string>>(value);
      return std::ranges::all_of(words, [&](const std::string& word) {
        return std::ranges::find(key.choices, word) != key.choices.end() &&
               std::ranges::count(words, word) == 1;
      });
    }
    case KeyType::text:
    case KeyType::file:
    case KeyType::material:
      return std::holds_alternative<std::string>(value);
  }
  return false;
}

std::string full_name(std::string_view table, std::string_view key) {
  return table.empty() ? std::string(key) : fmt::format("{}.{}", table, key);
}

void check_value(const KeyInfo& key, const std::string& name, const KeyValue& value) {
  if (!accepts(key, value)) refuse(name, text_of(value), "must be " + demand_of(key), advice_of(key));
}

}  // namespace undulith
