// SPDX-License-Identifier: MIT
#include "undulith/flow/resist_stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "flow/film_store.hpp"
#include "flow/kept.hpp"
#include "undulith/core/log.hpp"

namespace undulith::flow {
namespace {

// Whether every shape crosses the whole cell along an axis.
bool runs_through(const layout::Clip& clip, bool along_x) {
  const double low = along_x ? clip.cell.x0 : clip.cell.y0, high = along_x ? clip.cell.x1 : clip.cell.y1;
  for (const layout::Polygon& ring : clip.rings)
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const layout::Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
      const double from = along_x ? a.x : a.y, to = along_x ? b.x : b.y;
      const double other = along_x ? b.y - a.y : b.x - a.x;
      const bool border = from == to && (from == low || from == high);
      const bool whole = other == 0 && std::min(from, to) == low && std::max(from, to) == high;
      if (!border && !whole) return false;
    }
  return true;
}

}  // namespace

bool has_film(const job::Job& job) {
  return resist::has_film(job.resist.model);
}

FilmPlan plan_film(const Prepared& prepared) {
  const job::Job& job = prepared.job;
  const layout::Clip& clip = prepared.clip;
  // Measured on 240 x 240 x 41 nodes: twenty steps of bake, the whole front, and one that stops; a dozen fields are
  // kept.
  constexpr double kNodeSeconds = 0.9e-6, kFrontSeconds = 0.75e-6, kStoppedSeconds = 0.36e-6;
  constexpr double kNodeBytes = 130, kFrontBytes = 45, kRealisationBytes = 90;
  if (!has_film(job)) return {};
  const resist::FilmParameters& film = job.resist.film;
  const auto cells = [](double length_nm, double step_nm) {
    return std::max(1.0, std::ceil(length_nm / step_nm));
  };
  const bool lines_along_x = runs_through(clip, true), lines_along_y = runs_through(clip, false);
  const double width_nm = clip.cell.width(), height_nm = clip.cell.height(), step_nm = film.lateral_step_nm;
  const double depth = cells(film.thickness_nm, film.depth_step_nm) + 1;
  FilmPlan plan;
  plan.n_nodes = depth * (lines_along_x ? 1 : cells(width_nm, step_nm)) *
                 (lines_along_y ? 1 : cells(height_nm, step_nm));
  const int n_realisations = job.stochastics.n_realisations;
  if (n_realisations > 0) {
    const double length_nm = job.stochastics.length_nm;
    const bool lines = lines_along_x || lines_along_y;
    const auto side = [&](double cell_nm, bool uniform) {
      return cells((uniform || !lines ? n_repeats(length_nm, cell_nm) : 1) * cell_nm, step_nm);
    };
    plan.n_noise_nodes = depth * side(width_nm, lines_along_x) * side(height_nm, lines_along_y);
  }
  const bool cut = lines_along_x || lines_along_y;
  const double closer = std::max(
      1.0, std::ceil(std::max(step_nm, film.depth_step_nm) / (film.front_step_nm > 0 ? film.front_step_nm
                                                              : cut                  ? 0.25
                                                                                     : 0.5)));
  const double front_nodes = plan.n_nodes * std::pow(closer, cut ? 2 : 3);
  plan.smooth_cpu_s = kNodeSeconds * plan.n_nodes + kFrontSeconds * front_nodes;
  plan.cpu_s = plan.smooth_cpu_s + (kNodeSeconds + kStoppedSeconds) * n_realisations * plan.n_noise_nodes;
  // The first realisation is kept for its pictures while the others are computed.
  const int at_a_time = realisations_at_a_time(plan.n_noise_nodes, n_realisations);
  plan.memory_mb = (kNodeBytes * (plan.n_nodes + plan.n_noise_nodes) +
                    std::max(kFrontBytes * front_nodes, kRealisationBytes * at_a_time * plan.n_noise_nodes)) /
                   1e6;
  return plan;
}

resist::FilmParameters imaged_film(const Prepared& prepared) {
  const job::Job& job = prepared.job;
  resist::FilmParameters film = job.resist.film;
  if (job.imaging.films.empty()) return film;
  // Reflection from below makes standing waves: four planes for each of their periods, and for absorption.
  const double period_nm = job.source.wavelength_nm / (2 * film.refractive_index);
  film.n_planes = std::max(film.n_planes, static_cast<int>(std::ceil(4 * film.thickness_nm / period_nm)) + 3);
  return film;
}

std::vector<imaging::ImagePlane> film_planes(const Prepared& prepared, double focus_nm) {
  const resist::FilmParameters film = imaged_film(prepared);
  std::vector<imaging::ImagePlane> planes;
  for (const double depth_nm : resist::image_depths(film)) {
    // With a film stack the imaging stage refracts the light itself, below the focus at the top of the stack.
    if (prepared.job.imaging.films.empty())
      planes.push_back({resist::focus_at_depth(film, focus_nm, depth_nm), 0});
    else
      planes.push_back({resist::focus_at_depth(film, focus_nm, 0), depth_nm});
  }
  return planes;
}

resist::ImageInResist film_image(const Prepared& prepared, std::span<const imaging::AerialImage> images) {
  const resist::FilmParameters film = imaged_film(prepared);
  const Grid3D grid = resist::make_grid(images.front(), film);
  return resist::image_in_resist(images, grid, film, prepared.job.imaging.na,
                                 !prepared.job.imaging.films.empty());
}

resist::ResistResult develop_film(const Prepared& prepared, const resist::ImageInResist& image,
                                  double dose_mj_cm2) {
  constexpr double kCheap_s = 0.02;
  constexpr int kFields = 8;
  const job::Job& job = prepared.job;
  const auto compute = [&] { return resist::develop(image, job.resist, dose_mj_cm2); };
  if (prepared.film.smooth_cpu_s < kCheap_s ||
      !fits_store(static_cast<double>(image.intensity.grid().size()), kFields))
    return compute();
  return kept(
      "film", [&] { return film_name(job, image, dose_mj_cm2); }, compute,
      [&](resist::ResistResult& film) { film.image = image; });
}

metrology::ProfileMeasurement measure_film(const Prepared& prepared, const resist::ResistProfile& profile,
                                           const std::vector<metrology::Gauge>& gauges) {
  return metrology::measure_profile(profile, prepared.clip, drawn_feature(prepared), gauges,
                                    prepared.job.metrology.cd_height);
}

ResistStage compute_resist(const Prepared& prepared, std::span<const imaging::AerialImage> images,
                           const std::vector<metrology::Gauge>& gauges, const Progress& progress) {
  const job::Job& job = prepared.job;
  const double dose_mj_cm2 = job.throughput.dose_mj_cm2;
  const resist::ImageInResist film = film_image(prepared, images);
  ResistStage stage{.result = develop_film(prepared, film, dose_mj_cm2)};
  const Grid3D& grid = film.intensity.grid();
  log::info(fmt::format("resist: {} x {} x {} nodes, {} steps of bake, {:.0f} nodes of the front", grid.nx,
                        grid.ny, grid.nz, stage.result.baked.report.n_steps,
                        stage.result.profile.report.n_nodes));
  if (!stage.result.baked.report.converged)
    stage.warnings.push_back(fmt::format(
        "resist.bake.n_steps = {} leaves an error of {:.1e} (resist.bake.max_error = {:g}); use more steps, or 0 "
        "to choose them",
        stage.result.baked.report.n_steps, stage.result.baked.report.error, job.resist.bake.max_error));
  constexpr double kDetached = 1e-3;  // of the film: less are specks
  if (stage.result.profile.detached_share > kDetached)
    stage.warnings.push_back(fmt::format(
        "{:.2g} % of the film is not connected to the substrate and was removed (the bottom of the film gets too "
        "little light, or too much); change throughput.dose_mj_cm2 or the absorption of the film",
        100 * stage.result.profile.detached_share));
  const double wavelength_nm = film.wavelength_nm;
  stage.yield_per_photon = resist::yield_per_photon(job.resist, wavelength_nm);
  const std::string warning = resist::yield_warning(job.resist, wavelength_nm);
  if (!warning.empty()) stage.warnings.push_back(warning);
  stage.measurement = measure_film(prepared, stage.result.profile, gauges);
  if (job.stochastics.n_realisations > 0) {
    constexpr double kSpeckleThatPrints = 0.02;  // as much as a per cent or two of dose
    if (!job.stochastics.given_speckle_contrast && job.stochastics.speckle_contrast > kSpeckleThatPrints)
      stage.warnings.push_back(fmt::format(
          "speckle of contrast {:.2g} adds to the noise (an upper bound, see undulith source); set "
          "stochastics.speckle_contrast if moving optics reduce it during the exposure",
          job.stochastics.speckle_contrast));
    if (!job.stochastics.given_speckle_contrast && !prepared.chain.speckle.coherence_known)
      stage.warnings.push_back(
          "the noise has no speckle (the coherence of the light is not in its file); set "
          "stochastics.speckle_contrast to include it");
    stage.stochastics = compute_noise(prepared, stage.result, stage.measurement, dose_mj_cm2, progress);
    const auto& warnings = stage.stochastics->warnings;
    stage.warnings.insert(stage.warnings.end(), warnings.begin(), warnings.end());
  }
  return stage;
}

}  // namespace undulith::flow
