// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace undulith::io {

/// Two lower-case hexadecimal digits per byte.
[[nodiscard]] std::string hex_text(std::span<const std::byte> bytes);

/// Fills `bytes` from exactly two hexadecimal digits per byte, of either case; false, and nothing of use, from another text.
[[nodiscard]] bool read_hex(std::string_view text, std::span<std::byte> bytes);

/// The same as a value.
template <std::size_t N>
[[nodiscard]] std::optional<std::array<std::byte, N>> bytes_of_hex(std::string_view text) {
  std::array<std::byte, N> bytes{};
  return read_hex(text, bytes) ? std::optional(bytes) : std::nullopt;
}

}  // namespace undulith::io
