// SPDX-License-Identifier: MIT
#include "imaging/fft_worker.hpp"

#include <algorithm>

#include "undulith/core/simd.hpp"

namespace undulith::imaging {
namespace {

using Complex = std::complex<double>;

// out = a b, element by element.
UNDULITH_SIMD_CLONES
void multiply(const double* a, const double* b, double* out, int count) {
  for (int i = 0; i < 2 * count; i += 2) {
    const double re = a[i] * b[i] - a[i + 1] * b[i + 1];
    const double im = a[i] * b[i + 1] + a[i + 1] * b[i];
    out[i] = re;
    out[i + 1] = im;
  }
}

// out += scale conj(a) b, element by element.
UNDULITH_SIMD_CLONES
void add_conjugate_product(const double* a, const double* b, double scale, double* out, int count) {
  for (int i = 0; i < 2 * count; i += 2) {
    out[i] += scale * (a[i] * b[i] + a[i + 1] * b[i + 1]);
    out[i + 1] += scale * (a[i] * b[i + 1] - a[i + 1] * b[i]);
  }
}

// out += weight |field|^2.
UNDULITH_SIMD_CLONES
void add_intensity(const double* field, double weight, double* out, int count) {
  for (int i = 0; i < count; ++i)
    out[i] += weight * (field[2 * i] * field[2 * i] + field[2 * i + 1] * field[2 * i + 1]);
}

// field *= weight; returns sum weight |field|^2, in eight parallel sums.
UNDULITH_SIMD_CLONES
double weigh_line(double* __restrict field, const double* __restrict weight, int count) {
  constexpr int kLanes = 8;
  double sums[kLanes] = {};
  int i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (int lane = 0; lane < kLanes; ++lane) {
      double &re = field[2 * (i + lane)], &im = field[2 * (i + lane) + 1];
      const double w = weight[i + lane];
      sums[lane] += w * (re * re + im * im);
      re *= w;
      im *= w;
    }
  double sum = 0;
  for (const double part : sums) sum += part;
  for (; i < count; ++i) {
    sum += weight[i] * (field[2 * i] * field[2 * i] + field[2 * i + 1] * field[2 * i + 1]);
    field[2 * i] *= weight[i];
    field[2 * i + 1] *= weight[i];
  }
  return sum;
}

// Real and imaginary parts in turn.
const double* reals(const Complex* values) {
  return reinterpret_cast<const double*>(values);
}
double* reals(Complex* values) {
  return reinterpret_cast<double*>(values);
}

}  // namespace

Overlap overlap_of(const FieldGroup& group, const CoherentFields& fields, const SpectrumView& spectrum) {
  const auto range = [](int first, int count, int max_order) {
    const int begin = std::clamp(-max_order - first, 0, count);
    return std::pair(begin, std::clamp(max_order + 1 - first, begin, count));
  };
  const auto [column_begin, column_end] = range(group.m_first, fields.columns(), spectrum.max_order_x);
  const auto [row_begin, row_end] = range(group.n_first, fields.rows(), spectrum.max_order_y);
  return {column_begin, column_end, row_begin, row_end};
}

void write_product(const SpectrumView& spectrum, const FieldGroup& group, const Overlap& overlap,
                   const Complex* filter, int columns, int rows, Complex* out, int stride) {
  for (int row = 0; row < rows; ++row, filter += columns, out += stride) {
    if (overlap.empty() || row < overlap.row_begin || row >= overlap.row_end) {
      std::fill_n(out, columns, Complex{});
      continue;
    }
    const int begin = overlap.column_begin, end = overlap.column_end;
    std::fill_n(out, begin, Complex{});
    multiply(reals(&spectrum.values[spectrum.place(group.m_first + begin, group.n_first + row)]),
             reals(filter + begin), reals(out + begin), end - begin);
    std::fill_n(out + end, columns - end, Complex{});
  }
}

FftWorker::FftWorker(const SpectrumView& spectrum, const CoherentFields& fields, BandGrid grid,
                     const math::InverseFft2D& transform)
    : spectrum_(spectrum),
      fields_(fields),
      grid_(grid),
      transform_(transform),
      workspace_(transform.make_workspace()),
      cursor_(fields.make_cursor()) {}

void FftWorker::select(int group) {
  group_ = cursor_->select(group);
  overlap_ = overlap_of(group_, fields_, spectrum_);
}

const Complex* FftWorker::filter_of(int component) const {
  return filters_.data() + static_cast<std::size_t>(component) * static_cast<std::size_t>(fields_.columns()) *
                               static_cast<std::size_t>(fields_.rows());
}

void FftWorker::compute_field(int component) {
  const int columns = fields_.columns();
  const Complex* filter = filter_of(component);
  Complex* input = workspace_.input.data();
  // A shift of all orders does not change |E|^2: the rectangle moves to the corner of the grid.
  if (spectrum_.values.empty())
    for (int row = 0; row < fields_.rows(); ++row, filter += columns, input += grid_.nx)
      std::copy_n(filter, columns, input);
  else
    write_product(spectrum_, group_, overlap_, filter, columns, fields_.rows(), input, grid_.nx);
  transform_.run(workspace_);
}

void FftWorker::add_to(double* intensity, double weight) {
  const Complex* field = workspace_.output.data();
  for (int ix = 0; ix < grid_.nx; ++ix, field += transform_.column_stride(), intensity += grid_.ny)
    add_intensity(reals(field), weight, intensity, grid_.ny);
}

double FftWorker::weigh(const std::vector<double>& gradient) {
  Complex* field = workspace_.output.data();
  const double* g = gradient.data();
  double sum = 0;
  for (int ix = 0; ix < grid_.nx; ++ix, field += transform_.column_stride(), g += grid_.ny)
    sum += weigh_line(reals(field), g, grid_.ny);
  return sum;
}

void FftWorker::pull_back(int component, double scale, std::vector<Complex>& gradient) {
  transform_.run_adjoint(workspace_);
  const int columns = fields_.columns(), begin = overlap_.column_begin;
  const Complex* filter = filter_of(component);
  Complex* input = workspace_.input.data();
  for (int row = 0; row < fields_.rows(); ++row, filter += columns, input += grid_.nx) {
    if (!overlap_.empty() && row >= overlap_.row_begin && row < overlap_.row_end)
      add_conjugate_product(reals(filter + begin), reals(input + begin), scale,
                            reals(&gradient[spectrum_.place(group_.m_first + begin, group_.n_first + row)]),
                            overlap_.column_end - begin);
    std::fill_n(input + columns, grid_.nx - columns, Complex{});  // compute_field() does not write these
  }
}

void FftWorker::pull_back_filter(double scale, Complex* d_filter) {
  transform_.run_adjoint(workspace_);
  const int columns = fields_.columns();
  Complex* input = workspace_.input.data();
  for (int row = 0; row < fields_.rows(); ++row, d_filter += columns, input += grid_.nx) {
    for (int column = 0; column < columns; ++column) d_filter[column] = scale * input[column];
    std::fill_n(input + columns, grid_.nx - columns, Complex{});  // compute_field() does not write these
  }
}

std::vector<double> transpose(std::span<const double> values, int nx, int ny) {
  std::vector<double> transposed(values.size());
  for (std::size_t ix = 0, i = 0; ix < static_cast<std::size_t>(nx); ++ix)
    for (std::size_t iy = 0; iy < static_cast<std::size_t>(ny); ++iy, ++i)
      transposed[iy * static_cast<std::size_t>(nx) + ix] = values[i];
  return transposed;
}

}  // namespace undulith::imaging
