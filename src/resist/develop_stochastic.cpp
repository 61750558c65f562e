// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "resist/develop_film.hpp"
#include "resist/film_modes.hpp"
#include "resist/speckle_field.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/resist/bake.hpp"
#include "undulith/resist/counting.hpp"
#include "undulith/resist/exposure.hpp"
#include "undulith/resist/random_stream.hpp"

namespace undulith::resist {
namespace {

// One realisation: who draws, and what a voxel is.
class Chance {
 public:
  Chance(const Grid3D& grid, const StochasticsParameters& parameters, int realisation)
      : grid_(grid),
        seed_(static_cast<std::uint32_t>(parameters.seed)),
        realisation_(static_cast<std::uint32_t>(realisation)) {}

  [[nodiscard]] VoxelRandom at(RandomStream stream, int iz, std::size_t k) const {
    const auto nx = static_cast<std::size_t>(grid_.nx);
    return random_of(seed_, stream, voxel_id(grid_, static_cast<int>(k % nx), static_cast<int>(k / nx), iz),
                     realisation_);
  }
  /// Voxels of the surfaces are half as deep.
  [[nodiscard]] double volume_nm3(int iz) const {
    const bool surface = iz == 0 || iz == grid_.nz - 1;
    return grid_.dx * grid_.dy * grid_.dz * (surface ? 0.5 : 1.0);
  }

 private:
  Grid3D grid_;
  std::uint32_t seed_, realisation_;
};

// Absorption at a node, 1/nm of path; with bleaching that of the middle of the exposure.
double absorption_per_nm(const FilmParameters& film) {
  return (film.dill_a_per_um + film.dill_b_per_um) / 1000;
}

// Photons that each voxel absorbs, and the local dose that their energy makes; returns their number.
double absorb(Field3D<double>& dose_mj_cm2, const ResistParameters& parameters, double wavelength_nm,
              const StochasticsParameters& stochastics, const Chance& chance) {
  const double per_dose = photons_per_nm2(1, wavelength_nm) * absorption_per_nm(parameters.film);
  std::vector<double> photons(static_cast<std::size_t>(dose_mj_cm2.nz()));
  parallel_for(dose_mj_cm2.nz(), [&](int iz) {
    const double per_voxel = per_dose * chance.volume_nm3(iz);
    const auto plane = dose_mj_cm2.plane(iz);
    for (std::size_t k = 0; k < plane.size(); ++k) {
      const std::int64_t n = chance.at(RandomStream::photons, iz, k).poisson(plane[k] * per_voxel);
      photons[static_cast<std::size_t>(iz)] += static_cast<double>(n);
      double energy = static_cast<double>(n);
      if (n > 0 && stochastics.electrons_per_photon > 0)
        energy =
            static_cast<double>(chance.at(RandomStream::electrons, iz, k)
                                    .poisson(stochastics.electrons_per_photon * static_cast<double>(n))) /
            stochastics.electrons_per_photon;
      plane[k] = energy / per_voxel;
    }
  });
  double sum = 0;
  for (const double of_plane : photons) sum += of_plane;
  return sum;
}

// Mean concentrations become counts; returns the sum of the counts.
double count(Field3D<double>& concentration, double per_nm3, RandomStream stream, const Chance& chance) {
  std::vector<double> counts(static_cast<std::size_t>(concentration.nz()));
  parallel_for(concentration.nz(), [&](int iz) {
    const double sites = per_nm3 * chance.volume_nm3(iz);
    const auto plane = concentration.plane(iz);
    for (std::size_t k = 0; k < plane.size(); ++k) {
      if (plane[k] <= 0) continue;
      const auto n = static_cast<double>(chance.at(stream, iz, k).poisson(sites * plane[k]));
      counts[static_cast<std::size_t>(iz)] += n;
      plane[k] = n / sites;
    }
  });
  double sum = 0;
  for (const double of_plane : counts) sum += of_plane;
  return sum;
}

}  // namespace

NoisyFilm::NoisyFilm(ImageInResist image, const ResistParameters& parameters, double dose_mj_cm2,
                     const StochasticsParameters& stochastics)
    : image_(std::move(image)),
      parameters_(parameters),
      dose_mj_cm2_(dose_mj_cm2),
      stochastics_(stochastics) {
  if (!std::isfinite(dose_mj_cm2) || dose_mj_cm2 <= 0)
    throw InputError(
        fmt::format("throughput.dose_mj_cm2 = {} (must be > 0 for a resist); use 20 to 80", dose_mj_cm2));
  StochasticsParameters checked = stochastics;
  checked.n_realisations = std::max(1, checked.n_realisations);
  check_parameters(parameters, checked);
  if (absorption_per_nm(parameters.film) == 0)
    throw InputError(
        "resist.film.dill_b_per_um = 0 (a film that absorbs nothing counts no photons); use 4 to 20");
  // Steps in time that are fine enough for the mean film are so for its noise: LER changes by less than its
  // own error when they double.
  if (parameters.model == ResistModel::chemically_amplified)
    bake_ = choose_bake_steps(
        latent_image(blurred(local_dose(image_, parameters, dose_mj_cm2), parameters.blur), parameters),
        parameters.bake);
  parameters_.bake.splitting = BakeSplitting::diffusion_outside;
  // Between voxels with noise lies nothing that closer nodes could find.
  if (parameters_.film.front_step_nm == 0)
    parameters_.film.front_step_nm = widest_step_nm(image_.intensity.grid());
}

StochasticResult NoisyFilm::develop(int realisation, Keep keep) const {
  const Grid3D& grid = image_.intensity.grid();
  const Chance chance(grid, stochastics_, realisation);
  double dose_factor = 1;
  if (stochastics_.dose_noise > 0) {
    VoxelRandom random = random_of(static_cast<std::uint32_t>(stochastics_.seed), RandomStream::dose, 0,
                                   static_cast<std::uint32_t>(realisation));
    dose_factor = std::max(0.01, 1 + stochastics_.dose_noise * random.normal());
  }
  StochasticResult out;
  Field3D<double> dose;
  if (stochastics_.speckle_contrast > 0) {
    ImageInResist speckled = image_;
    const Field2D<double> speckle = speckle_field(grid, stochastics_, realisation);
    for (int iz = 0; iz < grid.nz; ++iz) {
      const auto plane = speckled.intensity.plane(iz);
      for (std::size_t k = 0; k < plane.size(); ++k) plane[k] *= speckle.values()[k];
    }
    dose = local_dose(speckled, parameters_, dose_mj_cm2_ * dose_factor);
  } else {
    dose = local_dose(image_, parameters_, dose_mj_cm2_ * dose_factor);
  }
  out.counts.photons_absorbed = absorb(dose, parameters_, image_.wavelength_nm, stochastics_, chance);
  LatentImage latent = latent_image(blurred(std::move(dose), parameters_.blur), parameters_);
  const double pag_per_nm3 = parameters_.exposure.pag_per_nm3;
  if (parameters_.model == ResistModel::metal_oxide) {
    out.counts.acids =
        count(latent.acid, parameters_.metal_oxide.ligands_per_nm3, RandomStream::acids, chance);
    for (double& value : latent.acid.values())
      value = std::min(value, 1.0);  // no more ligands than there are
  } else {
    out.counts.acids = count(latent.acid, pag_per_nm3, RandomStream::acids, chance);
    out.counts.quenchers = count(latent.quencher, pag_per_nm3, RandomStream::quenchers, chance);
  }
  out.result = develop_film(keep == Keep::everything ? image_ : ImageInResist{}, std::move(latent),
                            parameters_, {.stops = true, .keep = keep, .bake = bake_});
  return out;
}

StochasticResult develop_stochastic(const ImageInResist& image, const ResistParameters& parameters,
                                    double dose_mj_cm2, const StochasticsParameters& stochastics,
                                    int realisation) {
  return NoisyFilm(image, parameters, dose_mj_cm2, stochastics).develop(realisation);
}

}  // namespace undulith::resist
