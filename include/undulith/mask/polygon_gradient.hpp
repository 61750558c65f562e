// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "undulith/layout/clip.hpp"

namespace undulith::mask {

/// Derivatives of a number L with respect to one ring of a pattern, per nm.
struct RingGradient {
  /// dL/dx and dL/dy of each vertex, the others fixed
  std::vector<layout::Point> d_vertex;
  /// dL of a move of edge i, from vertex i to the next, along its outward normal. The neighbours follow: their lines stay,
  /// the end points slide along them.
  std::vector<double> d_offset;
};

/// Derivatives of a number L of the Fourier coefficients c of a pattern (polygon_spectrum()) with respect to its rings:
/// the adjoint of polygon_spectrum().
///
/// The sensitivity is a real function of the plane,
///   g(x, y) = Re sum_mn d_pattern_mn exp(+2 pi i (m (x-x0)/Lx + n (y-y0)/Ly)) / A,
/// the change of L per nm2 that is added to the pattern at (x, y). A vertex between two edges (dx, dy) gets from each
///   dL/dv = (dy, -dx) int_0^1 hat(u) g du,    hat = u on the edge that arrives, 1 - u on the one that leaves.
/// Every order has a closed form on every edge. Horizontal edges of one height, and vertical ones of one x, share a
/// product of matrices.
///
/// @param rings      outer rings counter-clockwise, holes clockwise. Edges on the border of the cell are moved as all
///                   others, though the shape that they cut goes on beyond the border
/// @param d_pattern  dL = Re sum_mn conj(d_pattern_mn) dc_mn over the full rectangle of orders n = -max_order_y ..
///                   max_order_y and m = -max_order_x .. max_order_x, m fastest
/// @throws std::invalid_argument  another number of orders
/// Accuracy: 1e-14 of the sum of |d_pattern| times the length of the edge. Cost O((distinct heights + distinct x + slanted
/// edges) max_order_x max_order_y), 2 to 4 times polygon_spectrum() for Manhattan
/// rings (400 rings: 2.0 with 88 orders, 4.1 with 17), half of it for slanted ones.
/// Theory: docs/theory/optimisation-edges.md
[[nodiscard]] std::vector<RingGradient> polygon_gradient(std::span<const layout::Polygon> rings,
                                                         const Box& cell, int max_order_x, int max_order_y,
                                                         std::span<const std::complex<double>> d_pattern);

}  // namespace undulith::mask
