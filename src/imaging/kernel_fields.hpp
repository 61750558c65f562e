// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "imaging/field_sum.hpp"

/// Fields of kernels that are kept, and their way back to the spectrum, by own vectorised transforms. T is double or
/// float. The same bytes at every vector width.
namespace undulith::imaging {

/// Transforms of all kernels of an image.
///
/// Orders lie in blocks of `lanes` columns: [block][row][re, im][lane]; fields in panels of `lanes` positions of y:
/// [panel][position of x][re, im][lane].
template <class T>
struct KernelPlan {
  KernelPlan(BandGrid grid, int columns, int rows);

  FieldPlan<T> forward;
  math::LinePlan<T> back_x, back_y;  ///< of whole lines; their output beyond the orders is dropped
  /// Sample -> position of the forward transform
  std::vector<int> position_x, position_y;
  int blocks;  ///< of columns

  [[nodiscard]] std::size_t orders_size() const {
    return static_cast<std::size_t>(blocks) * static_cast<std::size_t>(forward.along_y.n_in) * 2 *
           static_cast<std::size_t>(forward.lanes);
  }
  [[nodiscard]] std::size_t field_size() const { return 2 * forward.sum_size(); }
  /// Rows of complex values, x fastest, as blocks.
  [[nodiscard]] LargeBuffer<T> blocks_of(std::span<const std::complex<double>> values) const;
  /// Back.
  [[nodiscard]] std::vector<std::complex<double>> values_of(std::span<const T> blocks) const;
  /// Samples, x fastest, in the layout of a sum; 0 where there is no sample.
  void write_sum_layout(std::span<const double> samples, T* sum) const;
};

template <class T>
struct KernelWork {
  explicit KernelWork(const KernelPlan<T>& plan);
  LargeBuffer<T> line, middle, columns;
};

/// field = transform(filter times spectrum); sum += weight |field|^2.
void make_field(const KernelPlan<double>& plan, const double* filter, const double* spectrum, double weight,
                KernelWork<double>& work, double* field, double* sum);
void make_field(const KernelPlan<float>& plan, const float* filter, const float* spectrum, float weight,
                KernelWork<float>& work, float* field, float* sum);

/// adjoint += conj(of the derivative of sum_x gradient |field|^2 weight / 2): filter times the inverse transform of the
/// conjugate of gradient times field.
void pull_back(const KernelPlan<double>& plan, const double* field, const double* gradient, double weight,
               const double* filter, KernelWork<double>& work, double* adjoint);
void pull_back(const KernelPlan<float>& plan, const float* field, const float* gradient, float weight,
               const float* filter, KernelWork<float>& work, float* adjoint);

}  // namespace undulith::imaging
