// SPDX-License-Identifier: MIT
// Compiled once for each vector width; the widest that the processor supports is chosen at run time.
#include "imaging/field_sum.hpp"

#include "math/vector_targets.hpp"
#include "undulith/math/vector_width.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "imaging/field_sum.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
// Highway and what is written in it come after the list of targets.
#include <hwy/highway.h>

#include "math/lane_fft.hpp"
#include "math/lane_panels.hpp"

HWY_BEFORE_NAMESPACE();
namespace undulith::imaging::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;
using namespace undulith::math::HWY_NAMESPACE;
using math::LinePlan;

// `lanes` columns of a row of the filter.
template <class T>
HWY_INLINE VecComplex<Vec<T>> load_filter(const double* HWY_RESTRICT from) {
  const Tag<T> d;
  VecComplex<Vec<T>> p;
  if constexpr (sizeof(T) == 8) {
    hn::LoadInterleaved2(d, from, p.re, p.im);
  } else {
#if HWY_TARGET == HWY_SCALAR
    p = {hn::Set(d, static_cast<float>(from[0])), hn::Set(d, static_cast<float>(from[1]))};
#else
    const Tag<double> dd;
    const hn::Half<Tag<T>> half;
    Vec<double> re0, im0, re1, im1;
    hn::LoadInterleaved2(dd, from, re0, im0);
    hn::LoadInterleaved2(dd, from + 2 * hn::Lanes(dd), re1, im1);
    p = {hn::Combine(d, hn::DemoteTo(half, re1), hn::DemoteTo(half, re0)),
         hn::Combine(d, hn::DemoteTo(half, im1), hn::DemoteTo(half, im0))};
#endif
  }
  return p;
}

// Input along y: `lanes` columns of the field, a row at a time; kSpectrum: times the spectrum.
template <class T, bool kSpectrum>
struct LoadField {
  const double* filter;
  std::ptrdiff_t filter_stride;  // in reals
  const T *re, *im;
  std::ptrdiff_t stride;
  HWY_INLINE VecComplex<Vec<T>> times_spectrum(VecComplex<Vec<T>> p, int row) const {
    const Tag<T> d;
    if constexpr (kSpectrum)
      return mul(p, hn::LoadU(d, re + row * stride), hn::LoadU(d, im + row * stride));
    else
      return p;
  }
  HWY_INLINE VecComplex<Vec<T>> operator()(int row) const {
    // The same row of the next columns: filters of kernels come from memory, where rows lie far apart.
    const double* from = filter + row * filter_stride;
    constexpr int kLine = 64 / sizeof(double);
    for (int next = 0; next < 2 * static_cast<int>(hn::Lanes(Tag<T>())); next += kLine)
      hwy::Prefetch(from + 2 * hn::Lanes(Tag<T>()) + next);
    return times_spectrum(load_filter<T>(from), row);
  }
};

// The last columns of a rectangle, where a whole vector would read beyond the filter.
template <class T, bool kSpectrum>
struct LoadEdge {
  LoadField<T, kSpectrum> whole;
  int columns;
  HWY_INLINE VecComplex<Vec<T>> operator()(int row) const {
    HWY_ALIGN double filter[2 * HWY_LANES(T)] = {};
    for (int i = 0; i < 2 * columns; ++i) filter[i] = whole.filter[row * whole.filter_stride + i];
    return whole.times_spectrum(load_filter<T>(filter), row);
  }
};

// Output along x: the squared modulus.
template <class T>
struct AddIntensity {
  T* sum;
  Vec<T> weight;
  HWY_INLINE void operator()(int position, VecComplex<Vec<T>> x) const {
    const Tag<T> d;
    T* to = sum + hn::Lanes(d) * position;
    const Vec<T> square = mul_plus(x.re, x.re, hn::Mul(x.im, x.im));
    hn::Store(mul_plus(weight, square, hn::Load(d, to)), d, to);
  }
  HWY_INLINE void finish(int) const {}
};

template <class T, bool kSpectrum>
void transform_along_y(const FieldPlan<T>& plan, const FilteredField<T>& field, FieldWork<T>& work) {
  const int lanes = static_cast<int>(hn::Lanes(Tag<T>())), columns = plan.along_x.n_in;
  const std::size_t panel = 2 * static_cast<std::size_t>(plan.padded_columns) * lanes;
  for (int m = 0; m < columns; m += lanes) {
    LoadField<T, kSpectrum> load{reinterpret_cast<const double*>(field.filter + m), 2 * columns, nullptr,
                                 nullptr, field.stride};
    if constexpr (kSpectrum) {
      load.re = field.re + m;
      load.im = field.im + m;
    }
    const OutPanels<T> out{work.line.data(), work.middle.data() + 2 * m * lanes, panel, plan.along_y.n};
    if (m + lanes <= columns)
      transform_lines<T>(plan.along_y, work.line.data(), load, out);
    else
      transform_lines<T>(plan.along_y, work.line.data(), LoadEdge<T, kSpectrum>{load, columns - m}, out);
  }
}

template <class T>
void add(const FieldPlan<T>& plan, const FilteredField<T>& field, FieldWork<T>& work, T* sum) {
  const Tag<T> d;
  const std::size_t lanes = hn::Lanes(d), panel = 2 * static_cast<std::size_t>(plan.padded_columns) * lanes;
  if (field.re != nullptr)
    transform_along_y<T, true>(plan, field, work);
  else
    transform_along_y<T, false>(plan, field, work);
  for (int p = 0; p < plan.panels; ++p)
    transform_lines<T>(plan.along_x, work.line.data(), LoadPanel<T>{work.middle.data() + p * panel},
                       AddIntensity<T>{sum + static_cast<std::size_t>(p) * plan.along_x.n * lanes,
                                       hn::Set(d, static_cast<T>(field.weight))});
}

}  // namespace

// Only functions that are no templates can be chosen at run time.
int lanes_f64() {
  return static_cast<int>(hn::Lanes(Tag<double>()));
}
int lanes_f32() {
  return static_cast<int>(hn::Lanes(Tag<float>()));
}
void add_f64(const FieldPlan<double>& plan, const FilteredField<double>& field, FieldWork<double>& work,
             double* sum) {
  add(plan, field, work, sum);
}
void add_f32(const FieldPlan<float>& plan, const FilteredField<float>& field, FieldWork<float>& work,
             float* sum) {
  add(plan, field, work, sum);
}

}  // namespace undulith::imaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace undulith::imaging {
HWY_EXPORT(lanes_f64);
HWY_EXPORT(lanes_f32);
HWY_EXPORT(add_f64);
HWY_EXPORT(add_f32);

template <class T>
FieldPlan<T>::FieldPlan(BandGrid grid, int columns, int rows)
    : along_x(grid.nx, columns), along_y(grid.ny, rows) {
  static_cast<void>(math::vector_width());  // takes the width that the user wants
  lanes = sizeof(T) == 8 ? HWY_DYNAMIC_DISPATCH(lanes_f64)() : HWY_DYNAMIC_DISPATCH(lanes_f32)();
  panels = (grid.ny + lanes - 1) / lanes;
  padded_columns = (columns + lanes - 1) / lanes * lanes;
}
template struct FieldPlan<double>;
template struct FieldPlan<float>;

void add_field(const FieldPlan<double>& plan, const FilteredField<double>& field, FieldWork<double>& work,
               double* sum) {
  HWY_DYNAMIC_DISPATCH(add_f64)(plan, field, work, sum);
}
void add_field(const FieldPlan<float>& plan, const FilteredField<float>& field, FieldWork<float>& work,
               float* sum) {
  HWY_DYNAMIC_DISPATCH(add_f32)(plan, field, work, sum);
}

}  // namespace undulith::imaging
#endif  // HWY_ONCE
