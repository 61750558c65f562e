// SPDX-License-Identifier: MIT
#include "undulith/math/unit_phase.hpp"

#include <numbers>

#include "undulith/core/simd.hpp"

namespace undulith::math {
namespace {

// Adding and taking away 1.5 * 2^52 rounds to the nearest integer without a call.
constexpr double kRounder = 6755399441055744.0;

UNDULITH_SIMD_CLONES
void fill(const double* waves, double* out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    // waves = quarters / 4 + rest, |rest| <= 1/8; the subtraction is exact.
    const double whole = (waves[i] + kRounder) - kRounder;
    const double fraction = waves[i] - whole;
    const double quarters = (4 * fraction + kRounder) - kRounder;  // -2 .. 2
    const double x = 2 * std::numbers::pi * (fraction - 0.25 * quarters);
    const double x2 = x * x;
    const double sine =
        x + x * x2 *
                (-1.0 / 6 +
                 x2 * (1.0 / 120 + x2 * (-1.0 / 5040 +
                                         x2 * (1.0 / 362880 + x2 * (-1.0 / 39916800 +
                                                                    x2 * (1.0 / 6227020800.0 +
                                                                          x2 * (-1.0 / 1307674368000.0)))))));
    const double cosine =
        1 + x2 * (-1.0 / 2 +
                  x2 * (1.0 / 24 +
                        x2 * (-1.0 / 720 +
                              x2 * (1.0 / 40320 +
                                    x2 * (-1.0 / 3628800 + x2 * (1.0 / 479001600.0 +
                                                                 x2 * (-1.0 / 87178291200.0 +
                                                                       x2 * (1.0 / 20922789888000.0))))))));
    // Turned back by the quarters: odd ones swap, and the signs follow.
    const bool odd = quarters == 1 || quarters == -1;
    const double a = odd ? sine : cosine, b = odd ? cosine : sine;
    out[2 * i] = quarters == 1 || quarters == 2 || quarters == -2 ? -a : a;
    out[2 * i + 1] = quarters == -1 || quarters == 2 || quarters == -2 ? -b : b;
  }
}

}  // namespace

void unit_phases(std::span<const double> waves, std::span<std::complex<double>> out) {
  fill(waves.data(), reinterpret_cast<double*>(out.data()), waves.size());
}

}  // namespace undulith::math
