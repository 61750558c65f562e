// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "undulith/resist/parameters.hpp"

namespace undulith::resist {

/// Rates of one bake at its temperature.
struct ReactionRates {
  double k_quench_per_s = 0, k_amp_per_s = 0, k_loss_per_s = 0, k_trap_per_s = 0;
  double order = 1;
};
[[nodiscard]] ReactionRates rates_of(const BakeParameters& parameters);

/// All reactions of some nodes for time_s, no diffusion. `deprotection` is u = -ln m.
///
/// Annihilation of acid and quencher and, without loss and trapping, deprotection of first order are exact;
/// loss and trapping are split about them, other orders take Simpson's rule: second order in time_s.
/// @param quencher  empty when there is none
void react(std::span<double> acid, std::span<double> quencher, std::span<double> deprotection,
           const ReactionRates& rates, double time_s);

}  // namespace undulith::resist
