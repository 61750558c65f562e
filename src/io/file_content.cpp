// SPDX-License-Identifier: MIT
#include "undulith/io/file_content.hpp"

#include <system_error>
#include <utility>

#include "undulith/io/content_hash.hpp"

namespace undulith::io {
namespace {

/// A large file: nothing but its hash.
std::shared_ptr<const FileContent> hashed_content(const std::filesystem::path& path) {
  const HashedFile hashed = content_hash(path);
  return std::make_shared<const FileContent>(
      FileContent{.path = path, .hash = hashed.sha256, .size = hashed.n_bytes});
}

}  // namespace

std::shared_ptr<const FileContent> read_content(const std::filesystem::path& path, const FileReader& reader) {
  std::error_code error;
  const bool regular = std::filesystem::is_regular_file(path, error);
  if (regular && std::filesystem::file_size(path, error) > kMaxKeptBytes && !error)
    return hashed_content(path);
  std::vector<std::byte> bytes = reader(path);
  const Sha256 hash = sha256(bytes);
  const std::uint64_t size = bytes.size();
  return std::make_shared<const FileContent>(
      FileContent{.path = path, .bytes = std::move(bytes), .hash = hash, .size = size});
}

}  // namespace undulith::io
