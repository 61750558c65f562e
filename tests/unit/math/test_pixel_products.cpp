// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include "undulith/math/pixel_products.hpp"
#include "undulith/math/vector_width.hpp"

using namespace undulith;

namespace {

std::vector<float> random_values(unsigned seed, std::size_t n, double scale = 1) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal(0, scale);
  std::vector<float> values(n);
  for (float& value : values) value = static_cast<float>(normal(engine));
  return values;
}

struct WidestAtTheEnd {
  ~WidestAtTheEnd() { math::set_vector_width(math::supported_vector_widths().back()); }
};

}  // namespace

TEST_CASE("products of matrices are sums in order, at every vector width", "[unit][math]") {
  const WidestAtTheEnd restore;
  for (const auto [rows, inner, columns] : {std::array{1, 1, 1}, {5, 7, 3}, {9, 72, 53}, {37, 20, 100}}) {
    const std::vector<float> a = random_values(1, static_cast<std::size_t>(rows * inner)),
                             b = random_values(2, static_cast<std::size_t>(inner * columns));
    std::vector<float> a_transposed(a.size()), expected(static_cast<std::size_t>(rows * columns));
    for (int r = 0; r < rows; ++r) {
      for (int k = 0; k < inner; ++k)
        a_transposed[static_cast<std::size_t>(k * rows + r)] = a[static_cast<std::size_t>(r * inner + k)];
      for (int c = 0; c < columns; ++c) {
        float sum = 0;
        for (int k = 0; k < inner; ++k) {
          const float product =
              a[static_cast<std::size_t>(r * inner + k)] * b[static_cast<std::size_t>(k * columns + c)];
          sum += product;
        }
        expected[static_cast<std::size_t>(r * columns + c)] = sum;
      }
    }
    for (const std::string& width : math::supported_vector_widths()) {
      math::set_vector_width(width);
      std::vector<float> c(expected.size()), from_transposed(expected.size());
      math::multiply(a, b, c, rows, inner, columns);
      math::multiply_transposed(a_transposed, b, from_transposed, rows, inner, columns);
      CHECK(c == expected);
      CHECK(from_transposed == expected);
    }
  }
  std::vector<float> four(4), three(3);
  CHECK_THROWS_AS(math::multiply(four, four, three, 2, 2, 2), std::invalid_argument);
  CHECK_THROWS_AS(math::logistic(four, three), std::invalid_argument);
}

TEST_CASE("the logistic function is exact to single precision, at every vector width", "[unit][math]") {
  const WidestAtTheEnd restore;
  std::vector<float> x = random_values(3, 1003, 10);
  const float largest = std::numeric_limits<float>::max();
  x.insert(x.end(), {0, -0.F, largest, -largest, 87.5F, -87.5F, 1e-30F});
  std::vector<float> first;
  for (const std::string& width : math::supported_vector_widths()) {
    math::set_vector_width(width);
    std::vector<float> out = x;
    math::logistic(out, out);
    for (std::size_t i = 0; i < x.size(); ++i) {
      CAPTURE(x[i]);
      CHECK(std::abs(out[i] - 1 / (1 + std::exp(std::min(700.0, -static_cast<double>(x[i]))))) < 1.5e-7);
    }
    if (first.empty()) first = out;
    CHECK(out == first);
  }
}
