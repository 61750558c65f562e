// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

/// How lane_fft.hpp transforms a line.
namespace undulith::math {

/// One pass of decimation in frequency: butterflies of `radix` values a distance m apart, in blocks of radix m.
struct LinePass {
  int radix, m;
  std::size_t twiddles;  ///< first of m (radix - 1) factors
};

/// The inverse transform of n samples from the coefficients 0 .. n_in - 1; all others are zero and not read.
/// The output stays in the order in which the passes leave it: position p holds sample order[p].
template <class T>
struct LinePlan {
  /// @param n  2^a 3^b 5^c, >= 1    @param n_in  in [1, n]
  /// @throws std::invalid_argument  n has other factors
  LinePlan(int n, int n_in);

  int n, n_in;
  std::vector<LinePass> passes;  ///< none for n = 1
  std::vector<T> twiddles;       ///< re, im
  std::vector<int> order;
};

/// Whether n is a length that LinePlan takes.
[[nodiscard]] bool has_line_plan(int n);

}  // namespace undulith::math
