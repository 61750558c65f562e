// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "undulith/layout/clip.hpp"

/// Where the printed edge is compared with the drawn one.
namespace undulith::optimise {

/// A point on a drawn edge.
struct ControlSite {
  double x_nm = 0, y_nm = 0;
  double normal_x = 0, normal_y = 0;  ///< unit vector out of the drawn shape
  double length_nm = 0;               ///< of the edge that the site stands for
};

struct SiteParameters {
  double step_nm = 40;         ///< between the sites of an edge, > 0
  double from_corner_nm = 40;  ///< of the first site, on both ends; a shorter edge has one in its middle
};

/// Sites from each end of an edge towards its middle. Edges on the border of the cell have none.
/// @param rings  as in Clip: outer rings counter-clockwise, holes clockwise
[[nodiscard]] std::vector<ControlSite> control_sites(std::span<const layout::Polygon> rings, const Box& cell,
                                                     const SiteParameters& parameters = {});

}  // namespace undulith::optimise
