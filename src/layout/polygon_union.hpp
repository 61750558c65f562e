// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace undulith::layout {

/// A point on the integer grid in which areas are merged: 1 pm for clips.
struct GridPoint {
  std::int64_t x = 0, y = 0;
  friend bool operator==(const GridPoint&, const GridPoint&) = default;
  friend auto operator<=>(const GridPoint&, const GridPoint&) = default;
};
using GridRing = std::vector<GridPoint>;

struct GridBox {
  std::int64_t x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};

/// The largest side of the box of a PolygonUnion: coordinates are 32-bit, relative to the centre.
inline constexpr std::int64_t kMaxUnionSide = std::int64_t{1} << 31;

/// Union (and difference) of polygons within a box, by nonzero winding: the direction of a polygon does not
/// matter, and overlaps count once.
///
/// Boost.Polygon's sweep on 32-bit integers relative to the centre of the box; exact for Manhattan polygons,
/// intersections of other edges are rounded to the grid. Cost O(n log n) in edges and intersections.
class PolygonUnion {
 public:
  /// @throws std::invalid_argument  a side over kMaxUnionSide
  explicit PolygonUnion(const GridBox& box);
  ~PolygonUnion();
  PolygonUnion(PolygonUnion&&) noexcept;
  PolygonUnion& operator=(PolygonUnion&&) noexcept;

  /// Adds the part of a ring that lies in the box.
  void add(const GridRing& ring);
  /// Adds one ring of the boundary of a region: counter-clockwise fills, clockwise is a hole in what another
  /// ring fills.
  void add_signed(const GridRing& ring);
  /// Subtracts the part of a ring that lies in the box, from everything that is added.
  void subtract(const GridRing& ring);
  /// Subtracts a region, one ring of its boundary after another, as add_signed() adds one.
  void subtract_signed(const GridRing& ring);
  /// Boundary of the result: outer rings counter-clockwise, holes clockwise, no repeated or collinear points,
  /// each from its lowest-leftmost vertex, in a fixed order.
  [[nodiscard]] std::vector<GridRing> rings() const;

 private:
  struct Sets;
  std::unique_ptr<Sets> sets_;
};

/// Part of a ring within a box, cut at each of the four sides [SutherlandHodgman1974]. Pieces are connected
/// by edges along the border that cancel in the winding number. Cuts are rounded to the grid, the same for an
/// edge and its reverse.
[[nodiscard]] GridRing clip_ring(const GridRing& ring, const GridBox& box);

/// Whether all edges run along x or y.
[[nodiscard]] bool is_manhattan(const GridRing& ring);

/// Whether a ring touches or crosses itself.
enum class SelfContact { none, touches, crosses };
/// Exact. Cost O(n^2) at worst, about O(n^1.5) for rings of short edges.
[[nodiscard]] SelfContact self_contact(const GridRing& ring);

/// Twice the signed area, exact up to 2^127.
[[nodiscard]] double twice_area(const GridRing& ring);

}  // namespace undulith::layout
