#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace undulith::io {

/// Whole file as bytes or as text.
/// @throws InputError  missing, a directory, unreadable, or over max_bytes (the message says which and what to do)
[[nodiscard]] std::vector<std::byte> read_bytes(const std::filesystem::path& path, std::size_t max_bytes = std::size_t{4} << 30);
[[nodiscard]] std::string read_text(const std::filesystem::path& path, std::size_t max_bytes = std::size_t{64} << 20);

/// Writes a file so that a reader sees either the old content or the new, never a part: temporary file, then rename.
/// @throws IoError
void write_atomic(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_atomic(const std::filesystem::path& path, std::string_view text);

/// A folder of results that appears whole or not at all.
///
/// Files are written into a hidden folder beside the target; commit() moves them into place. Without commit() the
/// destructor removes what was written.
class OutputFolder {
 public:
  enum class IfExists { refuse, replace_files };
  /// @throws InputError  the folder exists with files in it and IfExists::refuse
  /// @throws IoError     it cannot be made
  OutputFolder(std::filesystem::path target, IfExists policy);
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;
  ~OutputFolder();

  /// Path to write `name` to before commit().
  [[nodiscard]] std::filesystem::path file(const std::string& name) const;
  [[nodiscard]] const std::filesystem::path& target() const { return target_; }
  /// Moves all files into the target; those of the same name are replaced, others stay.
  /// @throws IoError
  void commit();

 private:
  std::filesystem::path target_, staging_;
  bool committed_ = false;
};

}  // namespace undulith::io
