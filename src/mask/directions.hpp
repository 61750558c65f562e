// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "undulith/illuminator/illuminator.hpp"
#include "undulith/mask/diffraction.hpp"

namespace undulith::mask {

/// A direction of incidence, in units of NA at the mask.
struct Sigma {
  double x = 0, y = 0;
};

/// Directions for which the mask is solved, and the share of each in each source point.
struct Directions {
  std::vector<Sigma> nodes;                        ///< the first is the chief ray
  std::vector<std::vector<SpectrumShare>> shares;  ///< one per source point
  double step_x = 0, step_y = 0;                   ///< 0: each source point has its own
  bool on_lattice_x = false, on_lattice_y = false;
  int sublattices_x = 1, sublattices_y = 1;
};

/// Distance along each axis, in sigma, after which directions share a Bloch vector; absent: none do.
struct Lattice {
  std::optional<double> x, y;
};

/// A regular grid over the source with steps of at most `largest_step` along each axis, cubic between; or,
/// where that has no fewer nodes, the source points themselves.
///
/// On an axis with a lattice the step is a whole fraction of its unit or a whole multiple, and a node lies at
/// the chief ray; else the grid spans the points exactly. Only nodes that some point needs are kept.
[[nodiscard]] Directions lay_directions(const std::vector<illuminator::SourcePoint>& points,
                                        const Lattice& lattice, Sigma largest_step);

}  // namespace undulith::mask
