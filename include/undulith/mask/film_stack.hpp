#pragma once

#include <string>
#include <vector>

#include "undulith/optics/multilayer.hpp"

/// The flat films of a mask blank and of its absorber.
namespace undulith::mask {

/// One film of the absorber, top first.
struct FilmLayer {
  std::string material = "TaBN";
  double thickness_nm = 60;
  double undercut_nm = 0;  ///< absorber: its edges recede by this much (mask scale); thick masks only
};

/// The reflecting stack below the absorber, top first: cap, n_bilayers x (spacer, reflector), substrate.
struct FilmStack {
  std::vector<FilmLayer> absorber = {{"TaBN", 60}};
  std::string cap_material = "Ru";
  double cap_thickness_nm = 2.5;
  int n_bilayers = 40;
  std::string spacer_material = "Si";
  double spacer_thickness_nm = 4.17;
  std::string reflector_material = "Mo";
  double reflector_thickness_nm = 2.78;
  std::string substrate_material = "SiO2";
  double roughness_nm = 0;   ///< Nevot-Croce sigma of every interface
  double incidence_deg = 6;  ///< chief ray from the mask normal
};

/// The mirror at one wavelength: cap and bilayers, top first, without absorber and substrate.
/// @throws InputError  unknown material, wavelength outside its table
[[nodiscard]] std::vector<optics::Film> mirror_films(const FilmStack& stack, double wavelength_nm);

/// The half-space below the mirror.
[[nodiscard]] optics::Film substrate_film(const FilmStack& stack, double wavelength_nm);

}  // namespace undulith::mask
