#pragma once

#include <optional>
#include <string>
#include <vector>

#include "undulith/layout/clip.hpp"
#include "undulith/layout/layout.hpp"

namespace undulith::layout {

/// What lies outside the window: copies of itself, or its real surroundings and then copies.
enum class Boundary { periodic, guard };

struct ClipParameters {
  std::string file;             ///< .gds, .gds.gz, .glp; empty when the shapes are in the job
  std::string cell;             ///< empty = the only top cell
  int layer = 1;
  int datatype = 0;
  std::vector<double> window_nm;   ///< x0, y0, x1, y1; empty = the layer's bounding box (periodic: the cell is that box)
  Boundary boundary = Boundary::guard;
  double guard_nm = 200;        ///< boundary = guard: real surroundings kept on each side, >= 0
};

/// Cuts a window out of one layer of a layout: clipped early, merged, in nm at wafer scale.
///
/// Only references whose bounding box meets the cell are followed. Coordinates are snapped to 1 pm after rotation.
/// @throws InputError  unknown cell or several top cells (lists them), a layer without shapes (lists those that have
///                     some), a window outside the layout (says where the layout lies), a window over 1 mm
/// Cost O(shapes in the window log).
[[nodiscard]] Clip make_clip(const Layout& layout, const ClipParameters& parameters);

/// A periodic cell from shapes written in nm. Shapes that cross the border of the cell come back on the other side.
/// @throws InputError  an empty cell, a ring of fewer than three vertices, a self-intersecting ring
[[nodiscard]] Clip make_clip(const Box& cell, const std::vector<Polygon>& shapes);

/// The clip with every edge moved outward by bias_nm (inward when negative), with mitred corners, merged and kept
/// within the periodic cell.
[[nodiscard]] Clip grow(const Clip& clip, double bias_nm);

/// Filled area of the rings, nm^2.
[[nodiscard]] double area_nm2(const std::vector<Polygon>& rings);

}  // namespace undulith::layout
