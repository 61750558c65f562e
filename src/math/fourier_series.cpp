// SPDX-License-Identifier: MIT
#include "undulith/math/fourier_series.hpp"

#include <cmath>
#include <stdexcept>

#include "undulith/core/constants.hpp"
#include "undulith/math/fft.hpp"

namespace undulith::math {
namespace {

using Complex = std::complex<double>;

// exp(i k phase) for k = 0 .. count-1, each from its own angle so that errors do not build up.
std::vector<Complex> harmonics(double phase, int count) {
  std::vector<Complex> values(static_cast<std::size_t>(count));
  for (int k = 0; k < count; ++k) values[k] = std::polar(1.0, std::remainder(k * phase, 2 * constants::kPi));
  return values;
}

// Interpolation pays where it replaces a transform much larger than that of the band.
bool much_finer(const SampleRange& range, int max_order) {
  constexpr int kMuchFiner = 3, kFewest = 64;
  return range.n > kMuchFiner * (2 * max_order + 1) && range.n > kFewest;
}

// Sums over samples of sensitivity exp(-2 pi i (m u + n v)), by a transform of the whole grid.
std::vector<Complex> coarse_adjoint(std::span<const double> sensitivity, SampleRange x, SampleRange y, int mx,
                                    int my) {
  // A grid too coarse for the band is every k-th point of one that carries it: the others have no weight.
  const int step_x = 2 * mx / x.n + 1, step_y = 2 * my / y.n + 1;
  const int nx = x.n * step_x, ny = y.n * step_y;
  std::vector<double> grid(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny));
  for (int iy = 0; iy < y.count; ++iy)
    for (int ix = 0; ix < x.count; ++ix)
      grid[static_cast<std::size_t>(y.first + iy) * step_y * nx +
           static_cast<std::size_t>(x.first + ix) * step_x] =
          sensitivity[static_cast<std::size_t>(iy) * x.count + ix];
  const std::vector<Complex> spectrum = forward_real(nx, ny, grid);
  const std::size_t stride = static_cast<std::size_t>(nx / 2 + 1);
  std::vector<Complex> half;
  half.reserve(static_cast<std::size_t>(2 * my + 1) * (mx + 1));
  for (int n = -my; n <= my; ++n)
    for (int m = 0; m <= mx; ++m)
      half.push_back(spectrum[static_cast<std::size_t>(n < 0 ? n + ny : n) * stride + m]);
  return half;
}

double phase_of(double position, double origin, double period) {
  return 2 * constants::kPi * std::remainder((position - origin) / period, 1.0);
}

}  // namespace

FourierSeries2D::FourierSeries2D(Box cell, int nx, int ny, std::span<const double> samples, int max_order_x,
                                 int max_order_y)
    : cell_(cell), max_order_x_(max_order_x), max_order_y_(max_order_y) {
  if (nx < 2 * max_order_x + 1 || ny < 2 * max_order_y + 1 ||
      samples.size() != static_cast<std::size_t>(nx) * ny)
    throw std::invalid_argument("FourierSeries2D: the samples do not carry the orders asked for");
  const std::vector<Complex> spectrum = forward_real(nx, ny, samples);
  const std::size_t stride = static_cast<std::size_t>(nx / 2 + 1);
  const double norm = 1.0 / (static_cast<double>(nx) * ny);
  half_.reserve(static_cast<std::size_t>(2 * max_order_y + 1) * (max_order_x + 1));
  for (int n = -max_order_y; n <= max_order_y; ++n)
    for (int m = 0; m <= max_order_x; ++m)
      half_.push_back(norm * spectrum[static_cast<std::size_t>(n < 0 ? n + ny : n) * stride + m]);
}

FourierSeries2D::FourierSeries2D(Box cell, int max_order_x, int max_order_y, std::vector<Complex> half)
    : cell_(cell), max_order_x_(max_order_x), max_order_y_(max_order_y), half_(std::move(half)) {
  if (max_order_x < 0 || max_order_y < 0 ||
      half_.size() !=
          (static_cast<std::size_t>(max_order_x) + 1) * (2 * static_cast<std::size_t>(max_order_y) + 1))
    throw std::invalid_argument("FourierSeries2D: the coefficients are not those of the orders");
}

Complex FourierSeries2D::coefficient(int m, int n) const {
  if (std::abs(m) > max_order_x_ || std::abs(n) > max_order_y_) return 0;
  const auto at = [this](int mm, int nn) {
    return half_[static_cast<std::size_t>(nn + max_order_y_) * (max_order_x_ + 1) + mm];
  };
  return m >= 0 ? at(m, n) : std::conj(at(-m, -n));
}

double FourierSeries2D::value(double x, double y) const {
  return value_and_gradient(x, y).value;
}

ValueAndGradient FourierSeries2D::value_and_gradient(double x, double y) const {
  const auto ex = harmonics(phase_of(x, cell_.x0, cell_.width()), max_order_x_ + 1);
  const auto ey = harmonics(phase_of(y, cell_.y0, cell_.height()), max_order_y_ + 1);
  const double kx = 2 * constants::kPi / cell_.width(), ky = 2 * constants::kPi / cell_.height();
  ValueAndGradient result;
  const Complex* row = half_.data();
  for (int n = -max_order_y_; n <= max_order_y_; ++n, row += max_order_x_ + 1) {
    // Order m and its conjugate partner -m add up to twice the real part.
    Complex sum = 0.5 * row[0], slope = 0;
    for (int m = 1; m <= max_order_x_; ++m) {
      const Complex term = row[m] * ex[m];
      sum += term;
      slope += static_cast<double>(m) * term;
    }
    const Complex phase = n >= 0 ? ey[n] : std::conj(ey[-n]);
    result.value += 2 * (sum * phase).real();
    result.d_dx -= 2 * kx * (slope * phase).imag();
    result.d_dy -= 2 * ky * n * (sum * phase).imag();
  }
  return result;
}

std::vector<double> FourierSeries2D::sample_line(double x0, double y0, double x1, double y1,
                                                 int n_samples) const {
  std::vector<double> samples(static_cast<std::size_t>(n_samples));
  const auto along = [&](double a, double b, int i) { return a + (b - a) * i / (n_samples - 1); };
  if (y0 == y1) {
    // One sum over n serves every point of a line along x.
    const auto ey = harmonics(phase_of(y0, cell_.y0, cell_.height()), max_order_y_ + 1);
    std::vector<Complex> line(static_cast<std::size_t>(max_order_x_ + 1));
    const Complex* row = half_.data();
    for (int n = -max_order_y_; n <= max_order_y_; ++n, row += max_order_x_ + 1)
      for (int m = 0; m <= max_order_x_; ++m) line[m] += row[m] * (n >= 0 ? ey[n] : std::conj(ey[-n]));
    for (int i = 0; i < n_samples; ++i) {
      const auto ex = harmonics(phase_of(along(x0, x1, i), cell_.x0, cell_.width()), max_order_x_ + 1);
      double sum = line[0].real();
      for (int m = 1; m <= max_order_x_; ++m) sum += 2 * (line[m] * ex[m]).real();
      samples[i] = sum;
    }
    return samples;
  }
  if (x0 == x1) {
    const auto ex = harmonics(phase_of(x0, cell_.x0, cell_.width()), max_order_x_ + 1);
    std::vector<Complex> line(static_cast<std::size_t>(2 * max_order_y_ + 1));
    const Complex* row = half_.data();
    for (std::size_t n = 0; n < line.size(); ++n, row += max_order_x_ + 1) {
      line[n] = row[0];
      for (int m = 1; m <= max_order_x_; ++m) line[n] += 2.0 * row[m] * ex[m];
    }
    for (int i = 0; i < n_samples; ++i) {
      const auto ey = harmonics(phase_of(along(y0, y1, i), cell_.y0, cell_.height()), max_order_y_ + 1);
      double sum = 0;
      for (int n = -max_order_y_; n <= max_order_y_; ++n)
        sum += (line[n + max_order_y_] * (n >= 0 ? ey[n] : std::conj(ey[-n]))).real();
      samples[i] = sum;
    }
    return samples;
  }
  for (int i = 0; i < n_samples; ++i) samples[i] = value(along(x0, x1, i), along(y0, y1, i));
  return samples;
}

Field2D<double> FourierSeries2D::sample_cell(int nx, int ny) const {
  return sample_cell(SampleRange{nx, 0, nx}, SampleRange{ny, 0, ny});
}

Grid2D FourierSeries2D::sample_grid(SampleRange x, SampleRange y) const {
  const double dx = cell_.width() / x.n, dy = cell_.height() / y.n;
  return {Plane::wafer, x.count, y.count, cell_.x0 + x.first * dx, cell_.y0 + y.first * dy, dx, dy};
}

void FourierSeries2D::visit_cell(SampleRange x, SampleRange y,
                                 const std::function<void(int, std::span<const double>)>& take) const {
  if (much_finer(x, max_order_x_) && much_finer(y, max_order_y_))
    visit_periodic(max_order_x_, max_order_y_, half_, x, y, take);
  else
    take(0, sample_cell(x, y).values());
}

Field2D<double> FourierSeries2D::sample_cell(SampleRange x, SampleRange y) const {
  const Grid2D grid = sample_grid(x, y);
  if (much_finer(x, max_order_x_) && much_finer(y, max_order_y_))
    return Field2D<double>(grid, interpolate_periodic(max_order_x_, max_order_y_, half_, x, y));
  // A grid too coarse for the band is every k-th point of one that carries it.
  const int step_x = 2 * max_order_x_ / x.n + 1, step_y = 2 * max_order_y_ / y.n + 1;
  const std::vector<double> fine =
      inverse_real(max_order_x_, max_order_y_, half_, x.n * step_x, y.n * step_y);
  Field2D<double> field(grid);
  for (int iy = 0; iy < y.count; ++iy)
    for (int ix = 0; ix < x.count; ++ix)
      field(iy, ix) = fine[static_cast<std::size_t>(y.first + iy) * step_y * x.n * step_x +
                           static_cast<std::size_t>(x.first + ix) * step_x];
  return field;
}

FourierSeries2D FourierSeries2D::filtered(const std::function<double(int m, int n)>& factor) const {
  FourierSeries2D result = *this;
  Complex* coefficient = result.half_.data();
  for (int n = -max_order_y_; n <= max_order_y_; ++n)
    for (int m = 0; m <= max_order_x_; ++m) *coefficient++ *= factor(m, n);
  return result;
}

FourierSeries2D FourierSeries2D::plus(double constant) const {
  FourierSeries2D result = *this;
  result.half_[static_cast<std::size_t>(max_order_y_) * (max_order_x_ + 1)] += constant;
  return result;
}

std::vector<double> sample_cell_adjoint(std::span<const double> sensitivity, SampleRange x, SampleRange y,
                                        int nx, int ny, int max_order_x, int max_order_y,
                                        const std::function<double(int m, int n)>& factor) {
  std::vector<Complex> half = much_finer(x, max_order_x) && much_finer(y, max_order_y)
                                  ? interpolate_periodic_adjoint(max_order_x, max_order_y, sensitivity, x, y)
                                  : coarse_adjoint(sensitivity, x, y, max_order_x, max_order_y);
  const double norm = 1.0 / (static_cast<double>(nx) * ny);
  Complex* coefficient = half.data();
  for (int n = -max_order_y; n <= max_order_y; ++n)
    for (int m = 0; m <= max_order_x; ++m) *coefficient++ *= norm * (factor ? factor(m, n) : 1);
  return inverse_real(max_order_x, max_order_y, half, nx, ny);
}

}  // namespace undulith::math
