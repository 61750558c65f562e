// SPDX-License-Identifier: MIT
#include "undulith/flow/stages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "flow/image_stage.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"
#include "undulith/core/memory.hpp"
#include "undulith/core/progress.hpp"
#include "undulith/flow/mask_cones.hpp"
#include "undulith/flow/spectral_masks.hpp"
#include "undulith/imaging/flare.hpp"
#include "undulith/layout/coverage.hpp"
#include "undulith/layout/layout_file.hpp"
#include "undulith/source/estimate.hpp"

namespace undulith::flow {
namespace {

layout::Clip clip_of_shapes(const job::Job& job) {
  std::vector<layout::Polygon> shapes;
  for (const job::JobRectangle& r : job.mask.rectangles)
    shapes.push_back({{r.x0_nm, r.y0_nm}, {r.x1_nm, r.y0_nm}, {r.x1_nm, r.y1_nm}, {r.x0_nm, r.y1_nm}});
  for (const job::JobPolygon& polygon : job.mask.polygons) {
    layout::Polygon ring;
    for (std::size_t i = 0; i < polygon.x_nm.size(); ++i) ring.push_back({polygon.x_nm[i], polygon.y_nm[i]});
    shapes.push_back(std::move(ring));
  }
  return layout::make_clip(Box{0, 0, job.mask.period_x_nm, job.mask.period_y_nm}, shapes);
}

bool wants_layout_gauges(const job::Job& job) {
  return job.metrology.placement != metrology::GaugePlacement::given && job.metrology.max_gauges > 0;
}

// With a given K the harmonic may be far from the design wavelength, which is that of the image; so may the
// light of a file.
void warn_of_dark_wavelength(const source::SourceOutput& light, std::vector<std::string>& warnings) {
  constexpr double kDarkShare = 0.1;  // half of the peak is usual at the design wavelength, the tail is not
  const double design_ev = constants::energy_ev_of(light.wavelength_nm);
  const auto& energy_ev = light.photon_energy_ev;
  const auto above = std::ranges::lower_bound(energy_ev, design_ev) - energy_ev.begin();
  const double peak = std::ranges::max(light.spectral_flux);
  double flux = 0;  // outside the spectrum
  if (energy_ev.size() == 1) {
    flux = peak;
  } else if (above > 0 && above < std::ssize(energy_ev)) {
    const double share = (design_ev - energy_ev[above - 1]) / (energy_ev[above] - energy_ev[above - 1]);
    flux = std::lerp(light.spectral_flux[above - 1], light.spectral_flux[above], share);
  }
  if (flux >= kDarkShare * peak) return;
  warnings.push_back(fmt::format(
      "at source.wavelength_nm = {} the source has only {:.2g} % of its peak flux (the peak is at {:.4g} nm); "
      "{}",
      light.wavelength_nm, 100 * flux / peak, light.peak_wavelength_nm,
      light.kind == source::SourceKind::undulator
          ? "set source.undulator.deflection_k = 0 to choose K for the wavelength"
          : "set source.wavelength_nm to the wavelength of the light, or give another file"));
}

void warn_of_coarse_directions(Prepared& prepared) {
  constexpr double kCoarse_deg = 5;
  const job::Job& job = prepared.job;
  const double step_deg = job.mask.solver.direction_step_deg;
  if (mask::model_of(job.mask) == mask::Model::thin || step_deg <= kCoarse_deg) return;
  prepared.warnings.push_back(fmt::format(
      "mask.solver.direction_step_deg = {:g} is coarse (orders between the directions are interpolated; 10 degrees and more "
      "left up to 0.26 nm of CD on tracks of 36 nm pitch); use 2.25, or run undulith converge for the error",
      step_deg));
}

// With source points on a grid of step d, points of the wafer that are lambda/(NA d) apart are illuminated
// coherently: a cell wider than that shows interference that a continuous source does not.
void warn_of_coarse_source(Prepared& prepared) {
  const job::Job& job = prepared.job;
  if (job.illuminator.shape == illuminator::Shape::points || job.illuminator.shape == illuminator::Shape::map)
    return;
  const double step = 2.0 / job.illuminator.grid_points;
  const double revival_nm = prepared.light.wavelength_nm / (job.imaging.na * step);
  const double widest_nm = std::max(prepared.clip.cell.width(), prepared.clip.cell.height());
  const bool isolated = job.layout.boundary == layout::Boundary::guard && !job.layout.file.empty();
  if (!isolated || widest_nm <= revival_nm) return;
  prepared.warnings.push_back(fmt::format(
      "illuminator.grid_points = {} is too coarse for a cell of {:.0f} nm (points that are {:.0f} nm "
      "apart are illuminated coherently); use {} or more",
      job.illuminator.grid_points, widest_nm, revival_nm,
      static_cast<int>(std::ceil(job.illuminator.grid_points * widest_nm / revival_nm))));
}

// Directions at which an order of the cell reaches the rim of the pupil or of its obscuration. With more
// orders the rims are close together, and cutting cells along them gains nothing: with finer cells later.
constexpr int kMaxRims = 60;
std::vector<illuminator::PupilRim> rims_of(const job::Job& job, const Box& cell, double wavelength_nm) {
  const double unit = wavelength_nm / job.imaging.na, sigma_max = 1;
  const int max_rims = kMaxRims * std::max(1, job.illuminator.grid_points / illuminator::kUniformGridPoints);
  const double reach_x = (1 + sigma_max) * cell.width() / unit,
               reach_y = (1 + sigma_max) * cell.height() / unit;
  if (!((2 * reach_x + 1) * (2 * reach_y + 1) < 2 * max_rims)) return {};
  std::vector<illuminator::PupilRim> rims;
  for (int n = -static_cast<int>(reach_y); n <= static_cast<int>(reach_y); ++n)
    for (int m = -static_cast<int>(reach_x); m <= static_cast<int>(reach_x); ++m) {
      const double x = m * unit / cell.width(), y = n * unit / cell.height();
      if (std::hypot(x, y) > 1 + sigma_max) continue;
      rims.push_back({-x, -y, 1});
      const imaging::Obscuration& hole = job.imaging.obscuration;
      if (hole.radius > 0 && hole.aspect == 1 && hole.shape == imaging::ObscurationShape::ellipse)
        rims.push_back({-x, -y, hole.radius});
    }
  return std::ssize(rims) <= max_rims ? rims : std::vector<illuminator::PupilRim>{};
}

// Cells that are cut along rims may give as many points as the cells of the whole grid.
int max_source_points(const job::Job& job) {
  constexpr int kLeast = 200000;
  return std::max(kLeast, job.illuminator.grid_points * job.illuminator.grid_points);
}

void warn_of_lowered_levels(Prepared& prepared) {
  const job::Job& job = prepared.job;
  const int used = prepared.pupil_fill.rim_levels;
  const bool has_outline = job.illuminator.shape != illuminator::Shape::points &&
                           job.illuminator.shape != illuminator::Shape::map && !prepared.chain.facets;
  if (!has_outline || used >= job.illuminator.rim_levels ||
      rims_of(job, prepared.clip.cell, prepared.light.wavelength_nm).empty())
    return;
  prepared.warnings.push_back(fmt::format(
      "illuminator.rim_levels = {} was lowered to {} (more levels give above {} source points); make "
      "illuminator.rim_levels or grid_points smaller, and run undulith converge for the error of the source",
      job.illuminator.rim_levels, used, max_source_points(job)));
}

void warn_of_hidden_light(Prepared& prepared) {
  const double share = imaging::hidden_share(prepared.job.imaging, prepared.pupil_fill);
  if (share == 0) return;
  prepared.warnings.push_back(fmt::format(
      "imaging.obscuration_radius = {} (the zero order of {:.3g} % of the light of the source falls into the "
      "obscuration and is lost: the open frame is darker by this share, and these source points give only "
      "diffracted light); set illuminator.sigma_inner = {:.4g} or more to use all light",
      prepared.job.imaging.obscuration.radius, 100 * share,
      prepared.job.imaging.obscuration.radius * std::max(1.0, prepared.job.imaging.obscuration.aspect)));
}

void warn_of_narrow_guard(Prepared& prepared) {
  constexpr double kLeast = 2, kUsual = 5;  // in units of wavelength / NA
  const job::Job& job = prepared.job;
  if (job.layout.file.empty() || job.layout.boundary != layout::Boundary::guard) return;
  const double unit_nm = prepared.light.wavelength_nm / job.imaging.na;
  if (job.layout.guard_nm >= kLeast * unit_nm) return;
  prepared.warnings.push_back(fmt::format(
      "layout.guard_nm = {:g} is only {:.2g} wavelength / NA (the copies of the window on the other side of the "
      "guard band change critical dimensions); use {:.0f} or more, or leave the key out. If the window repeats, "
      "set layout.boundary = \"periodic\"",
      job.layout.guard_nm, job.layout.guard_nm / unit_nm, std::ceil(kUsual * unit_nm / 10) * 10));
}

// The image takes the absorption of the resist from n and k of its film, noise and bleaching from Dill's
// parameters.
void warn_of_other_absorption(Prepared& prepared) {
  const job::Job& job = prepared.job;
  constexpr double kSame = 0.05;
  const double wavelength_nm = prepared.light.wavelength_nm;
  const double of_stack = 4000 * constants::kPi *
                          optics::film_at(job.imaging.films.front(), wavelength_nm).index.imag() /
                          wavelength_nm;
  const double of_resist = job.resist.film.dill_a_per_um + job.resist.film.dill_b_per_um;
  if (std::abs(of_stack - of_resist) <= kSame * of_resist) return;
  prepared.warnings.push_back(fmt::format(
      "imaging.film[1] absorbs {:.3g} / um, but resist.film.dill_a_per_um + dill_b_per_um is {:.3g} / um (the "
      "first gives the light in the resist, the second its absorbed photons); use the same absorption for both",
      of_stack, of_resist));
}

// Clear share of the layer around the middle of the window, weighted by the scattering function.
double density_around(const Prepared& prepared, const layout::LayoutFile& file) {
  const job::Job& job = prepared.job;
  constexpr int kMaxPixels = 512;  // along a side
  layout::ClipParameters whole = job.layout;
  whole.window_nm = {};
  whole.boundary = layout::Boundary::periodic;
  const layout::Clip clip = file.clip(whole);
  const double step_nm = std::max({job.flare.psf.inner_radius_um * 1000 / 4, clip.cell.width() / kMaxPixels,
                                   clip.cell.height() / kMaxPixels});
  const auto pixels = [&](double length) {
    return std::max(1, static_cast<int>(std::ceil(length / step_nm)));
  };
  Field2D<double> density =
      layout::coverage(clip.rings, clip.cell, pixels(clip.cell.width()), pixels(clip.cell.height()));
  if (job.mask.tone == mask::Tone::bright_field)
    for (double& share : density.values()) share = 1 - share;
  const Field2D<double> seen =
      imaging::scattered_density(density, job.flare.surroundings_density, job.flare.psf);
  const Box& window = prepared.clip.window;
  const Grid2D& grid = seen.grid();
  const auto nearest = [](double at, double first, double step, int count) {
    return std::clamp(static_cast<int>(std::lround((at - first) / step)), 0, count - 1);
  };
  return seen(nearest((window.y0 + window.y1) / 2, grid.y0, grid.dy, grid.ny),
              nearest((window.x0 + window.x1) / 2, grid.x0, grid.dx, grid.nx));
}

// @param file  the layout, for power-law flare; absent if the shapes are in the job
void add_flare(Prepared& prepared, const std::optional<layout::LayoutFile>& file) {
  const job::FlareTable& wanted = prepared.job.flare;
  if (wanted.model == job::FlareModel::none) return;
  imaging::FlareParameters& flare = prepared.job.imaging.flare;
  flare.tis = wanted.roughness_nm > 0
                  ? imaging::total_integrated_scatter(wanted.roughness_nm, wanted.n_mirrors,
                                                      prepared.light.wavelength_nm)
                  : wanted.tis;
  if (wanted.model == job::FlareModel::constant) return;
  flare.clear_density = density_around(prepared, file.value());
  prepared.kirk_flare = imaging::kirk_flare(flare.tis, wanted.psf, wanted.kirk_pad_um);
}

// Dose noise and speckle are those of the light where the job does not set them.
void add_noise_of_light(Prepared& prepared) {
  job::Job& job = prepared.job;
  // A monochromatic source is no machine: it has no pulse noise and no speckle.
  const bool machine = job.source.kind != source::SourceKind::monochromatic;
  job.stochastics.dose_noise = job.stochastics.given_dose_noise.value_or(
      machine ? prepared.chain.dose_noise.pulse_noise_percent / 100 : 0);
  // A bound for unlimited coherence is no estimate of the speckle.
  const bool has_speckle = machine && prepared.chain.speckle.coherence_known;
  job.stochastics.speckle_contrast =
      job.stochastics.given_speckle_contrast.value_or(has_speckle ? prepared.chain.speckle.contrast : 0);
}

// A thin mask costs little; a thick one is taken at the strongest wavelength.
mask::Diffraction mask_at_design_wavelength(const Prepared& prepared, mask::Diffraction strongest) {
  if (strongest.thick) return strongest;
  const double wavelength_nm = prepared.light.wavelength_nm;
  return mask::compute_thin_diffraction(prepared.mask, prepared.job.mask, wavelength_nm,
                                        mask_frequency_per_nm(prepared, prepared.pupil_fill, wavelength_nm));
}

/// Reads the layout or its window. What is refused without naming a key is about the file.
template <class Read>
auto from_layout(const Read& read) {
  try {
    return read();
  } catch (const InputError& error) {
    const std::string message = error.what();
    throw InputError(message.starts_with("layout.") ? message : "layout.file: " + message);
  }
}

void add_light(Prepared& prepared, LightDetail detail) {
  const source::SourceParameters& parameters = prepared.job.source;
  if (detail == LightDetail::estimated) {
    source::SourceEstimate estimate = source::estimate_source(parameters);
    prepared.light = std::move(estimate.light);
    prepared.light_cpu_s = estimate.cpu_s;
    const std::vector<std::string>& notes = prepared.light.notes;
    if (estimate.is_coarse) prepared.warnings.insert(prepared.warnings.end(), notes.begin(), notes.end());
  } else {
    prepared.light = compute_light(prepared.job);
  }
  if (prepared.light.kind == source::SourceKind::undulator || prepared.light.kind == source::SourceKind::file)
    warn_of_dark_wavelength(prepared.light, prepared.warnings);
}

}  // namespace

metrology::Feature drawn_feature(const Prepared& prepared) {
  return prepared.job.mask.tone == mask::Tone::dark_field ? metrology::Feature::bright
                                                          : metrology::Feature::dark;
}

illuminator::PupilFill fill_pupil(const Prepared& prepared, const Box& cell) {
  const job::Job& job = prepared.job;
  const double omitted = job.imaging.omitted_light;
  if (prepared.chain.facets) return omit_faint_light(prepared.chain.facets->pupil_fill, omitted);
  const source::SourceOutput behind = light_behind(prepared.light, prepared.chain.beamline);
  illuminator::RimCuts cuts{
      .levels = job.illuminator.rim_levels,
      .max_points = max_source_points(job),
      .interior = is_line(prepared) ? illuminator::Interior::wide : illuminator::Interior::uniform};
  if (cuts.levels > 0) cuts.rims = rims_of(job, cell, prepared.light.wavelength_nm);
  return omit_faint_light(illuminator::make_pupil_fill(job.illuminator, behind, cuts), omitted);
}

namespace {

// Whether the threshold cuts the image itself, or a film has its own planes.
bool prints_unchanged(const job::Job& job) {
  return has_film(job) || job.resist.model == resist::ResistModel::constant_threshold;
}

}  // namespace

imaging::AerialImage printing_image(const Prepared& prepared, const imaging::AerialImage& image) {
  return prints_unchanged(prepared.job) ? image : resist::effective_image(image, prepared.job.resist);
}

metrology::PlacedGauges find_gauges(const Prepared& prepared, const Progress& progress) {
  return metrology::find_gauges(prepared.clip, drawn_feature(prepared), prepared.job.metrology, progress);
}

metrology::Measurement measure_print(const Prepared& prepared, const imaging::AerialImage& image,
                                     const metrology::PlacedGauges& gauges) {
  const auto measure = [&](const imaging::AerialImage& seen) {
    return metrology::measure(seen, prepared.clip, drawn_feature(prepared), prepared.job.metrology, gauges);
  };
  return prints_unchanged(prepared.job) ? measure(image) : measure(printing_image(prepared, image));
}

bool opposite_points_agree(const job::Job& job, std::span<const double> focus_nm) {
  return mask::model_of(job.mask) == mask::Model::thin && job.mask.defects.empty() && !has_film(job) &&
         imaging::lie_in_pairs(focus_nm);
}

Prepared prepare(job::Job from, LightDetail detail) {
  Prepared prepared{.job = std::move(from)};
  const job::Job& job = prepared.job;
  std::optional<layout::LayoutFile> file;
  if (!job.layout.file.empty()) {
    file = from_layout(
        [&] { return layout::LayoutFile(job::layout_content(job), job.layout.picture, job.layout.limits); });
    prepared.warnings = file->warnings();
  }
  prepared.clip = file ? from_layout([&] { return file->clip(job.layout); }) : clip_of_shapes(job);
  add_light(prepared, detail);
  prepared.chain = follow_light(job, prepared.light);
  add_noise_of_light(prepared);
  if (prepared.light.spectrum_width == source::SpectrumWidth::assumed && !is_line(prepared))
    prepared.warnings.push_back(
        "the file of light has one photon energy, and the image takes a flat spectrum over the 2 % band; set "
        "imaging.spectrum = \"line\", or give a file with the spectrum");
  prepared.pupil_fill = fill_pupil(prepared, prepared.clip.cell);
  warn_of_lowered_levels(prepared);
  require_separate_cones(prepared);
  warn_of_hidden_light(prepared);
  warn_of_narrow_guard(prepared);
  // Each stage checks its parameters before anything is computed.
  const double wavelength_nm = prepared.light.wavelength_nm;
  mask::check_parameters(prepared.clip, job.mask, wavelength_nm);
  prepared.mask = mask::make_mask(prepared.clip, job.mask, mask_optics(prepared, 0));
  prepared.mask_plan =
      mask::plan_mask(prepared.mask, job.mask, mask_optics(prepared, 0), prepared.pupil_fill, wavelength_nm,
                      mask_frequency_per_nm(prepared, prepared.pupil_fill, wavelength_nm));
  const int n_positions = std::max(1, static_cast<int>(job.imaging.field_positions.size())),
            n_wavelengths = expected_wavelengths(prepared),
            n_solved = std::min(mask_wavelengths(prepared), n_wavelengths);
  const bool each = mask::model_of(job.mask) == mask::Model::multislice;  // is solved at each wavelength
  prepared.mask_plan.cpu_s = n_positions * ((each ? n_wavelengths : n_solved) * prepared.mask_plan.cpu_s +
                                            n_solved * prepared.mask_plan.correction_cpu_s);
  // Of a multislice mask, that of the results and that of the image at work.
  prepared.mask_plan.memory_mb +=
      prepared.mask_plan.spectra_memory_mb * (each ? 2 : n_positions * (n_solved + n_wavelengths));
  metrology::check_parameters(prepared.clip.cell, prepared.clip.window, job.metrology);
  resist::check_parameters(job.resist, job.stochastics);
  if (has_film(job) && !job.imaging.films.empty()) warn_of_other_absorption(prepared);
  add_flare(prepared, file);
  const int n_film_planes = has_film(job) ? imaged_film(prepared).n_planes : 0;
  std::vector<double> focuses = job.imaging.through_focus_nm;
  focuses.push_back(job.imaging.focus_nm);
  prepared.plan = imaging::plan_imaging(
      prepared.clip.cell, prepared.clip.window, wavelength_nm, prepared.pupil_fill, job.imaging,
      {.n_wavelengths = expected_wavelengths(prepared),
       .n_planes = 1 + static_cast<int>(job.imaging.through_focus_nm.size()) + n_film_planes,
       .opposite_points_agree = opposite_points_agree(job, focuses),
       .thick_mask = mask::model_of(job.mask) != mask::Model::thin});
  warn_of_coarse_source(prepared);
  warn_of_coarse_directions(prepared);
  prepared.film = plan_film(prepared);
  require_memory(prepared.plan, prepared.film, prepared.mask_plan, available_memory_mb());
  return prepared;
}

Prepared with_job(Prepared prepared, job::Job job) {
  job.imaging.flare = prepared.job.imaging.flare;
  prepared.job = std::move(job);
  add_noise_of_light(prepared);
  return prepared;
}

Results compute(const job::Job& job, const Progress& progress) {
  return compute(prepare(job), progress);
}

Results compute(Prepared from, const Progress& progress) {
  Results results{.prepared = std::move(from)};
  const Prepared& prepared = results.prepared;
  const job::Job& job = prepared.job;
  log::info(fmt::format("source: {}", prepared.light.description));
  log::info(fmt::format("illuminator: {} source points", prepared.pupil_fill.points.size()));

  std::vector<imaging::ImagePlane> planes{{job.imaging.focus_nm, job.imaging.depth_nm}};
  for (const double focus_nm : job.imaging.through_focus_nm)
    planes.push_back({focus_nm, job.imaging.depth_nm});
  const std::size_t n_in_air = planes.size();
  if (has_film(job))
    for (const imaging::ImagePlane& plane : film_planes(prepared, job.imaging.focus_nm))
      planes.push_back(plane);
  // A film with noise costs more than its image; a million gauges take a few seconds.
  constexpr double kGaugesBegin = 0.95;
  const double imaging_share = has_film(job) && job.stochastics.n_realisations > 0 ? 0.3 : 1;
  PlaneImages made = images_in_planes(prepared, planes, part_of(progress, 0, kGaugesBegin * imaging_share));
  results.spectrum = std::move(made.spectrum);
  results.diffraction = mask_at_design_wavelength(prepared, std::move(made.mask));
  if (results.diffraction.thick && !results.diffraction.thick->report.converged)
    results.prepared.warnings.push_back(fmt::format(
        "mask.solver.max_error = {0:g} was not reached (the last refinement changed orders by {2:.1e} of the "
        "largest); make mask.solver.max_orders = {1} larger",
        job.mask.solver.max_error, job.mask.solver.max_orders, results.diffraction.thick->report.change));
  log::info(fmt::format("mask: {} x {} orders", 2 * results.diffraction.max_order_x + 1,
                        2 * results.diffraction.max_order_y + 1));
  std::vector<imaging::AerialImage>& images = made.planes;
  results.image = std::move(images.front());
  if (!results.spectrum.converged)
    results.prepared.warnings.push_back(fmt::format(
        "the sum over the spectrum has not converged: with {} wavelengths its error is about {:.1e} "
        "of the open frame, more than imaging.spectral_error = {} (an order of the mask crosses the "
        "rim of the pupil within the spectrum); set imaging.n_wavelengths, or make "
        "imaging.spectral_error larger",
        results.spectrum.nodes.size(), *results.spectrum.change, job.imaging.spectral_error));
  log::info(fmt::format("image: {} wavelengths, {} planes, {} x {} band-limited samples, {} x {} written",
                        results.spectrum.nodes.size(), planes.size(), prepared.plan.n_x, prepared.plan.n_y,
                        prepared.plan.output_nx, prepared.plan.output_ny));
  const metrology::PlacedGauges gauges =
      find_gauges(prepared, part_of(progress, kGaugesBegin * imaging_share, imaging_share));
  for (std::size_t i = 0; i < job.imaging.through_focus_nm.size(); ++i) {
    PlaneResult& plane = results.through_focus.emplace_back();
    plane.focus_nm = job.imaging.through_focus_nm[i];
    plane.image = std::move(images[i + 1]);
    plane.measurement = measure_print(prepared, plane.image, gauges);
  }

  results.measurement = measure_print(prepared, results.image, gauges);
  if (wants_layout_gauges(job) && results.measurement.gauges.empty()) {
    const metrology::SkippedEdges& skipped = results.measurement.skipped;
    const std::string short_edges = fmt::format(
        "({} edges are shorter than metrology.min_edge_nm = {:.3g} nm, {} too near to the border of the window, {} "
        "without a parallel edge on the other side of the feature); make metrology.min_edge_nm smaller or the "
        "window larger, or write [[metrology.gauge]]",
        skipped.too_short, skipped.least_edge_nm, skipped.near_border, skipped.not_facing);
    results.prepared.warnings.push_back(
        prepared.clip.rings.empty()
            ? "the cell has no shapes (no gauge can be placed); move the window, or draw a shape"
            : "no gauge was placed " + short_edges);
  }
  log::info(fmt::format("metrology: {} gauges", results.measurement.gauges.size()));
  if (has_film(job)) {
    std::vector<metrology::Gauge> across;
    // A profile needs both edges.
    for (const metrology::GaugeResult& gauge : results.measurement.gauges)
      if (gauge.gauge.edges == metrology::GaugeEdges::both) across.push_back(gauge.gauge);
    results.resist = compute_resist(prepared, std::span(images).subspan(n_in_air), across,
                                    part_of(progress, imaging_share, 1));
    auto& warnings = results.prepared.warnings;
    warnings.insert(warnings.end(), results.resist->warnings.begin(), results.resist->warnings.end());
  }
  return results;
}

}  // namespace undulith::flow
