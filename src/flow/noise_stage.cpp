#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "undulith/flow/resist_stage.hpp"
#include "undulith/math/direction.hpp"
#include "undulith/resist/exposure.hpp"

namespace undulith::flow {
namespace {

using metrology::Feature;
using metrology::PrintStatus;
using resist::Tone;

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

// What repeats of a gauge are made of: edges followed along lines, closed pieces, or the cut itself.
enum class Repeat { edges, hole, cut };

// Lines are followed by cuts that lie right across them. Elsewhere a piece that closes about as wide as long
// is a hole (or a pillar), and its CD is that of its area; anything else is what lies on the cut.
Repeat repeat_of(const metrology::Gauge& gauge, const Repeated& film, const Field2D<double>& level) {
  if (film.lines_along_x || film.lines_along_y) return Repeat::edges;
  constexpr double kRound = 2;  // ratio of axes
  const metrology::HoleResult hole = metrology::measure_hole(level, true, gauge.x_nm, gauge.y_nm);
  return hole.status == PrintStatus::printed && hole.ellipticity < kRound ? Repeat::hole : Repeat::cut;
}

// The gauge's side of the level: > 0 where its feature is.
Field2D<double> level_of(const metrology::Gauge& gauge, Feature drawn, const Field2D<double>& level) {
  Field2D<double> out = level;
  if (gauge.feature != drawn)
    for (double& value : out.values()) value = -value;
  return out;
}

bool lies_across(const metrology::Gauge& gauge, const Repeated& film) {
  constexpr double kRight = 1e-6;
  const math::Direction along = math::direction_of(gauge.angle_deg);
  return std::abs(film.lines_along_y ? along.y : along.x) < kRight;
}

// The gauge in each cell of the film.
std::vector<metrology::Gauge> copies_of(const metrology::Gauge& gauge, const Box& cell, int n_x, int n_y) {
  std::vector<metrology::Gauge> copies;
  for (int jy = 0; jy < n_y; ++jy)
    for (int jx = 0; jx < n_x; ++jx) {
      metrology::Gauge& copy = copies.emplace_back(gauge);
      copy.x_nm += jx * cell.width();
      copy.y_nm += jy * cell.height();
    }
  return copies;
}

void add_hole(GaugeNoise& noise, const Field2D<double>& level, const metrology::Gauge& at, int realisation) {
  const metrology::HoleResult hole = metrology::measure_hole(level, true, at.x_nm, at.y_nm);
  if (hole.status != PrintStatus::printed) {
    ++noise.n_not_printed;
    return;
  }
  noise.holes.push_back({.realisation = realisation,
                         .hole = hole,
                         .shift_x_nm = hole.centre_x_nm - at.x_nm,
                         .shift_y_nm = hole.centre_y_nm - at.y_nm});
  noise.cd_nm.push_back(hole.cd_nm);
}

void add(metrology::FailureCount& sum, const metrology::FailureCount& one) {
  sum.n_intended += one.n_intended;
  sum.missing += one.missing;
  sum.broken += one.broken;
  sum.merged += one.merged;
  sum.extra += one.extra;
}

}  // namespace

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

StochasticStage compute_noise(const FilmScene& scene, const resist::ResistResult& smooth,
                              const metrology::ProfileMeasurement& measured, double dose_mj_cm2,
                              const Progress& progress) {
  // Smaller specks are what one photon's electrons do, and no microscope sees them.
  const double blur_nm = resist::blur_sigma_nm(scene.job.resist.blur);
  const double min_area_nm2 = std::numbers::pi * blur_nm * blur_nm;
  const Repeated film = repeated(smooth.image, scene);
  const double cd_height = scene.job.cd_height;
  StochasticStage stage{.parameters = scene.noise, .repeat_x = film.x, .repeat_y = film.y};
  const Field2D<double> smooth_level = drawn_level(smooth.profile, scene.drawn, cd_height);
  std::vector<Repeat> repeats;
  for (const metrology::ProfileResult& result : measured.gauges) {
    const metrology::Gauge& gauge = result.at_cd_height.gauge;
    stage.gauges.push_back({.gauge = gauge});
    repeats.push_back(repeat_of(gauge, film, level_of(gauge, scene.drawn, smooth_level)));
    if (repeats.back() == Repeat::edges && !lies_across(gauge, film))
      stage.warnings.push_back(
          fmt::format("gauge '{}' with angle_deg = {} lies not across the lines: it has no noise; use {}",
                      gauge.name, gauge.angle_deg, film.lines_along_y ? 0 : 90));
  }
  std::vector<Traces> traces(stage.gauges.size());

  int n_failed = 0;
  for (int k = 0; k < scene.noise.n_realisations; ++k) {
    resist::StochasticResult one = resist::develop_stochastic(film.film, scene.job.resist, dose_mj_cm2,
                                                              scene.wavelength_nm, scene.noise, k);
    const double share = 1.0 / scene.noise.n_realisations;
    stage.mean_counts.photons_absorbed += share * one.counts.photons_absorbed;
    stage.mean_counts.acids += share * one.counts.acids;
    stage.mean_counts.quenchers += share * one.counts.quenchers;

    const resist::ResistProfile& profile = one.result.profile;
    const Field2D<double> level = drawn_level(profile, scene.drawn, cd_height);
    const metrology::FailureCount failures = metrology::count_failures(level, scene.clip, min_area_nm2);
    add(stage.failures, failures);
    n_failed += std::min(failures.n_intended, failures.missing + failures.broken + failures.merged);

    for (std::size_t g = 0; g < stage.gauges.size(); ++g) {
      GaugeNoise& noise = stage.gauges[g];
      const auto copies = copies_of(noise.gauge, scene.clip.cell, film.x, film.y);
      switch (repeats[g]) {
        case Repeat::edges:
          if (lies_across(noise.gauge, film))
            add_trace(traces[g], metrology::trace_edges(profile, noise.gauge, cd_height));
          break;
        case Repeat::hole: {
          const Field2D<double> of_gauge = level_of(noise.gauge, scene.drawn, level);
          for (const metrology::Gauge& copy : copies) add_hole(noise, of_gauge, copy, k);
          break;
        }
        case Repeat::cut:
          for (const metrology::ProfileResult& cut : measure_film(scene, profile, copies).gauges) {
            if (cut.at_cd_height.cd_nm)
              noise.cd_nm.push_back(*cut.at_cd_height.cd_nm);
            else
              ++noise.n_not_printed;
          }
          break;
      }
    }
    if (k == 0) stage.first = std::move(one.result);
    if (progress) progress((k + 1.0) / scene.noise.n_realisations);
  }
  for (std::size_t g = 0; g < stage.gauges.size(); ++g) {
    GaugeNoise& noise = stage.gauges[g];
    if (repeats[g] == Repeat::edges && lies_across(noise.gauge, film)) {
      analyse(noise, traces[g]);
      for (const std::vector<double>& width : traces[g].width)
        noise.cd_nm.push_back(std::accumulate(width.begin(), width.end(), 0.0) /
                              static_cast<double>(width.size()));
      noise.n_not_printed = scene.noise.n_realisations - static_cast<int>(traces[g].width.size());
    }
    noise.estimate = estimate_at(scene, smooth, measured.gauges[g]);
  }
  if (stage.failures.n_intended > 0)
    stage.piece_failure = metrology::failure_probability(n_failed, stage.failures.n_intended);
  return stage;
}

}  // namespace undulith::flow
