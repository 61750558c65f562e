// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "imaging/back_end.hpp"
#include "math/line_plan.hpp"
#include "undulith/core/large_buffer.hpp"

/// Sums of weighted squared moduli of band-limited fields by own vectorised transforms: the filter is
/// multiplied in the first pass, the modulus is added in the last one. T is double or float. The sum has the same
/// bytes at every vector width.
namespace undulith::imaging {

/// What all fields of an image have in common.
template <class T>
struct FieldPlan {
  /// @throws std::invalid_argument  unless has_line_plan(grid.nx) and has_line_plan(grid.ny)
  FieldPlan(BandGrid grid, int columns, int rows);

  math::LinePlan<T> along_x, along_y;
  int lanes;           ///< of a vector
  int panels;          ///< of `lanes` positions of y each
  int padded_columns;  ///< whole vectors of columns

  /// Values of a sum: [panel][position of x][lane].
  [[nodiscard]] std::size_t sum_size() const {
    return static_cast<std::size_t>(panels) * static_cast<std::size_t>(along_x.n) *
           static_cast<std::size_t>(lanes);
  }
};

/// The spectrum in planes of real and imaginary parts, with room behind for a vector that overruns.
template <class T>
struct SplitSpectrum {
  explicit SplitSpectrum(const SpectrumView& spectrum);
  LargeBuffer<T> re, im;
};

/// One field: filter times spectrum on a rectangle of orders; all other orders are zero.
template <class T>
struct FilteredField {
  const std::complex<double>* filter = nullptr;  ///< rows x columns, x fastest
  const T *re = nullptr, *im = nullptr;          ///< spectrum at the first order of the rectangle, or none
  std::ptrdiff_t stride = 0;                     ///< from row to row of the spectrum
  double weight = 0;
};

/// The buffers of one thread: a line of the transforms, and the field between the two of them.
template <class T>
struct FieldWork {
  explicit FieldWork(const FieldPlan<T>& plan);
  LargeBuffer<T> line, middle;
};

/// sum += weight |field|^2.
/// @param sum  plan.sum_size() values, aligned to 64 bytes
void add_field(const FieldPlan<double>& plan, const FilteredField<double>& field, FieldWork<double>& work,
               double* sum);
void add_field(const FieldPlan<float>& plan, const FilteredField<float>& field, FieldWork<float>& work,
               float* sum);

/// A sum as nx times ny samples, x fastest.
template <class T>
[[nodiscard]] std::vector<double> samples_of(const FieldPlan<T>& plan, std::span<const double> sum);

}  // namespace undulith::imaging
