// SPDX-License-Identifier: MIT
#include "undulith/core/printable.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace undulith {
namespace {

/// The UTF-8 character at the start of the text; no bytes if it is invalid.
struct Character {
  std::uint32_t code = 0;
  std::size_t n_bytes = 0;
};

Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t n = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < n) return {};
  std::uint32_t code = first & (0xFFU >> (n + 1));
  for (std::size_t i = 1; i < n; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const bool valid = code >= kSmallest[n] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  return valid ? Character{code, n} : Character{};
}

/// Bytes of the UTF-8 character at the start of the text that a terminal shows, or 0: an invalid byte, a
/// control character (C0, DEL, C1), or one that changes the direction of the text around it.
std::size_t shown_bytes(std::string_view text) {
  const Character c = first_character(text);
  const bool control = c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0);
  const bool direction = (c.code >= 0x202A && c.code <= 0x202E) || (c.code >= 0x2066 && c.code <= 0x2069);
  return control || direction ? 0 : c.n_bytes;
}

std::string escaped(std::string_view text, std::string_view kept) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const bool is_kept = kept.find(text.front()) != std::string_view::npos;
    const std::size_t n = is_kept ? 1 : shown_bytes(text);
    if (n == 0)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    else
      out += text.substr(0, n);
    text.remove_prefix(n == 0 ? 1 : n);
  }
  return out;
}

}  // namespace

std::string printable(std::string_view text) {
  return escaped(text, "");
}

std::string printable_lines(std::string_view text) {
  return escaped(text, "\n\t");
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Character c = first_character(text);
    if (c.n_bytes == 0) return false;
    text.remove_prefix(c.n_bytes);
  }
  return true;
}

}  // namespace undulith
