// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <cstddef>
#include <vector>

namespace undulith::mask {

/// Tangential electric field (Ex, Ey) of a reflected wave for that of the incident one.
struct OrderJones {
  std::complex<double> xx, xy, yx, yy;
};

/// The reflection of one incident direction, both polarisations: a matrix for each reflected order.
///
/// Orders count from the incident wave: (0, 0) is the mirror direction. Phases of incident and reflected
/// waves refer to the top of the mask and to the lower-left corner of its cell.
struct MaskJones {
  int max_order_x = 0, max_order_y = 0;
  std::vector<OrderJones> orders;  ///< (m, n) at [(n + max_order_y)(2 max_order_x + 1) + m + max_order_x]

  /// |m| <= max_order_x, |n| <= max_order_y
  [[nodiscard]] const OrderJones& operator()(int m, int n) const {
    return orders[static_cast<std::size_t>((n + max_order_y) * (2 * max_order_x + 1) + m + max_order_x)];
  }
};

}  // namespace undulith::mask
