// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <vector>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/mask/film_stack.hpp"

using namespace undulith;
using Catch::Matchers::Contains;
using mask::FilmStack;
using optics::MaterialFilm;
using optics::Polarisation;

namespace {

double thickness_of(const std::vector<MaterialFilm>& layers) {
  double sum = 0;
  for (const MaterialFilm& layer : layers) sum += layer.thickness_nm;
  return sum;
}

/// The stack of the ELitho references: thicknesses by the keys, indices of its own.
FilmStack silicide_stack() {
  FilmStack stack;
  stack.cap_thickness_nm = 2.5;
  stack.cap_interlayer_material = "Ru";
  stack.cap_interlayer_thickness_nm = 0.8;
  stack.spacer_thickness_nm = 2.283;
  stack.spacer_on_reflector_thickness_nm = 1.661;
  stack.reflector_thickness_nm = 2.052;
  stack.reflector_on_spacer_thickness_nm = 1.045;
  return stack;
}

/// The same film by film, each with the index that the reference gives.
FilmStack silicide_films() {
  using Complex = std::complex<double>;
  const Complex ru(0.8863, 0.01706), rusi(0.9099, 0.01547), si(0.999, 0.001826), mosi2(0.9693, 0.004333),
      mo(0.9238, 0.006435);
  FilmStack stack;
  const auto add = [&](Complex index, double thickness_nm) {
    stack.films.push_back({.thickness_nm = thickness_nm, .index = index});
  };
  add(ru, 2.5);
  add(rusi, 0.8);
  for (int i = 0; i < 40; ++i) {
    if (i > 0) add(mosi2, 1.045);
    add(si, 2.283);
    add(mosi2, 1.661);
    add(mo, 2.052);
  }
  return stack;
}

}  // namespace

TEST_CASE("film stack: films of no thickness are not there", "[unit][mask]") {
  FilmStack stack;
  stack.cap_interlayer_material = "C";
  stack.spacer_on_reflector_material = stack.reflector_on_spacer_material = "B4C";
  const auto layers = mask::mirror_layers(stack);
  REQUIRE(layers.size() == 81);
  CHECK(layers[0].material == "Ru");
  for (std::size_t i = 1; i < layers.size(); i += 2) {
    CHECK(layers[i].material == "Si");
    CHECK(layers[i].thickness_nm == stack.spacer_thickness_nm);
    CHECK(layers[i + 1].material == "Mo");
    CHECK(layers[i + 1].thickness_nm == stack.reflector_thickness_nm);
  }
  // One of a millionth of a nanometre changes next to nothing: 80 of them, each of 4 pi / lambda t (n - n') <
  // 1e-7.
  const auto r = [](const FilmStack& s) {
    return optics::reflection_amplitude(mask::mirror_films(s, 13.5), mask::substrate_film(s, 13.5), 13.5, 6,
                                        Polarisation::s);
  };
  FilmStack thin = stack;
  thin.cap_interlayer_thickness_nm = thin.spacer_on_reflector_thickness_nm =
      thin.reflector_on_spacer_thickness_nm = 1e-6;
  CHECK(std::abs(r(thin) - r(stack)) < 1e-5);
  CHECK(std::abs(r(thin) - r(stack)) > 0);
}

TEST_CASE("film stack: interlayers stand between, none on the substrate", "[unit][mask]") {
  const auto layers = mask::mirror_layers(silicide_stack());
  const auto films = silicide_films().films;
  REQUIRE(layers.size() == 2 + 40 * 4 - 1);
  REQUIRE(layers.size() == films.size());
  for (std::size_t i = 0; i < layers.size(); ++i) CHECK(layers[i].thickness_nm == films[i].thickness_nm);
  CHECK(layers[1].material == "Ru");
  CHECK(layers[2].material == "Si");
  CHECK(layers[3].material == "MoSi2");
  CHECK(layers[4].material == "Mo");
  CHECK(layers[5].material == "MoSi2");
  CHECK(layers.back().material == "Mo");
  CHECK(mask::mean_period_nm(silicide_stack()) == Approx(7.041).epsilon(1e-12));
}

TEST_CASE("film stack: reflectance and depth of the stack of an independent code", "[validation][mask]") {
  FilmStack stack = silicide_films();
  // The reference rounds the index of the substrate to four digits; the wave that reaches it is weak.
  const auto films = mask::mirror_films(stack, 13.5);
  const optics::Film substrate{.index = {0.978, 0.01083}};
  const auto reflectance = [&](double degrees) {
    return std::norm(optics::reflection_amplitude(films, substrate, 13.5, degrees, Polarisation::s));
  };
  constexpr double kPrinted = 6e-7;
  CHECK(std::abs(reflectance(6) - 0.644533) < kPrinted);
  CHECK(std::abs(reflectance(5.3) - 0.638143) < kPrinted);
  // Depths are printed to a tenth of a nanometre.
  const optics::FlatStack flat(films, substrate, 13.5);
  CHECK(std::abs(flat.effective_depth_nm(std::sin(6 * constants::kPi / 180), Polarisation::s) - 48.7) < 0.06);
  CHECK(std::abs(flat.fitted_depth_nm(0, 10, Polarisation::s) - 49.4) < 0.1);
}

TEST_CASE("film stack: a list of the same films is the same mirror", "[property][mask]") {
  FilmStack periodic = silicide_stack();
  periodic.roughness_nm = 0.3;
  FilmStack listed = periodic;
  listed.films = mask::mirror_layers(periodic);
  listed.n_bilayers = 3;
  const auto a = mask::mirror_films(periodic, 13.4), b = mask::mirror_films(listed, 13.4);
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].index == b[i].index);
    CHECK(a[i].thickness_nm == b[i].thickness_nm);
    CHECK(a[i].roughness_nm == b[i].roughness_nm);
  }
}

TEST_CASE("film stack: a grade changes the period from first to last", "[unit][mask]") {
  FilmStack stack = silicide_stack();
  const double flat_nm = thickness_of(mask::mirror_layers(stack));
  stack.period_grade_percent = 4;
  const auto layers = mask::mirror_layers(stack);
  constexpr double kRounding = 1e-12;
  const double period_nm = mask::mean_period_nm(stack);
  const auto period_of = [&](std::size_t first) {
    double sum = stack.reflector_on_spacer_thickness_nm;
    for (std::size_t i = first; i < first + 3; ++i) sum += layers[i].thickness_nm;
    return sum;
  };
  CHECK(period_of(2) == Approx(0.98 * period_nm).epsilon(kRounding));
  CHECK(period_of(layers.size() - 3) == Approx(1.02 * period_nm).epsilon(kRounding));
  CHECK(thickness_of(layers) == Approx(flat_nm).epsilon(kRounding));
  CHECK(layers[3].thickness_nm == stack.spacer_on_reflector_thickness_nm);
  CHECK(layers[2].thickness_nm / layers[4].thickness_nm ==
        Approx(stack.spacer_thickness_nm / stack.reflector_thickness_nm).epsilon(kRounding));

  // Interlayers of 10 nm leave 0.5 nm to halve a period of 10.5 nm.
  stack.spacer_thickness_nm = stack.reflector_thickness_nm = 0.25;
  stack.spacer_on_reflector_thickness_nm = 10;
  stack.reflector_on_spacer_thickness_nm = 0;
  stack.period_grade_percent = 100;
  CHECK_THROWS_WITH(mask::mirror_layers(stack), Contains("mask.stack.period_grade_percent = 100"));
}

TEST_CASE("film stack: a given index wins over the material", "[unit][mask]") {
  FilmStack stack;
  stack.films = {{.material = "Mo", .thickness_nm = 3, .index = std::complex<double>(0.9, 0.01)},
                 {.material = "Mo", .thickness_nm = 2}};
  const auto films = mask::mirror_films(stack, 13.5);
  CHECK(films[0].index == std::complex<double>(0.9, 0.01));
  CHECK(films[1].index.real() == Approx(0.92379).epsilon(1e-5));
  stack.films[0].index.reset();
  stack.films[0].material = "Unobtainium";
  CHECK_THROWS_AS(mask::mirror_films(stack, 13.5), InputError);
}

TEST_CASE("film stack: a film with gain is refused by its key", "[unit][mask]") {
  FilmStack stack;
  stack.films = {{.thickness_nm = 3, .index = std::complex<double>(0.9, -0.01)}};
  CHECK_THROWS_WITH(mask::mirror_films(stack, 13.5), Contains("mask.film index"));
}
