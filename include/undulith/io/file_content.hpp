// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "undulith/io/files.hpp"
#include "undulith/io/sha256.hpp"

namespace undulith::io {

/// A larger file is not kept in memory.
inline constexpr std::uint64_t kMaxKeptBytes = std::uint64_t{32} << 20;

/// A file as it was read. All who need its content share it, so the file is opened once, unless it is large:
/// then its bytes are read again where they are needed.
struct FileContent {
  std::filesystem::path path;
  std::vector<std::byte> bytes{};  ///< empty for a file of more than kMaxKeptBytes
  Sha256 hash{};                   ///< of all bytes
  std::uint64_t size = 0;          ///< of the file

  [[nodiscard]] bool is_kept() const { return bytes.size() == size; }
};

/// Opens a file and returns its bytes; a test passes one that counts.
using FileReader = std::function<std::vector<std::byte>(const std::filesystem::path&)>;

/// read_bytes() with its default limit.
[[nodiscard]] inline std::vector<std::byte> read_from_disk(const std::filesystem::path& path) {
  return read_bytes(path);
}

/// @throws InputError  as the reader
[[nodiscard]] std::shared_ptr<const FileContent> read_content(const std::filesystem::path& path,
                                                              const FileReader& reader = read_from_disk);

}  // namespace undulith::io
