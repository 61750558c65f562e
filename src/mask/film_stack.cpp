// SPDX-License-Identifier: MIT
#include "undulith/mask/film_stack.hpp"

#include <fmt/format.h>

#include <complex>
#include <map>

#include "undulith/core/error.hpp"

namespace undulith::mask {

using optics::Film;
using optics::MaterialFilm;

namespace {

/// Films at a wavelength. The index of each material is computed once.
std::vector<Film> at_wavelength(const std::vector<MaterialFilm>& layers, double roughness_nm,
                                double wavelength_nm) {
  std::map<std::string, std::complex<double>> known;
  std::vector<Film> films;
  films.reserve(layers.size());
  for (const MaterialFilm& layer : layers) {
    Film film;
    const auto found = layer.index ? known.end() : known.find(layer.material.name());
    if (found != known.end()) {
      film = {found->second, layer.thickness_nm};
    } else {
      film = optics::film_at(layer, wavelength_nm, "mask.film");
      if (!layer.index) known[layer.material.name()] = film.index;
    }
    film.roughness_nm = roughness_nm;
    films.push_back(film);
  }
  return films;
}

/// Factor on spacer and reflector of a pair for which its period has changed by the grade.
double graded(const FilmStack& stack, int pair) {
  const double pair_nm = stack.spacer_thickness_nm + stack.reflector_thickness_nm;
  if (stack.period_grade_percent == 0 || stack.n_bilayers < 2 || !(pair_nm > 0)) return 1;
  const double place = static_cast<double>(pair) / (stack.n_bilayers - 1) - 0.5;
  const double factor = 1 + place * stack.period_grade_percent / 100 * mean_period_nm(stack) / pair_nm;
  if (!(factor > 0))
    throw InputError(
        fmt::format("mask.stack.period_grade_percent = {} (pair {} of {} would have no thickness); use a "
                    "smaller one",
                    stack.period_grade_percent, pair + 1, stack.n_bilayers));
  return factor;
}

}  // namespace

double mean_period_nm(const FilmStack& stack) {
  return stack.spacer_thickness_nm + stack.spacer_on_reflector_thickness_nm + stack.reflector_thickness_nm +
         stack.reflector_on_spacer_thickness_nm;
}

std::vector<MaterialFilm> mirror_layers(const FilmStack& stack) {
  if (!stack.films.empty()) return stack.films;
  std::vector<MaterialFilm> layers;
  const auto add_if_there = [&](const materials::Material& material, double thickness_nm) {
    if (thickness_nm > 0) layers.push_back({.material = material, .thickness_nm = thickness_nm});
  };
  add_if_there(stack.cap_material, stack.cap_thickness_nm);
  add_if_there(stack.cap_interlayer_material, stack.cap_interlayer_thickness_nm);
  for (int i = 0; i < stack.n_bilayers; ++i) {
    const double factor = graded(stack, i);
    layers.push_back({stack.spacer_material, factor * stack.spacer_thickness_nm, {}});
    add_if_there(stack.spacer_on_reflector_material, stack.spacer_on_reflector_thickness_nm);
    layers.push_back({stack.reflector_material, factor * stack.reflector_thickness_nm, {}});
    if (i + 1 < stack.n_bilayers)
      add_if_there(stack.reflector_on_spacer_material, stack.reflector_on_spacer_thickness_nm);
  }
  return layers;
}

std::vector<Film> mirror_films(const FilmStack& stack, double wavelength_nm) {
  return at_wavelength(mirror_layers(stack), stack.roughness_nm, wavelength_nm);
}

std::vector<Film> absorber_films(const FilmStack& stack, double wavelength_nm) {
  std::vector<MaterialFilm> layers;
  for (const FilmLayer& layer : stack.absorber)
    layers.push_back({.material = layer.material, .thickness_nm = layer.thickness_nm, .index = layer.index});
  return at_wavelength(layers, stack.roughness_nm, wavelength_nm);
}

Film substrate_film(const FilmStack& stack, double wavelength_nm) {
  return {stack.substrate_material.index(wavelength_nm), 0, stack.roughness_nm};
}

}  // namespace undulith::mask
