// SPDX-License-Identifier: MIT
#include "undulith/resist/exposure.hpp"

#include <cmath>

#include "undulith/core/parallel.hpp"

namespace undulith::resist {

Field3D<double> local_dose(const ImageInResist& image, const ResistParameters& parameters,
                           double dose_mj_cm2) {
  const FilmParameters& film = parameters.film;
  const Grid3D& grid = image.intensity.grid();
  const bool metal_oxide = parameters.model == ResistModel::metal_oxide;
  const double c =
      metal_oxide ? parameters.metal_oxide.conversion_c_cm2_mj : parameters.exposure.dill_c_cm2_mj;
  Field3D<double> dose(grid);
  parallel_for(grid.nz, [&](int iz) {
    const double path_nm = image.absorbed ? 0 : grid.z(iz) * image.path_factor;
    const auto in = image.intensity.plane(iz);
    const auto out = dose.plane(iz);
    if (film.dill_a_per_um > 0) {
      for (std::size_t k = 0; k < out.size(); ++k)
        out[k] =
            bleach(film.dill_a_per_um, film.dill_b_per_um, c, dose_mj_cm2 * in[k], path_nm).local_dose_mj_cm2;
      return;
    }
    const double left = dose_mj_cm2 * std::exp(-film.dill_b_per_um / 1000 * path_nm);
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = left * in[k];
  });
  return dose;
}

LatentImage latent_image(Field3D<double> dose_mj_cm2, const ResistParameters& parameters) {
  const Grid3D& grid = dose_mj_cm2.grid();
  LatentImage latent{.dose_mj_cm2 = std::move(dose_mj_cm2), .acid = Field3D<double>(grid)};
  const bool metal_oxide = parameters.model == ResistModel::metal_oxide;
  const double c =
      metal_oxide ? parameters.metal_oxide.conversion_c_cm2_mj : parameters.exposure.dill_c_cm2_mj;
  const double c_quencher = parameters.bake.quencher_dill_c_cm2_mj, quencher = parameters.bake.quencher;
  if (!metal_oxide) latent.quencher = Field3D<double>(grid, quencher);
  parallel_for(grid.nz, [&](int iz) {
    const auto dose = latent.dose_mj_cm2.plane(iz);
    const auto acid = latent.acid.plane(iz);
    for (std::size_t k = 0; k < dose.size(); ++k) acid[k] = -std::expm1(-c * dose[k]);
    if (metal_oxide || c_quencher == 0) return;
    const auto left = latent.quencher.plane(iz);
    for (std::size_t k = 0; k < dose.size(); ++k) left[k] = quencher * std::exp(-c_quencher * dose[k]);
  });
  return latent;
}

}  // namespace undulith::resist
