// SPDX-License-Identifier: MIT
// What goes between the transforms along y and along x of a field: compiled once for each vector width by the files
// that include it (Google Highway). See imaging/field_sum.hpp for the layout.
// NOLINTBEGIN(llvm-header-guard)
#if defined(UNDULITH_MATH_LANE_PANELS_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef UNDULITH_MATH_LANE_PANELS_HPP
#undef UNDULITH_MATH_LANE_PANELS_HPP
#else
#define UNDULITH_MATH_LANE_PANELS_HPP
#endif
// NOLINTEND(llvm-header-guard)

#include <hwy/highway.h>

#include "math/lane_vectors.hpp"

HWY_BEFORE_NAMESPACE();
namespace undulith::math::HWY_NAMESPACE {

// Output along y: keeps a line in its buffer and moves finished vectors of positions, transposed, to their panels.
template <class T>
struct OutPanels {
  T* line;
  T* middle;          // of these columns in panel 0
  std::size_t panel;  // reals from panel to panel
  int n;
  mutable int moved = 0;
  HWY_INLINE void operator()(int position, VecComplex<Vec<T>> x) const {
    store_pair<T>(x, line + 2 * hn::Lanes(Tag<T>()) * position);
  }
  HWY_NOINLINE void finish(int done) const {
    const Tag<T> d;
    constexpr int kLanes = HWY_LANES(T);
    for (; moved + kLanes <= done || (done == n && moved < n); moved += kLanes) {
      Vec<T> x[kLanes];
      for (int part = 0; part < 2; ++part) {
        const T* from = line + (2 * moved + part) * kLanes;
        T* to = middle + static_cast<std::size_t>(moved / kLanes) * panel + part * kLanes;
        UNDULITH_UNROLL
        for (int i = 0; i < kLanes; ++i)
          x[i] = moved + i < n ? hn::Load(d, from + 2 * kLanes * i) : hn::Zero(d);
        transpose_square<T>(x);
        UNDULITH_UNROLL
        for (int i = 0; i < kLanes; ++i) hn::Store(x[i], d, to + 2 * kLanes * i);
      }
    }
  }
};

// Input along x: a panel.
template <class T>
struct LoadPanel {
  const T* middle;
  HWY_INLINE VecComplex<Vec<T>> operator()(int m) const {
    return load_pair<T>(middle + 2 * hn::Lanes(Tag<T>()) * m);
  }
};

}  // namespace undulith::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per target
