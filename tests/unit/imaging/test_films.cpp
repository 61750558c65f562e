// SPDX-License-Identifier: MIT
#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/imaging/imaging.hpp"

namespace {

using namespace undulith;
using Complex = std::complex<double>;
using imaging::AerialImage;
using imaging::ImagingParameters;

constexpr double kPi = constants::kPi, kWavelengthNm = 13.5;
constexpr double kRounding = 1e-11;  // tabulated fields add an error of their own

mask::Diffraction grating(double pitch) {
  return {.cell = {0, 0, pitch, 1},
          .window = {0, 0, pitch, 1},
          .max_order_x = 1,
          .amplitudes = {1 / kPi, 0.5, 1 / kPi}};
}

const illuminator::PupilFill kSource =
    illuminator::make_pupil_fill({{.sigma_x = 0.6, .sigma_y = 0.2, .stokes = {1, 0.4, 0.2, 0.1}},
                                  {.sigma_x = -0.5, .sigma_y = 0.4},
                                  {.sigma_x = 0.1, .stokes = {1, -1, 0, 0}}});

// Phase of the first harmonic of an image along x, and along y.
double shift_of(const AerialImage& image, bool along_y) {
  const Complex c = along_y ? image.series.coefficient(0, 1) : image.series.coefficient(1, 0);
  const double period = along_y ? image.series.cell().height() : image.series.cell().width();
  return -std::arg(c) * period / (2 * kPi);
}

}  // namespace

TEST_CASE("films: a film of the medium's own index is empty space behind the focus",
          "[validation][imaging]") {
  for (const double depth_nm : {0.0, 7.0, 40.0, 90.0}) {
    ImagingParameters film{.focus_nm = 10};
    film.films = {{.thickness_nm = 25, .index = Complex(1)}, {.thickness_nm = 40, .index = Complex(1)}};
    film.substrate_index = 1;
    film.depth_nm = depth_nm;
    const AerialImage inside = imaging::compute_aerial_image(grating(36), kSource, film);
    const AerialImage outside =
        imaging::compute_aerial_image(grating(36), kSource, {.focus_nm = 10 + depth_nm});
    for (const double x : {0.0, 5.5, 19.0})
      CHECK(std::abs(inside.series.value(x, 0) - outside.series.value(x, 0)) < kRounding);
  }
}

TEST_CASE("films: a resist absorbs as exp(-4 pi k z / lambda) along the beam", "[validation][imaging]") {
  const Complex index(1, 0.007);  // matched, so that nothing is reflected to speak of
  mask::Diffraction open{.cell = {0, 0, 20, 20}, .window = {0, 0, 20, 20}, .amplitudes = {1.0}};
  const auto source = illuminator::make_pupil_fill({illuminator::SourcePoint{}});
  const auto at = [&](double depth_nm) {
    ImagingParameters resist;
    resist.films = {{.thickness_nm = 4000, .index = index}};
    resist.depth_nm = depth_nm;
    return imaging::compute_aerial_image(open, source, resist).series.value(3, 3);
  };
  // The interface reflects (k/2)^2 = 1e-5 of the light.
  CHECK(at(0) == Approx(1).epsilon(2e-5));
  CHECK(at(50) / at(0) == Approx(std::exp(-4 * kPi * 0.007 * 50 / kWavelengthNm)).epsilon(1e-9));
}

TEST_CASE("mask height: the image moves by h tan(chief ray) / M", "[validation][imaging]") {
  const auto source = illuminator::make_pupil_fill({illuminator::SourcePoint{}});
  constexpr double kHeightNm = 10, kPitchNm = 60;
  mask::Diffraction lines_y{.cell = {0, 0, 1, kPitchNm},
                            .window = {0, 0, 1, kPitchNm},
                            .max_order_y = 1,
                            .amplitudes = {1 / kPi, 0.5, 1 / kPi}};
  const double expected = kHeightNm * std::tan(6 * kPi / 180) / 4;
  ImagingParameters optics{.obliquity = imaging::Obliquity::none};
  optics.mask_height_nm = kHeightNm;
  // Second order: the orders meet the mask at 6 deg +- lambda/(4 pitch); their asymmetry is below 1 %.
  CHECK(shift_of(imaging::compute_aerial_image(lines_y, source, optics), true) ==
        Approx(expected).epsilon(0.01));
  CHECK(std::abs(shift_of(imaging::compute_aerial_image(grating(kPitchNm), source, optics), false)) < 1e-9);
  optics.chief_ray_azimuth_deg = 90;
  CHECK(shift_of(imaging::compute_aerial_image(grating(kPitchNm), source, optics), false) ==
        Approx(expected).epsilon(0.01));
}

TEST_CASE("source: a tilted source shifts the image with focus by z tan(theta)", "[validation][imaging]") {
  // Two beams at +-a about the tilt: their fringes walk along the bisector.
  const double pitch = 60, tilt = 0.3;
  const auto source = illuminator::make_pupil_fill({illuminator::SourcePoint{.sigma_x = tilt}});
  mask::Diffraction mask{
      .cell = {0, 0, pitch, 1}, .window = {0, 0, pitch, 1}, .max_order_x = 1, .amplitudes = {0.5, 0, 0.5}};
  const double z = 50;
  const AerialImage image = imaging::compute_aerial_image(mask, source, {.focus_nm = z});
  const double sp = tilt * 0.33 + kWavelengthNm / pitch, sm = tilt * 0.33 - kWavelengthNm / pitch;
  const double phase =
      z / kWavelengthNm * (std::sqrt(1 - sp * sp) - std::sqrt(1 - sm * sm));  // waves, of harmonic 2
  const double expected = -phase * pitch / 2;
  const double shift = -std::arg(image.series.coefficient(2, 0)) * pitch / (4 * kPi);
  CHECK(shift == Approx(expected).epsilon(1e-9));
}
