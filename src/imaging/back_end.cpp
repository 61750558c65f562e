// SPDX-License-Identifier: MIT
#include "imaging/back_end.hpp"

#include <algorithm>

#include "undulith/core/parallel.hpp"
#include "undulith/core/progress_counter.hpp"
#include "undulith/core/simd.hpp"
#include "undulith/math/fft.hpp"

namespace undulith::imaging {
namespace {

using Complex = std::complex<double>;
using math::InverseFft2D;

// Partial images are summed in chunks of groups that do not depend on the number of threads. Many planes need
// memory for each chunk.
constexpr int kMaxChunks = 16;
constexpr int kMinChunks = 4;

int chunk_count(const CoherentFields& fields) {
  return std::min(fields.n_groups(), std::clamp(kMaxChunks / fields.n_planes(), kMinChunks, kMaxChunks));
}

struct GroupRange {
  int begin, end;
};
GroupRange groups_of(int chunk, int n_chunks, int n_groups) {
  const auto edge = [&](int i) { return static_cast<int>(static_cast<long long>(n_groups) * i / n_chunks); };
  return {edge(chunk), edge(chunk + 1)};
}

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

const double* reals(const Complex* values) {
  return reinterpret_cast<const double*>(values);
}
double* reals(Complex* values) {
  return reinterpret_cast<double*>(values);
}

// Columns and rows of the rectangle of a group that are in the spectrum.
struct Overlap {
  int column_begin, column_end, row_begin, row_end;
};
Overlap overlap_of(const FieldGroup& group, const CoherentFields& fields, const SpectrumView& spectrum) {
  const auto range = [](int first, int count, int max_order) {
    const int begin = std::clamp(-max_order - first, 0, count);
    return std::pair(begin, std::clamp(max_order + 1 - first, begin, count));
  };
  const auto [column_begin, column_end] = range(group.m_first, fields.columns(), spectrum.max_order_x);
  const auto [row_begin, row_end] = range(group.n_first, fields.rows(), spectrum.max_order_y);
  return {column_begin, column_end, row_begin, row_end};
}

// The work of one thread: filters, field and transform of one group after another.
class Worker {
 public:
  Worker(const SpectrumView& spectrum, const CoherentFields& fields, BandGrid grid,
         const InverseFft2D& transform)
      : spectrum_(spectrum),
        fields_(fields),
        grid_(grid),
        transform_(transform),
        workspace_(transform.make_workspace()),
        cursor_(fields.make_cursor()) {}

  void select(int group) {
    group_ = cursor_->select(group);
    overlap_ = overlap_of(group_, fields_, spectrum_);
  }
  void go_to(int plane) { filters_ = cursor_->filters(plane); }
  [[nodiscard]] int n_fields() const { return group_.n_fields; }

  // Field of one component of the selected group, in the sample order of the transform (y fastest).
  void compute_field(int component) {
    const int columns = fields_.columns();
    const Complex* filter = filters_.data() + static_cast<std::size_t>(component) * rectangle();
    Complex* input = workspace_.input.data();
    if (spectrum_.values.empty()) {
      for (int row = 0; row < fields_.rows(); ++row, filter += columns, input += grid_.nx)
        std::copy_n(filter, columns, input);
      transform_.run(workspace_);
      return;
    }
    // A shift of all orders does not change |E|^2: the rectangle moves to the corner of the grid.
    for (int row = 0; row < fields_.rows(); ++row, filter += columns, input += grid_.nx) {
      if (!has_row(row)) {
        std::fill_n(input, columns, Complex{});
        continue;
      }
      std::fill_n(input, overlap_.column_begin, Complex{});
      const Complex* order =
          &spectrum_.values[spectrum_.place(group_.m_first + overlap_.column_begin, group_.n_first + row)];
      multiply(reals(order), reals(filter + overlap_.column_begin), reals(input + overlap_.column_begin),
               overlap_.column_end - overlap_.column_begin);
      std::fill_n(input + overlap_.column_end, columns - overlap_.column_end, Complex{});
    }
    transform_.run(workspace_);
  }

  // intensity += weight |field|^2, y fastest.
  void add_to(std::vector<double>& intensity, double weight) {
    const Complex* field = workspace_.output.data();
    double* out = intensity.data();
    for (int ix = 0; ix < grid_.nx; ++ix, field += transform_.column_stride(), out += grid_.ny)
      add_intensity(reals(field), weight, out, grid_.ny);
  }

  // Field times gradient in place; returns sum gradient |field|^2.
  double weigh(const std::vector<double>& gradient) {
    Complex* field = workspace_.output.data();
    const double* g = gradient.data();
    double sum = 0;
    for (int ix = 0; ix < grid_.nx; ++ix, field += transform_.column_stride(), g += grid_.ny)
      sum += weigh_line(reals(field), g, grid_.ny);
    return sum;
  }

  // Adds scale conj(filter) times the adjoint transform of the result of weigh() to the gradient of the
  // spectrum.
  void pull_back(int component, double scale, std::vector<Complex>& gradient) {
    transform_.run_adjoint(workspace_);
    const int columns = fields_.columns();
    const Complex* filter = filters_.data() + static_cast<std::size_t>(component) * rectangle();
    Complex* input = workspace_.input.data();
    for (int row = 0; row < fields_.rows(); ++row, filter += columns, input += grid_.nx) {
      if (has_row(row)) {
        const int begin = overlap_.column_begin;
        Complex* out = &gradient[spectrum_.place(group_.m_first + begin, group_.n_first + row)];
        add_conjugate_product(reals(filter + begin), reals(input + begin), scale, reals(out),
                              overlap_.column_end - begin);
      }
      std::fill_n(input + columns, grid_.nx - columns, Complex{});  // compute_field() does not write these
    }
  }

 private:
  [[nodiscard]] bool has_row(int row) const {
    return row >= overlap_.row_begin && row < overlap_.row_end && overlap_.column_begin < overlap_.column_end;
  }
  [[nodiscard]] std::size_t rectangle() const {
    return static_cast<std::size_t>(fields_.columns()) * static_cast<std::size_t>(fields_.rows());
  }

  const SpectrumView& spectrum_;
  const CoherentFields& fields_;
  BandGrid grid_;
  const InverseFft2D& transform_;
  InverseFft2D::Workspace workspace_;
  std::unique_ptr<FilterCursor> cursor_;
  std::span<const Complex> filters_;
  FieldGroup group_;
  Overlap overlap_{};
};

// Rows of nx samples to columns of ny, or back with nx and ny swapped.
std::vector<double> transpose(const std::vector<double>& samples, int nx, int ny) {
  std::vector<double> transposed(samples.size());
  for (std::size_t ix = 0, i = 0; ix < static_cast<std::size_t>(nx); ++ix)
    for (std::size_t iy = 0; iy < static_cast<std::size_t>(ny); ++iy, ++i)
      transposed[iy * static_cast<std::size_t>(nx) + ix] = samples[i];
  return transposed;
}

template <class T>
void add(std::vector<T>& sum, std::vector<T>& part) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part[i];
  part = {};
}

}  // namespace

std::vector<std::vector<double>> accumulate(const SpectrumView& spectrum, const CoherentFields& fields,
                                            BandGrid grid, const Progress& progress) {
  const int n_chunks = chunk_count(fields), n_planes = fields.n_planes();
  const std::size_t n_samples = static_cast<std::size_t>(grid.nx) * static_cast<std::size_t>(grid.ny);
  const InverseFft2D transform(grid.nx, grid.ny, fields.rows());
  std::vector<std::vector<std::vector<double>>> partial(static_cast<std::size_t>(n_chunks));
  ProgressCounter counter(progress, static_cast<std::size_t>(fields.n_groups()));
  parallel_for(n_chunks, [&](int chunk) {
    auto& images = partial[static_cast<std::size_t>(chunk)];
    images.assign(static_cast<std::size_t>(n_planes), std::vector<double>(n_samples));
    Worker worker(spectrum, fields, grid, transform);
    const GroupRange range = groups_of(chunk, n_chunks, fields.n_groups());
    for (int group = range.begin; group < range.end; ++group) {
      worker.select(group);
      for (int plane = 0; plane < n_planes; ++plane) {
        worker.go_to(plane);
        for (int component = 0; component < worker.n_fields(); ++component) {
          worker.compute_field(component);
          worker.add_to(images[static_cast<std::size_t>(plane)], fields.weight(group));
        }
      }
      counter.add_one();
    }
  });
  std::vector<std::vector<double>> images(static_cast<std::size_t>(n_planes));
  for (std::size_t plane = 0; plane < images.size(); ++plane) {
    std::vector<double> sum(n_samples);
    for (auto& part : partial) add(sum, part[plane]);
    images[plane] = transpose(sum, grid.nx, grid.ny);
  }
  return images;
}

Adjoint adjoint(const SpectrumView& spectrum, const CoherentFields& fields, BandGrid grid,
                std::span<const std::vector<double>> gradients) {
  const int n_chunks = chunk_count(fields), n_planes = fields.n_planes();
  const InverseFft2D transform(grid.nx, grid.ny, fields.rows());
  std::vector<std::vector<double>> transposed;
  for (const auto& gradient : gradients) transposed.push_back(transpose(gradient, grid.ny, grid.nx));

  Adjoint result{std::vector<Complex>(spectrum.values.size()),
                 std::vector<double>(static_cast<std::size_t>(fields.n_groups()))};
  std::vector<std::vector<Complex>> partial(static_cast<std::size_t>(n_chunks));
  parallel_for(n_chunks, [&](int chunk) {
    auto& d_spectrum = partial[static_cast<std::size_t>(chunk)];
    d_spectrum.resize(spectrum.values.size());
    Worker worker(spectrum, fields, grid, transform);
    const GroupRange range = groups_of(chunk, n_chunks, fields.n_groups());
    for (int group = range.begin; group < range.end; ++group) {
      worker.select(group);
      double d_weight = 0;
      for (int plane = 0; plane < n_planes; ++plane) {
        worker.go_to(plane);
        for (int component = 0; component < worker.n_fields(); ++component) {
          worker.compute_field(component);
          d_weight += worker.weigh(transposed[static_cast<std::size_t>(plane)]);
          worker.pull_back(component, 2 * fields.weight(group), d_spectrum);
        }
      }
      result.weight[static_cast<std::size_t>(group)] = d_weight;
    }
  });
  for (auto& part : partial) add(result.spectrum, part);
  return result;
}

}  // namespace undulith::imaging
