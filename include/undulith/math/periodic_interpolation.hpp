// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <functional>
#include <span>
#include <vector>

#include "undulith/core/large_buffer.hpp"
namespace undulith::math {

/// A piece of a regular grid of n samples over one period: samples first .. first + count - 1.
struct SampleRange {
  int n = 1, first = 0, count = 1;
};

/// Samples of a real, periodic, band-limited function f = sum_{|m| <= mx, |n| <= my} c(n, m)
/// exp(2 pi i (m u + n v)), u and v from 0 to 1 over a period, on a piece of a regular grid; x fastest.
///
/// A transform gives the function, divided by the spectrum of a Kaiser-Bessel window, on a grid twice as fine
/// as its band needs; sums of 14 neighbours weighted by that window give the samples, one axis after the
/// other.
/// @param half  as in inverse_real()
/// Accuracy: 1e-13 of the sum of |c|. Cost O(N^2 log N) for the band and 14 products per sample.
/// Source: [FesslerSutton2003].
[[nodiscard]] LargeVector<double> interpolate_periodic(int mx, int my,
                                                       std::span<const std::complex<double>> half,
                                                       SampleRange x, SampleRange y);

/// The same samples, some rows at a time: take(first_row, rows) for all rows in order, from this thread.
void visit_periodic(int mx, int my, std::span<const std::complex<double>> half, SampleRange x, SampleRange y,
                    const std::function<void(int first_row, std::span<const double> rows)>& take);

/// The adjoint: sum over the samples of weight exp(-2 pi i (m u + n v)) for the coefficients of `half`.
/// @param weights  one per sample of the piece, x fastest
[[nodiscard]] std::vector<std::complex<double>> interpolate_periodic_adjoint(int mx, int my,
                                                                             std::span<const double> weights,
                                                                             SampleRange x, SampleRange y);

}  // namespace undulith::math
