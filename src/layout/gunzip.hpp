// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace undulith::layout {

/// Whether the content begins like a gzip file.
[[nodiscard]] bool is_gzip(std::span<const std::byte> bytes);

/// Inflates a gzip file of one or more members.
///
/// The size in the file is not trusted: memory grows with the data that are really inflated, up to
/// max_bytes.
/// @throws InputError  damaged or truncated data, more than max_bytes
[[nodiscard]] std::vector<std::byte> gunzip(std::span<const std::byte> bytes, const std::string& name,
                                            std::size_t max_bytes = std::size_t{4} << 30);

}  // namespace undulith::layout
