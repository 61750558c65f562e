#pragma once

#include <cstdint>
#include <vector>

#include "layout/oasis_stream.hpp"

namespace undulith::layout::oasis {

/// Where the copies of an element lie, relative to the first: on a lattice, or at places given one by one.
struct Repetition {
  int columns = 1, rows = 1;
  DbuPoint column_step{}, row_step{};
  std::vector<DbuPoint> places{};  ///< all of them, the first included; empty for a lattice

  [[nodiscard]] bool is_lattice() const { return places.empty(); }
  [[nodiscard]] std::int64_t size() const {
    return is_lattice() ? std::int64_t{columns} * rows : static_cast<std::int64_t>(places.size());
  }
  [[nodiscard]] DbuPoint place(std::int64_t i) const;
};

/// Reads a repetition of any type but 0, which reuses the one before and has no data.
///
/// Lattices keep their form, so that a few bytes never become many. Places given one by one take a byte each
/// in the file at least.
/// @param type  1 to 11, already read
[[nodiscard]] Repetition read_repetition(OasisStream& stream, std::uint64_t type);

}  // namespace undulith::layout::oasis
