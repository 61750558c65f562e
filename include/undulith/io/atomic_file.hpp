// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace undulith::io {

/// A file that appears whole or not at all, written a part at a time: a reader sees either the old or the new content.
///
/// Parts go into a hidden file in the same folder, which commit() renames. Without commit() the destructor removes it and
/// the old content stays. Links are followed.
class AtomicFile {
 public:
  /// @throws IoError  no such folder, no permission, or the path is not a plain file
  explicit AtomicFile(std::filesystem::path path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  /// @throws IoError  no space
  void append(std::string_view text);
  void append(std::span<const std::byte> bytes);
  /// Once, at the end. @throws IoError  no space, no permission
  void commit();

 private:
  class Aside;
  std::filesystem::path path_;
  std::unique_ptr<Aside> aside_;
};

}  // namespace undulith::io
