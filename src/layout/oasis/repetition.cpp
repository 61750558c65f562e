// SPDX-License-Identifier: MIT
#include "layout/oasis/repetition.hpp"

#include <fmt/format.h>

#include <limits>

namespace undulith::layout::oasis {
namespace {

/// A number of copies along a line: the file stores the number less two.
int dimension(OasisStream& stream) {
  const std::uint64_t n = stream.unsigned_integer();
  if (n > static_cast<std::uint64_t>(std::numeric_limits<int>::max()) - 2) {
    stream.fail(
        fmt::format("a repetition of {} copies in a row; the file is damaged: fetch or write it again", n));
  }
  return static_cast<int>(n) + 2;
}

/// Positions along x or y whose distances are multiples of a grid.
Repetition along_axis(OasisStream& stream, bool along_x, bool has_grid) {
  const std::size_t distances = stream.count("a repetition", 1, 1);
  const std::int64_t grid = has_grid ? stream.length() : 1;
  Repetition out;
  out.places.reserve(distances + 1);
  out.places.push_back({0, 0});
  std::int64_t at = 0;
  for (std::size_t i = 0; i < distances; ++i) {
    const std::int64_t distance = stream.length();
    // Neither factor exceeds the bound of coordinates, but their product could overflow 64 bits.
    if (grid != 0 && distance > std::numeric_limits<std::int64_t>::max() / 2 / grid) {
      stream.fail(
          "a repetition that reaches beyond all coordinates; the file is damaged: fetch or write it again");
    }
    at = stream.checked(at + distance * grid);
    out.places.push_back(along_x ? DbuPoint{at, 0} : DbuPoint{0, at});
  }
  return out;
}

/// Arbitrary positions, each relative to the previous one, in multiples of a grid.
Repetition anywhere(OasisStream& stream, bool has_grid) {
  const std::size_t steps = stream.count("a repetition", 1, 1);
  const std::int64_t grid = has_grid ? stream.length() : 1;
  Repetition out;
  out.places.reserve(steps + 1);
  out.places.push_back({0, 0});
  DbuPoint at{0, 0};
  const auto scaled = [&](std::int64_t v) {
    const __int128 wide = static_cast<__int128>(v) * grid;
    if (wide > std::numeric_limits<std::int64_t>::max() / 2 ||
        wide < std::numeric_limits<std::int64_t>::min() / 2) {
      stream.fail(
          "a repetition that reaches beyond all coordinates; the file is damaged: fetch or write it again");
    }
    return static_cast<std::int64_t>(wide);
  };
  for (std::size_t i = 0; i < steps; ++i) {
    const DbuPoint step = stream.any_step();
    at = {stream.checked(at.x + scaled(step.x)), stream.checked(at.y + scaled(step.y))};
    out.places.push_back(at);
  }
  return out;
}

}  // namespace

DbuPoint Repetition::place(std::int64_t i) const {
  if (!is_lattice()) return places[static_cast<std::size_t>(i)];
  const std::int64_t column = i % columns, row = i / columns;
  return {column * column_step.x + row * row_step.x, column * column_step.y + row * row_step.y};
}

Repetition read_repetition(OasisStream& stream, std::uint64_t type) {
  Repetition out;
  switch (type) {
    case 1:
      out.columns = dimension(stream);
      out.rows = dimension(stream);
      out.column_step = {stream.length(), 0};
      out.row_step = {0, stream.length()};
      return out;
    case 2:
      out.columns = dimension(stream);
      out.column_step = {stream.length(), 0};
      return out;
    case 3:
      out.rows = dimension(stream);
      out.row_step = {0, stream.length()};
      return out;
    case 4:
    case 5:
      return along_axis(stream, true, type == 5);
    case 6:
    case 7:
      return along_axis(stream, false, type == 7);
    case 8:
      out.columns = dimension(stream);
      out.rows = dimension(stream);
      out.column_step = stream.any_step();
      out.row_step = stream.any_step();
      return out;
    case 9:
      out.columns = dimension(stream);
      out.column_step = stream.any_step();
      return out;
    case 10:
    case 11:
      return anywhere(stream, type == 11);
    default:
      stream.fail(
          fmt::format("a repetition of type {} (0 to 11 are known); the file is damaged: fetch or write it "
                      "again",
                      type));
  }
}

}  // namespace undulith::layout::oasis
