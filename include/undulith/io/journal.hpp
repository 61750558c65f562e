// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace undulith::io {

/// Hands on the lines of a journal behind its first one, which must be `first_line`, each with the byte of the file at which
/// it begins. What a crash left of a last line is not among them. Memory: one block of the file and a line.
/// @returns  the number of bytes of whole lines
/// @throws InputError  it cannot be read, or begins with another line
std::uint64_t read_journal(const std::filesystem::path& path, std::string_view first_line,
                           const std::function<void(std::string_view line, std::uint64_t offset)>& take);

/// A file of finished work that outlives the process: each line is there whole or not at all, whenever it is killed. A power
/// failure costs the lines of the last second. One process writes a journal at a time. Not for several threads at a time.
class Journal {
 public:
  enum class Start { go_on, anew };
  /// Goes on behind the last whole line of the file, or begins it; anew: what it holds is dropped.
  /// @throws InputError  as read_journal; another process writes it
  /// @throws IoError     it cannot be written
  Journal(std::filesystem::path path, std::string_view first_line, Start start = Start::go_on);
  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

  /// @param line  without a line end
  /// @throws IoError  no space, no permission
  void append(std::string_view line);

 private:
  class File;
  std::filesystem::path path_;
  std::unique_ptr<File> file_;
};

}  // namespace undulith::io
