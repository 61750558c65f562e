#include "undulith/mask/film_stack.hpp"

#include "undulith/materials/optical_constants.hpp"

namespace undulith::mask {

using optics::Film;

namespace {

Film film(const std::string& material, double thickness_nm, double roughness_nm, double wavelength_nm) {
  return {materials::refractive_index(material, wavelength_nm), thickness_nm, roughness_nm};
}

}  // namespace

std::vector<Film> mirror_films(const FilmStack& stack, double wavelength_nm) {
  std::vector<Film> films;
  if (stack.cap_thickness_nm > 0)
    films.push_back(film(stack.cap_material, stack.cap_thickness_nm, stack.roughness_nm, wavelength_nm));
  const Film spacer =
      film(stack.spacer_material, stack.spacer_thickness_nm, stack.roughness_nm, wavelength_nm);
  const Film heavy =
      film(stack.reflector_material, stack.reflector_thickness_nm, stack.roughness_nm, wavelength_nm);
  for (int i = 0; i < stack.n_bilayers; ++i) films.insert(films.end(), {spacer, heavy});
  return films;
}

Film substrate_film(const FilmStack& stack, double wavelength_nm) {
  return film(stack.substrate_material, 0, stack.roughness_nm, wavelength_nm);
}

}  // namespace undulith::mask
