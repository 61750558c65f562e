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

/// A closed polygon on one layer; paths and boxes are turned into polygons when they are read.
struct Shape {
  LayerId layer;
  std::vector<DbuPoint> vertices;   ///< first vertex not repeated
};

/// A placed cell, or a lattice of them: p -> mirror about x, magnify, rotate, then translate by
/// origin + column * column_step + row * row_step.
struct Reference {
  std::string cell;
  DbuPoint origin;
  bool mirrored = false;
  double magnification = 1;
  double angle_deg = 0;
  int columns = 1, rows = 1;
  double column_step_x = 0, column_step_y = 0;   ///< dbu; fractional for arrays whose span does not divide evenly
  double row_step_x = 0, row_step_y = 0;
};

struct Cell {
  std::string name;
  std::vector<Shape> shapes;
  std::vector<Reference> references;
};

/// A layout file in memory.
struct Layout {
  std::string name;                   ///< library name
  double dbu_nm = 1;                  ///< one database unit in nm
  std::map<std::string, Cell> cells;  ///< by name
  std::vector<std::string> warnings;  ///< of the reader: missing references, ignored elements, trailing bytes

  /// Cells that no other cell places, in alphabetical order.
  [[nodiscard]] std::vector<std::string> top_cells() const;
};

/// Area, box and number of polygons of one layer below one cell.
struct LayerSummary {
  LayerId layer;
  std::int64_t n_polygons = 0;   ///< flat, before merging
  double area_nm2 = 0;           ///< of the union
  Box box_nm;
};

/// All layers below a cell. @throws InputError  no such cell, a cell that contains itself
[[nodiscard]] std::vector<LayerSummary> summarise(const Layout& layout, const std::string& cell);

/// Smallest box around one layer below a cell, in nm; empty when nothing is drawn.
[[nodiscard]] std::optional<Box> bounding_box(const Layout& layout, const std::string& cell,
                                              std::optional<LayerId> layer = {});

}  // namespace undulith::layout
