// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "undulith/layout/clip.hpp"
#include "undulith/metrology/metrology.hpp"
#include "undulith/resist/resist.hpp"

/// Numbers of a developed resist profile.
namespace undulith::metrology {

/// A profile across one gauge. Feature::bright is what was exposed: the opening of a positive resist, the
/// resist of a negative one.
struct ProfileResult {
  GaugeResult
      at_cd_height;  ///< edges, CD, EPE, shift, status where the CD is defined; no ILS, NILS, intensity
  std::optional<double> cd_top_nm, cd_middle_nm, cd_bottom_nm;    ///< at 10, 50 and 90 % of the film's depth
  std::optional<double> side_wall_left_deg, side_wall_right_deg;  ///< 90 = vertical, < 90: resist wider below
  std::optional<double> footing_nm;  ///< CD of the resist at the bottom minus its continuation from above
  double top_loss_nm = 0;            ///< film thickness minus the highest resist along the cut
  double resist_left_nm = 0;         ///< lowest height along the cut, 0 = cleared
};

struct ProfileMeasurement {
  double cd_height = 0.5;
  std::vector<ProfileResult> gauges;
  std::vector<math::Contour> contours;  ///< of the resist at cd_height, within the window
  double resist_area_fraction = 0;      ///< of the window at cd_height
  double top_loss_nm = 0;               ///< of the whole window
};

/// Edges by 4-point cubic interpolation of log(arrival / time) along the cut and linear between depths.
/// @param cd_height  share of the film's thickness above the substrate at which CD is defined, in (0, 1)
/// @param gauges     those of measure(): the same names in the same order
/// Accuracy: third order in the lateral step for smooth profiles.
[[nodiscard]] ProfileMeasurement measure_profile(const resist::ResistProfile& profile,
                                                 const layout::Clip& clip, Feature drawn,
                                                 const std::vector<Gauge>& gauges, double cd_height);

/// Edges of a line feature along its length, for roughness: one cut for each row of nodes that the feature
/// runs through.
struct EdgeTrace {
  std::vector<double> left_nm, right_nm;  ///< along the cut, from its centre; NaN-free
  double step_nm = 1;                     ///< between cuts
  int n_missing = 0;                      ///< cuts at which an edge was not found; their neighbours stand in
};
/// @param gauge  across the feature, along x or y (angle_deg 0, 90, 180 or 270 within 1e-6)
/// @throws InputError  a gauge that is not along an axis
[[nodiscard]] EdgeTrace trace_edges(const resist::ResistProfile& profile, const Gauge& gauge,
                                    double cd_height);

/// A hole or pillar: the closed piece of the profile around a point.
struct HoleResult {
  PrintStatus status = PrintStatus::printed;
  double centre_x_nm = 0, centre_y_nm = 0;  ///< of area
  double area_nm2 = 0;
  double cd_nm = 0;                 ///< 2 sqrt(area / pi)
  double cd_x_nm = 0, cd_y_nm = 0;  ///< through the centre
  double ellipticity = 1;           ///< longer over shorter axis, from second moments
};
/// Marching squares on a level field; > 0 inside.  Second order in the step.
/// @param x_nm, y_nm  within the hole; periodic images are joined
[[nodiscard]] HoleResult measure_hole(const Field2D<double>& level, bool periodic, double x_nm, double y_nm);

}  // namespace undulith::metrology
