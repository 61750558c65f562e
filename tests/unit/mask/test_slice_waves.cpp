// SPDX-License-Identifier: MIT
// Screens and steps by own transforms beside sums of exponentials.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <random>
#include <vector>

#include "mask/slices/slice_waves.hpp"
#include "undulith/core/constants.hpp"

namespace {

using namespace undulith;
using namespace undulith::mask;
using Complex = std::complex<double>;
using Values = std::vector<Complex>;

struct Size {
  int nx, ny;
};

Values random_values(const Size& size, std::mt19937& generator) {
  std::uniform_real_distribution<double> uniform(-1, 1);
  Values values(static_cast<std::size_t>(size.nx) * static_cast<std::size_t>(size.ny));
  for (Complex& value : values) value = {uniform(generator), uniform(generator)};
  return values;
}

// sum_{m, n} values(n, m) exp(sign 2 pi i (m x / nx + n y / ny)), x fastest.
Values transform(const Values& values, const Size& size, int sign) {
  const auto at = [&](int x, int y) { return static_cast<std::size_t>(y * size.nx + x); };
  const auto phase = [&](int i, int j, int n) {
    return std::polar(1.0, sign * 2 * constants::kPi * (i * j % n) / n);
  };
  Values rows(values.size()), result(values.size());
  for (int y = 0; y < size.ny; ++y)
    for (int x = 0; x < size.nx; ++x)
      for (int m = 0; m < size.nx; ++m) rows[at(x, y)] += values[at(m, y)] * phase(m, x, size.nx);
  for (int y = 0; y < size.ny; ++y)
    for (int n = 0; n < size.ny; ++n)
      for (int x = 0; x < size.nx; ++x) result[at(x, y)] += rows[at(x, n)] * phase(n, y, size.ny);
  return result;
}

template <class T>
void put(LargeBuffer<T>& buffer, std::size_t place, std::size_t lanes, Complex value) {
  buffer.data()[place] = static_cast<T>(value.real());
  buffer.data()[place + lanes] = static_cast<T>(value.imag());
}

// Orders to pixels, two fields with a screen each, to orders with a step, all in one chain; largest error
// relative to the largest value.
template <class T>
double error_of(const Size& size) {
  std::mt19937 generator(7);
  const WavePlan<T> plan(size.nx, size.ny);
  WaveWork<T> work(plan);
  const Values fields[2] = {random_values(size, generator), random_values(size, generator)},
               screens[2] = {random_values(size, generator), random_values(size, generator)},
               step = random_values(size, generator);
  LargeBuffer<T> field[2], screen[2], factors(plan.field_size());
  std::fill_n(factors.data(), factors.size(), T(0));
  for (int k = 0; k < 2; ++k) {
    field[k] = LargeBuffer<T>(plan.field_size());
    screen[k] = LargeBuffer<T>(plan.screen_size());
    std::fill_n(field[k].data(), field[k].size(), T(0));
    std::fill_n(screen[k].data(), screen[k].size(), T(0));
  }
  for (int y = 0; y < size.ny; ++y)
    for (int x = 0; x < size.nx; ++x) {
      const auto i = static_cast<std::size_t>(y * size.nx + x);
      const int pixel = plan.along_y.order[static_cast<std::size_t>(y)] * size.nx +
                        plan.along_x.order[static_cast<std::size_t>(x)];
      for (int k = 0; k < 2; ++k) {
        put(field[k], plan.place(x, y), plan.lanes, fields[k][i]);
        put(screen[k], plan.pixel_place(x, y), plan.lanes, screens[k][static_cast<std::size_t>(pixel)]);
      }
      put(factors, plan.place(x, y), plan.lanes, step[i]);
    }
  for (int k = 0; k < 2; ++k) from_orders(plan, field[k].data(), work);
  const std::vector<ScreenedField<T>> both{{field[0].data(), screen[0].data()},
                                           {field[1].data(), screen[1].data()}};
  pass_screens(plan, both, field[0].data(), work);
  pass_step(plan, factors.data(), field[0].data(), work);
  to_orders(plan, field[0].data(), work, plan.panels_x, plan.panels_x);

  Values pixels(step.size());
  for (int k = 0; k < 2; ++k) {
    const Values light = transform(fields[k], size, 1);
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] += light[i] * screens[k][i];
  }
  const Values orders = transform(pixels, size, -1);
  double error = 0, largest = 0;
  for (int y = 0; y < size.ny; ++y)
    for (int x = 0; x < size.nx; ++x) {
      const auto i = static_cast<std::size_t>(y * size.nx + x);
      // A step goes along y there and back once more.
      const Complex expected = orders[i] * step[i] * static_cast<double>(size.ny);
      const std::size_t place = plan.place(x, y);
      const Complex got(field[0].data()[place], field[0].data()[place + plan.lanes]);
      error = std::max(error, std::abs(got - expected));
      largest = std::max(largest, std::abs(expected));
    }
  return error / largest;
}

}  // namespace

TEST_CASE("slice waves: screens and steps are those of sums of exponentials", "[validation][mask]") {
  constexpr double kDouble = 1e-13, kSingle = 1e-6;
  for (const Size& size :
       {Size{1, 1}, {5, 1}, {1, 20}, {12, 10}, {15, 24}, {40, 3}, {9, 45}, {75, 16}, {64, 27}}) {
    CAPTURE(size.nx, size.ny);
    CHECK(error_of<double>(size) < kDouble);
    CHECK(error_of<float>(size) < kSingle);
  }
}

TEST_CASE("slice waves: a screen is the exponential of the share", "[unit][mask]") {
  const WavePlan<double> plan(12, 10);
  const std::size_t n = plan.screen_size() / 2;
  LargeBuffer<double> share(n), half(2 * n), whole(2 * n), factored(2 * n);
  for (std::size_t i = 0; i < n; ++i)
    share.data()[i] = 1.2 * static_cast<double>(i) / static_cast<double>(n) - 0.1;
  // exp(c0 + c1 s) about s = 1/2
  const Complex c0{-0.02, 0.1}, c1{0.03, -0.4};
  ScreenSeries<double> series{.terms = {}, .outside = {0.1, 0.2}, .change = {-0.3, 0.4}};
  Complex term = std::exp(c0 + c1 / 2.0);
  for (int k = 1; k < 14; ++k) {
    series.terms.insert(series.terms.begin(), term);
    term *= c1 / static_cast<double>(k);
  }
  write_screens(plan, series, share.data(), half.data(), whole.data(), factored.data());
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t at = i / plan.lanes * 2 * plan.lanes + i % plan.lanes;
    const Complex expected = std::exp(c0 + c1 * share.data()[i]);
    const auto value = [&](const LargeBuffer<double>& of) {
      return Complex(of.data()[at], of.data()[at + plan.lanes]);
    };
    CHECK(std::abs(value(half) - expected) < 1e-14);
    CHECK(std::abs(value(whole) - expected * expected) < 1e-14);
    CHECK(std::abs(value(factored) - expected * (series.outside + share.data()[i] * series.change)) < 1e-14);
  }
}
