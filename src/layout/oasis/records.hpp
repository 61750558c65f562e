// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace undulith::layout::oasis {

/// The first bytes of every file.
inline constexpr std::string_view kMagic{"%SEMI-OASIS\r\n", 13};

/// Record types of the format. Pairs of types differ in how the number of a name or a transformation is
/// given.
enum Record : std::uint8_t {
  PAD = 0,
  START = 1,
  END = 2,
  CELLNAME = 3,
  CELLNAME_NUMBERED = 4,
  TEXTSTRING = 5,
  TEXTSTRING_NUMBERED = 6,
  PROPNAME = 7,
  PROPNAME_NUMBERED = 8,
  PROPSTRING = 9,
  PROPSTRING_NUMBERED = 10,
  LAYERNAME = 11,
  LAYERNAME_TEXT = 12,
  CELL_NUMBERED = 13,
  CELL = 14,
  XYABSOLUTE = 15,
  XYRELATIVE = 16,
  PLACEMENT = 17,
  PLACEMENT_TURNED = 18,
  TEXT = 19,
  RECTANGLE = 20,
  POLYGON = 21,
  PATH = 22,
  TRAPEZOID = 23,
  TRAPEZOID_A = 24,
  TRAPEZOID_B = 25,
  CTRAPEZOID = 26,
  CIRCLE = 27,
  PROPERTY = 28,
  PROPERTY_AGAIN = 29,
  XNAME = 30,
  XNAME_NUMBERED = 31,
  XELEMENT = 32,
  XGEOMETRY = 33,
  CBLOCK = 34
};

[[nodiscard]] std::string_view record_name(std::uint8_t type);

/// The checksum scheme of END.
enum Validation : std::uint8_t { NO_VALIDATION = 0, CRC32 = 1, CHECKSUM32 = 2 };

/// Coordinates and lengths beyond this are refused: doubles hold smaller integers exactly.
inline constexpr std::int64_t kMaxCoordinate = 1'000'000'000'000'000;

}  // namespace undulith::layout::oasis
