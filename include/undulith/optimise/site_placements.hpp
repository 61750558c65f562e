// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "undulith/optimise/edge_placement.hpp"
#include "undulith/optimise/print_goal.hpp"

/// Edge placement at the sites of a drawing, and what lithographers read from it.
namespace undulith::optimise {

/// The conditions of a goal without repetition, the nominal one first.
[[nodiscard]] std::vector<Condition> conditions_of(const PrintGoal& goal);

/// A site and where its edge prints in each condition.
struct SitePlacement {
  ControlSite site;
  std::vector<EdgePlacement> placements;  ///< of conditions_of(goal)
};

/// The sites of the window of a drawing.
/// @param reach_nm  an edge farther from its site than this does not count as printed, > 0
/// Cost O(sites conditions nx ny).
[[nodiscard]] std::vector<SitePlacement> place_sites(const Images& images, const ModelGrid& grid,
                                                     const layout::Clip& drawn, const PrintGoal& goal,
                                                     double reach_nm);

/// Of the sites that print in one condition; each counts with the length of its edge. No site prints: all are absent.
struct PlacementStatistics {
  int n_unprinted = 0;
  std::optional<double> rms_nm, largest_nm;  ///< of the edge placement error; largest: its modulus
  std::optional<double> least_ils_per_um;    ///< image log slope, slope / threshold, at the printed edges
  /// Mean error of vertical edges (normal along x) less that of horizontal ones: horizontal-vertical bias of an edge, half of
  /// that of a width. Absent where there are no edges of one kind
  std::optional<double> vertical_horizontal_nm;
  /// The displacement of the pattern that fits the errors best: least squares of e = shift . normal, axis by axis
  std::optional<double> shift_x_nm, shift_y_nm;
};
/// @param condition  index into the placements
[[nodiscard]] PlacementStatistics statistics_of(std::span<const SitePlacement> sites, std::size_t condition,
                                                double threshold);

}  // namespace undulith::optimise
