#include <cmath>
#include <numbers>

#include "undulith/resist/bake.hpp"
#include "undulith/resist/counting.hpp"
#include "undulith/resist/exposure.hpp"

namespace undulith::resist {

LerEstimate estimate_ler(const ResistParameters& parameters, double dose_mj_cm2, double wavelength_nm,
                         double edge_intensity, double ils_per_nm) {
  const FilmParameters& film = parameters.film;
  const double incident = photons_per_nm2(dose_mj_cm2 * edge_intensity, wavelength_nm);
  LerEstimate estimate;
  estimate.absorbed_per_nm2 =
      incident * absorbed_share(film.dill_a_per_um + film.dill_b_per_um, film.thickness_nm);
  const double electron_nm = blur_sigma_nm(parameters.blur);
  const bool metal_oxide = parameters.model == ResistModel::metal_oxide;
  const BakeParameters& b = parameters.bake;
  // Acid spreads during the whole bake and acts all along it: on average over half of it.
  const double moved_nm =
      metal_oxide ? parameters.metal_oxide.condensation_blur_nm
                  : diffusion_length_nm(arrhenius(b.acid_diffusivity_nm2_s, b.diffusion_activation_kj_mol,
                                                  b.temperature_c, b.reference_temperature_c),
                                        b.time_s / 2);
  estimate.blur_nm = std::hypot(electron_nm, moved_nm);
  if (estimate.absorbed_per_nm2 > 0 && estimate.blur_nm > 0)
    estimate.photon_nm = linear_ler_nm(estimate.absorbed_per_nm2, estimate.blur_nm, ils_per_nm);

  // Molecules are averaged by what moves after they are made.
  const double mean_share =
      absorbed_share(film.dill_a_per_um + film.dill_b_per_um, film.thickness_nm) /
      (std::max(film.dill_a_per_um + film.dill_b_per_um, 1e-12) / 1000 * film.thickness_nm);
  const double c =
      metal_oxide ? parameters.metal_oxide.conversion_c_cm2_mj : parameters.exposure.dill_c_cm2_mj;
  const double sites =
      (metal_oxide ? parameters.metal_oxide.ligands_per_nm3 : parameters.exposure.pag_per_nm3) *
      film.thickness_nm;
  const double ce = c * dose_mj_cm2 * edge_intensity * mean_share;
  const double h = -std::expm1(-ce);
  // d ln h / d ln E turns a relative error of the acid into one of the dose.
  const double sensitivity = h > 0 ? ce * (1 - h) / h : 1;
  double counts = sites * h, moved_counts = 1 / std::max(counts, 1e-300);
  if (!metal_oxide)
    moved_counts +=
        b.quencher * parameters.exposure.pag_per_nm3 * film.thickness_nm / std::max(counts * counts, 1e-300);
  if (moved_nm > 0 && counts > 0)
    estimate.acid_nm =
        std::sqrt(moved_counts / (4 * std::numbers::pi)) / (moved_nm * sensitivity * ils_per_nm);
  estimate.total_nm = std::hypot(estimate.photon_nm, estimate.acid_nm);
  return estimate;
}

}  // namespace undulith::resist
