// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "illuminator/cell_area.hpp"
#include "undulith/illuminator/illuminator.hpp"

namespace undulith::illuminator {

/// An illuminated shape as a sum of cut discs, and its area in closed form.
struct IlluminatedShape {
  std::vector<Term> terms;
  double area = 0;
};

/// Geometry of conventional, annular, dipole, quasar and leaf_dipole.
/// @throws InputError  a parameter out of range; names the key
[[nodiscard]] IlluminatedShape make_shape(const IlluminatorParameters& parameters);

}  // namespace undulith::illuminator
