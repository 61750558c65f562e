// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "frame.hpp"
#include "undulith/layout/clip.hpp"

/// The part of a clip that a picture shows, and how its polygons are drawn.
namespace undulith::report {

/// The part of the plane that is shown, with the copies of a periodic cell in it.
struct LayoutView {
  Box cell;   ///< one copy: the window (aerial image) or the simulated cell (mask)
  Box shown;  ///< whole number of copies along each periodic axis
  bool periodic_x = false, periodic_y = false;
  int copies_x = 1, copies_y = 1;
  int first_x = 0, first_y = 0;  ///< index of the first copy; 0 is the cell itself
  int width = 0, height = 0;     ///< of the data area, device pixels
  double stretch = 1;            ///< vertical over horizontal scale: 1 except for extremely long windows

  [[nodiscard]] bool repeated() const { return copies_x > 1 || copies_y > 1; }
  /// What a reader must know: repeats, stretch; may be empty.
  [[nodiscard]] std::string note() const;
};

/// View of `box`; an axis along which box spans the clip's cell is periodic and may be repeated.
[[nodiscard]] LayoutView view_of(const Box& box, const Box& cell);

/// Outlines of the rings with the copies of the view. Lines on the border of a periodic cell are left out
/// (the polygon continues there), and the pieces of one straight edge in neighbouring copies are joined.
struct Outline {
  std::vector<Position> points;  ///< nm
  bool closed = false;
};
[[nodiscard]] std::vector<Outline> outlines(const std::vector<layout::Polygon>& rings, const Box& cell,
                                            const LayoutView& view);

/// Filled rings with the copies of the view, on the sheet.
[[nodiscard]] std::vector<std::vector<Position>> filled_rings(const std::vector<layout::Polygon>& rings,
                                                              const LayoutView& view, const DataArea& area);

/// On the sheet.
[[nodiscard]] std::vector<Position> placed(const std::vector<Position>& points, const DataArea& area);

/// Canvas units along x for one nm.
[[nodiscard]] double units_per_nm(const LayoutView& view);

[[nodiscard]] LegendItem scale_bar(const LayoutView& view);

/// Frame of the base cell where the view repeats it.
void draw_cell_frame(Canvas& canvas, const DataArea& area, const LayoutView& view);

}  // namespace undulith::report
