// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/imaging/flare.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/imaging/spectrum.hpp"

namespace {

using namespace undulith;
using imaging::ScatterPsf;

illuminator::Spectrum with_spectrum(int n_lines) {
  illuminator::Spectrum spectrum;
  double sum = 0;
  for (int i = 0; i < n_lines; ++i) {
    spectrum.photon_energy_ev.push_back(constants::energy_ev_of(13.7 - 0.4 * i / std::max(1, n_lines - 1)));
    spectrum.power_share.push_back(1 + std::sin(0.3 * i));
    sum += spectrum.power_share.back();
  }
  for (double& share : spectrum.power_share) share /= sum;
  return spectrum;
}

}  // namespace

TEST_CASE("spectrum: n nodes keep the moments up to 2n - 1", "[property][imaging]") {
  const auto spectrum = with_spectrum(60);
  for (const int n : {1, 2, 5, 8}) {
    const auto nodes = imaging::spectral_nodes(spectrum, 0, n);
    REQUIRE(nodes.size() == static_cast<std::size_t>(n));
    for (int power = 0; power <= 2 * n; ++power) {
      double exact = 0, sum = 0;
      for (std::size_t i = 0; i < 60; ++i)
        exact += spectrum.power_share[i] *
                 std::pow((constants::wavelength_nm_of(spectrum.photon_energy_ev[i]) - 13.5) / 0.2, power);
      for (const auto& node : nodes) sum += node.share * std::pow((node.wavelength_nm - 13.5) / 0.2, power);
      if (power < 2 * n)
        CHECK(std::abs(sum - exact) < 1e-12);
      else
        CHECK(std::abs(sum - exact) > 1e-12);  // and not beyond
    }
  }
}

TEST_CASE("spectrum: few lines stay as they are, and mirrors narrow a wide one", "[unit][imaging]") {
  CHECK(imaging::spectral_nodes(with_spectrum(3), 0, 8).size() == 3);
  const auto single = imaging::spectral_nodes(with_spectrum(1), 10, 4);
  REQUIRE(single.size() == 1);
  CHECK(single[0].wavelength_nm == Approx(13.7));
  const auto width = [](int n_mirrors) {
    const auto nodes = imaging::spectral_nodes(with_spectrum(80), n_mirrors, 6);
    double mean = 0, square = 0;
    for (const auto& node : nodes) mean += node.share * node.wavelength_nm;
    for (const auto& node : nodes) square += node.share * std::pow(node.wavelength_nm - mean, 2);
    return std::sqrt(square);
  };
  CHECK(width(10) < 0.9 * width(0));
  CHECK_THROWS_AS(imaging::spectral_nodes(with_spectrum(3), 0, 0), InputError);
}

TEST_CASE("spectrum: the coarser rule keeps one moment less than there are nodes", "[property][imaging]") {
  for (const int n : {2, 3, 4, 7}) {
    CAPTURE(n);
    const auto nodes = imaging::spectral_nodes(with_spectrum(60), 0, n);
    const std::vector<double> coarser = imaging::coarser_shares(nodes);
    REQUIRE(coarser.size() == nodes.size());
    CHECK(std::ranges::count(coarser, 0.0) == 1);  // the strongest is left out
    for (int power = 0; power < n; ++power) {
      double change = 0;
      for (std::size_t i = 0; i < nodes.size(); ++i)
        change += (nodes[i].share - coarser[i]) * std::pow((nodes[i].wavelength_nm - 13.5) / 0.2, power);
      if (power < n - 1)
        CHECK(std::abs(change) < 1e-12);
      else
        CHECK(std::abs(change) > 1e-4);
    }
  }
  CHECK(imaging::coarser_shares(imaging::spectral_nodes(with_spectrum(60), 0, 1)) == std::vector<double>{0});
}

TEST_CASE("spectrum: faint nodes are left out up to a share", "[unit][imaging]") {
  std::vector<imaging::SpectralNode> nodes{{13.4, 1e-5}, {13.5, 0.6}, {13.6, 0.4 - 4e-5}, {13.7, 3e-5}};
  CHECK(imaging::omit_faint_nodes(nodes, 0) == 0);
  CHECK(nodes.size() == 4);
  CHECK(imaging::omit_faint_nodes(nodes, 3.5e-5) == Approx(1e-5));
  REQUIRE(nodes.size() == 3);
  double sum = 0;
  for (const auto& node : nodes) sum += node.share;
  CHECK(sum == Approx(1).epsilon(1e-14));
  CHECK(imaging::omit_faint_nodes(nodes, 1) == Approx(0.4).epsilon(1e-3));  // one is always kept
  CHECK(nodes.size() == 1);
}

TEST_CASE("spectrum: the bandwidth is the standard deviation over the mean", "[unit][imaging]") {
  illuminator::Spectrum two;
  two.photon_energy_ev = {constants::energy_ev_of(13.6), constants::energy_ev_of(13.4)};
  two.power_share = {0.5, 0.5};
  CHECK(imaging::relative_bandwidth(two) == Approx(0.1 / 13.5));
}

TEST_CASE("spectrum: an image has the design wavelength, or that of the strongest mask", "[unit][imaging]") {
  const auto mask_at = [](double wavelength_nm, double share) {
    mask::Diffraction open{.wavelength_nm = wavelength_nm, .cell = {0, 0, 20, 20}, .window = {0, 0, 20, 20}};
    open.amplitudes = {1};
    return imaging::SpectralMask{.share = share, .diffraction = std::move(open)};
  };
  const std::vector<imaging::SpectralMask> masks{mask_at(13.4, 0.3), mask_at(13.55, 0.7)};
  const auto fill = illuminator::make_pupil_fill({illuminator::SourcePoint{}});
  const std::vector<imaging::ImagePlane> planes(1);
  imaging::ImagingParameters optics;
  CHECK(imaging::compute_images(masks, fill, optics, planes).front().wavelength_nm == 13.55);
  optics.wavefront_wavelength_nm = 13.5;
  CHECK(imaging::compute_images(masks, fill, optics, planes).front().wavelength_nm == 13.5);
}

TEST_CASE("flare: a uniform layout and a half plane", "[validation][imaging]") {
  const ScatterPsf psf{.exponent = 2.5, .inner_radius_um = 1, .outer_radius_um = 20};
  Field2D<double> density(Grid2D{Plane::wafer, 81, 61, 0, 0, 500, 500}, 0.3);
  const Field2D<double> same = imaging::scattered_density(density, 0.3, psf);
  for (const double value : same.values()) CHECK(value == Approx(0.3).epsilon(1e-12));
  // In the middle of a wide map whose right half is clear: one half, by symmetry.
  Field2D<double> half(Grid2D{Plane::wafer, 101, 101, 0, 0, 500, 500}, 0.0);
  for (int iy = 0; iy < 101; ++iy)
    for (int ix = 0; ix < 101; ++ix) half(iy, ix) = ix < 50 ? 0 : ix == 50 ? 0.5 : 1;
  CHECK(imaging::scattered_density(half, 0.5, psf)(50, 50) == Approx(0.5).epsilon(1e-9));
}

TEST_CASE("flare: Kirk's pad by the convolution of a map", "[validation][imaging]") {
  const ScatterPsf psf{.exponent = 2.2, .inner_radius_um = 1, .outer_radius_um = 30};
  const auto error = [&](int pixels_a_um) {
    const int n = 61 * pixels_a_um;
    const double step = 1000.0 / pixels_a_um;
    Field2D<double> map(Grid2D{Plane::wafer, n, n, step / 2, step / 2, step, step}, 1.0);
    const int first = 26 * pixels_a_um, last = 35 * pixels_a_um;  // a pad of 9 um about the middle
    for (int iy = first; iy < last; ++iy)
      for (int ix = first; ix < last; ++ix) map(iy, ix) = 0;
    return std::abs(0.05 * imaging::scattered_density(map, 1, psf)(n / 2, n / 2) -
                    imaging::kirk_flare(0.05, psf, 9));
  };
  // The function is summed on 24 x 24 points of the nearest pixels and 4 x 4 of the others.
  CHECK(error(1) < 2e-4 * 0.05);
  CHECK(error(3) < 2e-4 * 0.05);
  CHECK(imaging::kirk_flare(0.05, psf, 1e-3) == Approx(0.05).epsilon(1e-4));
  CHECK(imaging::kirk_flare(0.05, psf, 100) == Approx(0).margin(1e-12));
  CHECK(imaging::total_integrated_scatter(0.14, 6, 13.5) ==
        Approx(1 - std::exp(-6 * std::pow(4 * constants::kPi * 0.14 / 13.5, 2))));
  CHECK_THROWS_AS(imaging::kirk_flare(0.05, {.inner_radius_um = 5, .outer_radius_um = 2}, 9), InputError);
}

TEST_CASE("optics: what has no image is refused, and says which key", "[unit][imaging]") {
  const Box cell{0, 0, 50, 50};
  const auto source = illuminator::make_pupil_fill({{.sigma_x = 0.6}, {.sigma_x = 0.1}});
  const auto message = [&](const imaging::ImagingParameters& p, const illuminator::PupilFill& fill) {
    try {
      static_cast<void>(imaging::plan_imaging(cell, cell, 13.5, fill, p));
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  imaging::ImagingParameters p{.na = 1.1};
  CHECK(message(p, source).starts_with("imaging.na = 1.1 (must be below imaging.medium_index = 1)"));
  p = {};
  p.obscuration.radius = 0.2;
  CHECK(message(p, source).empty());  // one point keeps its zero order
  CHECK(imaging::hidden_share(p, source) == Approx(0.5));
  CHECK_THAT(message(p, illuminator::make_pupil_fill({{.sigma_x = 0.1}})),
             Catch::StartsWith("imaging.obscuration_radius = 0.2") && Catch::Contains("larger than 0.2"));
  CHECK_THAT(message({}, illuminator::make_pupil_fill({{.sigma_x = 1.2}})), Catch::Contains("unit disc"));
  p = {};
  p.phase_map = Field2D<double>(Grid2D{Plane::pupil, 8, 8, -0.875, -0.875, 0.25, 0.25}, NAN);
  CHECK_THAT(message(p, source), Catch::StartsWith("imaging.phase_map_file"));
  p = {};
  p.depth_nm = 5;
  CHECK_THAT(message(p, source), Catch::StartsWith("imaging.depth_nm"));
  p.films = {{.thickness_nm = 10, .index = std::complex<double>(1, -0.1)}};
  CHECK_THAT(message(p, source), Catch::StartsWith("imaging.film"));
  p = {};
  p.flare.tis = 1;
  CHECK_THAT(message(p, source), Catch::StartsWith("imaging.flare.tis"));
}

TEST_CASE("obscuration: a source point without its zero order gives diffracted light only",
          "[validation][imaging]") {
  // Two orders of amplitude 1/2 and 1/4 at 0 and 1 (in units of 0.5 NA). The point at 0 loses its zero order.
  constexpr double kNa = 0.5, kWavelengthNm = 13.5, kPeriodNm = kWavelengthNm / (0.5 * kNa);
  const Box cell{0, 0, kPeriodNm, 1};
  mask::Diffraction waves{.wavelength_nm = kWavelengthNm, .cell = cell, .window = cell};
  waves.max_order_x = 4;
  waves.amplitudes.assign(9, 0.0);
  waves.amplitudes[waves.index(0, 0)] = 0.5;
  waves.amplitudes[waves.index(1, 0)] = 0.25;
  imaging::ImagingParameters p{.na = kNa, .output_pitch_nm = 100};
  p.field_model = imaging::FieldModel::scalar;
  p.obliquity = imaging::Obliquity::none;
  p.obscuration.radius = 0.2;
  const auto fill =
      illuminator::make_pupil_fill({{.sigma_x = 0, .weight = 1}, {.sigma_x = -0.3, .weight = 3}});
  const auto image = imaging::compute_aerial_image(waves, fill, p);
  // Point 1: order 1 alone, 1/16. Point 2: orders at -0.3 and 0.2, |1/2 + 1/4 e^(i phase)|^2. The open frame
  // has the light of point 2 only.
  for (const double share : {0.0, 0.2, 0.5}) {
    const double phase = 2 * constants::kPi * share;
    const double expected = (0.25 / 16 + 0.75 * (0.25 + 0.0625 + 0.25 * std::cos(phase))) / 0.75;
    CHECK(image.series.value(share * kPeriodNm, 0) == Approx(expected).epsilon(1e-12));
  }
  CHECK(image.clear_field == Approx(0.75));
}
