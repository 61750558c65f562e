// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "undulith/math/chebyshev.hpp"
#include "undulith/math/fft.hpp"
#include "undulith/math/fourier_series.hpp"
#include "undulith/math/linear_algebra.hpp"
#include "undulith/math/unit_phase.hpp"

namespace {

using namespace undulith;
using Complex = std::complex<double>;

std::vector<double> random_values(std::size_t count, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<double> values(count);
  for (double& value : values) value = uniform(engine);
  return values;
}

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

TEST_CASE("unit phases: sine and cosine to the last digits", "[unit][math]") {
  std::vector<double> waves = random_values(2000, 1);
  for (std::size_t i = 0; i < waves.size(); i += 2) waves[i] *= 1e6;
  for (const double edge : {0.0, 0.125, 0.25, 0.375, 0.5, 0.75, -0.125, -0.25, -0.5, 1.0, 12345.625})
    waves.push_back(edge);
  std::vector<Complex> out(waves.size());
  math::unit_phases(waves, out);
  double largest = 0;
  for (std::size_t i = 0; i < waves.size(); ++i) {
    const long double angle =
        2 * std::numbers::pi_v<long double> * std::fmod(static_cast<long double>(waves[i]), 1.0L);
    largest = std::max({largest, static_cast<double>(std::abs(std::cos(angle) - out[i].real())),
                        static_cast<double>(std::abs(std::sin(angle) - out[i].imag()))});
  }
  CHECK(largest < 4e-16);
}

TEST_CASE("chebyshev: a smooth function to rounding, its error falling with each node", "[unit][math]") {
  const auto f = [](double x) { return std::exp(Complex(0.3 * x, 2 * x)); };
  const auto error = [&](int nodes) {
    const math::ChebyshevSeries series(f, -1, 3, nodes);
    double largest = 0;
    for (int i = 0; i <= 40; ++i)
      largest = std::max(largest, std::abs(series(-1 + 0.1 * i) - f(-1 + 0.1 * i)));
    return largest;
  };
  CHECK(error(8) > 1e-3);
  CHECK(error(14) < 1e-4 * error(8));
  CHECK(error(28) < 1e-13);
}

TEST_CASE("fourier series: fine grids by interpolation are those of the series itself", "[property][math]") {
  const Box cell{3, -2, 60, 48};
  const math::FourierSeries2D series(cell, 15, 11, random_values(15 * 11, 2), 7, 5);
  double scale = 0;  // the error is relative to the sum of the coefficients
  for (int n = -5; n <= 5; ++n)
    for (int m = -7; m <= 7; ++m) scale += std::abs(series.coefficient(m, n));
  for (const auto& [nx, ny] : {std::pair{100, 90}, std::pair{211, 97}, std::pair{128, 640}}) {
    const Field2D<double> whole = series.sample_cell(nx, ny);
    double largest = 0;
    for (int iy = 0; iy < ny; iy += 7)
      for (int ix = 0; ix < nx; ix += 5)
        largest =
            std::max(largest, std::abs(whole(iy, ix) - series.value(whole.grid().x(ix), whole.grid().y(iy))));
    CHECK(largest < 1e-12 * scale);
    const Field2D<double> piece =
        series.sample_cell(math::SampleRange{nx, 11, 30}, math::SampleRange{ny, 40, 20});
    for (int iy = 0; iy < 20; ++iy)
      for (int ix = 0; ix < 30; ++ix)
        CHECK(std::abs(piece(iy, ix) - whole(40 + iy, 11 + ix)) < 1e-13 * scale);
    CHECK(piece.grid().x0 == Approx(whole.grid().x(11)));
  }
}

TEST_CASE("fourier series: filtered and shifted by a constant", "[unit][math]") {
  const math::FourierSeries2D series({0, 0, 10, 10}, 7, 7, random_values(49, 3), 3, 3);
  const auto changed =
      series.filtered([](int m, int n) { return std::exp(-0.1 * m * m - 0.2 * n * n); }).plus(0.25);
  CHECK(std::abs(changed.coefficient(2, -1) - series.coefficient(2, -1) * std::exp(-0.6)) < 1e-15);
  CHECK(std::abs(changed.coefficient(0, 0) - series.coefficient(0, 0) - 0.25) < 1e-15);
}

TEST_CASE("fourier series: sampling and its adjoint agree", "[property][math]") {
  const auto factor = [](int m, int n) { return 1 / (1.0 + m * m + 2 * n * n); };
  const std::vector<double> samples = random_values(15 * 12, 4);
  const auto series = math::FourierSeries2D({0, 0, 1, 1}, 15, 12, samples, 7, 5).filtered(factor);
  // Coarse, transformed and interpolated grids, whole and in part.
  for (const auto& [x, y] : {std::pair{math::SampleRange{4, 0, 4}, math::SampleRange{3, 1, 2}},
                             std::pair{math::SampleRange{40, 0, 40}, math::SampleRange{33, 3, 20}},
                             std::pair{math::SampleRange{150, 20, 100}, math::SampleRange{140, 0, 140}}}) {
    const std::vector<double> weights = random_values(static_cast<std::size_t>(x.count) * y.count, 5);
    const double forward = dot(series.sample_cell(x, y).values(), weights);
    const double reverse = dot(math::sample_cell_adjoint(weights, x, y, 15, 12, 7, 5, factor), samples);
    CHECK(reverse == Approx(forward).epsilon(1e-11));
  }
}

TEST_CASE("fft: the adjoint of the pruned transform", "[property][math]") {
  constexpr int kNx = 12, kNy = 10, kRows = 4;
  const math::InverseFft2D transform(kNx, kNy, kRows);
  auto forward = transform.make_workspace(), reverse = transform.make_workspace();
  const auto a = random_values(2 * kNx * kRows, 6), b = random_values(2 * kNx * kNy, 7);
  for (int i = 0; i < kNx * kRows; ++i) forward.input.data()[i] = {a[2 * i], a[2 * i + 1]};
  transform.run(forward);
  Complex left = 0, right = 0;
  for (int x = 0; x < kNx; ++x)
    for (int y = 0; y < kNy; ++y) {
      const Complex weight(b[2 * (x * kNy + y)], b[2 * (x * kNy + y) + 1]);
      const std::size_t place =
          static_cast<std::size_t>(x) * transform.column_stride() + static_cast<std::size_t>(y);
      left += std::conj(weight) * forward.output.data()[place];
      reverse.output.data()[place] = weight;
    }
  transform.run_adjoint(reverse);
  for (int i = 0; i < kNx * kRows; ++i)
    right += std::conj(reverse.input.data()[i]) * Complex(a[2 * i], a[2 * i + 1]);
  CHECK(std::abs(left - right) < 1e-12);
}

TEST_CASE("linear algebra: products as their definition", "[unit][math]") {
  constexpr int kRows = 4, kInner = 3, kColumns = 2;
  const auto a = random_values(kRows * kInner, 9), b = random_values(kInner * kColumns, 10),
             tall = random_values(kRows * kColumns, 11);
  std::vector<double> plain(kRows * kColumns, 1.0), adjoint(kInner * kColumns);
  math::add_product(math::Left::plain, std::span<const double>(a), kRows, kInner, b, kColumns, plain);
  math::add_product(math::Left::adjoint, std::span<const double>(a), kRows, kInner, tall, kColumns, adjoint);
  for (int j = 0; j < kColumns; ++j) {
    for (int i = 0; i < kRows; ++i) {
      double sum = 1;
      for (int k = 0; k < kInner; ++k) sum += a[k * kRows + i] * b[j * kInner + k];
      CHECK(std::abs(plain[j * kRows + i] - sum) < 1e-14);
    }
    for (int k = 0; k < kInner; ++k) {
      double sum = 0;
      for (int i = 0; i < kRows; ++i) sum += a[k * kRows + i] * tall[j * kRows + i];
      CHECK(std::abs(adjoint[j * kInner + k] - sum) < 1e-14);
    }
  }
}

TEST_CASE("linear algebra: Hermitian eigenvalues of a Gram matrix", "[unit][math]") {
  constexpr int kRows = 9, kColumns = 5;
  const auto values = random_values(2 * kRows * kColumns, 8);
  std::vector<Complex> b, product(kColumns * kColumns);
  for (std::size_t i = 0; i < values.size(); i += 2) b.emplace_back(values[i], values[i + 1]);
  math::add_product(math::Left::adjoint, b, kRows, kColumns, b, kColumns, product);
  const math::HermitianEigen eigen = math::hermitian_eigen(product, kColumns);
  for (int k = 0; k < kColumns; ++k) {
    if (k > 0) CHECK(eigen.values[k] <= eigen.values[k - 1]);
    for (int i = 0; i < kColumns; ++i) {
      Complex sum = 0;
      for (int j = 0; j < kColumns; ++j) sum += product[j * kColumns + i] * eigen.vectors[k * kColumns + j];
      CHECK(std::abs(sum - eigen.values[k] * eigen.vectors[k * kColumns + i]) < 1e-13);
    }
  }
}
