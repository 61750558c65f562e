// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "optimise/width_rules.hpp"
#include "undulith/layout/coverage.hpp"

namespace undulith::optimise {

std::vector<NarrowPlace> check_free_mask(const std::vector<layout::Polygon>& rings, const Box& cell,
                                         const FreeMaskRules& rules, double pixel_nm) {
  const auto pixels = [&](double length_nm) {
    return std::max(1, static_cast<int>(std::lround(length_nm / pixel_nm)));
  };
  const Field2D<double> share = layout::coverage(rings, cell, pixels(cell.width()), pixels(cell.height()));
  PixelSet shapes(share.nx(), share.ny());
  std::ranges::transform(share.values(), shapes.values.begin(), [](double of) { return of >= 0.5; });
  return find_narrow(shapes, pixel_nm, cell, rules);
}

}  // namespace undulith::optimise
