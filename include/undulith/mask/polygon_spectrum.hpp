// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <vector>

#include "undulith/layout/clip.hpp"

namespace undulith::mask {

/// Exact Fourier coefficients of the characteristic function chi of a set of rings (1 inside, 0 outside):
///
///   c_mn = 1/A int_cell chi(x, y) exp(-2 pi i (m (x-x0)/Lx + n (y-y0)/Ly)) dx dy
///
/// By Green's theorem the area integral is a sum over edges. With h_n(y) = int_0^y exp(-i ky y') dy',
///   A c_mn = - sum_edges int_edge h_n(y(x)) exp(-i kx x) dx;
/// vertical edges drop out, horizontal edges at one height share one h_n, and slanted edges have a closed
/// form.
///
/// @param rings  outer rings counter-clockwise, holes clockwise, not overlapping, within the cell
/// @return       c for n = 0 .. max_order_y (the other half is c_{-m,-n} = conj c_mn) and
///               m = -max_order_x .. max_order_x, m fastest
/// Accuracy: a few 1e-15. Cost O((distinct heights + slanted edges) max_order_x max_order_y).
/// Source: derived in docs/theory/mask.md
[[nodiscard]] std::vector<std::complex<double>> polygon_spectrum(const std::vector<layout::Polygon>& rings,
                                                                 const Box& cell, int max_order_x,
                                                                 int max_order_y);

}  // namespace undulith::mask
