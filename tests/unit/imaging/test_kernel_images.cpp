// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <complex>
#include <random>
#include <stdexcept>

#include "imaging/socs_image.hpp"
#include "undulith/imaging/kernel_images.hpp"
#include "undulith/math/vector_width.hpp"

using namespace undulith;

namespace {

using Complex = std::complex<double>;

imaging::SocsKernels kernels_of(unsigned seed, int n) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  imaging::SocsKernels kernels;
  kernels.period_x_nm = kernels.period_y_nm = 100;
  kernels.max_order_x = 8;
  kernels.max_order_y = 5;
  for (int k = 0; k < n; ++k) kernels.eigenvalues.push_back(1.0 / (1 + k));
  for (std::size_t i = 0; i < static_cast<std::size_t>(n) * kernels.size(); ++i)
    kernels.values.emplace_back(normal(engine), normal(engine));
  for (std::size_t i = 0; i < kernels.size(); ++i) kernels.left_out.push_back(0.1 * std::abs(normal(engine)));
  return kernels;
}

std::vector<Complex> spectrum_of(unsigned seed, std::size_t n) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal(0, 0.1);
  std::vector<Complex> values;
  for (std::size_t i = 0; i < n; ++i) values.emplace_back(normal(engine), normal(engine));
  return values;
}

std::vector<imaging::CellSamples> half_squares(std::span<const imaging::CellSamples> images) {
  return {images.begin(), images.end()};  // L = sum I^2 / 2
}

}  // namespace

TEST_CASE("kept fields give the gradient of the adjoint by FFTW", "[unit][imaging]") {
  const std::vector<imaging::SocsKernels> planes{kernels_of(1, 5), kernels_of(2, 3)};
  const imaging::BandGrid grid{36, 24};
  const std::vector<Complex> spectrum = spectrum_of(3, planes[0].size());
  const imaging::SpectrumView view{spectrum, 8, 5};

  const imaging::KernelImages exact(planes, grid.nx, grid.ny);
  const auto [images, d_spectrum] = exact.gradient(spectrum, half_squares);
  std::vector<Complex> expected(spectrum.size());
  double largest = 0;
  for (std::size_t p = 0; p < planes.size(); ++p) {
    const imaging::Adjoint part = imaging::socs_adjoint(view, planes[p], grid, images[p]);
    for (std::size_t f = 0; f < expected.size(); ++f) expected[f] += part.spectrum[f];
    for (const double sample : images[p]) largest = std::max(largest, sample);
  }
  double scale = 0;
  for (const Complex& value : expected) scale = std::max(scale, std::abs(value));
  for (std::size_t f = 0; f < expected.size(); ++f)
    CHECK(std::abs(d_spectrum[f] - expected[f]) < 1e-13 * scale);

  // Single precision at every vector width: the same bytes, and 1e-6 of the largest.
  std::vector<Complex> first;
  for (const std::string& width : math::supported_vector_widths()) {
    math::set_vector_width(width);
    const imaging::KernelImages single(planes, grid.nx, grid.ny, Precision::float32);
    const auto [rounded, d_rounded] = single.gradient(spectrum, half_squares);
    for (std::size_t p = 0; p < planes.size(); ++p)
      for (std::size_t i = 0; i < images[p].size(); ++i)
        CHECK(std::abs(rounded[p][i] - images[p][i]) < 2e-6 * largest);
    for (std::size_t f = 0; f < expected.size(); ++f)
      CHECK(std::abs(d_rounded[f] - expected[f]) < 5e-6 * scale);
    if (first.empty()) first = d_rounded;
    CHECK(d_rounded == first);
  }
}

TEST_CASE("few kernels are the strongest ones", "[unit][imaging]") {
  const imaging::SocsKernels all = kernels_of(4, 5);
  imaging::SocsKernels two = all;
  two.eigenvalues.resize(2);
  two.values.resize(2 * all.size());
  two.left_out.clear();
  const std::vector<Complex> spectrum = spectrum_of(5, all.size());
  const imaging::KernelImages of_all({all}, 36, 24), of_two({two}, 36, 24);
  CHECK(of_all.images(spectrum, 2) == of_two.images(spectrum));
  CHECK(of_all.images(spectrum, 5) == of_all.images(spectrum));
  CHECK(of_all.gradient(spectrum, half_squares, 2).d_spectrum ==
        of_two.gradient(spectrum, half_squares).d_spectrum);
}

TEST_CASE("kernel images say what does not fit", "[unit][imaging]") {
  const imaging::SocsKernels kernels = kernels_of(6, 2);
  CHECK_THROWS_AS(imaging::KernelImages({kernels}, 32, 24), std::invalid_argument);
  CHECK_THROWS_AS(imaging::KernelImages({kernels}, 37, 24), std::invalid_argument);
  const imaging::KernelImages images({kernels}, 36, 24);
  CHECK_THROWS_AS(images.images(spectrum_of(7, 3)), std::invalid_argument);
  CHECK_THROWS_AS(images.gradient(spectrum_of(8, kernels.size()),
                                  [](auto) { return std::vector<imaging::CellSamples>(); }),
                  std::invalid_argument);
}
