// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "layout/transform.hpp"

namespace undulith::layout {

/// The cells below one cell, checked to be a tree without loops, and functions that visit them.
///
/// Coordinates are database units of the root cell, as doubles. Nothing here expands the tree except
/// for_each_polygon(), and that only where the tree meets the region.
class Hierarchy {
 public:
  /// @throws InputError  no such cell, a cell that contains itself (names the loop), more than 1000 levels
  Hierarchy(const Layout& layout, const std::string& root);

  /// Layers that have shapes below the root.
  [[nodiscard]] std::set<LayerId> layers() const;

  /// Shapes of a layer in the cells below the root, each cell counted once.
  [[nodiscard]] std::size_t n_shapes(LayerId layer) const;

  /// Convex hull of a layer (of all layers if absent) below each cell, children first, the root last. The
  /// box of a rotated hull is the exact box of the rotated shapes; the box of a rotated box is not.
  /// @throws InputError  coordinates beyond 1e15 database units
  [[nodiscard]] std::vector<std::vector<RealPoint>> hulls(std::optional<LayerId> layer) const;

  /// For each cell of which a part meets a region of the root: a box, in its own coordinates, around all that
  /// any of its instances draws there.
  /// @param hulls  of the same layer
  [[nodiscard]] std::map<std::string, Box> regions(const Box& region,
                                                   const std::vector<std::vector<RealPoint>>& hulls) const;
  /// Names of the cells, children first, the root last: the order of hulls().
  [[nodiscard]] std::vector<std::string> names() const;

  /// Number of polygons of a layer below the root, counting every placement, and the sum of their areas in
  /// dbu^2.
  struct Totals {
    std::int64_t n_polygons = 0;
    double area = 0;
  };
  /// @throws InputError  more than 2^62 polygons
  [[nodiscard]] Totals totals(LayerId layer) const;

  /// Calls visit(shape, transform) for every polygon of the layer whose cell meets the region. References and
  /// array elements outside the region are not followed.
  /// @param hulls        of the same layer
  /// @param max_visits   largest number of placements and polygons to visit
  /// @throws InputError  more than max_visits
  void for_each_polygon(LayerId layer, const Box& region, const std::vector<std::vector<RealPoint>>& hulls,
                        std::int64_t max_visits,
                        const std::function<void(const Shape&, const Transform&)>& visit) const;

 private:
  struct Child {
    std::size_t node;
    const Reference* reference;
    Transform transform;
  };
  struct Node {
    const Cell* cell;
    std::vector<Child> children;
  };
  struct Walk;

  void visit_node(std::size_t node, const Transform& transform, Walk& walk) const;
  void visit_array(const Child& child, const Transform& transform, Walk& walk) const;

  std::vector<Node> nodes_;  // children first, the root last
};

/// Whether two closed boxes have a point in common.
[[nodiscard]] inline bool meets(const Box& a, const Box& b) {
  return a.x0 <= b.x1 && b.x0 <= a.x1 && a.y0 <= b.y1 && b.y0 <= a.y1;
}

/// Area between a ring and itself, never negative.
[[nodiscard]] double ring_area(const std::vector<DbuPoint>& ring);

/// Smallest box around points; the vector must not be empty.
[[nodiscard]] Box box_of(const std::vector<RealPoint>& points);

/// Convex hull, counter-clockwise, without collinear points.
[[nodiscard]] std::vector<RealPoint> convex_hull(std::vector<RealPoint> points);

}  // namespace undulith::layout
