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

/// Expected time of flux_through, s.
[[nodiscard]] double flux_through_cpu_s(const Undulator& undulator, const BeamSpread& spread,
                                        const Aperture& aperture, const std::vector<double>& energies_ev);

/// Numbers in the largest matrix of angular_maps.
[[nodiscard]] double map_samples(const Undulator& undulator, const BeamSpread& spread, double energy_ev,
                                 double half_width_mrad, int n);
/// More are not computed: 1.6 GB in each of a few matrices.
inline constexpr double kMostMapSamples = 2e8;

}  // namespace undulith::source
