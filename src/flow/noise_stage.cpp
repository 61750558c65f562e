// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <mutex>
#include <numbers>
#include <optional>

#include "flow/film_store.hpp"
#include "flow/kept.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/progress_counter.hpp"
#include "undulith/flow/resist_stage.hpp"
#include "undulith/math/direction.hpp"
#include "undulith/resist/exposure.hpp"

namespace undulith::flow {
namespace {

using metrology::Feature;
using resist::Tone;

// The film of the job is that of one cell; noise needs several of them.
struct Repeated {
  resist::ImageInResist film;
  int x = 1, y = 1;                                   ///< cells
  bool lines_along_x = false, lines_along_y = false;  ///< the image does not vary along the axis
};

Repeated repeated(const resist::ImageInResist& film, const Prepared& prepared) {
  const Grid3D& cell = film.intensity.grid();
  const double length_nm = prepared.job.stochastics.length_nm;
  Repeated out{.lines_along_x = cell.nx == 1, .lines_along_y = cell.ny == 1};
  Grid3D grid = cell;
  const double step_nm = prepared.job.resist.film.lateral_step_nm;
  const auto extend = [&](bool uniform, int& n, double& step, int& cells) {
    const double side_nm = n * step;
    if (uniform) {  // nodes where there was one; as many whole cells as come nearest to the length
      cells = n_repeats(length_nm, side_nm);
      n = static_cast<int>(std::ceil(cells * side_nm / step_nm - 1e-9));
      step = cells * side_nm / n;
    } else if (!out.lines_along_x && !out.lines_along_y) {
      cells = n_repeats(length_nm, side_nm);
      n *= cells;
    }
  };
  extend(out.lines_along_x, grid.nx, grid.dx, out.x);
  extend(out.lines_along_y, grid.ny, grid.dy, out.y);
  out.film = {.intensity = Field3D<double>(grid),
              .path_factor = film.path_factor,
              .absorbed = film.absorbed,
              .wavelength_nm = film.wavelength_nm};
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix)
        out.film.intensity(iz, iy, ix) = film.intensity(iz, iy % cell.ny, ix % cell.nx);
  return out;
}

// > 0 where the drawn feature printed, at the height at which CD is measured.
Field2D<double> drawn_level(const resist::ResistProfile& profile, Feature drawn, double cd_height) {
  Field2D<double> level =
      resist::resist_level(profile, (1 - cd_height) * profile.arrival_time_s.grid().thickness());
  const bool resist_is_bright = profile.tone == Tone::negative;
  if ((drawn == Feature::bright) != resist_is_bright)
    for (double& value : level.values()) value = -value;
  return level;
}

// Between the nodes of a film, periodic along it.
double value_at(const Field3D<double>& field, double x_nm, double y_nm, double depth_nm) {
  const Grid3D& g = field.grid();
  const auto along = [](double place, int n) {
    const double floor = std::floor(place);
    const int first = static_cast<int>(floor - n * std::floor(floor / n));
    return std::array<double, 3>{static_cast<double>(first), static_cast<double>((first + 1) % n),
                                 place - floor};
  };
  const auto x = along((x_nm - g.x0) / g.dx, g.nx), y = along((y_nm - g.y0) / g.dy, g.ny);
  const double down = std::clamp(depth_nm / g.dz, 0.0, g.nz - 1.0);
  const int iz = std::min(static_cast<int>(down), g.nz - 2);
  const auto in_plane = [&](int plane) {
    const auto row = [&](double iy) {
      return std::lerp(field(plane, static_cast<int>(iy), static_cast<int>(x[0])),
                       field(plane, static_cast<int>(iy), static_cast<int>(x[1])), x[2]);
    };
    return std::lerp(row(y[0]), row(y[1]), y[2]);
  };
  return std::lerp(in_plane(iz), in_plane(iz + 1), down - iz);
}

// Mean over both edges of the analytic estimate for the film without noise.
std::optional<resist::LerEstimate> estimate_at(const Prepared& prepared, const resist::ResistResult& smooth,
                                               const metrology::ProfileResult& gauge) {
  const auto& edges = gauge.at_cd_height;
  if (!edges.edge_left_nm || !edges.edge_right_nm) return {};
  const Grid3D& grid = smooth.baked.inhibitor.grid();
  const math::Direction along = math::direction_of(edges.gauge.angle_deg);
  const double depth_nm = (1 - prepared.job.metrology.cd_height) * grid.thickness();
  const double step_nm = grid.nx == 1 ? grid.dy : grid.ny == 1 ? grid.dx : std::max(grid.dx, grid.dy);
  resist::LerEstimate mean;
  for (const double s : {*edges.edge_left_nm, *edges.edge_right_nm}) {
    const auto at = [&](const Field3D<double>& field, double beside_nm) {
      return value_at(field, edges.gauge.x_nm + (s + beside_nm) * along.x,
                      edges.gauge.y_nm + (s + beside_nm) * along.y, depth_nm);
    };
    const auto& m = smooth.baked.inhibitor;
    const auto one = resist::estimate_ler(
        prepared.job.resist, smooth.image.wavelength_nm,
        {.dose_mj_cm2 = at(smooth.latent.dose_mj_cm2, 0),
         .acid = at(smooth.latent.acid, 0),
         .quencher = smooth.latent.quencher.empty() ? 0 : at(smooth.latent.quencher, 0),
         .inhibitor = at(m, 0),
         .inhibitor_slope_per_nm = std::abs(at(m, step_nm) - at(m, -step_nm)) / (2 * step_nm)});
    if (!one) return {};
    mean.slice_nm += one->slice_nm / 2;
    mean.film_nm += one->film_nm / 2;
    mean.photon_share += one->photon_share / 2;
  }
  return mean;
}

// All gauges of a film with noise, and how each is measured again and again.
struct Repeats {
  std::vector<metrology::Repeat> how;
  double lines_angle_deg = 0;

  [[nodiscard]] bool traces_edges(std::size_t g, const metrology::Gauge& gauge) const {
    return how[g] == metrology::Repeat::edges && metrology::is_perpendicular(gauge, lines_angle_deg);
  }
};

Repeats plan_repeats(const std::vector<metrology::GaugeNoise>& gauges, const Repeated& film, Feature drawn,
                     const Field2D<double>& level) {
  Repeats repeats{.lines_angle_deg = film.lines_along_y ? 90.0 : 0.0};
  for (const metrology::GaugeNoise& noise : gauges)
    repeats.how.push_back(
        film.lines_along_x || film.lines_along_y
            ? metrology::Repeat::edges
            : metrology::choose_repeat(noise.gauge,
                                       metrology::level_of_feature(noise.gauge.feature, drawn, level)));
  return repeats;
}

// Adds one realisation to the repeats of a gauge.
void measure_repeats(const Prepared& prepared, const resist::ResistProfile& profile,
                     const Field2D<double>& level, int realisation,
                     const std::vector<metrology::Gauge>& copies, metrology::Repeat how,
                     metrology::GaugeNoise& noise) {
  if (how == metrology::Repeat::hole) {
    const Field2D<double> holes =
        metrology::level_of_feature(noise.gauge.feature, drawn_feature(prepared), level);
    for (const metrology::Gauge& copy : copies) noise.add_hole(holes, copy, realisation);
  } else if (how == metrology::Repeat::cut) {
    for (const metrology::ProfileResult& cut : measure_film(prepared, profile, copies).gauges)
      noise.add_cut(cut.at_cd_height.cd_nm);
  }
}

// What is measured of one realisation.
struct Realisation {
  resist::Counts counts;
  metrology::FailureCount failures;
  std::vector<metrology::GaugeNoise> gauges;
  std::vector<std::optional<metrology::EdgeTrace>> traces;  // of gauges perpendicular to lines
};

Realisation measure_realisation(const Prepared& prepared, const Repeated& film, const Repeats& repeats,
                                const std::vector<metrology::GaugeNoise>& gauges,
                                const resist::StochasticResult& one, int k) {
  // Smaller specks are what the electrons of one photon do, and no microscope resolves them.
  const double blur_nm = resist::blur_sigma_nm(prepared.job.resist.blur);
  const double min_area_nm2 = std::numbers::pi * blur_nm * blur_nm;
  const double cd_height = prepared.job.metrology.cd_height;
  const resist::ResistProfile& profile = one.result.profile;
  const Field2D<double> level = drawn_level(profile, drawn_feature(prepared), cd_height);
  Realisation out{.counts = one.counts,
                  .failures = metrology::count_failures(level, prepared.clip, min_area_nm2),
                  .traces = std::vector<std::optional<metrology::EdgeTrace>>(gauges.size())};
  for (std::size_t g = 0; g < gauges.size(); ++g) {
    const metrology::Gauge& gauge =
        out.gauges.emplace_back(metrology::GaugeNoise{.gauge = gauges[g].gauge}).gauge;
    if (repeats.traces_edges(g, gauge))
      out.traces[g] = metrology::trace_edges(profile, gauge, cd_height);
    else
      measure_repeats(prepared, profile, level, k,
                      metrology::repeat_gauge(gauge, prepared.clip.cell, film.x, film.y), repeats.how[g],
                      out.gauges[g]);
  }
  return out;
}

// Profiles of a film with noise, from the store where it has them.
class KeptRealisations {
 public:
  KeptRealisations(const job::Job& job, const resist::ImageInResist& film, double dose_mj_cm2,
                   const resist::StochasticsParameters& stochastics)
      : job_(job), film_(film), dose_mj_cm2_(dose_mj_cm2), stochastics_(stochastics) {
    constexpr int kFields = 2;
    const auto n_nodes = static_cast<double>(film.intensity.grid().size());
    if (fits_store(n_nodes * stochastics.n_realisations, kFields))
      name_ = noise_name(job, film, stochastics, dose_mj_cm2);
  }

  [[nodiscard]] resist::StochasticResult at(int k) const {
    const auto compute = [&] { return noisy_film().develop(k, resist::Keep::profile); };
    if (!name_) return compute();
    return kept(
        "realisation", [&] { return realisation_name(*name_, k); }, compute);
  }

 private:
  // Its preparation chooses the steps of the bake.
  [[nodiscard]] const resist::NoisyFilm& noisy_film() const {
    std::call_once(once_, [&] { noisy_film_.emplace(film_, job_.resist, dose_mj_cm2_, stochastics_); });
    return *noisy_film_;
  }

  const job::Job& job_;
  const resist::ImageInResist& film_;
  double dose_mj_cm2_;
  const resist::StochasticsParameters& stochastics_;
  std::optional<io::Sha256> name_;
  mutable std::once_flag once_;
  mutable std::optional<resist::NoisyFilm> noisy_film_;
};

// Independent of each other and of their number at a time. `first` receives the film of realisation 0.
std::vector<Realisation> compute_realisations(const Prepared& prepared, const Repeated& film,
                                              const Repeats& repeats, double dose_mj_cm2,
                                              StochasticStage& stage, const Progress& progress) {
  const int n = stage.parameters.n_realisations;
  const KeptRealisations realisations(prepared.job, film.film, dose_mj_cm2, stage.parameters);
  std::vector<Realisation> done(static_cast<std::size_t>(n));
  std::atomic<int> next = 0;
  ProgressCounter counter(progress, static_cast<std::size_t>(n));
  const double n_nodes = static_cast<double>(film.film.intensity.grid().size());
  parallel_for(realisations_at_a_time(n_nodes, n), [&](int) {
    for (int k = next++; k < n; k = next++) {
      resist::StochasticResult one = realisations.at(k);
      done[static_cast<std::size_t>(k)] = measure_realisation(prepared, film, repeats, stage.gauges, one, k);
      if (k == 0) stage.first = std::move(one.result);
      counter.add_one();
    }
  });
  return done;
}

// Adds the repeats of one realisation to those of all.
void append(const metrology::GaugeNoise& one, metrology::GaugeNoise& all) {
  all.cd_nm.insert(all.cd_nm.end(), one.cd_nm.begin(), one.cd_nm.end());
  all.holes.insert(all.holes.end(), one.holes.begin(), one.holes.end());
  all.n_not_printed += one.n_not_printed;
}

}  // namespace

int realisations_at_a_time(double n_nodes, int n_realisations) {
  constexpr double kBytes = 70, kAllBytes = 2e9;  // of a node; of all beside the first
  const int room = static_cast<int>(std::clamp(kAllBytes / (kBytes * std::max(1.0, n_nodes)), 1.0, 1e4));
  return std::min({room, thread_count(), std::max(1, n_realisations)});
}

StochasticStage compute_noise(const Prepared& prepared, const resist::ResistResult& smooth,
                              const metrology::ProfileMeasurement& measured, double dose_mj_cm2,
                              const Progress& progress) {
  const Repeated film = repeated(smooth.image, prepared);
  const double cd_height = prepared.job.metrology.cd_height;
  const resist::StochasticsParameters& wanted = prepared.job.stochastics;
  const Feature drawn = drawn_feature(prepared);
  StochasticStage stage{.parameters = wanted, .repeat_x = film.x, .repeat_y = film.y};
  for (const metrology::ProfileResult& result : measured.gauges)
    stage.gauges.push_back({.gauge = result.at_cd_height.gauge});
  const Repeats repeats =
      plan_repeats(stage.gauges, film, drawn, drawn_level(smooth.profile, drawn, cd_height));
  for (std::size_t g = 0; g < stage.gauges.size(); ++g)
    if (const metrology::Gauge& gauge = stage.gauges[g].gauge;
        repeats.how[g] == metrology::Repeat::edges && !repeats.traces_edges(g, gauge))
      stage.warnings.push_back(
          fmt::format("gauge '{}' with angle_deg = {} is not perpendicular to the lines, so its roughness is "
                      "not computed; use {}",
                      gauge.name, gauge.angle_deg, film.lines_along_y ? 0 : 90));

  int n_failed = 0;
  const double share = 1.0 / wanted.n_realisations;
  std::vector<metrology::EdgeTraces> traces(stage.gauges.size());
  for (const Realisation& one : compute_realisations(prepared, film, repeats, dose_mj_cm2, stage, progress)) {
    stage.mean_counts.photons_absorbed += share * one.counts.photons_absorbed;
    stage.mean_counts.acids += share * one.counts.acids;
    stage.mean_counts.quenchers += share * one.counts.quenchers;
    const metrology::FailureCount& failures = one.failures;
    stage.failures += failures;
    n_failed += std::min(failures.n_intended, failures.missing + failures.broken + failures.merged);
    for (std::size_t g = 0; g < stage.gauges.size(); ++g) {
      append(one.gauges[g], stage.gauges[g]);
      if (one.traces[g]) traces[g].add(*one.traces[g]);
    }
  }
  for (std::size_t g = 0; g < stage.gauges.size(); ++g) {
    metrology::GaugeNoise& noise = stage.gauges[g];
    if (repeats.traces_edges(g, noise.gauge)) noise.add_lines(traces[g], wanted.n_realisations);
    noise.estimate = estimate_at(prepared, smooth, measured.gauges[g]);
  }
  if (stage.failures.n_intended > 0)
    stage.piece_failure = metrology::failure_probability(n_failed, stage.failures.n_intended);
  return stage;
}

}  // namespace undulith::flow
