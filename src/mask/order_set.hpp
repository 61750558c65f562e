// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/mask/rigorous.hpp"

namespace undulith::mask {

/// Axes along which a mask changes.
enum class Variation { none, x, y, both };

/// The orders that a computation keeps, with their tangential vectors.
struct OrderSet {
  std::vector<Order> orders;
  std::vector<TangentialVector> directions;
  [[nodiscard]] int size() const { return static_cast<int>(orders.size()); }
};

/// Orders about the normal: the set depends on the Bloch vector, not on its representative.
/// @param step  lambda / period along x and y
[[nodiscard]] OrderSet keep_orders(Variation variation, TangentialVector bloch, TangentialVector step,
                                   const Truncation& truncation);

}  // namespace undulith::mask
