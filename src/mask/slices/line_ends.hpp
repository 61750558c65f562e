// SPDX-License-Identifier: MIT
// Where the lines of lane_fft.hpp come from and go to in the slices of a mask: compiled once for each vector width by the
// file that includes it.
// NOLINTBEGIN(llvm-header-guard)
#if defined(UNDULITH_MASK_LINE_ENDS_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef UNDULITH_MASK_LINE_ENDS_HPP
#undef UNDULITH_MASK_LINE_ENDS_HPP
#else
#define UNDULITH_MASK_LINE_ENDS_HPP
#endif
// NOLINTEND(llvm-header-guard)

#include <hwy/highway.h>

#include "math/lane_fft.hpp"

HWY_BEFORE_NAMESPACE();
namespace undulith::mask::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using namespace undulith::math::HWY_NAMESPACE;

template <class T>
using Pair = VecComplex<Vec<T>>;

template <class T>
struct LoadLine {
  const T* from;
  HWY_INLINE Pair<T> operator()(int i) const { return load_pair<T>(from + 2 * hn::Lanes(Tag<T>()) * i); }
};

template <class T>
struct StoreLine {
  T* to;
  HWY_INLINE void operator()(int i, Pair<T> x) const { store_pair<T>(x, to + 2 * hn::Lanes(Tag<T>()) * i); }
  HWY_INLINE void finish(int) const {}
};

// Times a factor; kAdd: added to what is there.
template <class T, bool kAdd>
struct StoreProduct {
  const T* factor;
  T* to;
  HWY_INLINE void operator()(int i, Pair<T> x) const {
    const std::size_t at = 2 * hn::Lanes(Tag<T>()) * i;
    const Pair<T> f = load_pair<T>(factor + at), product = mul(x, f.re, f.im);
    if constexpr (kAdd)
      store_pair<T>(load_pair<T>(to + at) + product, to + at);
    else
      store_pair<T>(product, to + at);
  }
  HWY_INLINE void finish(int) const {}
};

// Times the conjugate of a factor.
template <class T>
struct StoreConjugateProduct {
  const T* factor;
  T* to;
  HWY_INLINE void operator()(int i, Pair<T> x) const {
    const std::size_t at = 2 * hn::Lanes(Tag<T>()) * i;
    const Pair<T> f = load_pair<T>(factor + at);
    store_pair<T>(mul(x, f.re, hn::Neg(f.im)), to + at);
  }
  HWY_INLINE void finish(int) const {}
};
template <class T>
struct LoadConjugateProduct {
  const T *factor, *from;
  HWY_INLINE Pair<T> operator()(int i) const {
    const std::size_t at = 2 * hn::Lanes(Tag<T>()) * i;
    const Pair<T> f = load_pair<T>(factor + at);
    return mul(load_pair<T>(from + at), f.re, hn::Neg(f.im));
  }
};

// Times a factor, added to what is there; and times another factor, stored elsewhere.
template <class T>
struct StoreTwoProducts {
  const T* factor;
  T* to;
  const T* other_factor;
  T* other;
  HWY_INLINE void operator()(int i, Pair<T> x) const {
    StoreProduct<T, true>{factor, to}(i, x);
    StoreProduct<T, false>{other_factor, other}(i, x);
  }
  HWY_INLINE void finish(int) const {}
};

}  // namespace undulith::mask::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
