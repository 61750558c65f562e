// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/core/key.hpp"

namespace undulith::optics {

/// Keys of a film that is given by its material or its index: material, thickness_nm, index.
/// @tparam Film      MaterialFilm, or a struct with the same three members
/// @param thickness  range of its thickness, nm
template <class Film>
[[nodiscard]] Keys<Film> film_keys(Range thickness) {
  return {
      keys::material(&Film::material,
                     {.name = "material", .why = "index is given instead", .doc = "Material of the film"}),
      keys::key(&Film::thickness_nm, {.name = "thickness_nm",
                                      .unit = "nm",
                                      .range = thickness,
                                      .doc = "Thickness of the film",
                                      .advice = "write nanometres",
                                      .required = true}),
      keys::key(&Film::index,
                {.name = "index",
                 .range = Range::above(0, 20),
                 .origin = Origin::derived,
                 .why = "found from the material",
                 .doc = "Refractive index n + ik as a number or [n, k], instead of the material; "
                        "the same at every wavelength"})};
}

}  // namespace undulith::optics
