// SPDX-License-Identifier: MIT
#include "optimise/pixel_transforms.hpp"

#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/math/pixel_products.hpp"

namespace undulith::optimise {
namespace {

std::size_t area(int a, int b) {
  return static_cast<std::size_t>(a) * static_cast<std::size_t>(b);
}

std::vector<float> transposed(const std::vector<float>& from, int rows, int columns) {
  std::vector<float> to(from.size());
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j)
      to[area(j, rows) + static_cast<std::size_t>(i)] = from[area(i, columns) + static_cast<std::size_t>(j)];
  return to;
}

// Coefficient of order m of a pixel of n: its width over the period times sinc, at its middle.
std::complex<double> wave(int m, int pixel, int n) {
  const double half = constants::kPi * m / n;
  const double sinc = m == 0 ? 1 : std::sin(half) / half;
  return std::polar(sinc / n, -2 * constants::kPi * m * (pixel + 0.5) / n);
}

std::vector<double> middles(int n) {
  std::vector<double> at;
  for (int i = 0; i < n; ++i) at.push_back((i + 0.5) / n);
  return at;
}

}  // namespace

std::vector<float> interpolation_weights(const std::vector<double>& at, int n, int max_order) {
  std::vector<float> weights;
  for (const double x : at)
    for (int j = 0; j < n; ++j) {
      // sum_m exp(2 pi i m u) / n over |m| <= max_order
      const double u = constants::kPi * (x - static_cast<double>(j) / n), sine = std::sin(u);
      const int terms = 2 * max_order + 1;
      weights.push_back(
          static_cast<float>((std::abs(sine) < 1e-12 ? terms : std::sin(terms * u) / sine) / n));
    }
  return weights;
}

PixelTransforms::PixelTransforms(const ModelGrid& grid, int nx, int ny)
    : nx_(nx),
      ny_(ny),
      order_x_(grid.pattern_order_x),
      order_y_(grid.pattern_order_y),
      samples_x_(grid.nx),
      samples_y_(grid.ny),
      to_x_(interpolation_weights(middles(nx), grid.nx, grid.image_order_x)),
      to_x_transposed_(transposed(to_x_, nx, grid.nx)),
      to_y_(interpolation_weights(middles(ny), grid.ny, grid.image_order_y)) {
  for (int i = 0; i < nx; ++i) {
    for (int m = 0; m <= order_x_; ++m) waves_x_.push_back(static_cast<float>(wave(m, i, nx).real()));
    for (int m = 0; m <= order_x_; ++m) waves_x_.push_back(static_cast<float>(wave(m, i, nx).imag()));
  }
  waves_x_transposed_ = transposed(waves_x_, nx, 2 * (order_x_ + 1));
  for (int n = -order_y_; n <= order_y_; ++n)
    for (int j = 0; j < ny; ++j) waves_y_.push_back(static_cast<float>(wave(n, j, ny).real()));
  for (int n = -order_y_; n <= order_y_; ++n)
    for (int j = 0; j < ny; ++j) waves_y_.push_back(static_cast<float>(wave(n, j, ny).imag()));
}

Pattern PixelTransforms::pattern_of(const Pixels& share) const {
  const int half = order_x_ + 1, rows = 2 * order_y_ + 1;
  std::vector<float> along_x(area(ny_, 2 * half)), both(area(2 * rows, 2 * half));
  math::multiply(share.values, waves_x_, along_x, ny_, nx_, 2 * half);
  math::multiply(waves_y_, along_x, both, 2 * rows, ny_, 2 * half);
  Pattern pattern{order_x_, order_y_, std::vector<std::complex<double>>(area(rows, 2 * order_x_ + 1))};
  const auto at = [&](int row, int column) {
    return static_cast<double>(both[area(row, 2 * half) + static_cast<std::size_t>(column)]);
  };
  for (int n = -order_y_; n <= order_y_; ++n)
    for (int m = 0; m <= order_x_; ++m) {
      const int row = n + order_y_;
      const std::complex<double> value(at(row, m) - at(rows + row, half + m),
                                       at(row, half + m) + at(rows + row, m));
      pattern.values[pattern.place(m, n)] = value;
      if (m > 0) pattern.values[pattern.place(-m, -n)] = std::conj(value);
    }
  return pattern;
}

Pixels PixelTransforms::share_gradient(const Pattern& d_pattern) const {
  const int half = order_x_ + 1, rows = 2 * order_y_ + 1;
  // dL/dshare = Re sum_{m >= 0} X_m sum_n conj(D_mn) Y_n, where D_mn holds m and -m together.
  std::vector<float> orders(area(2 * rows, 2 * half));
  const auto set = [&](int row, int column, double value) {
    orders[area(row, 2 * half) + static_cast<std::size_t>(column)] = static_cast<float>(value);
  };
  for (int n = -order_y_; n <= order_y_; ++n)
    for (int m = 0; m <= order_x_; ++m) {
      std::complex<double> d = d_pattern.values[d_pattern.place(m, n)];
      if (m > 0) d += std::conj(d_pattern.values[d_pattern.place(-m, -n)]);
      // Re[X conj(D) Y] = Xr (Dr Yr + Di Yi) - Xi (Dr Yi - Di Yr)
      const int row = n + order_y_;
      set(row, m, d.real());
      set(rows + row, m, d.imag());
      set(row, half + m, d.imag());
      set(rows + row, half + m, -d.real());
    }
  std::vector<float> along_y(area(ny_, 2 * half));
  math::multiply_transposed(waves_y_, orders, along_y, ny_, 2 * rows, 2 * half);
  Pixels result(nx_, ny_);
  math::multiply(along_y, waves_x_transposed_, result.values, ny_, 2 * half, nx_);
  return result;
}

Pixels PixelTransforms::image_at_pixels(const imaging::CellSamples& samples) const {
  const std::vector<float> values(samples.begin(), samples.end());
  std::vector<float> rows(area(ny_, samples_x_));
  math::multiply(to_y_, values, rows, ny_, samples_y_, samples_x_);
  Pixels image(nx_, ny_);
  math::multiply(rows, to_x_transposed_, image.values, ny_, samples_x_, nx_);
  return image;
}

void PixelTransforms::add_samples_gradient(const Pixels& d_image, imaging::CellSamples& d_samples) const {
  std::vector<float> rows(area(ny_, samples_x_)), sum(area(samples_y_, samples_x_));
  math::multiply(d_image.values, to_x_, rows, ny_, nx_, samples_x_);
  math::multiply_transposed(to_y_, rows, sum, samples_y_, ny_, samples_x_);
  for (std::size_t i = 0; i < sum.size(); ++i) d_samples[i] += static_cast<double>(sum[i]);
}

}  // namespace undulith::optimise
