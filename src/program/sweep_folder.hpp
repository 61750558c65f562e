// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "undulith/io/journal.hpp"
#include "undulith/program/sweep.hpp"

namespace undulith::program {

/// What a point gave.
struct Finished {
  std::string lines;  ///< of the table
  bool failed = false;
};
using Points = std::map<std::size_t, Finished>;  ///< by the number of the point

/// The journals of a sweep: one for each shard, all in one folder.
class SweepFolder {
 public:
  /// Makes the folder, or takes it up. With `restart` of the request the journal of this shard, those of other sweeps
  /// and what they wrote are removed; the other shards of this sweep stay.
  /// @param first_line  of the journals of this sweep
  /// @throws InputError  the folder holds another sweep, or a table that is none of a sweep; another process has this shard
  SweepFolder(const SweepRequest& request, std::string first_line, std::size_t n_points);

  /// The points in all journals; a later line replaces an earlier one.
  /// @throws InputError  a line that was not written by add()
  [[nodiscard]] Points read() const;
  /// Not for several threads at a time. @throws IoError
  void add(std::size_t point, const Finished& finished);

 private:
  std::filesystem::path folder_;
  std::string first_line_;
  std::size_t n_points_;
  io::Journal journal_;
};

}  // namespace undulith::program
