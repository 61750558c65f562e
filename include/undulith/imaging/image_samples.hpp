// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "undulith/core/grid.hpp"
#include "undulith/math/fourier_series.hpp"

namespace undulith::imaging {

/// The samples of an image on a grid of its window. They follow from its series, and are made where they are asked for:
/// row by row, or all at once and then kept. Copies share what is kept. May be read by several threads at a time.
class ImageSamples {
 public:
  ImageSamples() = default;
  /// Samples that are there already.
  ImageSamples(Field2D<double> values);  // NOLINT(google-explicit-constructor)
  /// Those of FourierSeries2D::sample_cell(x, y).
  ImageSamples(const math::FourierSeries2D& series, math::SampleRange x, math::SampleRange y);

  [[nodiscard]] const Grid2D& grid() const;
  [[nodiscard]] int nx() const { return grid().nx; }
  [[nodiscard]] int ny() const { return grid().ny; }
  [[nodiscard]] bool empty() const { return nx() == 0 || ny() == 0; }

  /// All samples, kept from now on: 8 bytes each. Cost of the first call: FourierSeries2D::sample_cell().
  [[nodiscard]] const Field2D<double>& field() const;
  operator const Field2D<double>&() const { return field(); }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] std::span<const double> values() const { return field().values(); }
  [[nodiscard]] double operator()(int iy, int ix) const { return field()(iy, ix); }

  /// The largest finite sample; 0 if there is none above it.
  [[nodiscard]] double highest() const;

  /// Calls take(first_row, rows) for all rows in order, some of them at a time, x fastest. Nothing is kept.
  /// Memory: 64 rows per thread. The values are those of field(), bit for bit.
  void visit_rows(const std::function<void(int first_row, std::span<const double> rows)>& take) const;

 private:
  struct Made;
  std::shared_ptr<Made> made_;
};

}  // namespace undulith::imaging
