// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <memory>
#include <span>
#include <vector>

#include "undulith/core/precision.hpp"
#include "undulith/core/progress.hpp"
#include "undulith/imaging/parameters.hpp"

/// The numerical work of imaging: sums of squared moduli of filtered Fourier series, and their adjoint. It
/// knows nothing of optics, so that other hardware (SIMD, GPU) can implement the same three functions; the
/// third, upsample, is math::FourierSeries2D::sample_cell with its adjoint.
namespace undulith::imaging {

/// Fourier coefficients of orders |m| <= max_order_x, |n| <= max_order_y, m fastest; all others are 0.
/// Without values every coefficient is 1: the filters contain the whole field.
struct SpectrumView {
  std::span<const std::complex<double>> values;
  int max_order_x = 0, max_order_y = 0;
  [[nodiscard]] std::size_t place(int m, int n) const {
    return static_cast<std::size_t>(n + max_order_y) * static_cast<std::size_t>(2 * max_order_x + 1) +
           static_cast<std::size_t>(m + max_order_x);
  }
};

/// The size of a group of fields: the same rectangle of orders for each field.
struct FieldGroup {
  int m_first = 0, n_first = 0;  ///< lowest order of the rectangle
  int n_fields = 1;
};

/// Selects groups and writes their filters; one object per thread.
class FilterCursor {
 public:
  virtual ~FilterCursor() = default;
  virtual FieldGroup select(int group) = 0;
  /// Filters of the selected group in one plane: n_fields x rows x columns; valid until the next call.
  virtual std::span<const std::complex<double>> filters(int plane) = 0;
  /// Filters that are linear in parameters (those of a thick mask): adds to the gradient of these what follows from that of
  /// the filters of the last call. dL = Re sum conj(d) d(filter or parameter)
  virtual void pull_back(std::span<const std::complex<double>> d_filters,
                         std::span<std::complex<double>> d_parameters);
};

/// Fields E_gpc(x) = sum_f M(f) filter_gpc(f) exp(2 pi i f x) of groups g, planes p and components c.
class CoherentFields {
 public:
  virtual ~CoherentFields() = default;
  [[nodiscard]] virtual int n_groups() const = 0;
  [[nodiscard]] virtual int n_planes() const = 0;
  [[nodiscard]] virtual int columns() const = 0;  ///< of every rectangle of orders
  [[nodiscard]] virtual int rows() const = 0;
  [[nodiscard]] virtual double weight(int group) const = 0;
  /// In which the filters are linear: FilterCursor::pull_back().
  [[nodiscard]] virtual std::size_t n_parameters() const { return 0; }
  [[nodiscard]] virtual std::unique_ptr<FilterCursor> make_cursor() const = 0;
};

/// Periodic grid of nx by ny samples; nx >= columns, ny >= rows of the fields.
struct BandGrid {
  int nx = 0, ny = 0;
};

/// The groups in chunks that do not depend on the number of threads.
struct GroupRange {
  int begin, end;
};
[[nodiscard]] int chunk_count(int n_groups);
[[nodiscard]] GroupRange groups_of(int chunk, int n_chunks, int n_groups);

/// I_p(x) = sum_g weight_g sum_c |E_gpc(x)|^2 for each plane; samples with x fastest. The same bytes for any
/// number of threads and any vector width. By own transforms where the grid has lengths of factors 2, 3 and 5, as
/// math::good_fft_length() gives; else by FFTW in double precision.
///
/// Error relative to the largest intensity: float64 1e-14, float32 1e-6. Cost O(fields nx ny log(nx ny)) time;
/// memory per thread: one sum per plane and one field.
[[nodiscard]] std::vector<std::vector<double>> accumulate(const SpectrumView& spectrum,
                                                          const CoherentFields& fields, BandGrid grid,
                                                          const Progress& progress,
                                                          Precision precision = Precision::float64);
/// The same by FFTW in double precision: the reference.
[[nodiscard]] std::vector<std::vector<double>> accumulate_by_fftw(const SpectrumView& spectrum,
                                                                  const CoherentFields& fields, BandGrid grid,
                                                                  const Progress& progress);

/// Error of float32 relative to float64 and to the largest intensity, measured on up to 16 groups in the first
/// plane.
[[nodiscard]] double measure_rounding(const SpectrumView& spectrum, const CoherentFields& fields,
                                      BandGrid grid);

/// Derivatives of L = sum_p sum_x gradient_p(x) I_p(x).
struct Adjoint {
  std::vector<std::complex<double>> spectrum;  ///< dL = Re sum_f conj(spectrum(f)) dM(f)
  std::vector<double> weight;                  ///< dL/dweight_g
};
[[nodiscard]] Adjoint adjoint(const SpectrumView& spectrum, const CoherentFields& fields, BandGrid grid,
                              std::span<const std::vector<double>> gradients);
/// The same for filters that contain the whole field: Adjoint::spectrum is the gradient of their parameters.
[[nodiscard]] Adjoint parameter_adjoint(const CoherentFields& fields, BandGrid grid,
                                        std::span<const std::vector<double>> gradients);

}  // namespace undulith::imaging
