// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "layout/oasis/stream.hpp"

namespace undulith::layout::oasis {

/// Positions of the copies of an element, relative to the first: a lattice or a list.
struct Repetition {
  int columns = 1, rows = 1;
  DbuPoint column_step{}, row_step{};
  std::vector<DbuPoint> places{};  ///< all positions, including the first; empty for a lattice

  [[nodiscard]] bool is_lattice() const { return places.empty(); }
  [[nodiscard]] std::int64_t size() const {
    return is_lattice() ? std::int64_t{columns} * rows : static_cast<std::int64_t>(places.size());
  }
  [[nodiscard]] DbuPoint place(std::int64_t i) const;
};

/// Reads a repetition of any type except 0, which reuses the previous one and has no data.
///
/// Lattices stay lattices, so that a few bytes never become many. Positions in a list take at least one byte
/// each in the file.
/// @param type  1 to 11, already read
[[nodiscard]] Repetition read_repetition(OasisStream& stream, std::uint64_t type);

}  // namespace undulith::layout::oasis
