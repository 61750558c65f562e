// SPDX-License-Identifier: MIT
#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <limits>
#include <random>
#include <vector>

#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/math/linear_algebra.hpp"

using Complex = std::complex<double>;
using undulith::math::eigen_decomposition_general;

namespace {

std::vector<Complex> random_matrix(int n, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal;
  std::vector<Complex> matrix(static_cast<std::size_t>(n) * static_cast<std::size_t>(n));
  for (Complex& v : matrix) v = {normal(engine), normal(engine)};
  return matrix;
}

}  // namespace

TEST_CASE("eigenproblem: a triangular matrix has its diagonal as eigenvalues", "[validation][math]") {
  // Columns (2, 0) and (1, 3i): values 2 and 3i, vectors (1, 0) and (1, 3i - 2).
  const auto result = eigen_decomposition_general(std::vector<Complex>{2.0, 0.0, 1.0, {0, 3}}, 2);
  const std::size_t second = std::abs(result.values[0] - 2.0) < 1e-12 ? 1 : 0;
  CHECK(std::abs(result.values[1 - second] - 2.0) < 1e-14);
  CHECK(std::abs(result.values[second] - Complex(0, 3)) < 1e-14);
  const Complex ratio = result.vectors[second * 2 + 1] / result.vectors[second * 2];
  CHECK(std::abs(ratio - Complex(-2, 3)) < 1e-13);
}

TEST_CASE("eigenproblem: the cyclic shift has the roots of unity", "[validation][math]") {
  constexpr int n = 12;
  std::vector<Complex> shift(n * n);
  for (int j = 0; j < n; ++j) shift[static_cast<std::size_t>(j * n + (j + 1) % n)] = 1;
  const auto result = eigen_decomposition_general(shift, n);
  std::vector<int> hits(n);
  for (const Complex& value : result.values) {
    const double turn = std::arg(value) / (2 * M_PI) * n;
    REQUIRE(std::abs(std::abs(value) - 1) < 1e-13);
    REQUIRE(std::abs(turn - std::round(turn)) < 1e-11);
    ++hits[static_cast<std::size_t>((static_cast<int>(std::lround(turn)) + n) % n)];
  }
  for (const int count : hits) CHECK(count == 1);
}

TEST_CASE("eigenproblem: residual, trace and unit vectors of random matrices", "[property][math]") {
  // Backward error of zgeev: a small multiple of n eps = 4e-14 at n = 200.
  constexpr double kResidual = 1e-12;
  for (const int n : {1, 2, 17, 200}) {
    const auto matrix = random_matrix(n, static_cast<unsigned>(n));
    const auto result = eigen_decomposition_general(matrix, n);
    CHECK(result.residual < kResidual);
    Complex trace = 0, sum = 0;
    for (int i = 0; i < n; ++i) {
      trace += matrix[static_cast<std::size_t>(i * n + i)];
      sum += result.values[static_cast<std::size_t>(i)];
      double square = 0;
      for (int k = 0; k < n; ++k) square += std::norm(result.vectors[static_cast<std::size_t>(i * n + k)]);
      REQUIRE(std::abs(square - 1) < 1e-12);
    }
    CHECK(std::abs(trace - sum) < 1e-12 * n * std::sqrt(n));
  }
}

TEST_CASE("eigenproblem: the same bytes on any number of threads", "[property][math]") {
  const auto matrix = random_matrix(60, 7);
  const auto alone = eigen_decomposition_general(matrix, 60);
  undulith::set_thread_count(4);
  std::atomic<int> different = 0;
  undulith::parallel_for(16, [&](int) {
    const auto result = eigen_decomposition_general(matrix, 60);
    if (result.values != alone.values || result.vectors != alone.vectors) ++different;
  });
  undulith::set_thread_count(0);
  CHECK(different == 0);
}

TEST_CASE("eigenproblem: what it refuses", "[unit][math]") {
  CHECK(eigen_decomposition_general({}, 0).values.empty());
  CHECK(eigen_decomposition_general(std::vector<Complex>(9), 3).residual == 0);
  CHECK_THROWS_AS(eigen_decomposition_general(std::vector<Complex>(5), 2), std::invalid_argument);
  CHECK_THROWS_AS(eigen_decomposition_general({}, -1), std::invalid_argument);
  std::vector<Complex> bad(4, 1.0);
  bad[2] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(eigen_decomposition_general(bad, 2), undulith::NumericalError);
}

TEST_CASE("eigenproblem: elements near the limits of double", "[unit][math]") {
  std::vector<Complex> large = random_matrix(8, 3), small = large;
  for (Complex& v : large) v *= 1e200;
  for (Complex& v : small) v *= 1e-200;
  CHECK(eigen_decomposition_general(large, 8).residual < 1e-13);
  CHECK(eigen_decomposition_general(small, 8).residual < 1e-13);
}

TEST_CASE("linear system: solves what it factored, and refuses the rest", "[property][math]") {
  using Complex = std::complex<double>;
  constexpr int kSize = 40;
  std::mt19937_64 engine(5);
  std::normal_distribution<double> normal;
  std::vector<Complex> matrix(kSize * kSize), x(3 * kSize), b(3 * kSize, 0);
  for (Complex& v : matrix) v = {normal(engine), normal(engine)};
  for (Complex& v : x) v = {normal(engine), normal(engine)};
  undulith::math::add_product(undulith::math::Left::plain, matrix, kSize, kSize, x, 3, b);
  const undulith::math::LinearSystem system(matrix, kSize);
  system.solve(b);
  for (std::size_t i = 0; i < x.size(); ++i) CHECK(std::abs(b[i] - x[i]) < 1e-11);
  std::vector<Complex> too_short(kSize - 1);
  CHECK_THROWS_AS(system.solve(too_short), std::invalid_argument);
  CHECK_THROWS_AS(undulith::math::LinearSystem(matrix, 3), std::invalid_argument);
  CHECK_THROWS_AS(undulith::math::LinearSystem(std::vector<Complex>(4, 1), 2), undulith::NumericalError);
}

TEST_CASE("the linear algebra library names itself", "[unit][math]") {
  CHECK(undulith::math::linear_algebra_library().find("LAPACK 3.") == 0);
}
