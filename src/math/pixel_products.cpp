// SPDX-License-Identifier: MIT
// Compiled once for each vector width; the widest that the processor supports is chosen at run time.
#include "undulith/math/pixel_products.hpp"

#include "math/vector_targets.hpp"
#include "undulith/math/vector_width.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "math/pixel_products.cpp"
#include <hwy/foreach_target.h>
// Highway and what is written in it come after the list of targets.
#include <hwy/highway.h>

#include "math/lane_vectors.hpp"

HWY_BEFORE_NAMESPACE();
namespace undulith::math::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

// A block of kRows rows and kVectors vectors of columns, kept in registers.
template <int kRows, int kVectors>
HWY_INLINE void block(const float* HWY_RESTRICT a, std::size_t row_step, std::size_t inner_step,
                      const float* HWY_RESTRICT b, std::size_t b_step, float* HWY_RESTRICT c,
                      std::size_t c_step, std::size_t inner) {
  const Tag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  Vec<float> sum[kRows * kVectors];
  UNDULITH_UNROLL
  for (int i = 0; i < kRows * kVectors; ++i) sum[i] = hn::Zero(d);
  for (std::size_t k = 0; k < inner; ++k) {
    Vec<float> from[kVectors];
    UNDULITH_UNROLL
    for (int v = 0; v < kVectors; ++v)
      from[v] = hn::LoadU(d, b + k * b_step + static_cast<std::size_t>(v) * lanes);
    UNDULITH_UNROLL
    for (int r = 0; r < kRows; ++r) {
      const Vec<float> factor = hn::Set(d, a[static_cast<std::size_t>(r) * row_step + k * inner_step]);
      UNDULITH_UNROLL
      for (int v = 0; v < kVectors; ++v)
        sum[r * kVectors + v] = mul_plus(factor, from[v], sum[r * kVectors + v]);
    }
  }
  UNDULITH_UNROLL
  for (int r = 0; r < kRows; ++r) UNDULITH_UNROLL
  for (int v = 0; v < kVectors; ++v)
    hn::StoreU(sum[r * kVectors + v], d,
               c + static_cast<std::size_t>(r) * c_step + static_cast<std::size_t>(v) * lanes);
}

// All whole vectors of columns of kRows rows, then the last vector, whose columns lie in `rest`.
template <int kRows>
HWY_INLINE void rows_of(const float* a, std::size_t row_step, std::size_t inner_step, const float* b,
                        const float* rest, float* c, std::size_t inner, std::size_t columns) {
  const Tag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t j = 0;
  for (; j + 3 * lanes <= columns; j += 3 * lanes)
    block<kRows, 3>(a, row_step, inner_step, b + j, columns, c + j, columns, inner);
  for (; j + 2 * lanes <= columns; j += 2 * lanes)
    block<kRows, 2>(a, row_step, inner_step, b + j, columns, c + j, columns, inner);
  for (; j + lanes <= columns; j += lanes)
    block<kRows, 1>(a, row_step, inner_step, b + j, columns, c + j, columns, inner);
  if (j == columns) return;
  HWY_ALIGN float last[kRows * HWY_LANES(float)];
  block<kRows, 1>(a, row_step, inner_step, rest, lanes, last, lanes, inner);
  for (std::size_t r = 0; r < kRows; ++r)
    for (std::size_t i = j; i < columns; ++i) c[r * columns + i] = last[r * lanes + i - j];
}

}  // namespace

std::size_t float_lanes() {
  return hn::Lanes(Tag<float>());
}

// Element (r, k) of A lies at r row_step + k inner_step.
// @param rest  the last columns % lanes columns of B, in whole vectors
void multiply_lanes(const float* a, std::size_t row_step, std::size_t inner_step, const float* b,
                    const float* rest, float* c, std::size_t rows, std::size_t inner, std::size_t columns) {
  constexpr std::size_t kRows = 6;
  std::size_t r = 0;
  for (; r + kRows <= rows; r += kRows)
    rows_of<kRows>(a + r * row_step, row_step, inner_step, b, rest, c + r * columns, inner, columns);
  for (; r < rows; ++r)
    rows_of<1>(a + r * row_step, row_step, inner_step, b, rest, c + r * columns, inner, columns);
}

// exp(-|x|) = 2^-n exp(-f), |f| <= ln 2 / 2, by a polynomial of degree 7; then the side of x.
void logistic_lanes(const float* x, float* out, std::size_t n) {
  const Tag<float> d;
  const hn::RebindToSigned<Tag<float>> whole;
  const std::size_t lanes = hn::Lanes(d);
  const auto one_vector = [&](Vec<float> v) HWY_ATTR {
    const Vec<float> t = hn::Max(hn::Neg(hn::Abs(v)), hn::Set(d, -87.F));
    const Vec<float> power = hn::Round(hn::Mul(t, hn::Set(d, 1.44269504F)));
    Vec<float> f = hn::Sub(t, hn::Mul(power, hn::Set(d, 0.693359375F)));
    f = hn::Add(f, hn::Mul(power, hn::Set(d, 2.12194440e-4F)));
    Vec<float> sum = hn::Set(d, 1.F / 5040);
    for (const float term : {1.F / 720, 1.F / 120, 1.F / 24, 1.F / 6, 0.5F, 1.F, 1.F})
      sum = mul_plus(sum, f, hn::Set(d, term));
    const auto exponent = hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(whole, power), hn::Set(whole, 127)));
    const Vec<float> e = hn::Mul(sum, hn::BitCast(d, exponent));
    const Vec<float> one = hn::Set(d, 1.F), low = hn::Div(e, hn::Add(one, e));
    return hn::IfThenElse(hn::Lt(v, hn::Zero(d)), low, hn::Sub(one, low));
  };
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(one_vector(hn::LoadU(d, x + i)), d, out + i);
  if (i == n) return;
  HWY_ALIGN float rest[HWY_LANES(float)] = {};
  for (std::size_t j = i; j < n; ++j) rest[j - i] = x[j];
  hn::Store(one_vector(hn::Load(d, rest)), d, rest);
  for (std::size_t j = i; j < n; ++j) out[j] = rest[j - i];
}

}  // namespace undulith::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace undulith::math {
HWY_EXPORT(float_lanes);
HWY_EXPORT(multiply_lanes);
HWY_EXPORT(logistic_lanes);

namespace {

void product(std::span<const float> a, std::size_t row_step, std::size_t inner_step, std::span<const float> b,
             std::span<float> c, int rows, int inner, int columns) {
  const auto n_rows = static_cast<std::size_t>(rows), n_inner = static_cast<std::size_t>(inner),
             n_columns = static_cast<std::size_t>(columns);
  if (a.size() != n_rows * n_inner || b.size() != n_inner * n_columns || c.size() != n_rows * n_columns)
    throw std::invalid_argument("multiply: the sizes do not fit");
  static_cast<void>(vector_width());  // takes the width that the user wants
  const std::size_t lanes = HWY_DYNAMIC_DISPATCH(float_lanes)(), left = n_columns % lanes;
  std::vector<float> rest(left > 0 ? n_inner * lanes : 0);
  for (std::size_t k = 0; k < n_inner && left > 0; ++k)
    std::copy_n(&b[(k + 1) * n_columns - left], left, &rest[k * lanes]);
  HWY_DYNAMIC_DISPATCH(multiply_lanes)
  (a.data(), row_step, inner_step, b.data(), rest.data(), c.data(), n_rows, n_inner, n_columns);
}

}  // namespace

void multiply(std::span<const float> a, std::span<const float> b, std::span<float> c, int rows, int inner,
              int columns) {
  product(a, static_cast<std::size_t>(inner), 1, b, c, rows, inner, columns);
}

void multiply_transposed(std::span<const float> a, std::span<const float> b, std::span<float> c, int rows,
                         int inner, int columns) {
  product(a, 1, static_cast<std::size_t>(rows), b, c, rows, inner, columns);
}

void logistic(std::span<const float> x, std::span<float> out) {
  if (x.size() != out.size()) throw std::invalid_argument("logistic: the sizes differ");
  static_cast<void>(vector_width());
  HWY_DYNAMIC_DISPATCH(logistic_lanes)(x.data(), out.data(), x.size());
}

}  // namespace undulith::math
#endif  // HWY_ONCE
