// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "imaging/back_end.hpp"

namespace undulith::imaging {

/// The group whose fields in the first plane are those of another one at opposite orders:
/// F'(-m, -n) = sign F(m, n), one sign for each component.
struct OppositeGroup {
  int group = 0;
  std::vector<double> signs;
};

/// Of each group, which may be its own; empty where one group has none. Opposite source points of the same weight and
/// state have it where the optics are even, P(-g) = P(g), as without odd aberrations.
///
/// The fields are compared: to 1e-12 of the largest element. Cost: two passes over the fields; one group where the
/// optics aren't even.
[[nodiscard]] std::vector<OppositeGroup> opposite_groups(const CoherentFields& fields);

}  // namespace undulith::imaging
