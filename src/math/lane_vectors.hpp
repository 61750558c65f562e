// SPDX-License-Identifier: MIT
// Vectors of complex numbers, their butterflies and their transposition: compiled once for each vector width by the
// files that include it (Google Highway). See lane_fft.hpp.
// NOLINTBEGIN(llvm-header-guard)
#if defined(UNDULITH_MATH_LANE_VECTORS_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef UNDULITH_MATH_LANE_VECTORS_HPP
#undef UNDULITH_MATH_LANE_VECTORS_HPP
#else
#define UNDULITH_MATH_LANE_VECTORS_HPP
#endif
// NOLINTEND(llvm-header-guard)

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace undulith::math::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Without it -O2 leaves arrays of vectors in memory: 2.5 times slower.
#undef UNDULITH_UNROLL
#define UNDULITH_UNROLL _Pragma("GCC unroll 16")

template <class T>
using Tag = hn::ScalableTag<T>;
template <class T>
using Vec = hn::Vec<Tag<T>>;

// Products and sums apart, never fused: the same bits at every vector width.
template <class V>
HWY_INLINE V mul_plus(V a, V b, V c) {
  return hn::Add(hn::Mul(a, b), c);
}
template <class V>
HWY_INLINE V mul_minus(V a, V b, V c) {
  return hn::Sub(hn::Mul(a, b), c);
}
template <class V>
HWY_INLINE V minus_mul(V a, V b, V c) {
  return hn::Sub(c, hn::Mul(a, b));
}

template <class V>
struct VecComplex {
  V re, im;
};
template <class V>
HWY_INLINE VecComplex<V> operator+(VecComplex<V> a, VecComplex<V> b) {
  return {hn::Add(a.re, b.re), hn::Add(a.im, b.im)};
}
template <class V>
HWY_INLINE VecComplex<V> operator-(VecComplex<V> a, VecComplex<V> b) {
  return {hn::Sub(a.re, b.re), hn::Sub(a.im, b.im)};
}
// a + i b, a - i b
template <class V>
HWY_INLINE VecComplex<V> add_i(VecComplex<V> a, VecComplex<V> b) {
  return {hn::Sub(a.re, b.im), hn::Add(a.im, b.re)};
}
template <class V>
HWY_INLINE VecComplex<V> sub_i(VecComplex<V> a, VecComplex<V> b) {
  return {hn::Add(a.re, b.im), hn::Sub(a.im, b.re)};
}
template <class V>
HWY_INLINE VecComplex<V> mul(VecComplex<V> a, V re, V im) {
  return {minus_mul(a.im, im, hn::Mul(a.re, re)), mul_plus(a.im, re, hn::Mul(a.re, im))};
}
template <class V>
HWY_INLINE VecComplex<V> mul_add(V c, VecComplex<V> a, VecComplex<V> b) {
  return {mul_plus(c, a.re, b.re), mul_plus(c, a.im, b.im)};
}

// Legs of a first butterfly whose input is at most half full: the rest of its inputs are zero and not read.
constexpr int half_legs(int radix) {
  return radix / 2 + radix % 2;
}

// x[k] = sum_q x[q] exp(2 pi i q k / R), in place.
template <int R, bool kHalf, class T, class V = Vec<T>>
HWY_INLINE void butterfly(VecComplex<V>* HWY_RESTRICT x) {
  const Tag<T> d;
  if constexpr (R == 2) {
    const VecComplex<V> a = x[0];
    if constexpr (kHalf) {
      x[1] = a;
    } else {
      x[0] = a + x[1];
      x[1] = a - x[1];
    }
  } else if constexpr (R == 3) {
    const V c = hn::Set(d, T(-0.5)), s = hn::Set(d, T(0.86602540378443864676));
    const VecComplex<V> sum = kHalf ? x[1] : x[1] + x[2], base = mul_add(c, sum, x[0]);
    VecComplex<V> difference = kHalf ? x[1] : x[1] - x[2];
    difference = {hn::Mul(s, difference.re), hn::Mul(s, difference.im)};
    x[0] = x[0] + sum;
    x[1] = add_i(base, difference);
    x[2] = sub_i(base, difference);
  } else if constexpr (R == 4) {
    const VecComplex<V> e0 = kHalf ? x[0] : x[0] + x[2], e1 = kHalf ? x[0] : x[0] - x[2];
    const VecComplex<V> o0 = kHalf ? x[1] : x[1] + x[3], o1 = kHalf ? x[1] : x[1] - x[3];
    x[0] = e0 + o0;
    x[1] = add_i(e1, o1);
    x[2] = e0 - o0;
    x[3] = sub_i(e1, o1);
  } else if constexpr (R == 5) {
    const V c1 = hn::Set(d, T(0.30901699437494742410)), c2 = hn::Set(d, T(-0.80901699437494742410));
    const V s1 = hn::Set(d, T(0.95105651629515357212)), s2 = hn::Set(d, T(0.58778525229247312917));
    const VecComplex<V> t1 = kHalf ? x[1] : x[1] + x[4], t2 = kHalf ? x[2] : x[2] + x[3];
    const VecComplex<V> t3 = kHalf ? x[1] : x[1] - x[4], t4 = kHalf ? x[2] : x[2] - x[3];
    const VecComplex<V> m1 = mul_add(c1, t1, mul_add(c2, t2, x[0])),
                        m2 = mul_add(c2, t1, mul_add(c1, t2, x[0]));
    const VecComplex<V> n1{mul_plus(s1, t3.re, hn::Mul(s2, t4.re)), mul_plus(s1, t3.im, hn::Mul(s2, t4.im))};
    const VecComplex<V> n2{mul_minus(s2, t3.re, hn::Mul(s1, t4.re)),
                           mul_minus(s2, t3.im, hn::Mul(s1, t4.im))};
    x[0] = x[0] + (t1 + t2);
    x[1] = add_i(m1, n1);
    x[2] = add_i(m2, n2);
    x[3] = sub_i(m2, n2);
    x[4] = sub_i(m1, n1);
  } else {
    static_assert(R == 8);
    const V h = hn::Set(d, T(0.70710678118654752440));
    VecComplex<V> even[4], odd[4];
    UNDULITH_UNROLL
    for (int q = 0; q < 4; ++q) {
      even[q] = kHalf ? x[q] : x[q] + x[q + 4];
      odd[q] = kHalf ? x[q] : x[q] - x[q + 4];
    }
    butterfly<4, false, T>(even);
    // odd[q] exp(2 pi i q / 8), the eighth roots left to the sums
    const VecComplex<V> a{hn::Sub(odd[1].re, odd[1].im), hn::Add(odd[1].re, odd[1].im)};
    const VecComplex<V> b{hn::Add(odd[3].re, odd[3].im), hn::Sub(odd[3].im, odd[3].re)};  // times -1
    const VecComplex<V> p = add_i(odd[0], odd[2]), m = sub_i(odd[0], odd[2]), s = a - b, t = a + b;
    x[0] = even[0];
    x[2] = even[1];
    x[4] = even[2];
    x[6] = even[3];
    x[1] = mul_add(h, s, p);
    x[5] = {minus_mul(h, s.re, p.re), minus_mul(h, s.im, p.im)};
    // m + i h t, m - i h t
    x[3] = {minus_mul(h, t.im, m.re), mul_plus(h, t.re, m.im)};
    x[7] = {mul_plus(h, t.im, m.re), minus_mul(h, t.re, m.im)};
  }
}

template <class T>
HWY_INLINE VecComplex<Vec<T>> load_pair(const T* HWY_RESTRICT from) {
  const Tag<T> d;
  return {hn::Load(d, from), hn::Load(d, from + hn::Lanes(d))};
}
template <class T>
HWY_INLINE void store_pair(VecComplex<Vec<T>> x, T* HWY_RESTRICT to) {
  const Tag<T> d;
  hn::Store(x.re, d, to);
  hn::Store(x.im, d, to + hn::Lanes(d));
}

// Lanes, then pairs of lanes, then blocks of 16 bytes, then pairs of blocks.
template <int kDistance, class V, class Low, class High>
HWY_INLINE void swap_off_diagonal(V* HWY_RESTRICT x, int lanes, const Low& low, const High& high) {
  UNDULITH_UNROLL
  for (int i = 0; i < lanes; ++i)
    if ((i & kDistance) == 0) {
      const V a = x[i], b = x[i + kDistance];
      x[i] = low(a, b);
      x[i + kDistance] = high(a, b);
    }
}
// The square of vectors x, rows for columns.
template <class T>
HWY_INLINE void transpose_square([[maybe_unused]] Vec<T>* HWY_RESTRICT x) {
#if HWY_TARGET != HWY_SCALAR
  using V = Vec<T>;
  const Tag<T> d;
  constexpr int kLanes = HWY_LANES(T), kBlock = 16 / sizeof(T);
  if constexpr (kBlock == 4) {
    const hn::Repartition<double, Tag<T>> dd;
    swap_off_diagonal<1>(
        x, kLanes, [](V a, V b) HWY_ATTR { return hn::OddEven(hn::DupEven(b), a); },
        [](V a, V b) HWY_ATTR { return hn::OddEven(b, hn::DupOdd(a)); });
    swap_off_diagonal<2>(
        x, kLanes,
        [=](V a, V b) HWY_ATTR {
          return hn::BitCast(d, hn::InterleaveLower(dd, hn::BitCast(dd, a), hn::BitCast(dd, b)));
        },
        [=](V a, V b) HWY_ATTR {
          return hn::BitCast(d, hn::InterleaveUpper(dd, hn::BitCast(dd, a), hn::BitCast(dd, b)));
        });
  } else {
    swap_off_diagonal<1>(
        x, kLanes, [=](V a, V b) HWY_ATTR { return hn::InterleaveLower(d, a, b); },
        [=](V a, V b) HWY_ATTR { return hn::InterleaveUpper(d, a, b); });
  }
  if constexpr (kLanes >= 2 * kBlock)
    swap_off_diagonal<kBlock>(
        x, kLanes, [](V a, V b) HWY_ATTR { return hn::OddEvenBlocks(hn::SwapAdjacentBlocks(b), a); },
        [](V a, V b) HWY_ATTR { return hn::OddEvenBlocks(b, hn::SwapAdjacentBlocks(a)); });
  if constexpr (kLanes >= 4 * kBlock)
    swap_off_diagonal<2 * kBlock>(
        x, kLanes, [=](V a, V b) HWY_ATTR { return hn::ConcatLowerLower(d, b, a); },
        [=](V a, V b) HWY_ATTR { return hn::ConcatUpperUpper(d, b, a); });
#endif
}

}  // namespace undulith::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per target
