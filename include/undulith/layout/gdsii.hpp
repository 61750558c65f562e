// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "undulith/layout/layout.hpp"

namespace undulith::layout {

/// Reads a GDSII stream (gzip too).
///
/// BOUNDARY, BOX, PATH (types 0, 1, 2, 4), SREF and AREF with any angle, magnification and mirror, skewed
/// arrays, any database unit. Text and properties are skipped. Missing cells are warnings.
/// @param name         for messages, usually the path
/// @throws InputError  with byte offset, record and cell, for anything malformed or truncated; lengths are
///                     bounded before memory is allocated
/// Format: docs/formats/gdsii.md
[[nodiscard]] Layout read_gdsii(std::span<const std::byte> bytes, const std::string& name);

/// The layout as a GDSII stream; the same layout always gives the same bytes (dates are 2000-01-01).
///
/// read_gdsii() returns the same layout, except for warnings and vertices between database units, which are
/// rounded. The database unit is exact if it is a decimal
/// of up to 12 digits, array steps if step times number is whole. A library without a name is called LIB.
/// Polygons of more than 8000 vertices are refused by some readers; this one writes up to 8190.
/// @throws InputError  coordinates beyond 32 bits, names over 32766 bytes, polygons of fewer than 3 or more
///                     than 8190 vertices, layers beyond 65535, arrays over 32767 columns or rows
[[nodiscard]] std::vector<std::byte> write_gdsii(const Layout& layout);

}  // namespace undulith::layout
