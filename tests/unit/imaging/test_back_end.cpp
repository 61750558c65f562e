// SPDX-License-Identifier: MIT
#include "imaging/back_end.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "undulith/core/constants.hpp"
#include "undulith/core/parallel.hpp"
#include "unit/imaging/random_fields.hpp"

namespace {

using namespace undulith;
using namespace undulith::imaging;
using Complex = std::complex<double>;

// Sums of some hundred terms of order one, each through a transform.
constexpr double kRounding = 1e-12;

constexpr int kOrdersX = 6, kOrdersY = 5;
constexpr int kColumns = 7, kRows = 6;
constexpr BandGrid kGrid{15, 12};
constexpr std::size_t kSamples = static_cast<std::size_t>(kGrid.nx) * kGrid.ny;
constexpr std::size_t kSpectrum = (2 * kOrdersX + 1) * (2 * kOrdersY + 1);

SpectrumView view_of(const std::vector<Complex>& values) {
  return {values, kOrdersX, kOrdersY};
}

// The definition, term by term.
double direct_intensity(const SpectrumView& spectrum, const RandomFields& fields, int plane, int ix, int iy) {
  double intensity = 0;
  for (int g = 0; g < fields.n_groups(); ++g) {
    const FieldGroup& group = fields.groups_[static_cast<std::size_t>(g)];
    const Complex* filter =
        fields.filters_[static_cast<std::size_t>(g)][static_cast<std::size_t>(plane)].data();
    for (int component = 0; component < group.n_fields; ++component) {
      Complex field = 0;
      for (int row = 0; row < kRows; ++row)
        for (int column = 0; column < kColumns; ++column, ++filter) {
          const int m = group.m_first + column, n = group.n_first + row;
          if (std::abs(m) > kOrdersX || std::abs(n) > kOrdersY) continue;
          const double waves =
              static_cast<double>(m * ix) / kGrid.nx + static_cast<double>(n * iy) / kGrid.ny;
          field +=
              spectrum.values[spectrum.place(m, n)] * *filter * std::polar(1.0, 2 * constants::kPi * waves);
        }
      intensity += fields.weight(g) * std::norm(field);
    }
  }
  return intensity;
}

// A linear function of the images.
double weighed(const std::vector<std::vector<double>>& images,
               const std::vector<std::vector<double>>& gradients) {
  double sum = 0;
  for (std::size_t p = 0; p < images.size(); ++p)
    for (std::size_t i = 0; i < images[p].size(); ++i) sum += images[p][i] * gradients[p][i];
  return sum;
}

}  // namespace

TEST_CASE("back end: equals the sum over orders, components and groups", "[validation][imaging]") {
  RandomFields fields(21, 2, kColumns, kRows, 1);
  const std::vector<Complex> values = fields.random(kSpectrum);
  const auto images = accumulate(view_of(values), fields, kGrid, {});
  REQUIRE(images.size() == 2);
  for (int plane = 0; plane < 2; ++plane)
    for (const auto& [ix, iy] : {std::pair{0, 0}, std::pair{3, 7}, std::pair{14, 11}, std::pair{8, 1}})
      CHECK(std::abs(images[static_cast<std::size_t>(plane)][static_cast<std::size_t>(iy * kGrid.nx + ix)] -
                     direct_intensity(view_of(values), fields, plane, ix, iy)) < kRounding);
}

TEST_CASE("back end: groups beyond the spectrum are dark", "[unit][imaging]") {
  RandomFields fields(3, 1, kColumns, kRows, 2);
  for (FieldGroup& group : fields.groups_) group.m_first = kOrdersX + 1;
  const std::vector<Complex> values = fields.random(kSpectrum);
  const auto images = accumulate(view_of(values), fields, kGrid, {});
  for (const double sample : images.front()) CHECK(sample == 0);
  const std::vector<double> ones(kSamples, 1.0);
  for (const Complex& value : adjoint(view_of(values), fields, kGrid, std::span(&ones, 1)).spectrum)
    CHECK(value == Complex(0));
}

TEST_CASE("back end: one thread and two give the same bytes", "[property][imaging]") {
  RandomFields fields(37, 2, kColumns, kRows, 3);
  const std::vector<Complex> values = fields.random(kSpectrum);
  const std::vector<std::vector<double>> gradients(2, std::vector<double>(kSamples, 0.3));
  const auto run = [&](int threads) {
    set_thread_count(threads);
    auto result = std::pair(accumulate(view_of(values), fields, kGrid, {}),
                            adjoint(view_of(values), fields, kGrid, gradients));
    set_thread_count(0);
    return result;
  };
  const auto one = run(1), two = run(2);
  CHECK(one.first == two.first);
  CHECK(one.second.spectrum == two.second.spectrum);
  CHECK(one.second.weight == two.second.weight);
}

TEST_CASE("back end: the adjoint is the derivative of the sum", "[validation][imaging]") {
  RandomFields fields(11, 2, kColumns, kRows, 4);
  std::vector<Complex> values = fields.random(kSpectrum);
  std::vector<std::vector<double>> gradients(2, std::vector<double>(kSamples));
  for (auto& gradient : gradients)
    for (double& value : gradient) value = fields.uniform() - 0.5;
  const Adjoint reverse = adjoint(view_of(values), fields, kGrid, gradients);

  // L is linear in the weights: L = sum_g w_g dL/dw_g.
  const double value = weighed(accumulate(view_of(values), fields, kGrid, {}), gradients);
  double by_weights = 0;
  for (int g = 0; g < fields.n_groups(); ++g)
    by_weights += fields.weight(g) * reverse.weight[static_cast<std::size_t>(g)];
  CHECK(std::abs(by_weights - value) < kRounding * kSamples);

  // L is quadratic in the spectrum: the central difference has no error but rounding, at any step.
  const std::vector<Complex> direction = fields.random(kSpectrum);
  const auto at = [&](double step) {
    std::vector<Complex> moved = values;
    for (std::size_t i = 0; i < moved.size(); ++i) moved[i] += step * direction[i];
    return weighed(accumulate(view_of(moved), fields, kGrid, {}), gradients);
  };
  double expected = 0;
  for (std::size_t i = 0; i < direction.size(); ++i)
    expected += (std::conj(reverse.spectrum[i]) * direction[i]).real();
  CHECK(std::abs((at(1) - at(-1)) / 2 - expected) < kRounding * kSamples);
}
