// SPDX-License-Identifier: MIT
// Inverse Fourier transforms of many equal lines, one in each lane of a vector: compiled once for each vector
// width by the files that include it (Google Highway). Vectors hold real or imaginary parts, so that every
// butterfly is plain arithmetic and the arithmetic of a sample does not depend on the width. See line_plan.hpp
// for the passes and the order of the output; docs/adr/0007-own-transforms.md for the reasons.
// NOLINTBEGIN(llvm-header-guard)
#if defined(UNDULITH_MATH_LANE_FFT_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef UNDULITH_MATH_LANE_FFT_HPP
#undef UNDULITH_MATH_LANE_FFT_HPP
#else
#define UNDULITH_MATH_LANE_FFT_HPP
#endif
// NOLINTEND(llvm-header-guard)

#include <hwy/highway.h>

#include <type_traits>

#include "math/lane_vectors.hpp"
#include "math/line_plan.hpp"

HWY_BEFORE_NAMESPACE();
namespace undulith::math::HWY_NAMESPACE {
template <int R, class T>
HWY_INLINE void twist_and_store(VecComplex<Vec<T>>* x, const T* HWY_RESTRICT w, T* HWY_RESTRICT to,
                                std::size_t distance) {
  const Tag<T> d;
  store_pair<T>(x[0], to);
  UNDULITH_UNROLL
  for (int q = 1; q < R; ++q)
    store_pair<T>(mul(x[q], hn::Set(d, w[2 * q - 2]), hn::Set(d, w[2 * q - 1])), to + q * distance);
}

// First pass: input from `load(index)`, which is not asked beyond n_in.
template <int R, bool kHalf, class T, class Load>
HWY_NOINLINE void first_pass(const LinePlan<T>& plan, T* HWY_RESTRICT line, const Load& load) {
  const Tag<T> d;
  const std::size_t step = 2 * hn::Lanes(d);
  const int m = plan.passes[0].m, n_in = plan.n_in;
  const T* w = plan.twiddles.data() + plan.passes[0].twiddles;
  for (int j = 0; j < m; ++j, w += 2 * (R - 1), line += step) {
    VecComplex<Vec<T>> x[R];
    constexpr int kLegs = kHalf ? half_legs(R) : R;
    UNDULITH_UNROLL
    for (int q = 0; q < kLegs; ++q)
      x[q] = j + q * m < n_in ? load(j + q * m) : VecComplex<Vec<T>>{hn::Zero(d), hn::Zero(d)};
    butterfly<R, kHalf, T>(x);
    twist_and_store<R, T>(x, w, line, m * step);
  }
}

template <int R, class T>
HWY_NOINLINE void middle_pass(const LinePass& pass, int blocks, const T* HWY_RESTRICT twiddles,
                              T* HWY_RESTRICT line) {
  const Tag<T> d;
  const std::size_t step = 2 * hn::Lanes(d), distance = pass.m * step;
  for (int block = 0; block < blocks; ++block, line += (R - 1) * distance) {
    const T* w = twiddles + pass.twiddles;
    for (int j = 0; j < pass.m; ++j, w += 2 * (R - 1), line += step) {
      VecComplex<Vec<T>> x[R];
      UNDULITH_UNROLL
      for (int q = 0; q < R; ++q) x[q] = load_pair<T>(line + q * distance);
      butterfly<R, false, T>(x);
      twist_and_store<R, T>(x, w, line, distance);
    }
  }
}

template <int R, class T, class Out>
HWY_NOINLINE void last_pass(int position, int blocks, T* HWY_RESTRICT line, const Out& out) {
  const std::size_t step = 2 * hn::Lanes(Tag<T>());
  for (int block = 0; block < blocks; ++block, position += R) {
    VecComplex<Vec<T>> x[R];
    UNDULITH_UNROLL
    for (int q = 0; q < R; ++q, line += step) x[q] = load_pair<T>(line);
    butterfly<R, false, T>(x);
    UNDULITH_UNROLL
    for (int q = 0; q < R; ++q) out(position + q, x[q]);
  }
}

template <class F>
HWY_INLINE void with_radix(int radix, const F& f) {
  switch (radix) {
    case 2:
      return f(std::integral_constant<int, 2>());
    case 3:
      return f(std::integral_constant<int, 3>());
    case 4:
      return f(std::integral_constant<int, 4>());
    case 5:
      return f(std::integral_constant<int, 5>());
    default:
      return f(std::integral_constant<int, 8>());
  }
}

// The passes after the first, for one of the blocks that it leaves; the last pass hands each value to `out`.
template <class T, class Out>
HWY_INLINE void finish_block(const LinePlan<T>& plan, int position, T* HWY_RESTRICT block, const Out& out) {
  const int m = plan.passes.front().m;
  for (std::size_t s = 1; s + 1 < plan.passes.size(); ++s)
    with_radix(plan.passes[s].radix, [&](auto r) HWY_ATTR {
      constexpr int kRadix = decltype(r)::value;
      middle_pass<kRadix, T>(plan.passes[s], m / (kRadix * plan.passes[s].m), plan.twiddles.data(), block);
    });
  with_radix(plan.passes.back().radix, [&](auto r) HWY_ATTR {
    constexpr int kRadix = decltype(r)::value;
    last_pass<kRadix, T>(position, m / kRadix, block, out);
  });
}

// A length of one radix: from load to out in one butterfly.
template <int R, class T, class Load, class Out>
HWY_NOINLINE void only_pass(int n_in, const Load& load, const Out& out) {
  const Tag<T> d;
  VecComplex<Vec<T>> x[R];
  UNDULITH_UNROLL
  for (int q = 0; q < R; ++q) x[q] = q < n_in ? load(q) : VecComplex<Vec<T>>{hn::Zero(d), hn::Zero(d)};
  butterfly<R, false, T>(x);
  UNDULITH_UNROLL
  for (int q = 0; q < R; ++q) out(q, x[q]);
}

// Inverse transforms of lines side by side, one in each lane.
//   load(i)          the coefficients i of all lines, asked for once each, 0 <= i < plan.n_in
//   out(p, x)        takes the samples at position p of all lines
//   out.finish(n)    says that the positions below n were given
//   line             room for 2 n vectors
// After the first pass the blocks are finished one by one, in the cache closest to the processor.
template <class T, class Load, class Out>
HWY_INLINE void transform_lines(const LinePlan<T>& plan, T* HWY_RESTRICT line, const Load& load,
                                const Out& out) {
  if (plan.passes.size() < 2) {
    if (plan.passes.empty())
      out(0, load(0));
    else
      with_radix(plan.n, [&](auto r) HWY_ATTR { only_pass<decltype(r)::value, T>(plan.n_in, load, out); });
    out.finish(plan.n);
    return;
  }
  const int radix = plan.passes.front().radix, m = plan.passes.front().m;
  with_radix(radix, [&](auto r) HWY_ATTR {
    constexpr int kRadix = decltype(r)::value;
    if (plan.n_in <= half_legs(kRadix) * m)
      first_pass<kRadix, true, T>(plan, line, load);
    else
      first_pass<kRadix, false, T>(plan, line, load);
  });
  for (int part = 0; part < radix; ++part) {
    finish_block<T>(plan, part * m, line + static_cast<std::size_t>(part * m) * 2 * hn::Lanes(Tag<T>()), out);
    out.finish((part + 1) * m);
  }
}

}  // namespace undulith::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per target
