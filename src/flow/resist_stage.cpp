#include "flow/resist_stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "undulith/core/log.hpp"
#include "undulith/math/direction.hpp"

namespace undulith::flow {
namespace {

using metrology::Feature;
using metrology::PrintStatus;
using resist::ResistModel;
using resist::Tone;

// Whether all that is drawn runs through the cell along an axis.
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

int repeats(double length_nm, double cell_nm) {
  return std::max(1, static_cast<int>(std::lround(length_nm / cell_nm)));
}

// The film of the job is that of one cell; noise wants more of the same.
struct Repeated {
  resist::ImageInResist film;
  int x = 1, y = 1;                                   ///< cells
  bool lines_along_x = false, lines_along_y = false;  ///< the image does not vary along the axis
};

Repeated repeated(const resist::ImageInResist& film, const FilmScene& scene) {
  const Grid3D& cell = film.intensity.grid();
  const double length_nm = scene.noise.length_nm;
  Repeated out{.lines_along_x = cell.nx == 1, .lines_along_y = cell.ny == 1};
  Grid3D grid = cell;
  const double step_nm = scene.job.resist.film.lateral_step_nm;
  const auto extend = [&](bool uniform, int& n, double& step, int& cells) {
    const double side_nm = n * step;
    if (uniform) {  // nodes where there was one; as many whole cells as come nearest to the length
      cells = repeats(length_nm, side_nm);
      n = static_cast<int>(std::ceil(cells * side_nm / step_nm - 1e-9));
      step = cells * side_nm / n;
    } else if (!out.lines_along_x && !out.lines_along_y) {
      cells = repeats(length_nm, side_nm);
      n *= cells;
    }
  };
  extend(out.lines_along_x, grid.nx, grid.dx, out.x);
  extend(out.lines_along_y, grid.ny, grid.dy, out.y);
  out.film = {.intensity = Field3D<double>(grid), .path_factor = film.path_factor, .absorbed = film.absorbed};
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix)
        out.film.intensity(iz, iy, ix) = film.intensity(iz, iy % cell.ny, ix % cell.nx);
  return out;
}

// > 0 where the drawn feature printed, at the height at which CD is told.
Field2D<double> drawn_level(const resist::ResistProfile& profile, Feature drawn, double cd_height) {
  const Grid3D& grid = profile.arrival_time_s.grid();
  const Field3D<double> level = resist::resist_level(profile);
  const double place = (1 - cd_height) * (grid.nz - 1);
  const int iz = std::min(static_cast<int>(place), grid.nz - 2);
  const bool resist_is_bright = profile.tone == Tone::negative;
  const double sign = (drawn == Feature::bright) == resist_is_bright ? 1 : -1;
  Field2D<double> out(grid.plane());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix)
      out(iy, ix) = sign * std::lerp(level(iz, iy, ix), level(iz + 1, iy, ix), place - iz);
  return out;
}

double correlation(const std::vector<std::vector<double>>& a, const std::vector<std::vector<double>>& b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double n = static_cast<double>(a[k].size());
    const double mean_a = std::accumulate(a[k].begin(), a[k].end(), 0.0) / n;
    const double mean_b = std::accumulate(b[k].begin(), b[k].end(), 0.0) / n;
    for (std::size_t i = 0; i < a[k].size(); ++i) {
      ab += (a[k][i] - mean_a) * (b[k][i] - mean_b);
      aa += (a[k][i] - mean_a) * (a[k][i] - mean_a);
      bb += (b[k][i] - mean_b) * (b[k][i] - mean_b);
    }
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

double standard_deviation(const std::vector<double>& values) {
  if (values.size() < 2) return 0;
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / (n - 1));
}

// Edges of one gauge in all realisations, as far as they are those of a line.
struct Traces {
  std::vector<std::vector<double>> left, right, width;
  double step_nm = 1;
};

void add_trace(Traces& traces, const metrology::EdgeTrace& trace) {
  constexpr double kMaxMissing = 0.1;  // a line that is broken more often than that has no edge
  const auto n = trace.left_nm.size();
  if (n == 0 || trace.n_missing > kMaxMissing * static_cast<double>(n)) return;
  traces.step_nm = trace.step_nm;
  traces.left.push_back(trace.left_nm);
  traces.right.push_back(trace.right_nm);
  std::vector<double>& width = traces.width.emplace_back(n);
  for (std::size_t i = 0; i < n; ++i) width[i] = trace.right_nm[i] - trace.left_nm[i];
}

void analyse(GaugeNoise& noise, const Traces& traces) {
  constexpr std::size_t kMinSamples = 8;
  if (traces.left.empty() || traces.left.front().size() < kMinSamples) return;
  std::vector<std::vector<double>> edges = traces.left;
  edges.insert(edges.end(), traces.right.begin(), traces.right.end());
  // A calculated edge has no noise of a microscope.
  noise.ler = metrology::analyse_roughness(edges, traces.step_nm, false);
  noise.lwr = metrology::analyse_roughness(traces.width, traces.step_nm, false);
  noise.edge_correlation = correlation(traces.left, traces.right);
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

// Mean over both edges of what the film without noise promises.
std::optional<resist::LerEstimate> estimate_at(const FilmScene& scene, const resist::ResistResult& smooth,
                                               const metrology::ProfileResult& gauge) {
  const auto& edges = gauge.at_cd_height;
  if (!edges.edge_left_nm || !edges.edge_right_nm) return {};
  const Grid3D& grid = smooth.baked.inhibitor.grid();
  const math::Direction along = math::direction_of(edges.gauge.angle_deg);
  const double depth_nm = (1 - scene.job.cd_height) * grid.thickness();
  const double step_nm = grid.nx == 1 ? grid.dy : grid.ny == 1 ? grid.dx : std::max(grid.dx, grid.dy);
  resist::LerEstimate mean;
  for (const double s : {*edges.edge_left_nm, *edges.edge_right_nm}) {
    const auto at = [&](const Field3D<double>& field, double beside_nm) {
      return value_at(field, edges.gauge.x_nm + (s + beside_nm) * along.x,
                      edges.gauge.y_nm + (s + beside_nm) * along.y, depth_nm);
    };
    const auto& m = smooth.baked.inhibitor;
    const auto one = resist::estimate_ler(
        scene.job.resist, scene.wavelength_nm,
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

}  // namespace

bool has_film(const Job& job) {
  return job.resist.model == ResistModel::chemically_amplified ||
         job.resist.model == ResistModel::metal_oxide;
}

double GaugeNoise::mean_nm() const {
  if (cd_nm.empty()) return 0;
  return std::accumulate(cd_nm.begin(), cd_nm.end(), 0.0) / static_cast<double>(cd_nm.size());
}

double GaugeNoise::sigma_nm() const {
  return standard_deviation(cd_nm);
}

std::optional<GaugeNoise::Placement> GaugeNoise::placement() const {
  if (holes.size() < 2) return {};
  std::vector<double> x, y;
  double ellipticity = 0;
  for (const HoleSample& sample : holes) {
    x.push_back(sample.shift_x_nm);
    y.push_back(sample.shift_y_nm);
    ellipticity += sample.hole.ellipticity / static_cast<double>(holes.size());
  }
  return Placement{standard_deviation(x), standard_deviation(y), ellipticity};
}

FilmPlan plan_film(const Job& job, const layout::Clip& clip) {
  // Measured on 200 x 200 x 41 nodes: twenty steps of bake, the front; a dozen fields are kept.
  constexpr double kNodeSeconds = 1.5e-6, kFrontSeconds = 0.8e-6, kNodeBytes = 130, kFrontBytes = 45;
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
      return cells((uniform || !lines ? repeats(length_nm, cell_nm) : 1) * cell_nm, step_nm);
    };
    plan.n_noise_nodes = depth * side(width_nm, lines_along_x) * side(height_nm, lines_along_y);
  }
  const bool cut = lines_along_x || lines_along_y;
  const double closer = std::max(
      1.0, std::ceil(std::max(step_nm, film.depth_step_nm) / (film.front_step_nm > 0 ? film.front_step_nm
                                                              : cut                  ? 0.25
                                                                                     : 0.5)));
  const double front_nodes = plan.n_nodes * std::pow(closer, cut ? 2 : 3);
  plan.cpu_s = kNodeSeconds * (plan.n_nodes + n_realisations * plan.n_noise_nodes) +
               kFrontSeconds * (front_nodes + n_realisations * plan.n_noise_nodes);
  // The first realisation is kept for its pictures while the others are computed.
  plan.memory_mb = (kNodeBytes * (plan.n_nodes + (n_realisations > 1 ? 2 : 1) * plan.n_noise_nodes) +
                    kFrontBytes * std::max(front_nodes, plan.n_noise_nodes)) /
                   1e6;
  return plan;
}

resist::StochasticsParameters noise_of(const Job& job, const LightChain& chain) {
  resist::StochasticsParameters noise = job.stochastics;
  // A line of no machine has no pulses and no coherence to speak of.
  const bool machine = job.source.kind != source::SourceKind::monochromatic;
  noise.dose_noise =
      job.stochastics_dose_noise.value_or(machine ? chain.dose_noise.pulse_noise_percent / 100 : 0);
  noise.speckle_contrast = job.stochastics_speckle_contrast.value_or(machine ? chain.speckle.contrast : 0);
  return noise;
}

std::vector<imaging::ImagePlane> film_planes(const Job& job, double focus_nm) {
  std::vector<imaging::ImagePlane> planes;
  for (const double depth_nm : resist::image_depths(job.resist.film)) {
    // A stack of films in the imaging engine knows of refraction itself.
    if (job.imaging.films.empty())
      planes.push_back({resist::focus_at_depth(job.resist.film, focus_nm, depth_nm), 0});
    else
      planes.push_back({focus_nm, depth_nm});
  }
  return planes;
}

resist::ImageInResist film_image(const Job& job, std::span<const imaging::AerialImage> images) {
  const Grid3D grid = resist::make_grid(images.front(), job.resist.film);
  return resist::image_in_resist(images, grid, job.resist.film, job.imaging.na, !job.imaging.films.empty());
}

metrology::ProfileMeasurement measure_film(const FilmScene& scene, const resist::ResistProfile& profile,
                                           const std::vector<metrology::Gauge>& gauges) {
  return metrology::measure_profile(profile, scene.clip, scene.drawn, gauges, scene.job.cd_height);
}

StochasticStage compute_noise(const FilmScene& scene, const resist::ResistResult& smooth,
                              const metrology::ProfileMeasurement& measured, double dose_mj_cm2,
                              const Progress& progress) {
  constexpr double kMinAreaNm2 = 4;  // smaller specks are not told from the steps of the grid
  const Repeated film_of_many = repeated(smooth.image, scene);
  const bool lines = film_of_many.lines_along_x || film_of_many.lines_along_y;
  StochasticStage stage{.parameters = scene.noise, .repeat_x = film_of_many.x, .repeat_y = film_of_many.y};
  std::vector<metrology::Gauge> gauges;
  for (const metrology::ProfileResult& gauge : measured.gauges) gauges.push_back(gauge.at_cd_height.gauge);
  std::vector<Traces> traces(gauges.size());
  for (const metrology::Gauge& gauge : gauges) stage.gauges.push_back({.gauge = gauge});

  int n_failed = 0, n_pieces = 0;
  for (int k = 0; k < scene.noise.n_realisations; ++k) {
    resist::StochasticResult one = resist::develop_stochastic(
        film_of_many.film, scene.job.resist, dose_mj_cm2, scene.wavelength_nm, scene.noise, k);
    const double share = 1.0 / scene.noise.n_realisations;
    stage.mean_counts.photons_absorbed += share * one.counts.photons_absorbed;
    stage.mean_counts.acids += share * one.counts.acids;
    stage.mean_counts.quenchers += share * one.counts.quenchers;

    const resist::ResistProfile& profile = one.result.profile;
    const Field2D<double> level = drawn_level(profile, scene.drawn, scene.job.cd_height);
    const metrology::FailureCount failures = metrology::count_failures(level, scene.clip, kMinAreaNm2);
    stage.failures.n_intended += failures.n_intended;
    stage.failures.missing += failures.missing;
    stage.failures.broken += failures.broken;
    stage.failures.merged += failures.merged;
    stage.failures.extra += failures.extra;
    n_pieces += failures.n_intended;
    n_failed += std::min(failures.n_intended, failures.missing + failures.broken + failures.merged);

    for (std::size_t g = 0; g < gauges.size(); ++g) {
      GaugeNoise& noise = stage.gauges[g];
      const math::Direction along = math::direction_of(gauges[g].angle_deg);
      const bool across = film_of_many.lines_along_y ? std::abs(along.x) > 0.999 : std::abs(along.y) > 0.999;
      if (lines && across) {
        add_trace(traces[g], metrology::trace_edges(profile, gauges[g], scene.job.cd_height));
        continue;
      }
      const Box& cell = scene.clip.cell;
      for (int jy = 0; jy < stage.repeat_y; ++jy)
        for (int jx = 0; jx < stage.repeat_x; ++jx) {
          Field2D<double> of_gauge = level;
          if (gauges[g].feature != scene.drawn)
            for (double& value : of_gauge.values()) value = -value;
          const metrology::HoleResult hole = metrology::measure_hole(
              of_gauge, true, gauges[g].x_nm + jx * cell.width(), gauges[g].y_nm + jy * cell.height());
          if (hole.status == PrintStatus::printed) {
            noise.holes.push_back({.realisation = k,
                                   .hole = hole,
                                   .shift_x_nm = hole.centre_x_nm - gauges[g].x_nm - jx * cell.width(),
                                   .shift_y_nm = hole.centre_y_nm - gauges[g].y_nm - jy * cell.height()});
            noise.cd_nm.push_back(hole.cd_nm);
          } else {
            ++noise.n_not_printed;
          }
        }
    }
    if (k == 0) stage.first = std::move(one.result);
    if (progress) progress((k + 1.0) / scene.noise.n_realisations);
  }
  for (std::size_t g = 0; g < gauges.size(); ++g) {
    GaugeNoise& noise = stage.gauges[g];
    if (lines) {
      analyse(noise, traces[g]);
      for (const std::vector<double>& width : traces[g].width)
        noise.cd_nm.push_back(std::accumulate(width.begin(), width.end(), 0.0) /
                              static_cast<double>(width.size()));
      noise.n_not_printed = scene.noise.n_realisations - static_cast<int>(traces[g].width.size());
    }
    noise.estimate = estimate_at(scene, smooth, measured.gauges[g]);
  }
  if (n_pieces > 0) stage.piece_failure = metrology::failure_probability(n_failed, n_pieces);
  return stage;
}

ResistStage compute_resist(const FilmScene& scene, std::span<const imaging::AerialImage> images,
                           const std::vector<metrology::Gauge>& gauges, const Progress& progress) {
  const Job& job = scene.job;
  const double dose_mj_cm2 = job.scanner.dose_mj_cm2;
  const resist::ImageInResist film = film_image(job, images);
  ResistStage stage{.result = resist::develop(film, job.resist, dose_mj_cm2)};
  const Grid3D& grid = film.intensity.grid();
  log::info(fmt::format("resist: {} x {} x {} nodes, {} steps of bake, {} sweeps of the front", grid.nx,
                        grid.ny, grid.nz, stage.result.baked.report.n_steps,
                        stage.result.profile.report.n_sweeps));
  if (!stage.result.baked.report.converged)
    stage.warnings.push_back(fmt::format(
        "resist.bake.n_steps = {} leaves an error of {:.1e} (resist.bake.max_error = {:g}); take more "
        "or 0",
        stage.result.baked.report.n_steps, stage.result.baked.report.error, job.resist.bake.max_error));
  if (!stage.result.profile.report.converged)
    stage.warnings.push_back(fmt::format("the developer's front has not converged ({:.1e} after {} sweeps)",
                                         stage.result.profile.report.residual,
                                         stage.result.profile.report.n_sweeps));
  stage.yield_per_photon = resist::yield_per_photon(job.resist, scene.wavelength_nm);
  const std::string warning = resist::yield_warning(job.resist, scene.wavelength_nm);
  if (!warning.empty()) stage.warnings.push_back(warning);
  stage.measurement = measure_film(scene, stage.result.profile, gauges);
  if (scene.noise.n_realisations > 0) {
    constexpr double kSpeckleThatPrints = 0.02;  // as much as a per cent or two of dose
    if (!job.stochastics_speckle_contrast && scene.noise.speckle_contrast > kSpeckleThatPrints)
      stage.warnings.push_back(fmt::format(
          "the light brings speckle of contrast {:.2g} (an upper bound: undulith source tells of what "
          "kind), and it prints; set stochastics.speckle_contrast where optics move during the exposure",
          scene.noise.speckle_contrast));
    stage.stochastics = compute_noise(scene, stage.result, stage.measurement, dose_mj_cm2, progress);
  }
  return stage;
}

}  // namespace undulith::flow
