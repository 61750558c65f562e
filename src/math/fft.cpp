#include "undulith/math/fft.hpp"

#include <fftw3.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <new>

namespace undulith::math {
namespace {

using Complex = std::complex<double>;

// FFTW plans under one lock; execution of finished plans needs none.
std::mutex& planner_mutex() {
  static std::mutex mutex;
  return mutex;
}

struct DestroyPlan {
  void operator()(fftw_plan_s* plan) const {
    const std::scoped_lock lock(planner_mutex());
    fftw_destroy_plan(plan);
  }
};
using Plan = std::unique_ptr<fftw_plan_s, DestroyPlan>;

fftw_complex* as_fftw(Complex* pointer) {
  return reinterpret_cast<fftw_complex*>(pointer);
}

// `count` in-place transforms of `length` values that lie `stride` apart, starting `distance` apart.
Plan plan_lines(int length, int count, int stride, int distance, int sign, FftBuffer& buffer) {
  const std::scoped_lock lock(planner_mutex());
  return Plan(fftw_plan_many_dft(1, &length, count, as_fftw(buffer.data()), nullptr, stride, distance,
                                 as_fftw(buffer.data()), nullptr, stride, distance, sign, FFTW_ESTIMATE));
}

// Adjacent rows a multiple of a large power of two apart fall on the same cache lines.
std::size_t padded_stride(int nx) {
  return static_cast<std::size_t>(nx % 16 == 0 ? nx + 8 : nx);
}

}  // namespace

int good_fft_length(int n) {
  for (int length = std::max(n, 1);; ++length) {
    int rest = length;
    for (const int factor : {2, 3, 5, 7})
      while (rest % factor == 0) rest /= factor;
    if (rest == 1) return length;
  }
}

std::string fft_library_version() {
  return fftw_version;
}

void FftBuffer::Free::operator()(Complex* pointer) const {
  fftw_free(pointer);
}

FftBuffer::FftBuffer(std::size_t size) : size_(size) {
  if (size > std::numeric_limits<std::size_t>::max() / sizeof(Complex)) throw std::bad_alloc();
  data_.reset(reinterpret_cast<Complex*>(fftw_malloc(size * sizeof(Complex))));
  if (!data_) throw std::bad_alloc();
  std::fill_n(data_.get(), size, Complex{});
}

struct InverseFft2D::Plans {
  Plan rows, columns;
};

InverseFft2D::InverseFft2D(int nx, int ny, int rows)
    : ny_(ny), row_stride_(padded_stride(nx)), plans_(std::make_unique<Plans>()) {
  FftBuffer buffer(buffer_size());
  const int stride = static_cast<int>(row_stride_);
  plans_->rows = plan_lines(nx, rows, 1, stride, FFTW_BACKWARD, buffer);
  plans_->columns = plan_lines(ny, nx, stride, 1, FFTW_BACKWARD, buffer);
}

InverseFft2D::~InverseFft2D() = default;

void InverseFft2D::run(FftBuffer& buffer) const {
  fftw_execute_dft(plans_->rows.get(), as_fftw(buffer.data()), as_fftw(buffer.data()));
  fftw_execute_dft(plans_->columns.get(), as_fftw(buffer.data()), as_fftw(buffer.data()));
}

std::vector<Complex> forward_real(int nx, int ny, std::span<const double> samples) {
  std::vector<Complex> spectrum(static_cast<std::size_t>(nx / 2 + 1) * static_cast<std::size_t>(ny));
  std::vector<double> input(samples.begin(), samples.end());
  Plan plan;
  {
    const std::scoped_lock lock(planner_mutex());
    plan.reset(
        fftw_plan_dft_r2c_2d(ny, nx, input.data(), as_fftw(spectrum.data()), FFTW_ESTIMATE | FFTW_UNALIGNED));
  }
  fftw_execute(plan.get());
  return spectrum;
}

std::vector<double> inverse_real(int mx, int my, std::span<const Complex> half, int nx, int ny) {
  const int columns = mx + 1;
  // Along y first, for the columns that are not zero; the result keeps one column a row, ready for the pass
  // along x.
  FftBuffer along_y(static_cast<std::size_t>(columns) * static_cast<std::size_t>(ny));
  auto spectrum = along_y.values();
  for (int n = -my; n <= my; ++n) {
    const std::size_t row = static_cast<std::size_t>(n < 0 ? n + ny : n);
    for (int m = 0; m < columns; ++m)
      spectrum[row * columns + m] = half[static_cast<std::size_t>(n + my) * columns + m];
  }
  const Plan y_plan = plan_lines(ny, columns, columns, 1, FFTW_BACKWARD, along_y);
  fftw_execute(y_plan.get());

  std::vector<double> samples(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny));
  FftBuffer line(static_cast<std::size_t>(nx / 2 + 1));
  Plan x_plan;
  {
    const std::scoped_lock lock(planner_mutex());
    x_plan.reset(
        fftw_plan_dft_c2r_1d(nx, as_fftw(line.data()), samples.data(), FFTW_ESTIMATE | FFTW_UNALIGNED));
  }
  for (int iy = 0; iy < ny; ++iy) {
    const Complex* row = spectrum.data() + static_cast<std::size_t>(iy) * columns;
    std::copy_n(row, columns, line.data());
    std::fill(line.data() + columns, line.data() + nx / 2 + 1, Complex{});  // c2r destroys its input
    fftw_execute_dft_c2r(x_plan.get(), as_fftw(line.data()),
                         samples.data() + static_cast<std::size_t>(iy) * nx);
  }
  return samples;
}

}  // namespace undulith::math
