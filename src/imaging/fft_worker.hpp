// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "imaging/back_end.hpp"
#include "undulith/math/fft.hpp"

namespace undulith::imaging {

/// Columns and rows of the rectangle of a group that are in the spectrum.
struct Overlap {
  int column_begin, column_end, row_begin, row_end;
  [[nodiscard]] bool empty() const { return column_begin >= column_end || row_begin >= row_end; }
};
[[nodiscard]] Overlap overlap_of(const FieldGroup& group, const CoherentFields& fields,
                                 const SpectrumView& spectrum);

/// Filter times spectrum on the rectangle of a group; zero outside the overlap.
/// @param out     rows of `stride` values, of which `columns` are written
void write_product(const SpectrumView& spectrum, const FieldGroup& group, const Overlap& overlap,
                   const std::complex<double>* filter, int columns, int rows, std::complex<double>* out,
                   int stride);

/// One thread's filters, field and transform of one group after another, by FFTW.
class FftWorker {
 public:
  /// All arguments must outlive the worker.
  FftWorker(const SpectrumView& spectrum, const CoherentFields& fields, BandGrid grid,
            const math::InverseFft2D& transform);

  void select(int group);
  void go_to(int plane) { filters_ = cursor_->filters(plane); }
  [[nodiscard]] int n_fields() const { return group_.n_fields; }

  /// Field of one component of the selected group in the plane, in the order of the transform (y fastest).
  void compute_field(int component);
  /// intensity += weight |field|^2, y fastest.
  void add_to(double* intensity, double weight);
  /// Field times gradient in place; returns sum gradient |field|^2.
  [[nodiscard]] double weigh(const std::vector<double>& gradient);
  /// Adds scale conj(filter) times the adjoint transform of the result of weigh() to the gradient of the
  /// spectrum.
  void pull_back(int component, double scale, std::vector<std::complex<double>>& gradient);

  /// The gradient of the filter of one component instead, without a spectrum: scale times the adjoint transform.
  void pull_back_filter(double scale, std::complex<double>* d_filter);
  [[nodiscard]] FilterCursor& cursor() { return *cursor_; }

 private:
  [[nodiscard]] const std::complex<double>* filter_of(int component) const;

  const SpectrumView& spectrum_;
  const CoherentFields& fields_;
  BandGrid grid_;
  const math::InverseFft2D& transform_;
  math::InverseFft2D::Workspace workspace_;
  std::unique_ptr<FilterCursor> cursor_;
  std::span<const std::complex<double>> filters_;
  FieldGroup group_;
  Overlap overlap_{};
};

/// nx rows of ny values to ny rows of nx.
[[nodiscard]] std::vector<double> transpose(std::span<const double> values, int nx, int ny);

}  // namespace undulith::imaging
