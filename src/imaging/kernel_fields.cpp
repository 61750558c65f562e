// SPDX-License-Identifier: MIT
// Compiled once for each vector width; the widest that the processor supports is chosen at run time.
#include "imaging/kernel_fields.hpp"

#include "math/vector_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "imaging/kernel_fields.cpp"
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

// A block of columns of the filter times that of the spectrum, a row at a time.
template <class T>
struct LoadProduct {
  const T *filter, *spectrum;
  HWY_INLINE VecComplex<Vec<T>> operator()(int row) const {
    const std::size_t at = 2 * hn::Lanes(Tag<T>()) * static_cast<std::size_t>(row);
    const VecComplex<Vec<T>> s = load_pair<T>(spectrum + at);
    return mul(load_pair<T>(filter + at), s.re, s.im);
  }
};

// Keeps the field and adds its squared modulus.
template <class T>
struct KeepField {
  T *field, *sum;
  Vec<T> weight;
  HWY_INLINE void operator()(int position, VecComplex<Vec<T>> x) const {
    const Tag<T> d;
    const std::size_t at = hn::Lanes(d) * static_cast<std::size_t>(position);
    store_pair<T>(x, field + 2 * at);
    const Vec<T> square = mul_plus(x.re, x.re, hn::Mul(x.im, x.im));
    hn::Store(mul_plus(weight, square, hn::Load(d, sum + at)), d, sum + at);
  }
  HWY_INLINE void finish(int) const {}
};

// The conjugate of weight times gradient times field, sample after sample along x.
template <class T>
struct LoadWeighed {
  const T *field, *gradient;
  const int* position;
  Vec<T> weight;
  HWY_INLINE VecComplex<Vec<T>> operator()(int sample) const {
    const Tag<T> d;
    const std::size_t at = hn::Lanes(d) * static_cast<std::size_t>(position[sample]);
    const Vec<T> factor = hn::Mul(weight, hn::Load(d, gradient + at));
    const VecComplex<Vec<T>> x = load_pair<T>(field + 2 * at);
    return {hn::Mul(factor, x.re), hn::Neg(hn::Mul(factor, x.im))};
  }
};

// Orders of x, in their own order, of a panel.
template <class T>
struct KeepOrders {
  T* line;
  const int* order;
  int n_orders;
  HWY_INLINE void operator()(int position, VecComplex<Vec<T>> x) const {
    if (order[position] < n_orders)
      store_pair<T>(x, line + 2 * hn::Lanes(Tag<T>()) * static_cast<std::size_t>(order[position]));
  }
  HWY_INLINE void finish(int) const {}
};

// The samples along y of a block of columns.
template <class T>
struct LoadColumns {
  const T* columns;
  const int* position;
  HWY_INLINE VecComplex<Vec<T>> operator()(int sample) const {
    return load_pair<T>(columns + 2 * hn::Lanes(Tag<T>()) * static_cast<std::size_t>(position[sample]));
  }
};

// adjoint += filter times the orders of y.
template <class T>
struct AddOrders {
  const T* filter;
  T* adjoint;
  const int* order;
  int n_orders;
  HWY_INLINE void operator()(int position, VecComplex<Vec<T>> x) const {
    if (order[position] >= n_orders) return;
    const std::size_t at = 2 * hn::Lanes(Tag<T>()) * static_cast<std::size_t>(order[position]);
    const VecComplex<Vec<T>> f = load_pair<T>(filter + at);
    store_pair<T>(load_pair<T>(adjoint + at) + mul(x, f.re, f.im), adjoint + at);
  }
  HWY_INLINE void finish(int) const {}
};

// The orders of x of a panel become rows of `lanes` columns, one row per position of y.
template <class T>
HWY_NOINLINE void turn_panel(const T* HWY_RESTRICT orders, int blocks, std::size_t block_size,
                             T* HWY_RESTRICT to) {
  const Tag<T> d;
  constexpr int kLanes = HWY_LANES(T);
  for (int block = 0; block < blocks; ++block, orders += 2 * kLanes * kLanes, to += block_size)
    for (int part = 0; part < 2; ++part) {
      Vec<T> x[kLanes];
      UNDULITH_UNROLL
      for (int i = 0; i < kLanes; ++i) x[i] = hn::Load(d, orders + (2 * i + part) * kLanes);
      transpose_square<T>(x);
      UNDULITH_UNROLL
      for (int i = 0; i < kLanes; ++i) hn::Store(x[i], d, to + (2 * i + part) * kLanes);
    }
}

template <class T>
void make(const KernelPlan<T>& plan, const T* filter, const T* spectrum, T weight, KernelWork<T>& work,
          T* field, T* sum) {
  const FieldPlan<T>& forward = plan.forward;
  const auto lanes = static_cast<std::size_t>(forward.lanes);
  const std::size_t panel = 2 * static_cast<std::size_t>(forward.padded_columns) * lanes;
  const std::size_t block = 2 * lanes * static_cast<std::size_t>(forward.along_y.n_in);
  for (std::size_t b = 0; b < static_cast<std::size_t>(plan.blocks); ++b)
    transform_lines<T>(
        forward.along_y, work.line.data(), LoadProduct<T>{filter + b * block, spectrum + b * block},
        OutPanels<T>{work.line.data(), work.middle.data() + 2 * b * lanes * lanes, panel, forward.along_y.n});
  const std::size_t step = static_cast<std::size_t>(forward.along_x.n) * lanes;
  for (std::size_t p = 0; p < static_cast<std::size_t>(forward.panels); ++p)
    transform_lines<T>(forward.along_x, work.line.data(), LoadPanel<T>{work.middle.data() + p * panel},
                       KeepField<T>{field + 2 * p * step, sum + p * step, hn::Set(Tag<T>(), weight)});
}

template <class T>
void back(const KernelPlan<T>& plan, const T* field, const T* gradient, T weight, const T* filter,
          KernelWork<T>& work, T* adjoint) {
  const FieldPlan<T>& forward = plan.forward;
  const auto lanes = static_cast<std::size_t>(forward.lanes);
  const std::size_t step = static_cast<std::size_t>(forward.along_x.n) * lanes;
  const std::size_t block_of_columns = 2 * lanes * lanes * static_cast<std::size_t>(forward.panels);
  for (std::size_t p = 0; p < static_cast<std::size_t>(forward.panels); ++p) {
    transform_lines<T>(plan.back_x, work.line.data(),
                       LoadWeighed<T>{field + 2 * p * step, gradient + p * step, plan.position_x.data(),
                                      hn::Set(Tag<T>(), weight)},
                       KeepOrders<T>{work.middle.data(), plan.back_x.order.data(), forward.along_x.n_in});
    turn_panel<T>(work.middle.data(), plan.blocks, block_of_columns,
                  work.columns.data() + 2 * p * lanes * lanes);
  }
  const std::size_t block = 2 * lanes * static_cast<std::size_t>(forward.along_y.n_in);
  for (std::size_t b = 0; b < static_cast<std::size_t>(plan.blocks); ++b)
    transform_lines<T>(plan.back_y, work.line.data(),
                       LoadColumns<T>{work.columns.data() + b * block_of_columns, plan.position_y.data()},
                       AddOrders<T>{filter + b * block, adjoint + b * block, plan.back_y.order.data(),
                                    forward.along_y.n_in});
}

}  // namespace

// Only functions that are no templates can be chosen at run time.
void make_f64(const KernelPlan<double>& plan, const double* filter, const double* spectrum, double weight,
              KernelWork<double>& work, double* field, double* sum) {
  make(plan, filter, spectrum, weight, work, field, sum);
}
void make_f32(const KernelPlan<float>& plan, const float* filter, const float* spectrum, float weight,
              KernelWork<float>& work, float* field, float* sum) {
  make(plan, filter, spectrum, weight, work, field, sum);
}
void back_f64(const KernelPlan<double>& plan, const double* field, const double* gradient, double weight,
              const double* filter, KernelWork<double>& work, double* adjoint) {
  back(plan, field, gradient, weight, filter, work, adjoint);
}
void back_f32(const KernelPlan<float>& plan, const float* field, const float* gradient, float weight,
              const float* filter, KernelWork<float>& work, float* adjoint) {
  back(plan, field, gradient, weight, filter, work, adjoint);
}

}  // namespace undulith::imaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace undulith::imaging {
HWY_EXPORT(make_f64);
HWY_EXPORT(make_f32);
HWY_EXPORT(back_f64);
HWY_EXPORT(back_f32);

namespace {

std::vector<int> inverse_of(const std::vector<int>& order) {
  std::vector<int> position(order.size());
  for (std::size_t p = 0; p < order.size(); ++p)
    position[static_cast<std::size_t>(order[p])] = static_cast<int>(p);
  return position;
}

}  // namespace

template <class T>
KernelPlan<T>::KernelPlan(BandGrid grid, int columns, int rows)
    : forward(grid, columns, rows),
      back_x(grid.nx, grid.nx),
      back_y(grid.ny, grid.ny),
      position_x(inverse_of(forward.along_x.order)),
      position_y(inverse_of(forward.along_y.order)),
      blocks(forward.padded_columns / forward.lanes) {}

template <class T>
LargeBuffer<T> KernelPlan<T>::blocks_of(std::span<const std::complex<double>> values) const {
  const auto lanes = static_cast<std::size_t>(forward.lanes),
             columns = static_cast<std::size_t>(forward.along_x.n_in),
             rows = static_cast<std::size_t>(forward.along_y.n_in);
  LargeBuffer<T> result(orders_size());
  std::fill_n(result.data(), orders_size(), T{});
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t m = 0; m < columns; ++m) {
      T* to = result.data() + ((m / lanes * rows + row) * 2) * lanes + m % lanes;
      to[0] = static_cast<T>(values[row * columns + m].real());
      to[lanes] = static_cast<T>(values[row * columns + m].imag());
    }
  return result;
}

template <class T>
std::vector<std::complex<double>> KernelPlan<T>::values_of(std::span<const T> from) const {
  const auto lanes = static_cast<std::size_t>(forward.lanes),
             columns = static_cast<std::size_t>(forward.along_x.n_in),
             rows = static_cast<std::size_t>(forward.along_y.n_in);
  std::vector<std::complex<double>> values;
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t m = 0; m < columns; ++m) {
      const T* at = from.data() + ((m / lanes * rows + row) * 2) * lanes + m % lanes;
      values.emplace_back(static_cast<double>(at[0]), static_cast<double>(at[lanes]));
    }
  return values;
}

template <class T>
void KernelPlan<T>::write_sum_layout(std::span<const double> samples, T* sum) const {
  const auto lanes = static_cast<std::size_t>(forward.lanes);
  const std::size_t nx = position_x.size(), ny = position_y.size();
  std::fill_n(sum, forward.sum_size(), T{});
  for (std::size_t y = 0; y < ny; ++y) {
    const auto py = static_cast<std::size_t>(position_y[y]);
    T* row = sum + py / lanes * nx * lanes + py % lanes;
    for (std::size_t x = 0; x < nx; ++x)
      row[static_cast<std::size_t>(position_x[x]) * lanes] = static_cast<T>(samples[y * nx + x]);
  }
}

template <class T>
KernelWork<T>::KernelWork(const KernelPlan<T>& plan) {
  const FieldPlan<T>& forward = plan.forward;
  const auto lanes = static_cast<std::size_t>(forward.lanes);
  const auto longest = static_cast<std::size_t>(std::max(forward.along_x.n, forward.along_y.n));
  const std::size_t middle_size =
      2 * lanes * static_cast<std::size_t>(forward.panels) * static_cast<std::size_t>(forward.padded_columns);
  line = LargeBuffer<T>(2 * lanes * longest);
  middle = LargeBuffer<T>(middle_size);
  std::fill_n(middle.data(), middle_size, T{});
  columns = LargeBuffer<T>(middle_size);
}

template struct KernelPlan<double>;
template struct KernelPlan<float>;
template struct KernelWork<double>;
template struct KernelWork<float>;

void make_field(const KernelPlan<double>& plan, const double* filter, const double* spectrum, double weight,
                KernelWork<double>& work, double* field, double* sum) {
  HWY_DYNAMIC_DISPATCH(make_f64)(plan, filter, spectrum, weight, work, field, sum);
}
void make_field(const KernelPlan<float>& plan, const float* filter, const float* spectrum, float weight,
                KernelWork<float>& work, float* field, float* sum) {
  HWY_DYNAMIC_DISPATCH(make_f32)(plan, filter, spectrum, weight, work, field, sum);
}
void pull_back(const KernelPlan<double>& plan, const double* field, const double* gradient, double weight,
               const double* filter, KernelWork<double>& work, double* adjoint) {
  HWY_DYNAMIC_DISPATCH(back_f64)(plan, field, gradient, weight, filter, work, adjoint);
}
void pull_back(const KernelPlan<float>& plan, const float* field, const float* gradient, float weight,
               const float* filter, KernelWork<float>& work, float* adjoint) {
  HWY_DYNAMIC_DISPATCH(back_f32)(plan, field, gradient, weight, filter, work, adjoint);
}

}  // namespace undulith::imaging
#endif  // HWY_ONCE
