// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/materials/optical_constants.hpp"
#include "undulith/optics/film_stack.hpp"
#include "undulith/optics/multilayer.hpp"
#include "undulith/optics/peak.hpp"

using namespace undulith;
using optics::Film;
using optics::Polarisation;

namespace {

struct Stack {
  std::vector<Film> films;
  Film substrate;
};

/// Mirror M02 of the reference, or one without absorption.
Stack mirror(double wavelength_nm, bool lossless = false) {
  const auto n = [&](const char* name) {
    const std::complex<double> index = materials::refractive_index(name, wavelength_nm);
    return lossless ? std::complex<double>(index.real(), 0) : index;
  };
  Stack stack{{{n("Ru"), 2.5}}, {n("SiO2")}};
  for (int i = 0; i < 40; ++i)
    stack.films.insert(stack.films.end(), {Film{n("Si"), 4.17}, Film{n("Mo"), 2.78}});
  return stack;
}

double sine_of(double degrees) {
  return std::sin(degrees * constants::kPi / 180);
}

}  // namespace

TEST_CASE("peak: a Gaussian has its known width and centre", "[validation][optics]") {
  const double centre = 13.5037, sigma = 0.21;
  const auto peak = optics::find_peak(
      [&](double w) { return 0.7 * std::exp(-0.5 * (w - centre) * (w - centre) / (sigma * sigma)); }, 12.7,
      14.3);
  REQUIRE(peak);
  CHECK(peak->wavelength_nm == Approx(centre).epsilon(1e-7));
  CHECK(peak->reflectance == Approx(0.7).epsilon(1e-12));
  REQUIRE(peak->band);
  CHECK(peak->band->fwhm_nm == Approx(2 * std::sqrt(2 * std::log(2)) * sigma).epsilon(1e-9));
  CHECK(peak->band->middle_nm == Approx(centre).epsilon(1e-9));
  CHECK(peak->band->centroid_nm == Approx(centre).epsilon(1e-9));
}

TEST_CASE("peak: none at the end of the range, no width where the range cuts it", "[unit][optics]") {
  CHECK_FALSE(optics::find_peak([](double w) { return w; }, 1, 2));
  CHECK_FALSE(optics::find_peak([](double) { return 0.0; }, 1, 2));
  const auto wide = optics::find_peak([](double w) { return 1 - 0.1 * (w - 1.4) * (w - 1.4); }, 1, 2);
  REQUIRE(wide);
  CHECK_FALSE(wide->band);
  const std::vector<double> x{0, 1, 2, 3}, y{0, 4, 2, 0};
  const auto ends = optics::level_crossings(x, y, 1);
  REQUIRE(ends);
  CHECK((*ends)[0] == Approx(0.25));
  CHECK((*ends)[1] == Approx(2.5));
  CHECK_FALSE(optics::level_crossings(x, std::vector<double>{2, 4, 2, 0}, 1));
}

TEST_CASE("power shares: add up, and a film without absorption takes nothing", "[property][optics]") {
  constexpr double kRounding = 1e-11;  // differences of fluxes over 81 films
  for (const bool lossless : {false, true}) {
    const Stack stack = mirror(13.5, lossless);
    for (const double degrees : {0.0, 6.0, 11.0, 40.0})
      for (const Polarisation p : {Polarisation::s, Polarisation::p}) {
        const auto shares = optics::power_shares(stack.films, stack.substrate, 13.5, degrees, p);
        double sum = shares.reflected + shares.transmitted;
        for (const double absorbed : shares.absorbed) {
          sum += absorbed;
          if (lossless)
            CHECK(std::abs(absorbed) < kRounding);
          else
            CHECK(absorbed > 0);
        }
        CHECK(std::abs(sum - 1) < kRounding);
        CHECK(std::abs(shares.reflected - std::norm(optics::reflection_amplitude(
                                              stack.films, stack.substrate, 13.5, degrees, p))) < kRounding);
      }
  }
  CHECK_THROWS_AS(optics::power_shares({}, {1.0}, 13.5, 90, Polarisation::s), InputError);
}

TEST_CASE("standing wave: in vacuum it is that of the two waves, and continuous at the surface",
          "[validation][optics]") {
  Stack stack = mirror(13.5);
  const double sine = sine_of(6), k = 2 * constants::kPi / 13.5 * std::cos(6 * constants::kPi / 180);
  const auto r = optics::reflection_amplitude(stack.films, stack.substrate, 13.5, 6, Polarisation::s);
  stack.films.insert(stack.films.begin(), {1.0, 10});
  const auto intensity = [&](double depth_nm, Polarisation p) {
    return optics::electric_intensity(
        optics::FilmStackField(stack.films, stack.substrate, 1, 13.5, depth_nm)(sine, p), sine, p);
  };
  for (const double above_nm : {0.0, 1.0, 5.0, 9.0}) {
    const std::complex<double> i(0, 1);
    CHECK(intensity(10 - above_nm, Polarisation::s) ==
          Approx(std::norm(std::exp(-i * k * above_nm) + r * std::exp(i * k * above_nm))).epsilon(1e-11));
  }
  // s is continuous everywhere; in p the normal field jumps by the ratio of the permittivities, and it is 1 %
  // here.
  double border_nm = 0;
  for (const Film& film : stack.films) {
    border_nm += film.thickness_nm;
    CHECK(std::abs(intensity(border_nm, Polarisation::s) - intensity(border_nm + 1e-9, Polarisation::s)) <
          1e-7);
  }
}

TEST_CASE("flat stack: depth fitted over a cone", "[validation][optics]") {
  const Stack stack = mirror(13.5);
  const optics::FlatStack flat(stack.films, stack.substrate, 13.5);
  // Printed to a tenth of a nanometre; the weights of the angles in the fit are not.
  CHECK(std::abs(flat.effective_depth_nm(sine_of(6), Polarisation::s) - 45.6) < 0.06);
  CHECK(std::abs(flat.fitted_depth_nm(0, 10, Polarisation::s) - 47.2) < 0.1);
  // Of a narrow cone it is the local one.
  CHECK(flat.fitted_depth_nm(5.99, 6.01, Polarisation::p) ==
        Approx(flat.effective_depth_nm(sine_of(6), Polarisation::p)).epsilon(1e-4));
  // A surface alone, seen through 5 nm of nothing.
  const optics::FlatStack shifted(std::vector<Film>{{1.0, 5}}, {{0.9, 0.0}}, 13.5);
  CHECK(shifted.fitted_depth_nm(0, 30, Polarisation::s) == Approx(5).epsilon(1e-10));
  CHECK_THROWS_AS(flat.fitted_depth_nm(5, 5, Polarisation::s), InputError);
  CHECK_THROWS_AS(flat.fitted_depth_nm(5, 90, Polarisation::s), InputError);
}
