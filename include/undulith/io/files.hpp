#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace undulith::io {

/// Whole file as bytes or as text.
/// Pipes and devices are read to their end, up to the same limit.
/// @throws InputError  missing, a directory, unreadable, or over max_bytes
[[nodiscard]] std::vector<std::byte> read_bytes(const std::filesystem::path& path,
                                                std::size_t max_bytes = std::size_t{4} << 30);
[[nodiscard]] std::string read_text(const std::filesystem::path& path,
                                    std::size_t max_bytes = std::size_t{64} << 20);

/// Writes a file so that a reader sees either the old content or the new, never a part: a temporary file is
/// renamed.
///
/// Links are followed. On an error nothing is left behind and the old content stays.
/// @throws IoError  no such folder, no permission, no space, or the path is no plain file
void write_atomic(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_atomic(const std::filesystem::path& path, std::string_view text);

/// A folder of results that appears whole or not at all.
///
/// Files are written into a hidden folder beside the target; commit() moves them into place. Without commit()
/// the destructor removes what was written, and the parent folders that it had to make. A missing or empty
/// target then appears in one rename; a target with files in it is filled by renaming file after file.
class OutputFolder {
 public:
  enum class IfExists { refuse, replace_files };
  /// @throws InputError  the folder exists with files in it and IfExists::refuse
  /// @throws IoError     it cannot be made
  OutputFolder(std::filesystem::path target, IfExists policy);
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;
  ~OutputFolder();

  /// Path to write `name` to before commit(); folders in it ("point-3/summary.json") are made.
  /// @throws std::invalid_argument  empty, absolute or leaving the folder
  [[nodiscard]] std::filesystem::path file(const std::string& name) const;
  [[nodiscard]] const std::filesystem::path& target() const { return target_; }
  /// Moves all files into the target; those of the same name are replaced, others stay.
  /// @throws IoError  also when files have appeared in the target since the start and the policy is refuse;
  ///                  the results are then kept where the message says
  void commit();

 private:
  void move_files();
  void remove_made_parents();

  std::filesystem::path target_;       ///< as given
  std::filesystem::path real_target_;  ///< absolute, links resolved
  std::filesystem::path staging_;
  std::vector<std::filesystem::path> made_parents_;  ///< deepest first
  IfExists policy_;
  bool committed_ = false;
};

}  // namespace undulith::io
