// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <numbers>

/// Functions without branches and calls: loops over them are vectorised, and give the same bits at every vector
/// width.
namespace undulith::resist {

// ln 2 in two parts: the first has so few digits that its products with whole numbers are exact.
inline constexpr double kLn2High = 0x1.62e42fefap-1, kLn2Low = 0x1.cf79abc9e3b3ap-40;

/// exp(-y), y >= 0; beyond 708 the value there. Accuracy: 3 units in the last place.
[[nodiscard]] inline double exp_of_minus(double y) {
  constexpr double kMost = 708, kRound = 0x1.8p52;  // adding it leaves a whole number in the last digits
  const double x = y < kMost ? -y : -kMost;
  const double shifted = x * std::numbers::log2e + kRound, k = shifted - kRound;
  const double r = (x - k * kLn2High) - k * kLn2Low;  // |r| < 0.35
  double sum = 1.0 / 6227020800;                      // 1/13!
  constexpr double kFactors[] = {1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880,
                                 1.0 / 40320,     1.0 / 5040,     1.0 / 720,     1.0 / 120,
                                 1.0 / 24,        1.0 / 6,        1.0 / 2};
  for (const double factor : kFactors) sum = sum * r + factor;
  const double power = 1 + (r + r * r * sum);
  const std::uint64_t scale = (std::bit_cast<std::uint64_t>(shifted) << 52) + (std::uint64_t{1023} << 52);
  return power * std::bit_cast<double>(scale);
}

/// ln s of a normal number s > 0. Accuracy: 3 units in the last place.
[[nodiscard]] inline double log_of(double s) {
  constexpr std::uint64_t kRootHalf = 0x3fe6a09e667f3bcd;  // the mantissa is to lie between it and twice that
  constexpr std::uint64_t kBias = 1024, kWhole = 0x4330000000000000;
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(s);
  const std::uint64_t exponent = (bits - kRootHalf + (kBias << 52)) >> 52;  // k + bias
  const double k = std::bit_cast<double>(exponent | kWhole) - (0x1p52 + static_cast<double>(kBias));
  const double f = std::bit_cast<double>(bits - ((exponent - kBias) << 52)) - 1;
  const double t = f / (2 + f), z = t * t;  // ln(1 + f) = 2 atanh t, |t| < 0.172
  double sum = 1.0 / 23;
  constexpr double kFactors[] = {1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13,
                                 1.0 / 11, 1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3};
  for (const double factor : kFactors) sum = sum * z + factor;
  const double log_f = 2 * t + 2 * t * (z * sum);
  return k * kLn2High + (log_f + k * kLn2Low);
}

}  // namespace undulith::resist
