// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "layout/oasis/stream.hpp"
#include "layout/repetition.hpp"

namespace undulith::layout::oasis {

/// Reads a repetition of any type except 0, which reuses the previous one and has no data.
///
/// Lattices stay lattices, so that a few bytes never become many. Positions in a list take at least one byte
/// each in the file, and about as many in memory.
/// @param type  1 to 11, already read
[[nodiscard]] Repetition read_repetition(OasisStream& stream, std::uint64_t type);

}  // namespace undulith::layout::oasis
