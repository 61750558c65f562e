// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <complex>
#include <cstddef>

/// Closed forms of waves along an edge, and the product of matrices that sums them over edges of one height.
namespace undulith::mask {

[[nodiscard]] inline double sinc(double a) {
  return std::abs(a) < 1e-4 ? 1 - a * a / 6 : std::sin(a) / a;
}

/// (sin a - a cos a) / (2 a^2): mean of u sin(2 a u) over u in (-1/2, 1/2).
[[nodiscard]] inline double first_moment(double a) {
  return std::abs(a) < 1e-2 ? a / 6 * (1 - a * a / 10) : (std::sin(a) - a * std::cos(a)) / (2 * a * a);
}

/// Phase along an edge below which its integrals are series: quotients of differences lose digits there.
inline constexpr double kSeriesBelow = 0.5;

/// Integrals over u = 0 .. 1 of (1 - u) w(u) and u w(u), where the wave w(u) = start exp(i a u) is given at both ends.
struct HatIntegrals {
  std::complex<double> falling, rising;
};
/// @param end  start exp(i a)
/// Accuracy: a few 1e-16 of |start|. Cost: some ns; a series of 14 terms below kSeriesBelow.
[[nodiscard]] HatIntegrals hat_integrals(std::complex<double> start, std::complex<double> end, double a);

/// Rows and columns of a block of the product below: its sums stay in registers.
inline constexpr std::size_t kBlockRows = 4, kBlockColumns = 16;

[[nodiscard]] inline std::size_t whole_blocks(std::size_t count, std::size_t block) {
  return (count + block - 1) / block * block;
}

/// c = a b of real matrices, row by row without gaps, whose rows and columns are whole blocks. The same bytes for every
/// vector width, which BLAS does not promise.
void multiply_blocks(const double* a, const double* b, double* c, std::size_t rows, std::size_t inner,
                     std::size_t columns);

}  // namespace undulith::mask
