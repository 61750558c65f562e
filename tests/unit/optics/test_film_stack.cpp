// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/optics/film_stack.hpp"
#include "undulith/optics/pupil_map.hpp"
#include "undulith/optics/zernike.hpp"

namespace {

using namespace undulith;
using Complex = std::complex<double>;
using optics::Film;
using optics::FilmField;
using optics::FilmStackField;
using optics::Polarisation;

constexpr double kPi = constants::kPi, kWavelengthNm = 13.5;
const std::vector<Film> kFilms = {{.index = {0.96, 0.03}, .thickness_nm = 8},
                                  {.index = {0.9, 0.1}, .thickness_nm = 5},
                                  {.index = {1.1, 0.01}, .thickness_nm = 20}};
const Film kSubstrate{.index = {0.8, 0.05}};

FilmField at(double depth_nm, double sine, Polarisation p) {
  return FilmStackField(kFilms, kSubstrate, 1, kWavelengthNm, depth_nm)(sine, p);
}

// Tangential E and H of the field: H from the admittance of each wave.
struct Tangential {
  Complex e, h;
};
Tangential tangential(const FilmField& f, Polarisation p) {
  if (p == Polarisation::s) return {f.forward + f.backward, f.index * f.cosine * (f.forward - f.backward)};
  return {(f.forward - f.backward) * f.cosine, f.index * (f.forward + f.backward)};
}

}  // namespace

TEST_CASE("film field: one interface as by Fresnel", "[validation][optics]") {
  const Complex n2(1.4, 0.2);
  for (const double sine : {0.0, 0.3, 0.8}) {
    const double c1 = std::sqrt(1 - sine * sine);
    const Complex c2 = std::sqrt(1.0 - sine * sine / (n2 * n2));
    const FilmStackField field({}, {.index = n2}, 1, kWavelengthNm, 0);
    CHECK(std::abs(field(sine, Polarisation::s).forward - 2 * c1 / (c1 + n2 * c2)) < 1e-14);
    CHECK(std::abs(field(sine, Polarisation::p).forward - 2 * c1 / (n2 * c1 + c2)) < 1e-14);
    CHECK(field(sine, Polarisation::s).backward == 0.0);
  }
}

TEST_CASE("film field: tangential E and H are continuous", "[property][optics]") {
  for (const Polarisation p : {Polarisation::s, Polarisation::p})
    for (const double sine : {0.0, 0.33, 0.7})
      for (const double depth : {8.0, 13.0, 33.0}) {
        // A depth on an interface belongs to the film above it; just below it the field has changed by 1e-9.
        const Tangential above = tangential(at(depth, sine, p), p),
                         below = tangential(at(depth + 1e-9, sine, p), p);
        CHECK(std::abs(above.e - below.e) < 1e-8);
        CHECK(std::abs(above.h - below.h) < 1e-8);
      }
}

TEST_CASE("film field: what is absorbed is what is neither reflected nor transmitted", "[property][optics]") {
  for (const Polarisation p : {Polarisation::s, Polarisation::p})
    for (const double sine : {0.0, 0.5}) {
      // 4 pi k / lambda n |E|^2 over depth, by the midpoint rule of second order in its step.
      const double step = 0.005;
      double absorbed = 0;
      for (double depth = step / 2; depth < 33; depth += step) {
        const FilmField f = at(depth, sine, p);
        const Complex sine_in_film = sine / f.index;
        const double e2 = p == Polarisation::s ? std::norm(f.forward + f.backward)
                                               : std::norm((f.forward - f.backward) * f.cosine) +
                                                     std::norm((f.forward + f.backward) * sine_in_film);
        absorbed += 4 * kPi * f.index.imag() / kWavelengthNm * f.index.real() * e2 * step;
      }
      const double cosine = std::sqrt(1 - sine * sine);
      const double reflected = std::norm(
          optics::reflection_amplitude(kFilms, kSubstrate, kWavelengthNm, std::asin(sine) * 180 / kPi, p));
      const Tangential end = tangential(at(33, sine, p), p);
      const double transmitted = (end.e * std::conj(end.h)).real() / cosine;
      CHECK(absorbed / cosine == Approx(1 - reflected - transmitted).epsilon(1e-5));
    }
}

TEST_CASE("film field: a thick absorbing film stays finite", "[unit][optics]") {
  const std::vector<Film> thick = {{.index = {0.9, 0.3}, .thickness_nm = 1e5}};
  const FilmField f = FilmStackField(thick, kSubstrate, 1, kWavelengthNm, 50)(0.3, Polarisation::p);
  CHECK(std::isfinite(std::abs(f.forward)));
  CHECK(std::abs(f.backward) < 1e-300);
  CHECK_THROWS_AS(optics::film_at({.thickness_nm = 1, .index = Complex(1, -0.1)}, 13.5), InputError);
  CHECK_THROWS_AS(optics::film_at({.material = "Unobtainium", .thickness_nm = 1}, 13.5), InputError);
}

TEST_CASE("pupil map: third order between samples, gaps only outside", "[unit][optics]") {
  const auto map_of = [](int n, const auto& f) {
    const double step = 2.0 / n;
    Field2D<double> map(Grid2D{Plane::pupil, n, n, -1 + step / 2, -1 + step / 2, step, step});
    for (int iy = 0; iy < n; ++iy)
      for (int ix = 0; ix < n; ++ix) map(iy, ix) = f(map.grid().x(ix), map.grid().y(iy));
    return map;
  };
  const auto plane = [](double x, double y) { return 1 + 2 * x - 3 * y; };
  const optics::PupilMap flat(map_of(8, plane));
  for (const auto& [x, y] : {std::pair{0.1, 0.2}, std::pair{-0.99, 0.05}, std::pair{0.7, -0.7}})
    CHECK(flat(x, y) == Approx(plane(x, y)).epsilon(1e-13));
  const auto wave = [](double x, double y) { return std::sin(2 * x + y); };
  const auto error = [&](int n) {
    const optics::PupilMap map(map_of(n, wave));
    double largest = 0;
    for (double x = -0.6; x < 0.6; x += 0.07)
      largest = std::max(largest, std::abs(map(x, 0.3 * x) - wave(x, 0.3 * x)));
    return largest;
  };
  const double rate = std::log2(error(20) / error(40));
  CHECK(rate > 2.5);

  Field2D<double> gaps = map_of(10, plane);
  gaps(0, 0) = NAN;
  CHECK(std::isfinite(optics::PupilMap(gaps)(-0.7, -0.7)));
  gaps(5, 3) = NAN;
  CHECK_THROWS_WITH(optics::PupilMap(gaps), Catch::Contains("row 5, column 3"));
  CHECK_THROWS_AS(optics::PupilMap(Field2D<double>(Grid2D{Plane::pupil, 8, 6, -0.9, -0.9, 0.2, 0.2})),
                  InputError);
}

TEST_CASE("zernike: Noll and OSA terms are orthonormal and ordered as published", "[validation][optics]") {
  using optics::ZernikeSet;
  // Mean of products over the disc: exact for these degrees with enough radii (Gauss would need fewer) and
  // angles.
  for (const ZernikeSet set : {ZernikeSet::noll, ZernikeSet::osa})
    for (int a = 1; a <= 21; ++a)
      for (int b = a; b <= 21; ++b) {
        constexpr int kRadii = 400, kAngles = 32;
        double sum = 0;
        for (int i = 0; i < kRadii; ++i) {
          const double rho = std::sqrt((i + 0.5) / kRadii);
          for (int j = 0; j < kAngles; ++j) {
            const double theta = 2 * kPi * j / kAngles;
            sum += optics::zernike(set, a, rho, theta) * optics::zernike(set, b, rho, theta);
          }
        }
        CHECK(std::abs(sum / (kRadii * kAngles) - (a == b)) < 2e-3);  // midpoint rule in rho^2
      }
  const double r = 0.7, t = 0.4;
  // [Noll1976], table I, and the OSA standard.
  CHECK(optics::zernike(ZernikeSet::noll, 2, r, t) == Approx(2 * r * std::cos(t)));
  CHECK(optics::zernike(ZernikeSet::noll, 3, r, t) == Approx(2 * r * std::sin(t)));
  CHECK(optics::zernike(ZernikeSet::noll, 4, r, t) == Approx(std::sqrt(3) * (2 * r * r - 1)));
  CHECK(optics::zernike(ZernikeSet::noll, 5, r, t) == Approx(std::sqrt(6) * r * r * std::sin(2 * t)));
  CHECK(optics::zernike(ZernikeSet::noll, 7, r, t) ==
        Approx(std::sqrt(8) * (3 * r * r * r - 2 * r) * std::sin(t)));
  CHECK(optics::zernike(ZernikeSet::noll, 11, r, t) ==
        Approx(std::sqrt(5) * (6 * std::pow(r, 4) - 6 * r * r + 1)));
  CHECK(optics::zernike(ZernikeSet::osa, 1, r, t) == Approx(2 * r * std::sin(t)));
  CHECK(optics::zernike(ZernikeSet::osa, 12, r, t) ==
        Approx(std::sqrt(5) * (6 * std::pow(r, 4) - 6 * r * r + 1)));
  const std::vector<optics::ZernikeTerm> terms = {
      {8, 0.3, ZernikeSet::noll}, {13, -0.2, ZernikeSet::osa}, {9, 0.1}};
  double direct = 0;
  for (const auto& term : terms) direct += term.waves * optics::zernike(term.set, term.index, r, t);
  CHECK(optics::Wavefront(terms).waves(r * std::cos(t), r * std::sin(t)) == Approx(direct).epsilon(1e-13));
  CHECK_THROWS_AS(optics::zernike(ZernikeSet::noll, 0, 0, 0), InputError);
  CHECK_THROWS_AS(optics::zernike(ZernikeSet::osa, 91, 0, 0), InputError);
}
