// SPDX-License-Identifier: MIT
#include "io/toml_screen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/core/decimal.hpp"

namespace undulith::io {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_quote(char c) {
  return c == '"' || c == '\'';
}
bool is_bare(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || c == '-';
}
bool is_wide(char c) {
  return (static_cast<unsigned char>(c) & 0x80) != 0;
}
bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// Scans a text; keeps track only of quotes, comments and open brackets.
class Screener {
 public:
  explicit Screener(std::string_view text) : text_(text) {}

  std::optional<TomlFault> run() {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = start_ = 3;  // byte order mark
    std::string open;                                         // brackets, the innermost last
    bool fresh = true;                                        // at the beginning of a statement
    bool in_value = false;                                    // after a =
    int points = 0;                                           // in the name of a key
    while (!done()) {
      const char c = here();
      if (c == '\n') {
        next();
        fresh = open.empty();
        in_value = false;
        points = 0;
      } else if (c == '#') {
        skip_line();
      } else if (is_quote(c) && opens_string(in_value || open.ends_with('['))) {
        if (const auto fault = skip_string()) return fault;
        fresh = false;
      } else if (is_wide(c)) {
        return fault_here(fmt::format(
            "{} outside of quotes (TOML allows only ASCII there); use ASCII or put the text in quotes",
            character()));
      } else if (c == '[' && fresh) {
        if (const auto fault = check_heading()) return fault;
        fresh = false;
      } else {
        if (c == '[' || c == '{') {
          if (!begins_word())
            return fault_here(fmt::format("unexpected {} within a value; check the brackets", c));
          open += c;
        }
        if ((c == ']' || c == '}') && !open.empty()) {
          if (open.back() != (c == ']' ? '[' : '{'))
            return fault_here(
                fmt::format("{} closes a {} (brackets must match); check the brackets", c, open.back()));
          open.pop_back();
        }
        if (c == '=') {
          if (in_value)
            return fault_here("unexpected = within a value; put text in quotes, or write one key per line");
          in_value = true;
        }
        if (c == ',' || c == '{') in_value = false, points = 0;
        if (c == '.' && !in_value && ++points > kMaxPoints) return too_deep();
        if ((in_value || open.ends_with('[')) && begins_word())
          if (const auto fault = check_size()) return fault;
        if (!is_blank(c) && c != '\r') fresh = false;
        next();
      }
    }
    return std::nullopt;
  }

 private:
  // toml++ parses the name of a key by recursion: ten thousand parts overflow its stack.
  static constexpr int kMaxPoints = 32;
  [[nodiscard]] TomlFault too_deep() const {
    return fault_here(fmt::format("a name of more than {} parts (keys have two or three); write table.key",
                                  kMaxPoints + 1));
  }

  [[nodiscard]] bool done() const { return at_ >= text_.size(); }
  [[nodiscard]] char here() const { return text_[at_]; }
  [[nodiscard]] bool sees(std::string_view word) const { return text_.substr(at_).starts_with(word); }
  void next() {
    if (here() == '\n') {
      ++line_;
      start_ = at_ + 1;
    }
    ++at_;
  }
  void skip_blanks() {
    while (!done() && is_blank(here())) next();
  }
  void skip_line() {
    while (!done() && here() != '\n') next();
  }

  [[nodiscard]] TomlFault fault_here(std::string message) const {
    const std::string_view before = text_.substr(start_, at_ - start_);
    const auto wide = std::count_if(before.begin(), before.end(), is_continuation);
    return {line_, static_cast<int>(before.size()) - static_cast<int>(wide) + 1, std::move(message)};
  }
  /// The UTF-8 character that begins here.
  [[nodiscard]] std::string character() const {
    std::size_t end = at_ + 1;
    while (end < text_.size() && is_continuation(text_[end])) ++end;
    return std::string(text_.substr(at_, end - at_));
  }

  /// Refuses a number that no double holds: toml++ would call it no value at all.
  [[nodiscard]] std::optional<TomlFault> check_size() const {
    if (std::string_view("+-.0123456789").find(here()) == std::string_view::npos) return std::nullopt;
    std::string word(text_.substr(at_, text_.find_first_of(" \t\r\n,]}#", at_) - at_));
    std::erase(word, '_');
    if (read_decimal(word).fault != DecimalFault::too_large) return std::nullopt;
    return fault_here(
        fmt::format("{} is too large (a number is at most 1.8e308); write a smaller one", shown_text(word)));
  }

  /// Checks "[" or "[[" and the beginning of a name; toml++ checks the rest.
  std::optional<TomlFault> check_heading() {
    const TomlFault fault = fault_here(
        "this is not the heading of a table (a name has letters, digits, _ and -); write [name] or [[name]]");
    next();
    skip_blanks();
    if (!done() && here() == '[') {
      next();
      skip_blanks();
    }
    if (done() || !(is_bare(here()) || is_quote(here()))) return fault;
    // The brackets of a heading are not open brackets.
    for (int points = 0; !done() && here() != '\n' && here() != '#' && !is_quote(here()) && !is_wide(here());
         next())
      if (here() == '.' && ++points > kMaxPoints) return too_deep();
    return std::nullopt;
  }

  /// toml++ reads a word up to a blank, comma or closing bracket: an opening bracket within it does not
  /// count.
  [[nodiscard]] bool begins_word() const {
    return at_ == start_ || std::string_view(" \t\r=,[{").find(text_[at_ - 1]) != std::string_view::npos;
  }
  /// Whether a quote begins a string: after a point, only in the name of a key.
  [[nodiscard]] bool opens_string(bool in_value) const {
    return begins_word() || (text_[at_ - 1] == '.' && !in_value);
  }

  std::optional<TomlFault> skip_string() {
    const char quote = here();
    const std::string thrice(3, quote);
    const bool many_lines = sees(thrice);
    for (int i = many_lines ? 3 : 1; i > 0; --i) next();
    while (!done()) {
      if (many_lines ? sees(thrice) : here() == quote) {
        for (int i = many_lines ? 3 : 1; i > 0; --i) next();
        // Up to two quotes may precede the closing three.
        for (int i = 0; many_lines && i < 2 && !done() && here() == quote; ++i) next();
        return std::nullopt;
      }
      if (!many_lines && here() == '\n') return std::nullopt;  // unclosed: toml++ reports it
      const bool escape = quote == '"' && here() == '\\';
      next();
      if (!escape || done()) continue;
      if (!many_lines) {
        if (here() != '\n') next();
        continue;
      }
      if (is_blank(here()) || here() == '\n' || here() == '\r')
        while (!done() && (is_blank(here()) || here() == '\n' || here() == '\r')) next();
      else if (!is_wide(here()))
        next();
      if (!done() && is_wide(here()))
        return fault_here(fmt::format(
            "{} after a backslash (it is not an escape sequence); remove the backslash", character()));
    }
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0, start_ = 0;  // start_: start of the line
  int line_ = 1;
};

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && (is_digit(text[at]) || text[at] == '_')) ++at;
  return at;
}

/// The end of the number at the beginning of the text; 0 if there is none. The point may lack digits on one
/// side.
std::size_t number_end(std::string_view text) {
  std::size_t at = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  const std::size_t first = at;
  at = skip_digits(text, at);
  std::size_t digits = at - first;
  if (at < text.size() && text[at] == '.') {
    const std::size_t end = skip_digits(text, at + 1);
    digits += end - at - 1;
    at = end;
  }
  if (digits == 0) return 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t exponent = at + 1;
    if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) ++exponent;
    if (exponent < text.size() && is_digit(text[exponent])) at = skip_digits(text, exponent);
  }
  return at;
}

}  // namespace

std::optional<TomlFault> screen_toml(std::string_view text) {
  return Screener(text).run();
}

std::string toml_hint(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return {};
  const std::string_view value = without_blanks(line.substr(equals + 1, line.find('#', equals) - equals - 1));
  if (value.empty()) return "write a value, or remove the key to get its default";

  const std::size_t end = number_end(value);
  if (end == value.size() && read_decimal(value).fault == DecimalFault::too_large) return {};
  if (end == value.size() && value.find_first_of(".eE_") == std::string_view::npos) {
    const double size = std::abs(decimal_of(value).value_or(0));
    const std::size_t zeros = value.find_first_not_of("+-0");
    if (size >= 9223372036854775807.0)
      return fmt::format("write so large a number with an exponent: {:e}", *decimal_of(value));
    if (zeros != 0 && zeros != std::string_view::npos && value[zeros - 1] == '0')
      return fmt::format("leave out the zeros before the number: {}", value.substr(zeros));
  }
  if (end > 0) {
    const std::string_view number = value.substr(0, end), rest = without_blanks(value.substr(end));
    const std::size_t point = number.find('.');
    if (rest.empty() && point != std::string_view::npos &&
        (point == 0 || !is_digit(number[point - 1]) || point + 1 == number.size() ||
         !is_digit(number[point + 1])))
      return "write a digit on both sides of the decimal point: 0.5, 5.0";
    if (rest.size() > 1 && rest[0] == ',' && point == std::string_view::npos &&
        std::all_of(rest.begin() + 1, rest.end(), is_digit))
      return fmt::format("write a decimal point: {}.{}", number, rest.substr(1));
    if (!rest.empty() && (is_letter(rest[0]) || is_wide(rest[0]) || rest[0] == '%'))
      return fmt::format("the key name contains the unit; write the number alone: {}", number);
    return {};
  }
  const bool word = is_letter(value[0]) && std::all_of(value.begin(), value.end(), [](char c) {
                      return is_bare(c) || is_wide(c) || c == '.' || c == '/';
                    });
  if (word) return fmt::format("put text in quotes: \"{}\"", value);
  if (value.starts_with("\xe2\x80\x9c") || value.starts_with("\xe2\x80\x9e") || value.starts_with("\xc2\xab"))
    return "put text in straight quotes: \"text\"";
  return {};
}

}  // namespace undulith::io
