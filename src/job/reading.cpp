// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <tuple>

#include "job/reading.hpp"
#include "undulith/core/decimal.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/spelling.hpp"
#include "undulith/job/keys.hpp"
#include "undulith/materials/optical_table.hpp"

namespace undulith::job {
namespace {

using io::TomlKind;
using io::TomlNode;

/// A key that is being read, and where to complain.
struct Reading {
  const KeyInfo& key;
  const std::string& name;
  Faults& faults;

  /// "imaging.na = 1.33 (must be ...); advice"
  void complain(const TomlNode& node, const std::string& must, std::string advice = {}) const {
    if (advice.empty()) advice = key.advice;
    const std::string usual = default_text(key);
    if (advice.empty() && !usual.empty()) advice = "leave it out to get " + usual;
    if (advice.empty()) advice = "see undulith explain";
    faults.error(name, node.location,
                 fmt::format("{} = {} (must be {}); {}", name, shown_value(node), must, advice));
  }
  [[nodiscard]] std::string a_number() const {
    return key.unit.empty() ? "a number" : fmt::format("a number, in {}", key.unit);
  }
  /// The value if the key takes it.
  [[nodiscard]] std::optional<KeyValue> accepted(const TomlNode& node, KeyValue value) const {
    if (accepts(key, value)) return value;
    complain(node, demand_of(key));
    return std::nullopt;
  }
};

/// "13.5 nm" -> "13.5"; empty when the text does not start with a number.
std::string leading_number(const std::string& text) {
  const std::size_t end = text.find_first_not_of("+-.0123456789eE");
  std::string number = text.substr(0, end);
  while (!number.empty() && (number.back() == 'e' || number.back() == 'E')) number.pop_back();
  return number.find_first_of("0123456789") == std::string::npos ? "" : number;
}

/// The finite number that a node holds, an integer or a float.
std::optional<double> finite(const TomlNode& node, const Reading& reading, const std::string& must) {
  if (const auto* integer = std::get_if<std::int64_t>(&node.value)) return static_cast<double>(*integer);
  if (const auto* number = std::get_if<double>(&node.value)) {
    if (std::isfinite(*number)) return *number;
    reading.complain(node, "finite");
    return std::nullopt;
  }
  std::string advice;
  if (node.kind == TomlKind::text) {
    const std::string& text = std::get<std::string>(node.value);
    // A value of the command line may be a number that is not TOML: 010, .5.
    const Decimal decimal = node.location.line <= 0 ? read_decimal(text) : Decimal{};
    if (decimal.fault == DecimalFault::none) return decimal.value;
    if (decimal.fault == DecimalFault::too_large) {
      reading.complain(node, "below 1.8e308, as every number");
      return std::nullopt;
    }
    const std::string number = leading_number(text);
    if (!number.empty()) advice = fmt::format("write the number alone: {} = {}", reading.key.name, number);
  }
  reading.complain(node, must, advice);
  return std::nullopt;
}

std::optional<KeyValue> read_number(const TomlNode& node, const Reading& reading) {
  const auto value = finite(node, reading, reading.a_number());
  return value ? reading.accepted(node, *value) : std::nullopt;
}

std::optional<KeyValue> read_integer(const TomlNode& node, const Reading& reading) {
  const auto value = finite(node, reading, "a whole number");
  if (!value) return std::nullopt;
  if (*value != std::floor(*value)) {
    reading.complain(node, "a whole number");
    return std::nullopt;
  }
  if (std::abs(*value) > std::numeric_limits<int>::max()) {
    reading.complain(node, demand_of(reading.key));
    return std::nullopt;
  }
  return reading.accepted(node, static_cast<int>(*value));
}

std::optional<KeyValue> read_text(const TomlNode& node, const Reading& reading) {
  if (node.kind == TomlKind::text) return std::get<std::string>(node.value);
  reading.complain(
      node, "text",
      fmt::format("put it between quotes: {} = {}", reading.key.name, io::toml_text(shown_value(node))));
  return std::nullopt;
}

std::optional<KeyValue> read_numbers(const TomlNode& node, const Reading& reading) {
  if (node.kind != TomlKind::array) {
    reading.complain(node, "an array of numbers", fmt::format("write {} = [1.0, 2.0]", reading.key.name));
    return std::nullopt;
  }
  std::vector<double> values;
  for (const TomlNode& item : node.children) {
    const auto value = finite(item, reading, reading.a_number());
    if (!value || !reading.accepted(item, std::vector{*value})) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

std::optional<KeyValue> read_complex(const TomlNode& node, const Reading& reading) {
  const std::string must = "a number or [real, imaginary]";
  std::complex<double> value;
  if (node.kind == TomlKind::array) {
    if (node.children.size() != 2) {
      reading.complain(node, must);
      return std::nullopt;
    }
    const auto real = finite(node.children[0], reading, must);
    const auto imaginary = finite(node.children[1], reading, must);
    if (!real || !imaginary) return std::nullopt;
    value = {*real, *imaginary};
  } else {
    const auto real = finite(node, reading, must);
    if (!real) return std::nullopt;
    value = *real;
  }
  return reading.accepted(node, value);
}

std::optional<KeyValue> read_choice(const TomlNode& node, const Reading& reading) {
  std::string advice;
  if (node.kind == TomlKind::text) {
    const std::string& word = std::get<std::string>(node.value);
    if (accepts(reading.key, word)) return word;
    if (const auto near = closest(word, reading.key.choices))
      advice = fmt::format("did you mean \"{}\"?", *near);
  }
  reading.complain(node, demand_of(reading.key), advice);
  return std::nullopt;
}

std::optional<KeyValue> read_words(const TomlNode& node, const Reading& reading) {
  std::vector<std::string> words;
  const bool array = node.kind == TomlKind::array;
  for (const TomlNode& item : array ? node.children : std::vector<TomlNode>{}) {
    const bool text = item.kind == TomlKind::text;
    if (text) words.push_back(std::get<std::string>(item.value));
    if (text && accepts(reading.key, words)) continue;
    const auto near = text ? closest(words.back(), reading.key.choices) : std::nullopt;
    const bool known =
        text && std::ranges::find(reading.key.choices, words.back()) != reading.key.choices.end();
    reading.complain(item, demand_of(reading.key),
                     known  ? "write each word once"
                     : near ? fmt::format("did you mean \"{}\"?", *near)
                            : "");
    return std::nullopt;
  }
  if (array) return words;
  reading.complain(node, demand_of(reading.key),
                   fmt::format("write {} = [\"{}\"]", reading.key.name, reading.key.choices.front()));
  return std::nullopt;
}

std::optional<KeyValue> read_file_name(const TomlNode& node, const Reading& reading) {
  auto value = read_text(node, reading);
  if (!value || std::get<std::string>(*value).empty()) return value;
  const auto& source = node.location.source;
  const std::filesystem::path folder = source ? source->folder : std::filesystem::path{};
  return std::filesystem::absolute(folder / std::get<std::string>(*value)).lexically_normal().string();
}

/// The name of a table is a file name.
std::optional<KeyValue> read_material_name(const TomlNode& node, const Reading& reading) {
  const bool table = node.kind == TomlKind::text && materials::names_table(std::get<std::string>(node.value));
  return table ? read_file_name(node, reading) : read_text(node, reading);
}

std::string word_text(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + io::toml_text(word);
  return "[" + out + "]";
}

std::string number_text(const std::vector<double>& numbers) {
  std::string out;
  for (const double number : numbers) out += (out.empty() ? "" : ", ") + io::toml_number(number);
  return "[" + out + "]";
}

}  // namespace

std::string shown_value(const TomlNode& node) {
  switch (node.kind) {
    case TomlKind::table:
      return "{...}";
    case TomlKind::array: {
      std::string out;
      for (const TomlNode& item : node.children) out += (out.empty() ? "" : ", ") + shown_value(item);
      return out.size() > 60 ? fmt::format("[{:.57}...]", out) : fmt::format("[{}]", out);
    }
    case TomlKind::text:
      return io::toml_text(std::get<std::string>(node.value));
    case TomlKind::integer:
      return std::to_string(std::get<std::int64_t>(node.value));
    case TomlKind::number:
      return fmt::format("{}", std::get<double>(node.value));
    case TomlKind::boolean:
      return std::get<bool>(node.value) ? "true" : "false";
    case TomlKind::date:
      return std::get<std::string>(node.value);
  }
  return {};
}

std::optional<KeyValue> read_value(const TomlNode& node, const KeyInfo& key, const std::string& name,
                                   Faults& faults) {
  const Reading reading{key, name, faults};
  switch (key.type) {
    case KeyType::number:
      return read_number(node, reading);
    case KeyType::integer:
      return read_integer(node, reading);
    case KeyType::text:
      return read_text(node, reading);
    case KeyType::choice:
      return read_choice(node, reading);
    case KeyType::words:
      return read_words(node, reading);
    case KeyType::numbers:
      return read_numbers(node, reading);
    case KeyType::complex:
      return read_complex(node, reading);
    case KeyType::file:
      return read_file_name(node, reading);
    case KeyType::material:
      return read_material_name(node, reading);
  }
  return std::nullopt;
}

std::optional<std::string> write_value(const KeyInfo& key, const KeyValue& value, const FileNames& names) {
  if (const auto* number = std::get_if<double>(&value)) return io::toml_number(*number);
  if (const auto* number = std::get_if<int>(&value)) return std::to_string(*number);
  if (const auto* numbers = std::get_if<std::vector<double>>(&value)) return number_text(*numbers);
  if (const auto* words = std::get_if<std::vector<std::string>>(&value)) return word_text(*words);
  if (const auto* number = std::get_if<std::complex<double>>(&value)) {
    const bool real = number->imag() == 0 && !std::signbit(number->imag());
    return real ? io::toml_number(number->real()) : number_text({number->real(), number->imag()});
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    const bool is_file = (key.type == KeyType::file && !text->empty()) ||
                         (key.type == KeyType::material && materials::names_table(*text));
    return io::toml_text(is_file ? names(*text) : *text);
  }
  return std::nullopt;
}

void Faults::error(const std::string& key, const io::TomlLocation& where, const std::string& message) {
  errors_.push_back({where, io::toml_diagnostic(where, message)});
  keys_.insert(key);
  if (errors_.size() == kMostErrors) throw_if_any();
}

void Faults::warning(const io::TomlLocation& where, const std::string& message) {
  warnings_.push_back({where, io::toml_diagnostic(where, message, "warning")});
}

bool Faults::has(std::string_view key) const {
  const auto found = keys_.lower_bound(key);
  if (found == keys_.end() || !found->starts_with(key)) return false;
  return found->size() == key.size() || (*found)[key.size()] == '.' || (*found)[key.size()] == '[';
}

std::vector<std::string> Faults::warnings() const {
  std::vector<Entry> sorted = warnings_;
  sort(sorted);
  std::vector<std::string> out;
  for (const Entry& entry : sorted) out.push_back(entry.text);
  return out;
}

void Faults::throw_if_any() const {
  if (errors_.empty()) return;
  std::vector<Entry> sorted = errors_;
  sort(sorted);
  std::string text;
  for (const Entry& entry : sorted) text += (text.empty() ? "" : "\n") + entry.text;
  if (errors_.size() == kMostErrors)
    text += fmt::format("\nReading stopped after {} errors; correct these first.", kMostErrors);
  throw InputError(text);
}

/// One text after another in the order of their names, each from its top; the command line, which has no
/// lines, last.
void Faults::sort(std::vector<Entry>& entries) {
  const auto rank = [](const Entry& e) {
    return std::tuple(e.where.line <= 0, e.where.source ? e.where.source->name : "", e.where.line,
                      e.where.column);
  };
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const Entry& a, const Entry& b) { return rank(a) < rank(b); });
}

}  // namespace undulith::job
