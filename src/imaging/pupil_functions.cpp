// SPDX-License-Identifier: MIT
#include "imaging/pupil_functions.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "imaging/pupil.hpp"
#include "undulith/core/simd.hpp"

namespace undulith::imaging {
namespace {

// Frequencies outside the pupil are included, and must not raise floating-point exceptions: no root of a negative
// number, not even an unused one.
inline double positive_part(double value) {
  return 0.5 * (value + std::abs(value));
}
inline double fourth_root(double value) {
  return std::sqrt(std::sqrt(positive_part(value)));
}
inline double object_factor(double s2) {
  return fourth_root(1 - s2);
}
inline double image_factor(double s2) {
  return 1 / (fourth_root(1 - s2) + 1e-75);
}
inline double tilt_factor(double s2) {
  return 1 / (1 + std::sqrt(positive_part(1 - s2)));
}

// So many values are computed side by side, in vectors that stay in registers where their loops are unrolled.
constexpr int kBlock = 32, kVectors = 4;
using Lanes = double __attribute__((vector_size(kBlock / kVectors * sizeof(double))));

struct Terms {
  const double* coefficients;
  int n;
  double scale;
};
Terms terms_of(const ShortPolynomial& polynomial) {
  return {polynomial.coefficients().data(), static_cast<int>(polynomial.coefficients().size()),
          polynomial.scale()};
}

// out = the polynomial at x, or without terms the function
template <class Function>
__attribute__((always_inline)) inline void evaluate(const Terms& terms, Function function, const double* x,
                                                    double* out) {
  if (terms.n == 0) {
    for (int i = 0; i < kBlock; ++i) out[i] = function(x[i]);
    return;
  }
  Lanes t[kVectors], sum[kVectors];
  __builtin_memcpy(t, x, sizeof t);
#pragma GCC unroll 4
  for (int i = 0; i < kVectors; ++i) {
    t[i] = terms.scale * t[i] - 1;
    sum[i] = Lanes{} + terms.coefficients[0];
  }
  for (int k = 1; k < terms.n; ++k)
#pragma GCC unroll 4
    for (int i = 0; i < kVectors; ++i) sum[i] = sum[i] * t[i] + terms.coefficients[k];
  __builtin_memcpy(out, sum, sizeof sum);
}

// So many numbers of a row; behind the last one are zeros.
struct Block {
  double x[kBlock];
  int n;
  __attribute__((always_inline)) inline Block(const double* row, std::size_t rest)
      : n(rest < kBlock ? static_cast<int>(rest) : kBlock) {
    for (int i = 0; i < n; ++i) x[i] = row[i];
    for (int i = n; i < kBlock; ++i) x[i] = 0;
  }
};

UNDULITH_SIMD_CLONES
void obliquity(const double* gx, double object_x2, double object_y, double image_x2, double image_y,
               Terms object, Terms image, double* amplitude, std::size_t count) {
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const Block g(gx + begin, count - begin);
    double s2_object[kBlock], s2_image[kBlock], from_object[kBlock], from_image[kBlock];
    for (int i = 0; i < kBlock; ++i) {
      const double x2 = g.x[i] * g.x[i];
      s2_object[i] = object_x2 * x2 + object_y;
      s2_image[i] = image_x2 * x2 + image_y;
    }
    evaluate(object, object_factor, s2_object, from_object);
    evaluate(image, image_factor, s2_image, from_image);
    for (int i = 0; i < g.n; ++i) amplitude[begin + i] *= from_object[i] * from_image[i];
  }
}

UNDULITH_SIMD_CLONES
void focus(const double* gx, double gy, double wavenumber, Terms tilt, double* out, std::size_t count) {
  const double per_wavenumber = 1 / wavenumber, unit2 = per_wavenumber * per_wavenumber;
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const Block g(gx + begin, count - begin);
    double g2[kBlock], s2[kBlock], q[kBlock];
    for (int i = 0; i < kBlock; ++i) {
      g2[i] = g.x[i] * g.x[i] + gy * gy;
      s2[i] = unit2 * g2[i];
    }
    evaluate(tilt, tilt_factor, s2, q);
    // sqrt(k^2 - g^2) - k without cancellation
    for (int i = 0; i < g.n; ++i) out[begin + i] = -per_wavenumber * g2[i] * q[i];
  }
}

UNDULITH_SIMD_CLONES
void tilted(const double* gx, double y, double unit, Terms tilt, double* xx, double* xy, double* yy,
            double* zx, double* zy, std::size_t count) {
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const Block g(gx + begin, count - begin);
    double x[kBlock], s2[kBlock], q[kBlock];
    for (int i = 0; i < kBlock; ++i) {
      x[i] = unit * g.x[i];
      s2[i] = x[i] * x[i] + y * y;
    }
    evaluate(tilt, tilt_factor, s2, q);
    for (int i = 0; i < g.n; ++i) {
      xx[begin + i] = 1 - q[i] * x[i] * x[i];
      xy[begin + i] = -q[i] * x[i] * y;
      yy[begin + i] = 1 - q[i] * y * y;
      zx[begin + i] = -x[i];
      zy[begin + i] = -y;
    }
  }
}

}  // namespace

ShortPolynomial::ShortPolynomial(double (*function)(double), double most) {
  constexpr int kNodes = 24;
  constexpr double kNegligible = 1e-16;
  if (!(most > 0 && most < 1)) return;
  // Rounding of the sums must lie below what is neglected.
  std::vector<long double> chebyshev(kNodes);
  const auto angle = [](int node) { return std::numbers::pi_v<long double> * (node + 0.5L) / kNodes; };
  for (int node = 0; node < kNodes; ++node) {
    const double x = static_cast<double>(most * (1 + std::cos(angle(node))) / 2);
    for (int k = 0; k < kNodes; ++k)
      chebyshev[static_cast<std::size_t>(k)] +=
          (k == 0 ? 1.0L : 2.0L) / kNodes * function(x) * std::cos(k * angle(node));
  }
  // The coefficients fall by a constant factor, down to rounding.
  std::size_t n = 1;
  while (n < chebyshev.size() && std::abs(chebyshev[n]) > kNegligible * chebyshev[0]) ++n;
  if (n > kMostTerms) return;
  // Powers of t: T_k = 2 t T_(k-1) - T_(k-2).
  std::vector<long double> powers(n), before(n), now(n);
  before[0] = 1;
  powers[0] = chebyshev[0];
  if (n > 1) now[1] = 1;
  for (std::size_t k = 1; k < n; ++k) {
    for (std::size_t i = 0; i < n; ++i) powers[i] += chebyshev[k] * now[i];
    std::vector<long double> next(n);
    for (std::size_t i = 0; i < n; ++i) next[i] = (i > 0 ? 2 * now[i - 1] : 0) - before[i];
    before = std::exchange(now, std::move(next));
  }
  scale_ = 2 / most;
  coefficients_.assign(powers.rbegin(), powers.rend());
}

PupilFunctions::PupilFunctions(const ImagingParameters& parameters, double wavelength_nm)
    : object_x2_(std::pow(wavelength_nm / parameters.magnification_x, 2)),
      object_y2_(std::pow(wavelength_nm / parameters.magnification_y, 2)),
      image2_(std::pow(wavelength_nm / parameters.medium_index, 2)),
      wavenumber_(parameters.medium_index / wavelength_nm) {
  const double rim2 = std::pow(parameters.na / wavelength_nm * (1 + 2 * kRimTolerance), 2);
  object_ = ShortPolynomial(object_factor, std::max(object_x2_, object_y2_) * rim2);
  image_ = ShortPolynomial(image_factor, image2_ * rim2);
  tilt_ = ShortPolynomial(tilt_factor, image2_ * rim2);
}

void PupilFunctions::multiply_obliquity(const double* gx, double gy, double* amplitude,
                                        std::size_t count) const {
  obliquity(gx, object_x2_, object_y2_ * gy * gy, image2_, image2_ * gy * gy, terms_of(object_),
            terms_of(image_), amplitude, count);
}

void PupilFunctions::focus_waves(const double* gx, double gy, double* out, std::size_t count) const {
  focus(gx, gy, wavenumber_, terms_of(tilt_), out, count);
}

void PupilFunctions::rotate(const double* gx, double gy, double* xx, double* xy, double* yy, double* zx,
                            double* zy, std::size_t count) const {
  tilted(gx, gy / wavenumber_, 1 / wavenumber_, terms_of(tilt_), xx, xy, yy, zx, zy, count);
}

}  // namespace undulith::imaging
