// SPDX-License-Identifier: MIT
#include "mask/polygons/edge_integrals.hpp"

#include "undulith/core/simd.hpp"

namespace undulith::mask {

HatIntegrals hat_integrals(std::complex<double> start, std::complex<double> end, double a) {
  using Complex = std::complex<double>;
  constexpr int kTerms = 14;  // the next one is 0.5^14 / 15! = 5e-17
  if (std::abs(a) >= kSeriesBelow) {
    const Complex whole = Complex((end - start).imag(), -(end - start).real()) / a;
    const Complex rest = end - whole;
    const Complex rising = Complex(rest.imag(), -rest.real()) / a;
    return {whole - rising, rising};
  }
  // int u^p exp(i a u) du = sum_j (i a)^j / (j! (j + p + 1)); the odd terms are imaginary.
  double power = 1, whole[2] = {0, 0}, rising[2] = {0, 0};
  for (int j = 0; j < kTerms; ++j) {
    const double term = (j & 2) != 0 ? -power : power;
    whole[j & 1] += term / (j + 1);
    rising[j & 1] += term / (j + 2);
    power *= a / (j + 1);
  }
  const Complex all(whole[0], whole[1]), second(rising[0], rising[1]);
  return {start * (all - second), start * second};
}

UNDULITH_SIMD_CLONES
void multiply_blocks(const double* a, const double* b, double* c, std::size_t rows, std::size_t inner,
                     std::size_t columns) {
  for (std::size_t row = 0; row < rows; row += kBlockRows)
    for (std::size_t column = 0; column < columns; column += kBlockColumns) {
      double sums[kBlockRows][kBlockColumns] = {};
      for (std::size_t i = 0; i < inner; ++i)
        for (std::size_t r = 0; r < kBlockRows; ++r)
          for (std::size_t k = 0; k < kBlockColumns; ++k)
            sums[r][k] += a[(row + r) * inner + i] * b[i * columns + column + k];
      for (std::size_t r = 0; r < kBlockRows; ++r)
        for (std::size_t k = 0; k < kBlockColumns; ++k) c[(row + r) * columns + column + k] = sums[r][k];
    }
}

}  // namespace undulith::mask
