// SPDX-License-Identifier: MIT
#include "layout/oasis/geometry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace undulith::layout::oasis {
namespace {

/// Steps that alternate between x and y; the first is along x or along y.
std::vector<DbuPoint> alternating(OasisStream& stream, std::size_t n, bool along_x, PointsOf use) {
  std::vector<DbuPoint> points{{0, 0}};
  DbuPoint at{0, 0};
  for (std::size_t i = 0; i < n; ++i, along_x = !along_x) {
    std::int64_t& moved = along_x ? at.x : at.y;
    moved = stream.checked(moved + stream.coordinate());
    points.push_back(at);
  }
  if (use == PointsOf::polygon) {
    if (n % 2 != 0 || n == 0) {
      stream.fail(
          fmt::format("an axis-parallel polygon of {} written vertices (must be even and not 0); the file is "
                      "damaged: fetch or write it again",
                      n));
    }
    // One step along each axis closes the polygon.
    points.push_back(along_x ? DbuPoint{0, at.y} : DbuPoint{at.x, 0});
  }
  return points;
}

template <class Step>
std::vector<DbuPoint> chain(OasisStream& stream, std::size_t n, Step step) {
  std::vector<DbuPoint> points{{0, 0}};
  DbuPoint at{0, 0};
  for (std::size_t i = 0; i < n; ++i) {
    const DbuPoint s = step();
    at = {stream.checked(at.x + s.x), stream.checked(at.y + s.y)};
    points.push_back(at);
  }
  return points;
}

/// A corner: x = xw * width + xh * height, y = yw * width + yh * height.
struct Corner {
  int xw, xh, yw, yh;
};
constexpr Corner kSame{-9, 0, 0, 0};  // no fourth corner

constexpr std::array<std::array<Corner, 4>, kCompactTrapezoids> kCorners{{
    {{{0, 0, 0, 0}, {1, 0, 0, 0}, {1, -1, 0, 1}, {0, 0, 0, 1}}},  // 0
    {{{0, 0, 0, 0}, {1, -1, 0, 0}, {1, 0, 0, 1}, {0, 0, 0, 1}}},
    {{{0, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 0, 1}, {0, 1, 0, 1}}},
    {{{0, 1, 0, 0}, {1, 0, 0, 0}, {1, 0, 0, 1}, {0, 0, 0, 1}}},
    {{{0, 0, 0, 0}, {1, 0, 0, 0}, {1, -1, 0, 1}, {0, 1, 0, 1}}},  // 4
    {{{0, 1, 0, 0}, {1, -1, 0, 0}, {1, 0, 0, 1}, {0, 0, 0, 1}}},
    {{{0, 0, 0, 0}, {1, -1, 0, 0}, {1, 0, 0, 1}, {0, 1, 0, 1}}},
    {{{0, 1, 0, 0}, {1, 0, 0, 0}, {1, -1, 0, 1}, {0, 0, 0, 1}}},
    {{{0, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, -1, 1}, {0, 0, 0, 1}}},  // 8
    {{{0, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 0, 1}, {0, 0, -1, 1}}},
    {{{0, 0, 0, 0}, {1, 0, 1, 0}, {1, 0, 0, 1}, {0, 0, 0, 1}}},
    {{{0, 0, 1, 0}, {1, 0, 0, 0}, {1, 0, 0, 1}, {0, 0, 0, 1}}},
    {{{0, 0, 0, 0}, {1, 0, 1, 0}, {1, 0, -1, 1}, {0, 0, 0, 1}}},  // 12
    {{{0, 0, 1, 0}, {1, 0, 0, 0}, {1, 0, 0, 1}, {0, 0, -1, 1}}},
    {{{0, 0, 0, 0}, {1, 0, 1, 0}, {1, 0, 0, 1}, {0, 0, -1, 1}}},
    {{{0, 0, 1, 0}, {1, 0, 0, 0}, {1, 0, -1, 1}, {0, 0, 0, 1}}},
    {{{0, 0, 0, 0}, {1, 0, 0, 0}, {0, 0, 1, 0}, kSame}},  // 16
    {{{0, 0, 0, 0}, {1, 0, 1, 0}, {0, 0, 1, 0}, kSame}},
    {{{0, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 1, 0}, kSame}},
    {{{1, 0, 0, 0}, {1, 0, 1, 0}, {0, 0, 1, 0}, kSame}},
    {{{0, 0, 0, 0}, {0, 2, 0, 0}, {0, 1, 0, 1}, kSame}},  // 20
    {{{0, 1, 0, 0}, {0, 2, 0, 1}, {0, 0, 0, 1}, kSame}},
    {{{0, 0, 0, 0}, {1, 0, 1, 0}, {0, 0, 2, 0}, kSame}},
    {{{1, 0, 0, 0}, {1, 0, 2, 0}, {0, 0, 1, 0}, kSame}},
    {{{0, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 0, 1}, {0, 0, 0, 1}}},  // 24
    {{{0, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 1, 0}, {0, 0, 1, 0}}},
}};

}  // namespace

std::vector<DbuPoint> read_points(OasisStream& stream, PointsOf use) {
  const std::uint64_t type = stream.unsigned_integer();
  const std::size_t n = stream.count("a list of points", 1);
  switch (type) {
    case 0:
    case 1:
      return alternating(stream, n, type == 0, use);
    case 2:
      return chain(stream, n, [&] { return stream.axis_step(); });
    case 3:
      return chain(stream, n, [&] { return stream.octangular_step(); });
    case 4:
      return chain(stream, n, [&] { return stream.any_step(); });
    case 5: {
      DbuPoint step{0, 0};
      return chain(stream, n, [&] {
        const DbuPoint change = stream.any_step();
        return step = {stream.checked(step.x + change.x), stream.checked(step.y + change.y)};
      });
    }
    default:
      stream.fail(
          fmt::format("a list of points of type {} (0 to 5 are known); the file is damaged: fetch or write "
                      "it again",
                      type));
  }
}

std::vector<DbuPoint> trapezoid(Orientation orientation, std::int64_t w, std::int64_t h, std::int64_t a,
                                std::int64_t b) {
  const auto above = [](std::int64_t v) { return std::max<std::int64_t>(v, 0); };
  const auto below = [](std::int64_t v) { return std::min<std::int64_t>(v, 0); };
  if (orientation == Orientation::horizontal)
    return {{-below(a), 0}, {w - above(b), 0}, {w + below(b), h}, {above(a), h}};
  return {{0, above(a)}, {w, -below(a)}, {w, h - above(b)}, {0, h + below(b)}};
}

std::vector<DbuPoint> compact_trapezoid(int type, std::int64_t width, std::int64_t height) {
  std::vector<DbuPoint> out;
  for (const Corner& c : kCorners[static_cast<std::size_t>(type)]) {
    if (c.xw == kSame.xw) continue;
    out.push_back({c.xw * width + c.xh * height, c.yw * width + c.yh * height});
  }
  return out;
}

bool needs_width(int type) {
  return type != 20 && type != 21;
}

bool needs_height(int type) {
  return type <= 15 || type == 20 || type == 21 || type == 24;
}

}  // namespace undulith::layout::oasis
