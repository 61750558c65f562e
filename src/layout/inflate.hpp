// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace undulith::layout {

/// Inflates raw deflate data that must give exactly `size` bytes and use up all input.
///
/// Memory grows with the data that are really inflated.
/// @return  nothing if the data are damaged or give another size
[[nodiscard]] std::optional<std::vector<std::byte>> inflate_raw(std::span<const std::byte> packed,
                                                                std::size_t size);

/// Raw deflate data of the bytes; the same for the same version of zlib.
[[nodiscard]] std::vector<std::byte> deflate_raw(std::span<const std::byte> bytes);

/// CRC-32 as in zlib and gzip.
[[nodiscard]] std::uint32_t crc32_of(std::span<const std::byte> bytes);

}  // namespace undulith::layout
