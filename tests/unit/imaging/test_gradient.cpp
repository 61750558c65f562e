// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "undulith/imaging/gradient.hpp"

namespace {

using namespace undulith;
using Complex = std::complex<double>;
using imaging::AerialImage;
using imaging::ImageGradient;
using imaging::ImagingParameters;

constexpr Box kCell{0, 0, 70, 50};

mask::Diffraction random_mask(unsigned seed) {
  mask::Diffraction mask{.cell = kCell, .window = kCell};
  const double cutoff = imaging::max_mask_frequency_per_nm(0.33, 13.5, 0.8);
  mask.max_order_x = static_cast<int>(kCell.width() * cutoff);
  mask.max_order_y = static_cast<int>(kCell.height() * cutoff);
  mask.amplitudes.resize(static_cast<std::size_t>((2 * mask.max_order_x + 1) * (2 * mask.max_order_y + 1)));
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(-0.3, 0.3);
  for (Complex& value : mask.amplitudes) value = {uniform(engine), uniform(engine)};
  mask.amplitudes[mask.index(0, 0)] = 0.6;
  return mask;
}

illuminator::PupilFill random_fill() {
  std::mt19937_64 engine(5);
  std::uniform_real_distribution<double> uniform(-0.55, 0.55);
  std::vector<illuminator::SourcePoint> points;
  for (int i = 0; i < 6; ++i)
    points.push_back({.sigma_x = uniform(engine),
                      .sigma_y = uniform(engine),
                      .weight = 0.5 + uniform(engine) / 2,
                      .stokes = {1, 0.3, 0, i == 2 ? 0.5 : 0}});
  return illuminator::make_pupil_fill(points);
}

// L = sum_i (a_i I_i + I_i^2): neither linear nor the same everywhere.
double loss(const AerialImage& image) {
  double sum = 0;
  const auto values = image.intensity.values();
  for (std::size_t i = 0; i < values.size(); ++i)
    sum += std::sin(0.7 * static_cast<double>(i)) * values[i] + values[i] * values[i];
  return sum;
}
Field2D<double> sensitivity(const AerialImage& image) {
  Field2D<double> result(image.intensity.grid());
  for (std::size_t i = 0; i < result.values().size(); ++i)
    result.values()[i] = std::sin(0.7 * static_cast<double>(i)) + 2 * image.intensity.values()[i];
  return result;
}

// Central differences of step h err by h^2 and by rounding / h of a sum of some thousand terms.
constexpr double kStep = 1e-5, kTolerance = 1e-6;

template <class Change>
double difference(const Change& change) {
  return (change(kStep) - change(-kStep)) / (2 * kStep);
}

std::vector<ImagingParameters> settings() {
  ImagingParameters plain{.output_pitch_nm = 2}, scalar = plain, rich = plain, coarse = plain;
  scalar.field_model = imaging::FieldModel::scalar;
  rich.focus_nm = 30;
  rich.aberrations = {{7, 0.05}};
  rich.vibration_x_nm = 1.5;
  rich.flare = {.tis = 0.05, .clear_density = 0.3};
  rich.field_positions = {{.weight = 1}, {.weight = 2, .aberrations = {{9, 0.03}}}};
  rich.jones = {{.pauli = 1, .index = 4, .coefficient = 0.1}};
  coarse.output_pitch_nm = 9;
  return {plain, scalar, rich, coarse};
}

}  // namespace

TEST_CASE("gradient: with respect to the mask as by finite differences", "[validation][imaging]") {
  mask::Diffraction mask = random_mask(1);
  mask.window = {10, 5, 50, 45};
  const auto fill = random_fill();
  for (const ImagingParameters& optics : settings()) {
    const ImageGradient gradient = imaging::compute_gradient(mask, fill, optics, sensitivity);
    double scale = 0;
    for (const Complex& g : gradient.d_mask) scale = std::max(scale, std::abs(g));
    REQUIRE(scale > 0);
    for (const std::size_t order : {mask.index(0, 0), mask.index(1, 0), mask.index(-1, 1), mask.index(2, -1)})
      for (const Complex direction : {Complex(1, 0), Complex(0, 1)}) {
        const double expected = difference([&](double h) {
          mask::Diffraction changed = mask;
          changed.amplitudes[order] += h * direction;
          return loss(imaging::compute_aerial_image(changed, fill, optics));
        });
        CHECK(std::abs((std::conj(gradient.d_mask[order]) * direction).real() - expected) <
              kTolerance * scale);
      }
  }
}

TEST_CASE("gradient: with respect to the source as by finite differences", "[validation][imaging]") {
  const mask::Diffraction mask = random_mask(2);
  const auto fill = random_fill();
  for (const ImagingParameters& optics : settings()) {
    const ImageGradient gradient = imaging::compute_gradient(mask, fill, optics, sensitivity);
    REQUIRE(gradient.d_weight.size() == fill.points.size());
    double scale = 0, mean = 0;
    for (std::size_t s = 0; s < fill.points.size(); ++s) {
      scale = std::max(scale, std::abs(gradient.d_weight[s]));
      mean += fill.points[s].weight * gradient.d_weight[s];
    }
    REQUIRE(scale > 0);
    CHECK(std::abs(mean) < 1e-10 * scale);
    for (std::size_t s = 0; s < fill.points.size(); ++s) {
      const double expected = difference([&](double h) {
        illuminator::PupilFill changed = fill;
        changed.points[s].weight += h;
        return loss(imaging::compute_aerial_image(mask, changed, optics));
      });
      CHECK(std::abs(gradient.d_weight[s] - expected) < kTolerance * scale);
    }
  }
}

TEST_CASE("gradient: of SOCS with respect to the mask as by finite differences", "[validation][imaging]") {
  const mask::Diffraction mask = random_mask(3);
  const auto fill = random_fill();
  ImagingParameters optics{.output_pitch_nm = 3};
  optics.method = imaging::Method::socs;
  optics.socs.n_kernels = 4;
  const ImageGradient gradient = imaging::compute_gradient(mask, fill, optics, sensitivity);
  CHECK(gradient.d_weight.empty());
  double scale = 0;
  for (const Complex& g : gradient.d_mask) scale = std::max(scale, std::abs(g));
  for (const std::size_t order : {mask.index(0, 0), mask.index(1, 1)})
    for (const Complex direction : {Complex(1, 0), Complex(0, 1)}) {
      const double expected = difference([&](double h) {
        mask::Diffraction changed = mask;
        changed.amplitudes[order] += h * direction;
        return loss(imaging::compute_aerial_image(changed, fill, optics));
      });
      CHECK(std::abs((std::conj(gradient.d_mask[order]) * direction).real() - expected) < kTolerance * scale);
    }
}
