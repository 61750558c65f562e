// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "support/random_mask.hpp"
#include "undulith/imaging/gradient.hpp"

namespace {

using namespace undulith;
using Complex = std::complex<double>;
using imaging::AerialImage;
using imaging::ImageGradient;
using imaging::ImagingParameters;

constexpr Box kCell{0, 0, 70, 50};

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
  mask::Diffraction mask = test::random_mask(kCell, 1);
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
  const mask::Diffraction mask = test::random_mask(kCell, 2);
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
  const mask::Diffraction mask = test::random_mask(kCell, 3);
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

namespace {

// Spectra of random numbers for three directions, shared by the points of the source.
mask::Diffraction random_thick_mask(std::size_t n_points) {
  mask::Diffraction mask = test::random_mask(kCell, 4);
  mask.thick.emplace();
  std::mt19937_64 engine(11);
  std::uniform_real_distribution<double> uniform(-0.3, 0.3);
  for (int k = 0; k < 3; ++k) {
    mask::JonesSpectrum& spectrum = mask.thick->spectra.emplace_back();
    spectrum.open = {0.9, 0.02, -0.03, 0.95};
    for (auto& element : spectrum.orders) {
      element.resize(mask.amplitudes.size());
      for (Complex& value : element) value = {uniform(engine), uniform(engine)};
    }
    for (const std::size_t diagonal : {0U, 3U}) spectrum.orders[diagonal][mask.index(0, 0)] += 0.6;
  }
  for (std::size_t s = 0; s < n_points; ++s)
    mask.thick->shares.push_back({{static_cast<int>(s % 3), 0.7}, {static_cast<int>((s + 1) % 3), 0.3}});
  return mask;
}

}  // namespace

TEST_CASE("gradient: of a thick mask in several planes as by finite differences", "[validation][imaging]") {
  const auto fill = random_fill();
  mask::Diffraction mask = random_thick_mask(fill.points.size());
  mask.window = {10, 5, 50, 45};
  const std::vector<imaging::ImagePlane> planes{{.focus_nm = 0}, {.focus_nm = 40}};
  std::vector<ImagingParameters> all = settings();
  all.push_back(all.front());
  all.back().films = {{.thickness_nm = 30, .index = Complex(0.96, 0.01)}};
  const auto losses = [&](const mask::Diffraction& of, const ImagingParameters& optics) {
    const imaging::SpectralMask light{.diffraction = of};
    const auto images = imaging::compute_images(std::span(&light, 1), fill, optics, planes);
    return loss(images[0]) + 0.5 * loss(images[1]);
  };
  for (const ImagingParameters& optics : all) {
    const imaging::ImagesGradient gradient =
        imaging::compute_gradients(mask, fill, optics, planes, [](std::span<const AerialImage> images) {
          std::vector<Field2D<double>> fields{sensitivity(images[0]), sensitivity(images[1])};
          for (double& value : fields[1].values()) value *= 0.5;
          return fields;
        });
    CHECK(gradient.d_mask.empty());
    REQUIRE(gradient.d_spectra.size() == 3);
    double scale = 0;
    for (const auto& spectrum : gradient.d_spectra)
      for (const auto& element : spectrum.orders)
        for (const Complex& g : element) scale = std::max(scale, std::abs(g));
    REQUIRE(scale > 0);
    for (std::size_t k = 0; k < 3; ++k)
      for (std::size_t element = 0; element < 4; ++element)
        for (const std::size_t order : {mask.index(0, 0), mask.index(1, -1)})
          for (const Complex direction : {Complex(1, 0), Complex(0, 1)}) {
            const double expected = difference([&](double h) {
              mask::Diffraction changed = mask;
              changed.thick->spectra[k].orders[element][order] += h * direction;
              return losses(changed, optics);
            });
            const Complex g = gradient.d_spectra[k].orders[element][order];
            CHECK(std::abs((std::conj(g) * direction).real() - expected) < kTolerance * scale);
          }
    for (const std::size_t s : {0U, 3U}) {
      const double expected = difference([&](double h) {
        illuminator::PupilFill changed = fill;
        changed.points[s].weight += h;
        const imaging::SpectralMask light{.diffraction = mask};
        const auto images = imaging::compute_images(std::span(&light, 1), changed, optics, planes);
        return loss(images[0]) + 0.5 * loss(images[1]);
      });
      CHECK(std::abs(gradient.d_weight[s] - expected) < kTolerance * std::abs(expected) + 1e-6);
    }
  }
}

TEST_CASE("gradient: with respect to aberrations and focus as by finite differences",
          "[validation][imaging]") {
  const auto fill = random_fill();
  const std::vector<imaging::ZernikeTerm> terms{
      {.index = 4}, {.index = 7}, {.index = 9}, {.index = 11, .set = optics::ZernikeSet::noll}};
  const std::vector<imaging::ImagePlane> planes{{.focus_nm = 0}, {.focus_nm = 40}};
  std::vector<ImagingParameters> all = settings();
  all.push_back(all.front());
  all.back().films = {{.thickness_nm = 30, .index = Complex(0.96, 0.01)}};
  all.back().wavefront_wavelength_nm = 12;
  for (const bool thick : {false, true})
    for (const ImagingParameters& optics : all) {
      const mask::Diffraction mask =
          thick ? random_thick_mask(fill.points.size()) : test::random_mask(kCell, 5);
      const imaging::SpectralMask light{.diffraction = mask};
      const auto losses = [&](const ImagingParameters& of, double focus_nm) {
        std::vector<imaging::ImagePlane> moved = planes;
        moved[1].focus_nm += focus_nm;
        const auto images = imaging::compute_images(std::span(&light, 1), fill, of, moved);
        return loss(images[0]) + 0.5 * loss(images[1]);
      };
      const auto images = imaging::compute_images(std::span(&light, 1), fill, optics, planes);
      std::vector<Field2D<double>> dl_di{sensitivity(images[0]), sensitivity(images[1])};
      for (double& value : dl_di[1].values()) value *= 0.5;
      const imaging::OpticsGradient gradient =
          imaging::pull_back_optics(mask, fill, optics, planes, dl_di, terms);
      REQUIRE(gradient.d_aberration.size() == terms.size());
      REQUIRE(gradient.d_focus_nm.size() == 2);
      double scale = 0;
      for (const double g : gradient.d_aberration) scale = std::max(scale, std::abs(g));
      REQUIRE(scale > 0);
      CAPTURE(thick);
      for (std::size_t term = 0; term < terms.size(); ++term) {
        const double expected = difference([&](double h) {
          ImagingParameters changed = optics;
          changed.aberrations.push_back({terms[term].index, h, terms[term].set});
          return losses(changed, 0);
        });
        CHECK(std::abs(gradient.d_aberration[term] - expected) < kTolerance * scale);
      }
      // A wave at the rim is some hundred nm of focus.
      constexpr double kFocusPerStep_nm = 100;
      const double expected =
          difference([&](double h) { return losses(optics, kFocusPerStep_nm * h); }) / kFocusPerStep_nm;
      CHECK(std::abs(gradient.d_focus_nm[1] - expected) < kTolerance * scale);
    }
}
