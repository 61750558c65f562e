// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/source/undulator.hpp"

namespace undulith::source {

/// rms divergences beyond which a Gaussian is neglected: 6e-7 of it lie outside.
inline constexpr double kGaussianReach = 5;

/// rms divergences times gamma, not below the floor of flux_through.
struct Divergence {
  double x = 0, y = 0;
};
/// @param eta  reduced photon energy, for which the natural divergence is taken
[[nodiscard]] Divergence divergence_of(const Undulator& undulator, const BeamSpread& spread, double eta);

/// @throws InputError
void check_spread(const BeamSpread& spread);
void check_energies(const Undulator& undulator, const std::vector<double>& energies_ev);

}  // namespace undulith::source
