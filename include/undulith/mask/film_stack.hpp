// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <optional>
#include <vector>

#include "undulith/materials/optical_constants.hpp"
#include "undulith/optics/film_stack.hpp"
#include "undulith/optics/multilayer.hpp"

/// The flat films of a mask blank and of its absorber.
namespace undulith::mask {

/// One film of the absorber, top first.
struct FilmLayer {
  materials::Material material;
  double thickness_nm = 60;
  std::optional<std::complex<double>> index{};  ///< wins over the material
  double undercut_nm = 0;  ///< absorber: its edges recede by this much (mask scale); thick masks only
};

/// The reflecting stack below the absorber, top first: cap, a film below it, n_bilayers x (spacer, reflector)
/// with the films that grow or are put between them, substrate. Every thickness is that of the
/// finished film: an interlayer takes nothing from its neighbours. A film of thickness 0 is left out.
struct FilmStack {
  std::vector<FilmLayer> absorber = {{.material = "TaBN", .thickness_nm = 60}};
  materials::Material cap_material = "Ru";
  double cap_thickness_nm = 2.5;
  materials::Material cap_interlayer_material = "B4C";  ///< between the cap and the first spacer
  double cap_interlayer_thickness_nm = 0;
  int n_bilayers = 40;
  materials::Material spacer_material = "Si";
  double spacer_thickness_nm = 4.17;
  materials::Material spacer_on_reflector_material = "MoSi2";  ///< in each pair, below the spacer
  double spacer_on_reflector_thickness_nm = 0;
  materials::Material reflector_material = "Mo";
  double reflector_thickness_nm = 2.78;
  materials::Material reflector_on_spacer_material =
      "MoSi2";  ///< between a reflector and the spacer of the next pair
  double reflector_on_spacer_thickness_nm = 0;
  /// Change of the period from the first pair to the last, of the mean period: spacer and reflector of a pair
  /// share it in proportion, the films between them stay. > 0: deeper pairs are thicker.
  double period_grade_percent = 0;
  materials::Material substrate_material = "SiO2";
  double roughness_nm = 0;   ///< Nevot-Croce sigma of every interface
  double incidence_deg = 6;  ///< chief ray from the mask normal
  /// Films of the mirror one by one, top first; not empty: they replace all of it between absorber and
  /// substrate.
  std::vector<optics::MaterialFilm> films = {};
};

/// Thickness of a pair of the mirror with the films between, mean over the pairs.
[[nodiscard]] double mean_period_nm(const FilmStack& stack);

/// The mirror, top first, without absorber and substrate.
/// @throws InputError  a grade that leaves a film no thickness
[[nodiscard]] std::vector<optics::MaterialFilm> mirror_layers(const FilmStack& stack);

/// The same at one wavelength.
/// @throws InputError  unknown material, wavelength outside its table
[[nodiscard]] std::vector<optics::Film> mirror_films(const FilmStack& stack, double wavelength_nm);

/// The absorber at one wavelength, top first.
[[nodiscard]] std::vector<optics::Film> absorber_films(const FilmStack& stack, double wavelength_nm);

/// The half-space below the mirror.
[[nodiscard]] optics::Film substrate_film(const FilmStack& stack, double wavelength_nm);

}  // namespace undulith::mask
