// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "undulith/io/journal.hpp"
#include "undulith/program/sweep.hpp"

namespace undulith::program {

/// What a point gave.
struct Finished {
  std::string lines;  ///< of the table
  bool failed = false;
};

/// The journals of a sweep: one for each shard, all in one folder. Of a finished point only its place is in memory (16 bytes).
class SweepFolder {
 public:
  /// Makes the folder, or takes it up. With `restart` of the request the journal of this shard begins anew, and those of
  /// other sweeps are removed; the other shards of this sweep and the files of an earlier sweep stay. With `gather` there is
  /// no journal of this process, and add() is not called.
  /// @param first_line  of the journals of this sweep
  /// @throws InputError  the folder holds another sweep, or a table that is none of a sweep; another process has this shard
  SweepFolder(const SweepRequest& request, std::string first_line, std::size_t n_points);

  /// Takes up what all journals hold by now; a later line replaces an earlier one.
  /// @throws InputError  a line that was not written by add()
  void read();
  /// Not for several threads at a time. @throws IoError
  void add(std::size_t point, const Finished& finished);

  // As of the last read() and what was added since.
  [[nodiscard]] bool is_finished(std::size_t point) const { return places_[point].journal != kNone; }
  [[nodiscard]] bool has_failed(std::size_t point) const { return places_[point].failed; }
  [[nodiscard]] std::size_t n_finished() const;
  [[nodiscard]] std::size_t n_failed() const;

  /// The lines of the table of a finished point, as of the last read(). Fast for points in the order of their journal.
  /// @throws InputError  the journal has changed since
  [[nodiscard]] std::string lines_of(std::size_t point);

  /// Removes pictures and other results of an earlier sweep, not its table.
  /// @param kept  names of files that stay
  void remove_results_except(const std::vector<std::filesystem::path>& kept) const;

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX, kAdded = kNone - 1;
  struct Place {
    std::uint64_t offset = 0;
    std::uint32_t journal = kNone;  ///< in paths_; kAdded: in that of this shard
    bool failed = false;
  };

  std::filesystem::path folder_;
  std::string first_line_;
  std::optional<io::Journal> journal_;
  std::vector<Place> places_;  ///< by the number of the point
  std::vector<std::filesystem::path> paths_;
  std::ifstream open_;
  std::uint32_t open_journal_ = kNone;
};

}  // namespace undulith::program
