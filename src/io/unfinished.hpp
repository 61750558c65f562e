// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/posix.hpp"

namespace undulith::io {

/// A hidden file or folder, .NAME.PID-N.undulith-tmp, that is being written: finished by a rename, or removed.
///
/// Its process holds a lock on it (flock), which ends with the process; a hidden file without a lock was left
/// by a killed run, and the next run may remove it. discard_unfinished() removes those of this process.
class Unfinished {
 public:
  /// An empty file in `folder`, open for writing. @throws std::system_error
  [[nodiscard]] static Unfinished file(const std::filesystem::path& folder);
  /// An empty folder in `folder`, and those above it that are missing. @throws std::system_error
  [[nodiscard]] static std::unique_ptr<Unfinished> subfolder(const std::filesystem::path& folder,
                                                             const std::string& name);
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  /// Removes it, and the folders above it that were created for it, unless finish() succeeded.
  ~Unfinished();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] Descriptor& descriptor() { return descriptor_; }
  /// Calls move(), which renames it to its final name; discard_unfinished() waits meanwhile.
  void finish(const std::function<void()>& move);

 private:
  Unfinished(std::filesystem::path path, Descriptor descriptor, std::vector<std::filesystem::path> made);
  void remove() noexcept;
  friend void discard_unfinished() noexcept;

  std::filesystem::path path_;
  Descriptor descriptor_;                    ///< holds the lock
  std::vector<std::filesystem::path> made_;  ///< folders above it, deepest first
  bool finished_ = false;
};

/// A name that no other thread or process uses: PID-N.
[[nodiscard]] std::string unique_suffix();

/// Removes what killed runs left in `folder`: single files, and folders of the results `name`.
void remove_leftovers(const std::filesystem::path& folder, const std::string& name);

}  // namespace undulith::io
