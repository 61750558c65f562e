// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "undulith/layout/clip.hpp"
#include "undulith/math/contour.hpp"
#include "undulith/metrology/metrology.hpp"

/// Results for a layout viewer: printed shapes as a layout, colours of its layers, a list of failed gauges.
namespace undulith::report {

/// One layer of a layout of results.
struct ReviewLayer {
  int layer = 0, datatype = 0;
  std::string name{};
  std::vector<layout::Polygon> rings{};  ///< nm; outer counter-clockwise, holes clockwise
};

enum class PrintedSide { left, right };

/// The printed region: one side of the contours of a window, as rings.
/// @param left_share  share of the window on the left of the contours; without contours it decides between
///                    the whole window and nothing
[[nodiscard]] std::vector<layout::Polygon> printed_rings(const std::vector<math::Contour>& contours,
                                                         PrintedSide side, double left_share,
                                                         const Box& window);

/// Colours and names of the layers as a KLayout .lyp.
[[nodiscard]] std::string layer_properties(const std::vector<ReviewLayer>& layers);

/// Gauges that did not print, or whose CD is off its target by more than the tolerance, as a KLayout report
/// database (.lyrdb): a cut line and a sentence for each.
/// @param results  those without a target are left out
[[nodiscard]] std::string cd_findings(const std::string& cell, const std::string& title,
                                      std::span<const metrology::GaugeResult> results,
                                      double cd_tolerance_percent);

/// A place of a mask that breaks a rule.
struct MaskRuleFinding {
  std::string rule;  ///< "min_width_nm", "min_space_nm", "min_area_nm2", "min_jog_nm" or "overlap"
  Box where;         ///< nm
};
/// Such places as a KLayout report database (.lyrdb).
[[nodiscard]] std::string mask_findings(const std::string& cell, const std::string& title,
                                        std::span<const MaskRuleFinding> findings);

}  // namespace undulith::report
