// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace undulith::io {

/// A SHA-256 hash: two different contents never have the same one in practice.
struct Sha256 {
  std::array<std::byte, 32> bytes{};

  /// 64 hexadecimal digits.
  [[nodiscard]] std::string hex() const;
  /// Nothing from a text that is not 64 hexadecimal digits.
  [[nodiscard]] static std::optional<Sha256> from_hex(std::string_view text);
  friend auto operator<=>(const Sha256&, const Sha256&) = default;
};

/// Cost: 2 GB/s on a processor with instructions for it.
[[nodiscard]] Sha256 sha256(std::span<const std::byte> bytes);

struct HashedFile {
  std::uint64_t n_bytes = 0;
  Sha256 sha256;
};

/// The hash of what a file contains, read piece by piece.
/// @throws InputError  missing, a folder, or unreadable
[[nodiscard]] HashedFile hash_file(const std::filesystem::path& path);

}  // namespace undulith::io
