// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>

namespace undulith::optimise {

/// The polynomial through N samples at 1 - N/2 .. N/2 (in pitches, N even), between those at 0 and 1: sums of samples times
/// weights.
template <std::size_t N>
class NeighbourWeights {
 public:
  using Row = std::array<double, N>;

  NeighbourWeights() {
    for (std::size_t i = 0; i < N; ++i) {
      // Product of (s - s_j) / (s_i - s_j), as coefficients of the powers of s, the distance from the middle.
      Row product{1};
      for (std::size_t j = 0; j < N; ++j) {
        if (j == i) continue;
        const double scale = 1 / (place(i) - place(j));
        for (std::size_t k = N; k-- > 0;)
          product[k] = ((k > 0 ? product[k - 1] : 0) - place(j) * product[k]) * scale;
      }
      for (std::size_t k = 0; k < N; ++k) power_[k][i] = product[k];
    }
  }

  /// @param t  in [0, 1]
  [[nodiscard]] Row value(double t) const { return horner(t, 0); }
  [[nodiscard]] Row slope(double t) const { return horner(t, 1); }      ///< per pitch
  [[nodiscard]] Row curvature(double t) const { return horner(t, 2); }  ///< per squared pitch

 private:
  static double place(std::size_t i) { return static_cast<double>(i) - static_cast<double>(N - 1) / 2; }

  [[nodiscard]] Row horner(double t, std::size_t derivative) const {
    const double s = t - 0.5;
    Row sum{};
    for (std::size_t k = N; k-- > derivative;) {
      double factor = 1;
      for (std::size_t d = 0; d < derivative; ++d) factor *= static_cast<double>(k - d);
      for (std::size_t i = 0; i < N; ++i) sum[i] = sum[i] * s + factor * power_[k][i];
    }
    return sum;
  }

  std::array<Row, N> power_{};
};

}  // namespace undulith::optimise
