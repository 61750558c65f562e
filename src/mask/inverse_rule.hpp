// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <vector>

#include "mask/modal_system.hpp"
#include "mask/order_set.hpp"

namespace undulith::mask {

/// What the inverse rule along x adds to the matrix of eps between orders, for E_x of a pattern in two
/// dimensions: where E_x crosses a wall it jumps, and D_x does not.
///
/// The pattern is cut into bands of constant y; in each, eps is a function of x alone, and D_x = M E_x with M
/// the inverse of the Toeplitz matrix of 1/eps [Li1997]. The sum over bands of (M - matrix of eps) is
/// returned, so that where walls slant, and bands are stairs, only this small difference is one of stairs.
///
/// @param outside, inside  permittivities
/// Exact for polygons with horizontal and vertical edges. Cost O(bands (orders along x)^3 + bands N^2).
[[nodiscard]] Matrix inverse_rule_along_x(const std::vector<layout::Polygon>& polygons, const Box& cell,
                                          const OrderSet& set, std::complex<double> outside,
                                          std::complex<double> inside);
/// The same for E_y.
[[nodiscard]] Matrix inverse_rule_along_y(const std::vector<layout::Polygon>& polygons, const Box& cell,
                                          const OrderSet& set, std::complex<double> outside,
                                          std::complex<double> inside);

}  // namespace undulith::mask
