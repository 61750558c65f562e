// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "undulith/core/constants.hpp"
#include "undulith/math/fft.hpp"
#include "undulith/math/fourier_series.hpp"

namespace {

using undulith::Box;
using undulith::math::FourierSeries2D;
using Complex = std::complex<double>;
constexpr double kPi = undulith::constants::kPi;

// A transform of N values in double precision keeps about log2(N) eps of relative accuracy; sums here are of
// order 10.
constexpr double kRounding = 1e-12;

std::vector<double> random_values(std::size_t count, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<double> values(count);
  for (double& value : values) value = uniform(engine);
  return values;
}

}  // namespace

TEST_CASE("good_fft_length: smallest length of factors 2, 3 and 5", "[unit][math]") {
  using undulith::math::good_fft_length;
  CHECK(good_fft_length(1) == 1);
  CHECK(good_fft_length(11) == 12);
  CHECK(good_fft_length(196) == 200);
  CHECK(good_fft_length(197) == 200);
  CHECK(good_fft_length(1009) == 1024);
}

TEST_CASE("fastest_fft_length: smallest length of 1, 5, 15 or 25 times a power of two", "[unit][math]") {
  using undulith::math::fastest_fft_length;
  CHECK(fastest_fft_length(1) == 4);
  CHECK(fastest_fft_length(17) == 20);
  CHECK(fastest_fft_length(33) == 40);
  CHECK(fastest_fft_length(41) == 60);  // not 45 or 48: 3 alone is slower
  CHECK(fastest_fft_length(81) == 100);
  CHECK(fastest_fft_length(241) == 256);
  CHECK(fastest_fft_length(257) == 320);
}

TEST_CASE("InverseFft2D: equals the direct sum, zero rows or not", "[property][math]") {
  for (const auto [nx, ny, rows] :
       {std::array{5, 7, 3}, std::array{16, 16, 9}, std::array{12, 1, 1}, std::array{1, 6, 6}}) {
    const undulith::math::InverseFft2D transform(nx, ny, rows);
    auto workspace = transform.make_workspace();
    const auto values = random_values(2 * static_cast<std::size_t>(nx * rows), 7);
    std::vector<Complex> input(static_cast<std::size_t>(nx * rows));
    for (std::size_t i = 0; i < input.size(); ++i) input[i] = {values[2 * i], values[2 * i + 1]};
    std::ranges::copy(input, workspace.input.values().begin());
    transform.run(workspace);
    transform.run(workspace);  // the input is kept, and nothing of the first run is left over
    for (int y = 0; y < ny; ++y)
      for (int x = 0; x < nx; ++x) {
        Complex sum = 0;
        for (int n = 0; n < rows; ++n)
          for (int m = 0; m < nx; ++m)
            sum += input[n * nx + m] * std::polar(1.0, 2 * kPi * (double(m * x) / nx + double(n * y) / ny));
        CHECK(std::abs(workspace.output.values()[x * transform.column_stride() + y] - sum) < kRounding);
      }
  }
}

TEST_CASE("forward_real: Parseval", "[property][math]") {
  const int nx = 15, ny = 8;
  const auto samples = random_values(nx * ny, 3);
  const auto spectrum = undulith::math::forward_real(nx, ny, samples);
  double space = 0, frequency = 0;
  for (const double value : samples) space += value * value;
  for (int n = 0; n < ny; ++n)
    for (int m = 0; m <= nx / 2; ++m)
      frequency += (m == 0 ? 1 : 2) * std::norm(spectrum[n * (nx / 2 + 1) + m]);
  CHECK(frequency / (nx * ny) == Approx(space).epsilon(kRounding));
}

TEST_CASE("FourierSeries2D: reproduces samples, and any refinement agrees with the sum", "[property][math]") {
  const Box cell{-3, 10, 17, 14};
  for (const auto [nx, ny] : {std::array{7, 5}, std::array{9, 1}, std::array{1, 3}}) {
    const auto samples = random_values(static_cast<std::size_t>(nx * ny), 11);
    const FourierSeries2D series(cell, nx, ny, samples, (nx - 1) / 2, (ny - 1) / 2);
    for (const auto [fx, fy] : {std::array{nx, ny}, std::array{3 * nx, 2 * ny}, std::array{nx + 4, ny + 1}}) {
      const auto fine = series.sample_cell(fx, fy);
      for (int iy = 0; iy < fy; ++iy)
        for (int ix = 0; ix < fx; ++ix)
          CHECK(std::abs(fine(iy, ix) - series.value(fine.grid().x(ix), fine.grid().y(iy))) < kRounding);
    }
    const auto same = series.sample_cell(nx, ny);
    for (std::size_t i = 0; i < samples.size(); ++i)
      CHECK(std::abs(same.values()[i] - samples[i]) < kRounding);
    const auto coarse = series.sample_cell(2, 2);
    CHECK(std::abs(coarse(1, 1) - series.value(7, 12)) < kRounding);
  }
}

TEST_CASE("FourierSeries2D: lines and gradients", "[unit][math]") {
  const Box cell{0, 0, 20, 30};
  const FourierSeries2D series(cell, 9, 7, random_values(63, 5), 4, 3);
  for (const auto& [x0, y0, x1, y1] :
       {std::array{1., 2., 9., 2.}, std::array{4., -7., 4., 50.}, std::array{0., 0., 20., 31.}}) {
    const auto line = series.sample_line(x0, y0, x1, y1, 11);
    for (int i = 0; i < 11; ++i)
      CHECK(std::abs(line[i] - series.value(x0 + (x1 - x0) * i / 10, y0 + (y1 - y0) * i / 10)) < kRounding);
  }
  const double h = 1e-4;  // central difference: error h^2/6 f''' < 1e-8 here
  const auto at = series.value_and_gradient(3.3, 4.4);
  CHECK(at.d_dx == Approx((series.value(3.3 + h, 4.4) - series.value(3.3 - h, 4.4)) / (2 * h)).margin(1e-7));
  CHECK(at.d_dy == Approx((series.value(3.3, 4.4 + h) - series.value(3.3, 4.4 - h)) / (2 * h)).margin(1e-7));
  CHECK(series.coefficient(-2, 1) == std::conj(series.coefficient(2, -1)));
  CHECK(series.coefficient(5, 0) == Complex(0));
}
