// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "undulith/layout/layout.hpp"

namespace undulith::layout {

/// Reads an OASIS file of version 1.0 (gzip too).
///
/// All shapes (rectangles, polygons, paths, trapezoids, circles), placements of any angle and magnification,
/// all point lists and repetitions, tables of names before or after their use, compressed blocks. Text,
/// properties and extensions are skipped; a checksum is checked. A lattice of more than 100 copies of a shape
/// becomes a cell of its own ("TOP$array1"), placed as an array. OASIS has no library name.
/// @param name         for messages, usually the path
/// @param max_bytes    bound of the inflated size of the compressed blocks, and of the memory that shapes and
///                     references take
/// @throws InputError  with byte offset, record and cell, for anything malformed, truncated or beyond the
///                     bound; lengths are bounded before memory is allocated
/// Format: docs/formats/oasis.md
[[nodiscard]] Layout read_oasis(std::span<const std::byte> bytes, const std::string& name,
                                std::size_t max_bytes = std::size_t{4} << 30);

/// Whether the records of a cell are written plain or deflated.
enum class OasisCells { plain, compressed };

/// The layout as an OASIS file with a CRC-32; the same layout always gives the same bytes (compressed: with
/// the same version of zlib).
///
/// read_oasis() returns the same layout, except for library name, warnings and vertices between database
/// units, which are rounded. The database unit is exact if
/// it is a decimal of up to 12 digits, arrays if their steps are whole. Any other array becomes single
/// placements, rounded to the database unit.
/// @throws InputError  coordinates beyond 1e15, polygons of fewer than 3 vertices or with the first repeated,
///                     negative layers, cell names with spaces or other than printable ASCII characters, more
///                     than a million placements to write one by one
[[nodiscard]] std::vector<std::byte> write_oasis(const Layout& layout, OasisCells cells = OasisCells::plain);

}  // namespace undulith::layout
