// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "undulith/layout/clip.hpp"
#include "undulith/layout/layout.hpp"
#include "undulith/layout/picture.hpp"
#include "undulith/layout/read_limits.hpp"

namespace undulith::layout {

/// The region outside the window: copies of the window, or its real surroundings and then copies.
enum class Boundary { periodic, guard };

/// How a further layer is combined: added, subtracted, or intersected.
enum class LayerOperation { add, subtract, intersect };

struct CombinedLayer {
  LayerOperation operation = LayerOperation::add;
  int layer = 1;
  int datatype = 0;
};

struct ClipParameters {
  std::string file{};      ///< .gds, .oas, both also .gz, .glp, .png; empty if the shapes are in the job
  PictureScale picture{};  ///< of a .png
  std::string cell{};      ///< empty = the only top cell
  int layer = 1;
  int datatype = 0;
  std::vector<CombinedLayer> combine{};  ///< one after the other
  std::vector<double> window_nm{};  ///< x0, y0, x1, y1; empty = the bounding box of `layer`, or the picture
                                    ///< (periodic: this is the cell)
  Boundary boundary = Boundary::guard;
  double guard_nm = 200;  ///< boundary = guard: real surroundings kept on each side, >= 0
  ReadLimits limits{};    ///< for reading the file
};

/// Cuts a window out of one layer of a layout, or out of several combined: clipped early, merged, in nm at
/// wafer scale.
///
/// Only references whose bounding box meets the cell are followed. Coordinates are rounded to 1 pm.
/// @throws InputError  unknown cell or several top cells (lists them), a layer without shapes (lists the
///                     layers that have shapes), a window outside the layout (gives the box of the layout), a
///                     cell over 1 mm, over ten million polygons and placements in it
/// Cost O(shapes in the window log).
[[nodiscard]] Clip make_clip(const Layout& layout, const ClipParameters& parameters);

/// A periodic cell from shapes in nm. Shapes that cross the border of the cell enter on the other side;
/// overlaps count once, and the direction of a ring does not matter. Rounded to 1 pm.
/// @throws InputError  an empty cell or one over 1 mm, a ring of fewer than three vertices or without area, a
///                     self-intersecting ring, a shape over 1000 cells long
[[nodiscard]] Clip make_clip(const Box& cell, const std::vector<Polygon>& shapes);

/// The clip with every edge moved outward by bias_nm (inward if negative), with mitred corners, merged and
/// kept within the periodic cell. A corner that turns by more than 90 degrees is cut square, |bias| beyond
/// it. A shape cut by the border of the cell continues in its copy, and does not move there.
/// @throws InputError  |bias_nm| not finite or over the shorter side of the cell
/// Exact for Manhattan rings (bias rounded to 1 pm), else vertices within 1 pm. Cost O(n log n).
[[nodiscard]] Clip grow(const Clip& clip, double bias_nm);

/// The clip with every corner, outer or inner, rounded to an arc of this radius: a right angle loses (or
/// gains) (1 - pi/4) radius^2.
///
/// The arc touches both edges of its corner. It uses at most half of each edge, and at most two radii. Where
/// edges are short or the corner is sharp, the radius is smaller: a square of side 2 r or less becomes a
/// disc. A shape cut by the border of the cell continues in its copy: there is no corner there.
/// @param radius_nm    [0, shorter side of the cell]
/// @throws InputError  a radius out of range
/// Accuracy: arcs are chords inside them by at most 0.01 nm, corners on 1 pm. Cost O(n log n).
[[nodiscard]] Clip round_corners(const Clip& clip, double radius_nm);

/// The mask as made from the drawing: first every edge is moved outward, then every corner is rounded.
/// @throws InputError  see grow() and round_corners()
[[nodiscard]] Clip as_made(const Clip& clip, double edge_bias_nm, double corner_rounding_nm);

/// The clip with shapes added, subtracted or intersected. The rules for shapes are those of make_clip() for a
/// periodic cell, with the same errors.
[[nodiscard]] Clip edit(const Clip& clip, LayerOperation operation, const std::vector<Polygon>& shapes);

/// Filled area of the rings, nm^2: the sum of their signed areas, holes negative.
[[nodiscard]] double area_nm2(const std::vector<Polygon>& rings);

}  // namespace undulith::layout
