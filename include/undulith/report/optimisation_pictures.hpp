// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "undulith/math/contour.hpp"
#include "undulith/report/pictures.hpp"

/// Pictures of an optimised mask. What each one shows: docs/theory/report.md. The same rules as in pictures.hpp.
namespace undulith::report {

/// A mask and what it prints of a drawing.
struct PrintedMask {
  std::string name, facts;             ///< above its panel, and below the name
  std::vector<layout::Polygon> mask;   ///< its rings
  std::vector<math::Contour> printed;  ///< edge in the nominal condition
  /// By how much the relative intensity is on the printing side of the threshold, the largest and the smallest value over
  /// the conditions of a window: nodes over the window of the drawing
  Field2D<double> outermost, innermost;
  std::vector<layout::Point> beyond;  ///< sites whose edge is beyond its tolerance
};

/// Both masks with the drawing and the printed edge. Where features are small on the sheet, a second row shows the
/// surroundings of a place.
/// @param resolution_nm  shortest period of the image: how small a feature may be
/// @param detail         middle of the second row
[[nodiscard]] Picture draw_printed_masks(std::span<const PrintedMask> masks, const layout::Clip& drawn,
                                         double resolution_nm, layout::Point detail,
                                         const PictureOptions& options);

/// Where the printed edge lies in some condition of the window: the area between the outermost and the innermost one.
[[nodiscard]] Picture draw_edge_bands(std::span<const PrintedMask> masks, const layout::Clip& drawn,
                                      double resolution_nm, layout::Point detail,
                                      const PictureOptions& options);

/// Numbers of sites against their signed edge placement error.
struct PlacementHistogram {
  std::vector<double> before_nm, after_nm;  ///< of sites that print
  int unprinted_before = 0, unprinted_after = 0;
  double tolerance_nm = 1;  ///< > 0
};
[[nodiscard]] Picture draw_placement_errors(const PlacementHistogram& errors, const PictureOptions& options);

/// Quantities of a search against its steps.
struct SearchCurve {
  std::string name;
  std::vector<double> step, value;
};
[[nodiscard]] Picture draw_convergence(std::span<const SearchCurve> curves, const std::string& step_name,
                                       const std::string& value_name, const PictureOptions& options);

}  // namespace undulith::report
