// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "undulith/layout/clip.hpp"

/// Layouts: a tree of cells with polygons in integer database units.
namespace undulith::layout {

struct LayerId {
  int layer = 0, datatype = 0;
  friend auto operator<=>(const LayerId&, const LayerId&) = default;
};

/// A vertex in database units.
struct DbuPoint {
  std::int64_t x = 0, y = 0;
  friend bool operator==(const DbuPoint&, const DbuPoint&) = default;
};

/// A closed polygon on one layer, in either direction, filled by nonzero winding. Paths and boxes are
/// converted to polygons when they are read. A path of absolute width (negative WIDTH) becomes a polygon too,
/// and so is magnified with its cell; the reader warns about such a placement.
///
/// The corners of a path of odd width, its mitres and its round ends lie between database units: its vertices
/// count parts of a unit. All other shapes have parts = 1.
struct Shape {
  LayerId layer;
  std::vector<DbuPoint> vertices{};  ///< first vertex not repeated; in 1 / parts of a database unit
  int parts = 1;                     ///< > 0
};

/// A placed cell, or a lattice of them: p -> mirror about x, magnify, rotate, then translate by
/// origin + column * column_step + row * row_step.
struct Reference {
  std::string cell{};
  DbuPoint origin{};
  bool mirrored = false;
  double magnification = 1;
  double angle_deg = 0;
  int columns = 1, rows = 1;
  double column_step_x = 0,
         column_step_y = 0;  ///< dbu; fractional for arrays whose span does not divide evenly
  double row_step_x = 0, row_step_y = 0;
};

struct Cell {
  std::string name{};
  std::vector<Shape> shapes{};
  std::vector<Reference> references{};
};

/// A layout file in memory.
struct Layout {
  std::string name{};                   ///< library name
  double dbu_nm = 1;                    ///< one database unit in nm
  std::map<std::string, Cell> cells{};  ///< by name
  std::vector<std::string>
      warnings{};                 ///< from the reader: missing references, ignored elements, trailing bytes
  std::optional<Box> frame_nm{};  ///< the range that the file covers, if it is known: the edge of a picture

  /// Cells that no cell places, in alphabetical order.
  [[nodiscard]] std::vector<std::string> top_cells() const;
  /// Cells that no top cell reaches, because they place each other in a loop, in alphabetical order.
  [[nodiscard]] std::vector<std::string> looping_cells() const;
};

/// Area, box and number of polygons of one layer below one cell.
struct LayerSummary {
  LayerId layer{};
  std::int64_t n_polygons = 0;  ///< flat, before merging
  double area_nm2 = 0;          ///< of the union
  Box box_nm{};
  bool area_merged =
      true;  ///< false: over ten million polygons, millions over each other, or sloping ones of
             ///< many millimetres over each other; area_nm2 is then the sum of their areas
};

/// All layers below a cell, in the order of their numbers.
///
/// Counts and boxes come from the tree; their cost does not depend on how often a cell is placed. Areas are
/// those of the union by nonzero winding, merged on a grid of 1 pm at any size of the cell.
/// @throws InputError  no such cell, a cell that contains itself, more than 1000 levels or 2^62 polygons
/// Cost O(n log n) in flat polygons.
[[nodiscard]] std::vector<LayerSummary> summarise(const Layout& layout, const std::string& cell);
/// The same of several cells, whose areas share the time that polygons of more than 2.1 mm may take.
[[nodiscard]] std::vector<std::vector<LayerSummary>> summarise(const Layout& layout,
                                                               const std::vector<std::string>& cells);

/// Smallest box around one layer (all layers if absent) below a cell, in nm; empty if nothing is drawn.
/// Exact under any rotation, because convex hulls, not boxes, are passed up the tree.
/// @throws InputError  as summarise
[[nodiscard]] std::optional<Box> bounding_box(const Layout& layout, const std::string& cell,
                                              std::optional<LayerId> layer = {});

}  // namespace undulith::layout
