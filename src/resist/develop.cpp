// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>
#include <vector>

#include "resist/develop_film.hpp"
#include "resist/film_modes.hpp"
#include "undulith/core/error.hpp"
#include "undulith/resist/bake.hpp"
#include "undulith/resist/development.hpp"
#include "undulith/resist/exposure.hpp"

namespace undulith::resist {
namespace {

// Cross-links spread a little when a metal-oxide film condenses; there is nothing else to bake.
BakedFilm condense(const LatentImage& latent, const MetalOxideParameters& parameters) {
  BlurParameters spread;
  spread.sigma_nm = parameters.condensation_blur_nm;
  BakedFilm baked;
  baked.acid = blurred(latent.acid, spread);
  baked.inhibitor = baked.acid;
  for (double& value : baked.inhibitor.values()) value = 1 - value;
  return baked;
}

// Where the rate changes hundredfold within nanometres the front needs closer nodes than the bake. In a cut
// they cost little.
PerAxis front_refinement(const Grid3D& grid, double front_step_nm) {
  constexpr double kInCutNm = 0.25, kInVolumeNm = 0.5;
  const bool volume = grid.nx > 1 && grid.ny > 1;
  const double wanted_nm = front_step_nm > 0 ? front_step_nm : volume ? kInVolumeNm : kInCutNm;
  const auto along = [wanted_nm](int n, double step_nm) {
    return n > 1 ? std::max(1, static_cast<int>(std::ceil(step_nm / wanted_nm - 1e-9))) : 1;
  };
  return {.x = along(grid.nx, grid.dx), .y = along(grid.ny, grid.dy), .z = along(grid.nz, grid.dz)};
}

// Resist that no way through resist leads from to the substrate goes with the developer; returns its share.
double carry_away(Field3D<double>& arrival_s, double time_s) {
  const Grid3D& g = arrival_s.grid();
  const auto values = arrival_s.values();
  const std::size_t plane = g.plane_size();
  std::vector<std::uint8_t> stands(g.size(), 0);
  std::vector<std::size_t> open;
  const auto reach = [&](std::size_t i) {
    if (stands[i] || values[i] <= time_s) return;
    stands[i] = 1;
    open.push_back(i);
  };
  for (std::size_t k = 0; k < plane; ++k) reach(g.size() - plane + k);
  const auto nx = static_cast<std::size_t>(g.nx), ny = static_cast<std::size_t>(g.ny);
  while (!open.empty()) {
    const std::size_t i = open.back();
    open.pop_back();
    const std::size_t ix = i % nx, iy = i / nx % ny, row = i - ix, column = i - iy * nx;
    reach(row + (ix + 1) % nx);
    reach(row + (ix + nx - 1) % nx);
    reach(column + (iy + 1) % ny * nx);
    reach(column + (iy + ny - 1) % ny * nx);
    if (i >= plane) reach(i - plane);
    if (i + plane < g.size()) reach(i + plane);
  }
  const double gone_s = time_s / std::numbers::e;  // well before the end: no contour runs along it
  std::size_t n_detached = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] > time_s && !stands[i]) {
      values[i] = gone_s;
      ++n_detached;
    }
  return static_cast<double>(n_detached) / static_cast<double>(values.size());
}

}  // namespace

ResistResult develop_film(ImageInResist image, LatentImage latent, const ResistParameters& parameters,
                          const FilmDevelopment& how) {
  ResistResult result{.image = std::move(image), .latent = std::move(latent)};
  const bool metal_oxide = parameters.model == ResistModel::metal_oxide, all = how.keep == Keep::everything;
  result.baked = metal_oxide
                     ? condense(result.latent, parameters.metal_oxide)
                     : bake({.acid = all ? result.latent.acid : std::move(result.latent.acid),
                             .quencher = all ? result.latent.quencher : std::move(result.latent.quencher)},
                            parameters.bake, how.bake);
  if (!all) result.latent = {};
  result.rate_nm_s = development_rate(result.baked.inhibitor, parameters);
  const PerAxis closer = front_refinement(result.rate_nm_s.grid(), parameters.film.front_step_nm);
  const DevelopmentParameters& development = parameters.development;
  FrontParameters front_parameters{.read_every = closer};
  if (how.stops) front_parameters.stop_s = development.time_s;
  Front front = closer == PerAxis{}
                    ? front_arrival(result.rate_nm_s, front_parameters)
                    : front_arrival(development_rate(refined(result.baked.inhibitor, closer), parameters),
                                    front_parameters);
  front.report.step_nm = widest_step_nm(front.arrival_time_s.grid());
  front.arrival_time_s = thinned(front.arrival_time_s, closer);
  const double detached_share = carry_away(front.arrival_time_s, development.time_s);
  result.profile = {.tone = metal_oxide ? Tone::negative : development.tone,
                    .time_s = development.time_s,
                    .detached_share = detached_share,
                    .arrival_time_s = std::move(front.arrival_time_s),
                    .inhibitor = all ? result.baked.inhibitor : std::move(result.baked.inhibitor),
                    .shrinkage = development.shrinkage,
                    .report = front.report};
  if (!all) {
    result.baked = {.report = result.baked.report};
    result.rate_nm_s = {};
  }
  return result;
}

ResistResult develop_latent(ImageInResist image, LatentImage latent, const ResistParameters& parameters) {
  return develop_film(std::move(image), std::move(latent), parameters, {});
}

ResistResult develop(const ImageInResist& image, const ResistParameters& parameters, double dose_mj_cm2) {
  if (!std::isfinite(dose_mj_cm2) || dose_mj_cm2 <= 0)
    throw InputError(
        fmt::format("throughput.dose_mj_cm2 = {} (must be > 0 for a resist); use 20 to 80", dose_mj_cm2));
  check_parameters(parameters);
  Field3D<double> dose = blurred(local_dose(image, parameters, dose_mj_cm2), parameters.blur);
  return develop_latent(image, latent_image(std::move(dose), parameters), parameters);
}

}  // namespace undulith::resist
