#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "job/keys_table.hpp"
#include "undulith/core/spelling.hpp"

namespace undulith::job {
namespace {

using io::TomlKind;
using io::TomlNode;

/// The value as its author wrote it, shortened.
std::string shown(const TomlNode& node) {
  switch (node.kind) {
    case TomlKind::table:
      return "{...}";
    case TomlKind::array: {
      std::string out;
      for (const TomlNode& item : node.children) out += (out.empty() ? "" : ", ") + shown(item);
      return "[" + (out.size() > 60 ? out.substr(0, 57) + "..." : out) + "]";
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

/// "imaging.na = 1.33 (must be ...); advice"
void complain(const TomlNode& node, const Reading& reading, const std::string& must,
              std::string advice = {}) {
  if (advice.empty()) advice = reading.key.advice;
  if (advice.empty() && !reading.key.default_value.empty())
    advice = "leave it out to get " + reading.key.default_value;
  if (advice.empty()) advice = "see undulith explain";
  reading.faults.error(reading.name, node.location,
                       fmt::format("{} = {} (must be {}); {}", reading.name, shown(node), must, advice));
}

std::string a_number(const KeyInfo& key) {
  return key.unit.empty() ? "a number" : fmt::format("a number, in {}", key.unit);
}

/// "13.5 nm" -> "13.5"; empty when the text does not start with a number.
std::string leading_number(const std::string& text) {
  const std::size_t end = text.find_first_not_of("+-.0123456789eE");
  std::string number = text.substr(0, end);
  while (!number.empty() && (number.back() == 'e' || number.back() == 'E')) number.pop_back();
  return number.find_first_of("0123456789") == std::string::npos ? "" : number;
}

/// The finite number a node holds; integers and floats alike.
std::optional<double> finite(const TomlNode& node, const Reading& reading, const std::string& must) {
  if (const auto* integer = std::get_if<std::int64_t>(&node.value)) return static_cast<double>(*integer);
  if (const auto* number = std::get_if<double>(&node.value)) {
    if (std::isfinite(*number)) return *number;
    complain(node, reading, "finite");
    return std::nullopt;
  }
  std::string advice;
  if (node.kind == TomlKind::text) {
    const std::string number = leading_number(std::get<std::string>(node.value));
    if (!number.empty()) advice = fmt::format("write the number alone: {} = {}", reading.key.name, number);
  }
  complain(node, reading, must, advice);
  return std::nullopt;
}

}  // namespace

template <>
std::optional<double> read_value(const TomlNode& node, const Reading& reading) {
  const auto value = finite(node, reading, a_number(reading.key));
  if (!value || reading.key.range.contains(*value)) return value;
  complain(node, reading, reading.key.range.text());
  return std::nullopt;
}

template <>
std::optional<int> read_value(const TomlNode& node, const Reading& reading) {
  const auto value = finite(node, reading, "a whole number");
  if (!value) return std::nullopt;
  if (*value != std::floor(*value)) {
    complain(node, reading, "a whole number");
    return std::nullopt;
  }
  Range range = reading.key.range;
  range.low = std::max(range.low, static_cast<double>(std::numeric_limits<int>::min()));
  range.high = std::min(range.high, static_cast<double>(std::numeric_limits<int>::max()));
  if (range.contains(*value)) return static_cast<int>(*value);
  complain(node, reading, range.text());
  return std::nullopt;
}

template <>
std::optional<std::string> read_value(const TomlNode& node, const Reading& reading) {
  if (node.kind == TomlKind::text) return std::get<std::string>(node.value);
  complain(node, reading, "text",
           fmt::format("put it between quotes: {} = {}", reading.key.name, io::toml_text(shown(node))));
  return std::nullopt;
}

template <>
std::optional<std::vector<double>> read_value(const TomlNode& node, const Reading& reading) {
  if (node.kind != TomlKind::array) {
    complain(node, reading, "an array of numbers", fmt::format("write {} = [1.0, 2.0]", reading.key.name));
    return std::nullopt;
  }
  std::vector<double> values;
  for (const TomlNode& item : node.children) {
    const auto value = read_value<double>(item, reading);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

template <>
std::optional<std::complex<double>> read_value(const TomlNode& node, const Reading& reading) {
  std::complex<double> value;
  const std::string must = "a number or [real, imaginary]";
  if (node.kind == TomlKind::array) {
    if (node.children.size() != 2) {
      complain(node, reading, must);
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
  if (reading.key.range.contains(std::abs(value))) return value;
  complain(node, reading, "of a modulus " + reading.key.range.text());
  return std::nullopt;
}

template <>
std::optional<std::optional<double>> read_value(const TomlNode& node, const Reading& reading) {
  const auto value = read_value<double>(node, reading);
  if (!value) return std::nullopt;
  return value;
}

template <>
std::optional<std::optional<std::complex<double>>> read_value(const TomlNode& node, const Reading& reading) {
  const auto value = read_value<std::complex<double>>(node, reading);
  if (!value) return std::nullopt;
  return value;
}

std::optional<std::size_t> read_choice(const TomlNode& node, const Reading& reading) {
  const std::vector<std::string>& choices = reading.key.choices;
  std::string advice;
  if (node.kind == TomlKind::text) {
    const std::string& word = std::get<std::string>(node.value);
    const auto found = std::find(choices.begin(), choices.end(), word);
    if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
    if (const auto near = closest(word, choices)) advice = fmt::format("did you mean \"{}\"?", *near);
  }
  std::string list;
  for (const std::string& name : choices) list += (list.empty() ? "" : ", ") + name;
  complain(node, reading, "one of " + list, advice);
  return std::nullopt;
}

std::optional<std::string> read_file_name(const TomlNode& node, const Reading& reading) {
  auto name = read_value<std::string>(node, reading);
  if (!name || name->empty()) return name;
  const auto& source = node.location.source;
  const std::filesystem::path folder = source ? source->folder : std::filesystem::path{};
  return std::filesystem::absolute(folder / *name).lexically_normal().string();
}

std::optional<std::string> read_material_name(const TomlNode& node, const Reading& reading) {
  const bool table = node.kind == TomlKind::text && materials::names_table(std::get<std::string>(node.value));
  return table ? read_file_name(node, reading) : read_value<std::string>(node, reading);
}

std::optional<std::string> write_value(double value) {
  return io::toml_number(value);
}

std::optional<std::string> write_value(int value) {
  return std::to_string(value);
}

std::optional<std::string> write_value(const std::string& value) {
  return io::toml_text(value);
}

std::optional<std::string> write_value(const std::vector<double>& value) {
  std::string out;
  for (const double number : value) out += (out.empty() ? "" : ", ") + io::toml_number(number);
  return "[" + out + "]";
}

std::optional<std::string> write_value(const std::complex<double>& value) {
  if (value.imag() == 0 && !std::signbit(value.imag())) return io::toml_number(value.real());
  return "[" + io::toml_number(value.real()) + ", " + io::toml_number(value.imag()) + "]";
}

std::optional<std::string> write_value(const std::optional<double>& value) {
  if (!value) return std::nullopt;
  return io::toml_number(*value);
}

std::optional<std::string> write_value(const std::optional<std::complex<double>>& value) {
  if (!value) return std::nullopt;
  return write_value(*value);
}

}  // namespace undulith::job
