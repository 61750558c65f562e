// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <system_error>

#include "undulith/core/large_buffer.hpp"
#include "undulith/io/sha256.hpp"

namespace undulith::io {

/// Results on disk, each under the hash of all that it depends on.
///
/// An entry is written aside and renamed, and begins with the hash of its name and content: one that a crash or a disk has damaged
/// is removed with a warning and counts as absent. What was not used for longest goes when the folder holds more than
/// its limit; nothing but entries is ever removed. Any number of processes and threads may use one folder. A folder that
/// cannot be written is read from; the first refusal is a warning.
class Store {
 public:
  static constexpr std::uint64_t kUsualLimit = 5'000'000'000;
  static constexpr std::uint64_t kLargestShare = 4;

  /// chosen: by the user, who is warned where results cannot be kept. usual: nobody asked for it, and a folder that
  /// cannot be made is no more than a remark.
  enum class Folder { chosen, usual };

  /// Nothing is written before the first entry.
  explicit Store(std::filesystem::path folder, std::uint64_t most_bytes = kUsualLimit,
                 Folder kind = Folder::chosen);

  /// Cost: 0.02 ms, and to read and hash the entry 0.7 ms per MB.
  [[nodiscard]] std::optional<LargeVector<std::byte>> find(const Sha256& key);
  /// A folder that is made for the store can be read by its owner alone. An entry of more than 1 / kLargestShare of the limit
  /// is not kept: it would drive out all others.
  void keep(const Sha256& key, std::span<const std::byte> value);
  /// Removes an entry that turned out to be unreadable, with a warning.
  void discard(const Sha256& key);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::uint64_t most_bytes() const { return most_bytes_; }
  [[nodiscard]] int n_found() const { return n_found_; }
  [[nodiscard]] int n_kept() const { return n_kept_; }

 private:
  [[nodiscard]] std::filesystem::path file_of(const Sha256& key) const;
  [[nodiscard]] std::error_code make_folder() const;
  void refuse(const std::string& why);
  void note_growth(std::uint64_t size);
  void trim() const;

  std::filesystem::path folder_;
  std::uint64_t most_bytes_;
  Folder kind_;
  std::atomic<int> n_found_ = 0, n_kept_ = 0;
  std::atomic<bool> refused_ = false;
};

}  // namespace undulith::io
