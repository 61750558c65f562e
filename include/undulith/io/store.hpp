// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "undulith/io/sha256.hpp"

namespace undulith::io {

/// Results on disk, each under the hash of all that it depends on.
///
/// An entry is written aside and renamed, and begins with the hash of its name and content: one that a crash or a disk has damaged
/// is removed with a warning and counts as absent. What was not used for longest goes when the folder holds more than
/// its limit. Any number of processes and threads may use one folder. A folder that cannot be written is read from;
/// the first refusal is a warning.
class Store {
 public:
  static constexpr std::uint64_t kUsualLimit = std::uint64_t{5} << 30;

  /// Nothing is written before the first entry.
  explicit Store(std::filesystem::path folder, std::uint64_t most_bytes = kUsualLimit);

  /// Cost: reading and hashing the entry.
  [[nodiscard]] std::optional<std::vector<std::byte>> find(const Sha256& key);
  void keep(const Sha256& key, std::span<const std::byte> value);
  /// Removes an entry that turned out to be unreadable, with a warning.
  void discard(const Sha256& key);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] int n_found() const {
    const std::scoped_lock lock(mutex_);
    return n_found_;
  }
  [[nodiscard]] int n_kept() const {
    const std::scoped_lock lock(mutex_);
    return n_kept_;
  }

 private:
  [[nodiscard]] std::filesystem::path file_of(const Sha256& key) const;
  void remove_damaged(const Sha256& key);
  void trim();

  std::filesystem::path folder_;
  std::uint64_t most_bytes_;
  mutable std::mutex mutex_;
  std::uint64_t written_ = 0;  ///< since trim()
  int n_found_ = 0, n_kept_ = 0;
  bool refused_ = false, trimmed_ = false;
};

}  // namespace undulith::io
