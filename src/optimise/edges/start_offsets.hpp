// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "optimise/edges/fragments.hpp"

namespace undulith::optimise {

/// The offsets of the fragments of a target that make these rings, in any order: each fragment takes the nearest edge of the
/// rings with its direction that lies beside it, and all edges must be found again.
/// @throws InputError  the rings are not made of the fragments of the target
/// Cost O(fragments vertices).
[[nodiscard]] std::vector<double> offsets_of(const FragmentedTarget& target,
                                             const std::vector<layout::Polygon>& rings, double grid_nm,
                                             double max_move_nm);

}  // namespace undulith::optimise
