// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/metrology/metrology.hpp"
#include "undulith/optimise/fine_image.hpp"
#include "undulith/optimise/image_model.hpp"
#include "undulith/optimise/image_point.hpp"

namespace undulith::optimise {

/// A point on a drawn edge, with the direction out of the shape (length 1).
struct PlacementSite {
  double x = 0, y = 0, normal_x = 1, normal_y = 0;
};

/// The printed edge that belongs to a site.
struct EdgePlacement {
  bool printed =
      false;  ///< an edge of the right side lies within reach; else offset_nm is the Newton estimate
  double offset_nm = 0;  ///< from the site along its normal; > 0: the shape prints too large
  /// Fall of the intensity out of the shape at the edge, per nm (> 0 for a printed edge; dark shapes: its rise). Without
  /// an edge: that of the site, but at least the least slope
  double slope_per_nm = 0;
  double curvature_per_nm2 = 0;  ///< second derivative of the intensity along the normal at that place
  double x = 0, y = 0;           ///< where slope and derivatives are taken
};

struct PlacementSearch {
  metrology::Feature printed = metrology::Feature::bright;  ///< that prints as a shape of the drawing
  double reach_nm = 60;                                     ///< on either side, > 0
  double least_slope_per_nm = 1e-3;  ///< of the Newton estimate where there is no edge, > 0
};

/// The printed edge nearest to a site along its normal: Newton's method from the site, kept within the reach, then a
/// search in steps of 1/16 of the shortest period of the image.
///
/// Without an edge the offset is the first Newton step, (I - T) / max(slope, least slope), within the reach: it is always
/// defined and its sign says which way the edge has to come.
/// Accuracy: 1e-10 nm. Cost: about five evaluations of O(nx ny).
[[nodiscard]] EdgePlacement place_edge(const ModelGrid& grid, const imaging::CellSamples& image,
                                       const PlacementSite& site, double threshold,
                                       const PlacementSearch& search = {});
/// The same on a fine image. Accuracy: that of the image over its slope. Cost O(1).
[[nodiscard]] EdgePlacement place_edge(const FineImage& image, const PlacementSite& site, double threshold,
                                       const PlacementSearch& search = {});

/// Adds the derivative of d_offset offset_nm + d_slope slope_per_nm to the sensitivity of the samples of the image.
///
/// With F the intensity less the threshold (its negative for dark shapes) and n the normal, the edge moves by
///   de = dF / slope,   slope = -dF/dn,
/// and the slope at the moving edge changes by d(slope) = -d(dF/dn) - (d2F/dn2) de. The Newton estimate has a fixed place:
/// its slope counts as a constant where it is below the least slope.
/// Cost O(nx ny). Theory: docs/theory/optimisation-edges.md
void add_placement_adjoint(const ModelGrid& grid, const PlacementSite& site, const EdgePlacement& placement,
                           metrology::Feature printed, double d_offset, double d_slope,
                           imaging::CellSamples& sensitivity);

/// Image log slope of a printed edge, slope / threshold, in 1/nm.
[[nodiscard]] inline double image_log_slope(const EdgePlacement& placement, double threshold) {
  return placement.slope_per_nm / threshold;
}

}  // namespace undulith::optimise
