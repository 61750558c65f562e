// SPDX-License-Identifier: MIT
#include "undulith/io/file_content.hpp"

#include <utility>

namespace undulith::io {

std::uint64_t fnv1a(std::span<const std::byte> bytes, std::uint64_t hash) {
  for (const std::byte byte : bytes) hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3U;
  return hash;
}

std::shared_ptr<const FileContent> read_content(const std::filesystem::path& path, const FileReader& reader) {
  std::vector<std::byte> bytes = reader(path);
  const std::uint64_t hash = fnv1a(bytes);
  return std::make_shared<const FileContent>(
      FileContent{.path = path, .bytes = std::move(bytes), .hash = hash});
}

}  // namespace undulith::io
