// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
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
/// The same, with parts one after the other.
void write_atomic(const std::filesystem::path& path, std::span<const std::span<const std::byte>> parts);
void write_atomic(const std::filesystem::path& path, std::string_view text);

/// Writes a new file that its owner alone may read and write.
/// @throws InputError  there is something of that name: a secret is never replaced
/// @throws IoError     it cannot be written
void write_secret(const std::filesystem::path& path, std::string_view text);

/// Hidden files and folders, .NAME.undulith-tmp, that killed runs left in `folder`, sorted; [] if it cannot be read.
/// The next run into the same results folder removes them.
[[nodiscard]] std::vector<std::filesystem::path> find_leftovers(const std::filesystem::path& folder);

/// Removes everything that this process has begun to write and not finished. Only for the end of the process.
void discard_unfinished() noexcept;

class Unfinished;

/// A folder of results that is written completely or not at all.
///
/// Files are written into a hidden folder next to the target; commit() moves them into place. Without
/// commit() the destructor removes the files, and the parent folders that were created. A missing or empty
/// target appears in one rename. A target with files in it is exchanged with the new folder in one step, and
/// files of other names return to it; a target that cannot be exchanged (the working folder, a mount point) is
/// filled file by file, and restored on an error.
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
  /// Names of the files written before commit(), sorted, with '/'.
  [[nodiscard]] std::vector<std::string> names() const;
  /// Moves all files into the target; files of the same name are replaced, others stay.
  /// @throws IoError  the target is then as before. The results are kept in the folder that the message names
  ///                  if files have appeared in the target since the start and the policy is refuse, or if a
  ///                  folder has the name of a file of the results, or a file that of a folder
  void commit();

 private:
  [[noreturn]] void keep_aside(const std::string& why);
  void exchange_with_target();
  void fill_target();

  std::filesystem::path target_;       ///< as given
  std::filesystem::path real_target_;  ///< absolute, links resolved
  std::unique_ptr<Unfinished> staging_;
  IfExists policy_;
  bool committed_ = false;
};

}  // namespace undulith::io
