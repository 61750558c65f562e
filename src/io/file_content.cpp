// SPDX-License-Identifier: MIT
#include "undulith/io/file_content.hpp"

#include <fmt/format.h>

#include <fstream>
#include <system_error>
#include <utility>

#include "undulith/core/error.hpp"

namespace undulith::io {

std::uint64_t fnv1a(std::span<const std::byte> bytes, std::uint64_t hash) {
  for (const std::byte byte : bytes) hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3U;
  return hash;
}

namespace {

/// Passes over a large file for its hash.
FileContent scanned(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError(fmt::format("cannot read {}; check its permissions", path.string()));
  FileContent content{.path = path};
  std::vector<std::byte> part(std::size_t{1} << 20);
  while (in) {
    in.read(reinterpret_cast<char*>(part.data()), static_cast<std::streamsize>(part.size()));
    const auto n = static_cast<std::size_t>(in.gcount());
    content.hash = fnv1a(std::span(part).first(n), content.hash);
    content.size += n;
  }
  return content;
}

}  // namespace

std::shared_ptr<const FileContent> read_content(const std::filesystem::path& path, const FileReader& reader) {
  std::error_code error;
  const bool regular = std::filesystem::is_regular_file(path, error);
  if (regular && std::filesystem::file_size(path, error) > kMaxKeptBytes && !error)
    return std::make_shared<const FileContent>(scanned(path));
  std::vector<std::byte> bytes = reader(path);
  const std::uint64_t hash = fnv1a(bytes), size = bytes.size();
  return std::make_shared<const FileContent>(
      FileContent{.path = path, .bytes = std::move(bytes), .hash = hash, .size = size});
}

}  // namespace undulith::io
