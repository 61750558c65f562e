// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/study/mask_effects.hpp"

namespace undulith::study {

/// Efficiencies and phases of the orders of a thin and a thick mask.
/// @param thick       for one source point, as `thin`
[[nodiscard]] std::vector<OrderRow> order_rows(const std::string& name, const mask::Diffraction& thick,
                                               const mask::Diffraction& thin, double sigma_x, double sigma_y,
                                               const mask::MaskOptics& optics, double incidence_deg);

}  // namespace undulith::study
