// SPDX-License-Identifier: MIT
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

// How the values of many equal transforms lie in memory.
struct Lines {
  int stride, distance;  // between the values of one transform, between transforms
};

// `count` transforms of `length` values each.
Plan plan_lines(int length, int count, FftBuffer& from, Lines in, FftBuffer& to, Lines out,
                int sign = FFTW_BACKWARD) {
  const std::scoped_lock lock(planner_mutex());
  return Plan(fftw_plan_many_dft(1, &length, count, as_fftw(from.data()), nullptr, in.stride, in.distance,
                                 as_fftw(to.data()), nullptr, out.stride, out.distance, sign,
                                 FFTW_ESTIMATE | FFTW_PRESERVE_INPUT));
}

// Adjacent rows a multiple of a large power of two apart fall on the same cache lines.
std::size_t padded_stride(int nx) {
  return static_cast<std::size_t>(nx % 16 == 0 ? nx + 8 : nx);
}

}  // namespace

int good_fft_length(int n) {
  for (int length = std::max(n, 1);; ++length) {
    int rest = length;
    for (const int factor : {2, 3, 5})
      while (rest % factor == 0) rest /= factor;
    if (rest == 1) return length;
  }
}

int fastest_fft_length(int n) {
  int best = std::numeric_limits<int>::max();
  for (const int factor : {1, 5, 15, 25}) {
    int length = 4 * factor;
    while (length < n) length *= 2;
    best = std::min(best, length);
  }
  return best;
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
  Plan along_x, along_y;
  Plan back_along_y, back_along_x;
};

InverseFft2D::InverseFft2D(int nx, int ny, int rows)
    : nx_(nx), rows_(rows), column_stride_(padded_stride(ny)), plans_(std::make_unique<Plans>()) {
  Workspace workspace = make_workspace();
  const int stride = static_cast<int>(column_stride_);
  plans_->along_x = plan_lines(nx, rows, workspace.input, {1, nx}, workspace.middle, {stride, 1});
  plans_->along_y = plan_lines(ny, nx, workspace.middle, {1, stride}, workspace.output, {1, stride});
  plans_->back_along_y =
      plan_lines(ny, nx, workspace.output, {1, stride}, workspace.middle, {1, stride}, FFTW_FORWARD);
  plans_->back_along_x =
      plan_lines(nx, rows, workspace.middle, {stride, 1}, workspace.input, {1, nx}, FFTW_FORWARD);
}

InverseFft2D::~InverseFft2D() = default;

InverseFft2D::Workspace InverseFft2D::make_workspace() const {
  const std::size_t columns = static_cast<std::size_t>(nx_);
  return {FftBuffer(columns * static_cast<std::size_t>(rows_)), FftBuffer(columns * column_stride_),
          FftBuffer(columns * column_stride_)};
}

void InverseFft2D::run(Workspace& workspace) const {
  fftw_execute_dft(plans_->along_x.get(), as_fftw(workspace.input.data()), as_fftw(workspace.middle.data()));
  fftw_execute_dft(plans_->along_y.get(), as_fftw(workspace.middle.data()), as_fftw(workspace.output.data()));
}

void InverseFft2D::run_adjoint(Workspace& workspace) const {
  Complex* middle = workspace.middle.data();
  fftw_execute_dft(plans_->back_along_y.get(), as_fftw(workspace.output.data()), as_fftw(middle));
  fftw_execute_dft(plans_->back_along_x.get(), as_fftw(middle), as_fftw(workspace.input.data()));
  for (int x = 0; x < nx_; ++x, middle += column_stride_)
    std::fill(middle + rows_, middle + column_stride_, Complex{});  // run() counts on it
}

// Plans for memory that is aligned for vector instructions, which are twice as fast, and for any memory.
struct RealFft2D::Plans {
  Plan forward, inverse;
  Plan forward_anywhere, inverse_anywhere;

  [[nodiscard]] static bool aligned(const double* samples, const Complex* spectrum) {
    const auto is_aligned = [](const void* pointer) {
      return fftw_alignment_of(static_cast<double*>(const_cast<void*>(pointer))) == 0;
    };
    return is_aligned(samples) && is_aligned(spectrum);
  }
};

RealFft2D::RealFft2D(int nx, int ny)
    : n_samples_(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny)),
      spectrum_size_(static_cast<std::size_t>(nx / 2 + 1) * static_cast<std::size_t>(ny)),
      plans_(std::make_unique<Plans>()) {
  FftBuffer room((n_samples_ + 1) / 2), spectrum(spectrum_size_);
  auto* const samples = reinterpret_cast<double*>(room.data());
  const std::scoped_lock lock(planner_mutex());
  const auto make = [&](Plan& forward, Plan& inverse, unsigned flags) {
    forward.reset(fftw_plan_dft_r2c_2d(ny, nx, samples, as_fftw(spectrum.data()),
                                       FFTW_ESTIMATE | FFTW_PRESERVE_INPUT | flags));
    inverse.reset(fftw_plan_dft_c2r_2d(ny, nx, as_fftw(spectrum.data()), samples, FFTW_ESTIMATE | flags));
  };
  make(plans_->forward, plans_->inverse, 0);
  make(plans_->forward_anywhere, plans_->inverse_anywhere, FFTW_UNALIGNED);
}

RealFft2D::~RealFft2D() = default;

void RealFft2D::forward(std::span<const double> samples, std::span<Complex> spectrum) const {
  const bool aligned = Plans::aligned(samples.data(), spectrum.data());
  // FFTW takes no pointer to const, but FFTW_PRESERVE_INPUT keeps its word.
  fftw_execute_dft_r2c((aligned ? plans_->forward : plans_->forward_anywhere).get(),
                       const_cast<double*>(samples.data()), as_fftw(spectrum.data()));
}

void RealFft2D::inverse(std::span<Complex> spectrum, std::span<double> samples) const {
  const bool aligned = Plans::aligned(samples.data(), spectrum.data());
  fftw_execute_dft_c2r((aligned ? plans_->inverse : plans_->inverse_anywhere).get(), as_fftw(spectrum.data()),
                       samples.data());
  const double scale = 1 / static_cast<double>(n_samples_);
  for (double& value : samples) value *= scale;
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
  // Along y first, for the columns that are not zero; the result keeps one column per row, ready for the
  // pass along x.
  FftBuffer along_y(static_cast<std::size_t>(columns) * static_cast<std::size_t>(ny));
  auto spectrum = along_y.values();
  for (int n = -my; n <= my; ++n) {
    const std::size_t row = static_cast<std::size_t>(n < 0 ? n + ny : n);
    for (int m = 0; m < columns; ++m)
      spectrum[row * columns + m] = half[static_cast<std::size_t>(n + my) * columns + m];
  }
  const Lines side_by_side{columns, 1};
  const Plan y_plan = plan_lines(ny, columns, along_y, side_by_side, along_y, side_by_side);
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
