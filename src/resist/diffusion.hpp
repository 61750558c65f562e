// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "resist/film_modes.hpp"
#include "undulith/resist/parameters.hpp"

namespace undulith::resist {

/// What one species does at the top surface: flux into the film = transfer (ambient - c). 0 = closed.
struct Surface {
  double transfer_nm_s = 0, ambient = 0;
};

/// One step of time of a species with a constant diffusivity, exact in time.
///
/// Along the film each wave decays by exp(-D k^2 dt). Through it: closed, each cosine decays likewise; with
/// exchange at the top the matrix exponential of second-order differences about the ambient concentration.
class DiffusionStep {
 public:
  DiffusionStep(const Grid3D& grid, double lateral_nm2_s, double depth_nm2_s, const Surface& surface,
                double time_s, double decay = 1);
  /// @param fft  of the grid's planes
  void apply(Field3D<double>& concentration, const math::RealFft2D& fft) const;

 private:
  std::vector<double> lateral_;  ///< factors of the half spectrum; empty = nothing to do
  Eigen::MatrixXd depth_;        ///< empty = nothing to do
  double ambient_ = 0, decay_ = 1;
};

/// One step of a species whose diffusivity varies from node to node: Crank-Nicolson along one axis after
/// another (x/2, y/2, z, y/2, x/2). Second order in time and step; unconditionally stable.
void diffuse_variable(Field3D<double>& concentration, const Field3D<double>& growth, double lateral_nm2_s,
                      double depth_nm2_s, const Surface& surface, double time_s);

}  // namespace undulith::resist
