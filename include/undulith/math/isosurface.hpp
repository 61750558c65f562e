// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <vector>

#include "undulith/core/volume.hpp"

namespace undulith::math {

/// Triangles of a surface; positions (x, y, z) in nm with z as in the field.
struct Surface {
  std::vector<std::array<double, 3>> points;
  std::vector<std::array<int, 3>> triangles;
};

/// Surface on which the field equals the level, by marching tetrahedra (no ambiguous case, no holes); with
/// `close`, capped at the borders so that the part above the level is a closed body.
/// Second order in the step. Cost O(nodes).
[[nodiscard]] Surface find_surface(const Field3D<double>& field, double level, bool close);

}  // namespace undulith::math
