// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

namespace undulith::layout::gdsii {

/// Record types that the reader uses or can skip, and all that the writer writes.
enum Record : std::uint8_t {
  HEADER = 0x00,
  BGNLIB = 0x01,
  LIBNAME = 0x02,
  UNITS = 0x03,
  ENDLIB = 0x04,
  BGNSTR = 0x05,
  STRNAME = 0x06,
  ENDSTR = 0x07,
  BOUNDARY = 0x08,
  PATH = 0x09,
  SREF = 0x0A,
  AREF = 0x0B,
  TEXT = 0x0C,
  LAYER = 0x0D,
  DATATYPE = 0x0E,
  WIDTH = 0x0F,
  XY = 0x10,
  ENDEL = 0x11,
  SNAME = 0x12,
  COLROW = 0x13,
  NODE = 0x15,
  TEXTTYPE = 0x16,
  PRESENTATION = 0x17,
  STRING = 0x19,
  STRANS = 0x1A,
  MAG = 0x1B,
  ANGLE = 0x1C,
  REFLIBS = 0x1F,
  FONTS = 0x20,
  PATHTYPE = 0x21,
  GENERATIONS = 0x22,
  ATTRTABLE = 0x23,
  ELFLAGS = 0x26,
  NODETYPE = 0x2A,
  PROPATTR = 0x2B,
  PROPVALUE = 0x2C,
  BOX = 0x2D,
  BOXTYPE = 0x2E,
  PLEX = 0x2F,
  BGNEXTN = 0x30,
  ENDEXTN = 0x31,
  STRCLASS = 0x34,
  FORMAT = 0x36,
  MASK = 0x37,
  ENDMASKS = 0x38,
  LIBDIRSIZE = 0x39,
  SRFNAME = 0x3A,
  LIBSECUR = 0x3B
};

/// The type of the data of a record.
enum DataType : std::uint8_t { NO_DATA = 0, BIT_ARRAY = 1, INT2 = 2, INT4 = 3, REAL8 = 5, ASCII = 6 };

[[nodiscard]] std::string_view record_name(std::uint8_t type);

/// A GDSII real: sign, exponent of 16 in excess 64, 56 bits of mantissa below the point.
/// Long double holds all 56 bits, so that the round trip keeps a database unit.
[[nodiscard]] inline long double decode_real8(std::uint64_t bits) {
  const std::uint64_t mantissa = bits & 0x00FF'FFFF'FFFF'FFFFULL;
  const int exponent = static_cast<int>((bits >> 56) & 0x7F) - 64;
  const long double value = std::ldexp(static_cast<long double>(mantissa), 4 * exponent - 56);
  return (bits >> 63) != 0 ? -value : value;
}

/// The nearest GDSII real; exact for every double between 1e-75 and 1e75.
[[nodiscard]] inline std::uint64_t encode_real8(long double value) {
  if (value == 0) return 0;
  const std::uint64_t sign = value < 0 ? std::uint64_t{1} << 63 : 0;
  int binary = 0;
  const long double fraction = std::frexp(std::fabs(value), &binary);  // [0.5, 1)
  int exponent = binary > 0 ? (binary + 3) / 4 : -((-binary) / 4);
  auto mantissa = static_cast<std::uint64_t>(std::llround(std::ldexp(fraction, binary - 4 * exponent + 56)));
  if (mantissa >> 56 != 0) {  // rounded up to the next power
    mantissa >>= 4;
    ++exponent;
  }
  return sign | (static_cast<std::uint64_t>(exponent + 64) << 56) | mantissa;
}

}  // namespace undulith::layout::gdsii
