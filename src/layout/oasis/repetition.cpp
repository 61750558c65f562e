// SPDX-License-Identifier: MIT
#include "layout/oasis/repetition.hpp"

#include <fmt/format.h>

#include <limits>
#include <memory>
#include <utility>

#include "layout/hull_builder.hpp"

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

Repetition finished(PlaceList&& list, const HullBuilder& hull) {
  list.set_hull(hull.hull());
  return {.list = std::make_shared<const PlaceList>(std::move(list))};
}

/// Positions along x or y whose distances are multiples of a grid.
Repetition along_axis(OasisStream& stream, bool along_x, bool has_grid) {
  const std::size_t distances = stream.count("a repetition", 1, 1);
  const std::int64_t grid = has_grid ? stream.length() : 1;
  PlaceList out(along_x ? PlaceList::Kind::along_x : PlaceList::Kind::along_y);
  HullBuilder hull;
  hull.add({0, 0});
  std::int64_t at = 0;
  for (std::size_t i = 0; i < distances; ++i) {
    const std::int64_t distance = stream.length();
    // Neither factor exceeds the bound of coordinates, but their product could overflow 64 bits.
    if (grid != 0 && distance > std::numeric_limits<std::int64_t>::max() / 2 / grid) {
      stream.fail(
          "a repetition that reaches beyond all coordinates; the file is damaged: fetch or write it again");
    }
    at = stream.checked(at + distance * grid);
    out.add(along_x ? DbuPoint{distance * grid, 0} : DbuPoint{0, distance * grid});
  }
  hull.add(along_x ? RealPoint{static_cast<double>(at), 0} : RealPoint{0, static_cast<double>(at)});
  return finished(std::move(out), hull);
}

/// Arbitrary positions, each relative to the previous one, in multiples of a grid.
Repetition anywhere(OasisStream& stream, bool has_grid) {
  const std::size_t steps = stream.count("a repetition", 1, 1);
  const std::int64_t grid = has_grid ? stream.length() : 1;
  PlaceList out(PlaceList::Kind::anywhere);
  HullBuilder hull;
  hull.add({0, 0});
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
    const DbuPoint read = stream.any_step();
    const DbuPoint step{scaled(read.x), scaled(read.y)};
    at = {stream.checked(at.x + step.x), stream.checked(at.y + step.y)};
    out.add(step);
    hull.add({static_cast<double>(at.x), static_cast<double>(at.y)});
  }
  return finished(std::move(out), hull);
}

}  // namespace

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
