// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <complex>
#include <random>

#include "undulith/optimise/image_model.hpp"

using namespace undulith;

namespace {

// Kernels of random values: the model knows nothing of optics.
imaging::SocsKernels random_kernels(unsigned seed, int order_x, int order_y) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  imaging::SocsKernels kernels{.period_x_nm = 300,
                               .period_y_nm = 200,
                               .max_order_x = order_x,
                               .max_order_y = order_y,
                               .eigenvalues = {0.5, 0.3, 0.1},
                               .values = {},
                               .left_out = {},
                               .probes = {},
                               .next_eigenvalue = {}};
  for (std::size_t i = 0; i < 3 * kernels.size(); ++i)
    kernels.values.emplace_back(normal(engine), normal(engine));
  for (std::size_t i = 0; i < kernels.size(); ++i)
    kernels.left_out.push_back(0.01 * std::abs(normal(engine)));
  return kernels;
}

optimise::Pattern random_pattern(unsigned seed, int order_x, int order_y) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal(0, 0.1);
  optimise::Pattern pattern{order_x, order_y, {}};
  pattern.values.resize(static_cast<std::size_t>((2 * order_x + 1) * (2 * order_y + 1)));
  for (int n = 0; n <= order_y; ++n)
    for (int m = n == 0 ? 0 : -order_x; m <= order_x; ++m) {
      const std::complex<double> value(normal(engine), m == 0 && n == 0 ? 0.0 : normal(engine));
      pattern.values[pattern.place(m, n)] = value;
      pattern.values[pattern.place(-m, -n)] = std::conj(value);
    }
  return pattern;
}

// L = sum over planes and samples of I^2 / 2, whose sensitivity is I itself.
double half_square(const optimise::Images& images) {
  double sum = 0;
  for (const auto& plane : images)
    for (const double sample : plane) sum += sample * sample / 2;
  return sum;
}

}  // namespace

TEST_CASE("the gradient of a kernel model is that of its images", "[unit][optimise]") {
  const optimise::KernelModel model({0, 0, 300, 200}, {random_kernels(1, 4, 3), random_kernels(2, 4, 3)},
                                    {{0.2, -0.1}, {0.7, 0.3}});
  const optimise::Pattern pattern = random_pattern(3, 5, 4), direction = random_pattern(4, 5, 4);
  const auto moved = [&](double step) {
    optimise::Pattern result = pattern;
    for (std::size_t i = 0; i < result.values.size(); ++i) result.values[i] += step * direction.values[i];
    return half_square(model.images(result));
  };
  const auto [images, d_pattern] = model.gradient(pattern, [](const optimise::Images& i) { return i; });
  CHECK(half_square(images) == moved(0));

  double expected = 0;
  for (int n = -3; n <= 3; ++n)
    for (int m = -4; m <= 4; ++m)
      expected += std::real(std::conj(d_pattern.values[d_pattern.place(m, n)]) *
                            direction.values[direction.place(m, n)]);
  constexpr double kStep = 1e-4;
  // A quartic: its third difference leaves kStep^2, its rounding 1e-16 / kStep.
  CHECK((moved(kStep) - moved(-kStep)) / (2 * kStep) == Approx(expected).epsilon(1e-6));
  CHECK((8 * (moved(kStep) - moved(-kStep)) - (moved(2 * kStep) - moved(-2 * kStep))) / (12 * kStep) ==
        Approx(expected).epsilon(1e-9));
}

TEST_CASE("a kernel model says what does not fit", "[unit][optimise]") {
  CHECK_THROWS_AS(optimise::KernelModel({0, 0, 300, 200}, {}), std::invalid_argument);
  CHECK_THROWS_AS(optimise::KernelModel({0, 0, 300, 200}, {random_kernels(1, 4, 3), random_kernels(2, 3, 3)}),
                  std::invalid_argument);
  const optimise::KernelModel model({0, 0, 300, 200}, {random_kernels(1, 4, 3)});
  CHECK_THROWS_AS(model.images(random_pattern(3, 3, 3)), std::invalid_argument);
}
