// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <span>
#include <vector>

#include "undulith/resist/resist.hpp"

namespace undulith::resist {

/// Dissolution rate of resist whose inhibitor is m in [0, 1], deep below the surface; nm/s.
/// Tone::negative takes 1 - m for m. docs/theory/resist.md
[[nodiscard]] double development_rate_nm_s(const DevelopmentParameters& parameters, double m);
/// Rate of a metal-oxide resist at conversion X.
[[nodiscard]] double metal_oxide_rate_nm_s(const ResistParameters& parameters, double conversion);

/// Rate at every node, surface inhibition included.
[[nodiscard]] Field3D<double> development_rate(const Field3D<double>& inhibitor,
                                               const ResistParameters& parameters);

/// A count of nodes along each axis of a film.
struct PerAxis {
  int x = 1, y = 1, z = 1;
  bool operator==(const PerAxis&) const = default;
};

/// A node from which the front starts, and when.
struct FrontSeed {
  int ix = 0, iy = 0, iz = 0;
  double time_s = 0;
};
struct FrontParameters {
  bool periodic = true;  ///< laterally; else the front ends at the border
  /// Starts; empty = the whole top surface at time 0
  std::vector<FrontSeed> seeds;
  /// Of a start on the whole surface: the front is followed to nodes that it reaches by twice this time and two
  /// nodes further, one in depth. Beyond them the times are upper bounds later than stop_s.
  double stop_s = std::numeric_limits<double>::max();
  /// Of so many nodes along each axis one is used: the margins are as many times wider
  PerAxis read_every;
};
struct Front {
  Field3D<double> arrival_time_s;
  FrontReport report;
};

/// Time at which the developer's front reaches each node: |grad T| = 1/R, by fast marching. First-order times
/// order the nodes; second-order upwind differences where they are causal, first-order elsewhere, then visit
/// each node once in that order. Works for ny = 1 (2-D), nx = 1, and both (1-D).
/// @throws InputError  a rate that is not positive and finite
/// Accuracy: second order from a smooth start, first from a point. Cost: O(N log N) of the nodes reached, on
/// one thread. Source: [Sethian1996].
[[nodiscard]] Front front_arrival(const Field3D<double>& rate_nm_s, const FrontParameters& parameters = {});

/// Open-frame response of the resist: no lateral image.
struct ContrastPoint {
  double dose_mj_cm2 = 0;
  double remaining_nm = 0;
  double time_to_clear_s = 0;
};
struct ContrastCurve {
  std::vector<ContrastPoint> points;
  /// Positive tone: dose at which the film just clears; negative: at which half of it stays
  std::optional<double> dose_to_clear_mj_cm2;
  std::optional<double> gamma;  ///< |d(remaining/thickness) / d log10 E| at the steepest part
};
/// @param doses_mj_cm2  > 0, rising
/// Depth alone: bake (with diffusion along z) and development in one dimension.
[[nodiscard]] ContrastCurve contrast_curve(const ResistParameters& parameters,
                                           std::span<const double> doses_mj_cm2);

}  // namespace undulith::resist
