// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace undulith::io {

/// Reads a whole file as bytes or as text.
/// Pipes and devices are read to their end, up to the same limit.
/// @throws InputError  missing, a directory, unreadable, or over max_bytes
[[nodiscard]] std::vector<std::byte> read_bytes(const std::filesystem::path& path,
                                                std::size_t max_bytes = std::size_t{4} << 30);
[[nodiscard]] std::string read_text(const std::filesystem::path& path,
                                    std::size_t max_bytes = std::size_t{64} << 20);

/// Writes a file so that a reader sees either the old or the new content, never a part: a temporary file is
/// renamed.
///
/// Links are followed. On an error the temporary file is removed and the old content stays.
/// @throws IoError         no such folder, no permission, no space, or the path is not a plain file
/// @throws NumericalError  the text is a table (.csv) with a field that is nan or inf
void write_atomic(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_atomic(const std::filesystem::path& path, std::string_view text);

/// A folder of results that is written completely or not at all.
///
/// Files are written into a hidden folder next to the target; commit() moves them into place. Without
/// commit() the destructor removes the files, and the parent folders that were created. A missing or empty
/// target appears in one rename; a target with files in it is filled by renaming one file after another.
class OutputFolder {
 public:
  enum class IfExists { refuse, replace_files };
  /// @throws InputError  the folder exists with files in it and IfExists::refuse
  /// @throws IoError     it cannot be created
  OutputFolder(std::filesystem::path target, IfExists policy);
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;
  ~OutputFolder();

  /// Path to write `name` to before commit(); folders in it ("point-3/summary.json") are created.
  /// @throws std::invalid_argument  empty, absolute or leaving the folder
  [[nodiscard]] std::filesystem::path file(const std::string& name) const;
  [[nodiscard]] const std::filesystem::path& target() const { return target_; }
  /// Moves all files into the target; files of the same name are replaced, others stay.
  /// @throws IoError  also if files have appeared in the target since the start and the policy is refuse;
  ///                  the results are then kept in the folder that the message names
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
