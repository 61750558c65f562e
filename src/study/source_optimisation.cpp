// SPDX-License-Identifier: MIT
#include "undulith/study/source_optimisation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "study/source_candidates.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/stop.hpp"
#include "undulith/flow/spectral_masks.hpp"
#include "undulith/imaging/imaging.hpp"

namespace undulith::study {
namespace {

using optimise::OptimisedSource;
using optimise::SourceResponses;

bool uses_facets(const job::Job& job) {
  return job.facets.pupil == job::PupilModel::facets;
}

bool seeks_mask(const job::Job& job) {
  return job.optimise.method == job::OptimiseMethod::smo;
}

// Largest error of an edge, 0: free. With a mask that is sought edges are never free: it would move them for contrast.
double edge_bound_nm(const job::Job& job) {
  const double bound_nm = job.optimise.source.max_placement_error_nm;
  return bound_nm > 0 || !seeks_mask(job) ? bound_nm : job.optimise.tolerance_nm;
}

// Whether errors of edges are part of the goal.
bool places_edges(const job::Job& job) {
  return job.optimise.source.goal == job::OptimiseSourceGoal::edge_placement || edge_bound_nm(job) > 0;
}

void check_source_job(const job::Job& job) {
  const auto from_file = [](const job::OptimiseBand& band) {
    return !band.outer_kernel_file.empty() || !band.inner_kernel_file.empty();
  };
  if (!job.imaging.kernel_file.empty() || std::ranges::any_of(job.optimise.bands, from_file))
    throw InputError(
        "imaging.kernel_file (the kernels of a file belong to one source, so that none can be sought); leave out the kernel "
        "files of [imaging] and [[optimise.band]]");
  const bool smo = seeks_mask(job);
  if (smo && uses_facets(job))
    throw InputError(
        "facets.pupil = \"facets\" (source and mask in turn take pixels of the pupil); set \"continuous\", or "
        "optimise.method = \"source\" for facets");
  if (smo && (job.mask.edge_bias_nm != 0 || job.mask.corner_rounding_nm != 0 || !job.mask.defects.empty()))
    throw InputError(
        "mask.edge_bias_nm, mask.corner_rounding_nm or a defect (the mask that is found is the mask as made); leave them "
        "out for optimise.method = \"smo\"");
  if (uses_facets(job) &&
      (job.optimise.source.goal != job::OptimiseSourceGoal::max_min_nils || places_edges(job)))
    throw InputError(
        "optimise.source.goal (facets are pointed for the largest NILS alone); use \"max_min_nils\" without "
        "max_placement_error_nm, or facets.pupil = \"continuous\"");
}

// NILS does not depend on the dose: where edges are free, planes alone count.
std::vector<optimise::WindowCondition> conditions_of(const job::Job& job) {
  std::vector<optimise::WindowCondition> conditions{{.focus_nm = job.imaging.focus_nm}};
  const auto add = [&](double focus_nm, double dose) {
    const optimise::WindowCondition one{.focus_nm = job.imaging.focus_nm + focus_nm,
                                        .relative_dose = places_edges(job) ? dose : 1};
    const bool known = std::ranges::any_of(conditions, [&](const optimise::WindowCondition& other) {
      return other.focus_nm == one.focus_nm && other.relative_dose == one.relative_dose;
    });
    if (!known) conditions.push_back(one);
  };
  for (const job::OptimiseBand& band : job.optimise.bands) {
    add(band.outer_focus_nm, band.outer_dose);
    add(band.inner_focus_nm, band.inner_dose);
  }
  return conditions;
}

mask::Diffraction diffraction_of(const flow::Prepared& prepared, const mask::MaskAsMade& made,
                                 const illuminator::PupilFill& points, const Progress& progress) {
  const double wavelength_nm = prepared.job.source.wavelength_nm;
  return flow::solve_mask(
      {.job = prepared.job,
       .made = made,
       .parameters = prepared.job.mask,
       .optics = flow::mask_optics(prepared, 0),
       .pupil_fill = points,
       .wavelength_nm = wavelength_nm,
       .max_frequency_per_nm = flow::mask_frequency_per_nm(prepared, points, wavelength_nm)},
      progress);
}

NominalPrint print(const flow::Prepared& prepared, const mask::Diffraction& mask,
                   const illuminator::PupilFill& fill, double threshold) {
  imaging::ImagingParameters optics = prepared.job.imaging;
  optics.field_positions.clear();
  NominalPrint result{.image = imaging::compute_aerial_image(mask, fill, optics), .measurement = {}};
  metrology::MetrologyParameters metrology = prepared.job.metrology;
  metrology.threshold = threshold;
  result.measurement = metrology::measure(result.image, prepared.clip, flow::drawn_feature(prepared),
                                          metrology, flow::find_gauges(prepared));
  return result;
}

// The mask of the candidates for those with light alone.
mask::Diffraction for_points(mask::Diffraction mask, const illuminator::PupilFill& candidates,
                             const illuminator::PupilFill& fill) {
  if (!mask.thick) return mask;
  std::vector<std::vector<mask::SpectrumShare>> shares;
  for (const illuminator::SourcePoint& point : fill.points) {
    const auto same = std::ranges::find_if(candidates.points, [&](const illuminator::SourcePoint& other) {
      return other.sigma_x == point.sigma_x && other.sigma_y == point.sigma_y;
    });
    shares.push_back(mask.thick->shares[static_cast<std::size_t>(same - candidates.points.begin())]);
  }
  mask.thick->shares = std::move(shares);
  return mask;
}

// The intensity at which edges print best: of the smallest squared errors where errors count, else the nominal mean.
double threshold_of(const job::Job& job, const std::vector<optimise::EdgeRow>& rows) {
  double sum = 0, weights = 0;
  for (const optimise::EdgeRow& row : rows) {
    constexpr double kLeastIls_per_nm = 1e-3;  // a flat edge says nothing of its place
    const double slope = std::max(std::abs(row.ils_per_nm), kLeastIls_per_nm) * row.intensity;
    if (!places_edges(job) && row.condition > 0) break;
    if (places_edges(job) && !(slope > 0)) continue;
    const double weight = places_edges(job) ? 1 / (slope * slope) : 1;
    sum += weight * row.intensity;
    weights += weight;
  }
  return weights > 0 ? sum / weights : 0;
}

SourceFigures figures_of(double threshold, double pupil_fill, std::vector<optimise::EdgeRow> rows) {
  SourceFigures figures{.threshold = threshold, .pupil_fill = pupil_fill, .rows = std::move(rows)};
  figures.min_nils = std::ranges::min_element(figures.rows, {}, &optimise::EdgeRow::nils)->nils;
  double squares = 0;
  for (const optimise::EdgeRow& row : figures.rows) {
    squares += row.placement_error_nm * row.placement_error_nm;
    figures.max_placement_error_nm =
        std::max(figures.max_placement_error_nm, std::abs(row.placement_error_nm));
  }
  figures.rms_placement_error_nm = std::sqrt(squares / static_cast<double>(figures.rows.size()));
  return figures;
}

// Gauges give the edges; the names are in the order of make_edge_sites().
void take_sites(const metrology::Measurement& measured, SourceOptimisation& found) {
  found.sites = optimise::make_edge_sites(measured.gauges);
  for (const metrology::GaugeResult& result : measured.gauges) {
    if (result.target_left_nm && result.gauge.edges != metrology::GaugeEdges::right)
      found.gauges.push_back(result.gauge.name);
    if (result.target_right_nm && result.gauge.edges != metrology::GaugeEdges::left)
      found.gauges.push_back(result.gauge.name);
  }
}

// Light with its illuminator. A plasma needs all field facets of the fly's eye, each on a pupil facet of its own; the
// narrow beam of an accelerator is taken to be steered to any fill.
optimise::FrontLight front_light(const job::Job& job, const source::SourceOutput& light,
                                 const flow::LightChain& chain) {
  const double pellicle = chain.pellicle_transmission * chain.pellicle_transmission;
  const double facets = static_cast<double>(job.facets.n_field_facets) / job.facets.n_pupil_facets;
  return {.name = light.name,
          .light = light,
          .wafer_power_w = chain.beamline.wafer_power_w * pellicle,
          .lossless_fill = light.kind == source::SourceKind::lpp ? facets : 0,
          .scanner = job.throughput};
}

std::vector<optimise::FrontLight> front_lights(const flow::Prepared& prepared,
                                               std::span<const job::Job> others) {
  std::vector<optimise::FrontLight> lights{front_light(prepared.job, prepared.light, prepared.chain)};
  for (const job::Job& other : others) {
    const source::SourceOutput light = flow::compute_light(other);
    if (std::ranges::find(lights, light.name, &optimise::FrontLight::name) != lights.end())
      throw InputError(fmt::format(
          "compare.source: {} occurs twice in the front (its rows have nothing else to say which is which); give each light another "
          "source.name",
          light.name));
    lights.push_back(front_light(other, light, flow::follow_light(other, light)));
  }
  return lights;
}

// One search: the candidates and what is computed for them.
class Search {
 public:
  Search(SourceOptimisation& found, std::span<const job::Job> others, const Progress& progress)
      : found_(found),
        prepared_(found.prepared),
        job_(found.prepared.job),
        progress_(progress),
        lights_(front_lights(found.prepared, others)) {
    front_.na = job_.imaging.na;
    front_.slit = {job_.throughput.field_width_mm, job_.throughput.slit_height_mm};
    front_.dose_rule = job_.optimise.source.dose_rule == job::OptimiseDoseRule::size
                           ? optimise::DoseRule::size
                           : optimise::DoseRule::roughness;
  }

  /// The source of the job: its edges are those of the search.
  void measure_own() {
    const illuminator::PupilFill& own = prepared_.pupil_fill;
    const mask::Diffraction mask = diffraction_of(prepared_, prepared_.mask, own, part_of(progress_, 0, 0.2));
    found_.fill_before = own;
    found_.print_before = print(prepared_, mask, own, job_.metrology.threshold);
    take_sites(found_.print_before.measurement, found_);
    found_.conditions = conditions_of(job_);
    const SourceResponses responses = respond(mask, own);
    std::vector<double> weights;
    for (const illuminator::SourcePoint& point : own.points) weights.push_back(point.weight);
    const double threshold = threshold_of(job_, optimise::evaluate_edges(responses, weights, 0));
    found_.before = figures_of(threshold, prepared_.chain.fill_ratio,
                               optimise::evaluate_edges(responses, weights, threshold));
    require_print(found_.before.rows);
    found_.print_before = print(prepared_, mask, own, threshold);
    // The resist is that of the job: it prints where its dose is that of the threshold.
    const double printing = resist::has_film(job_.resist.model) ? threshold : job_.metrology.threshold;
    front_.edge_dose_mj_cm2 = job_.throughput.dose_mj_cm2 * printing;
    front_.reference_nils = found_.before.min_nils;
    if (front_.dose_rule == optimise::DoseRule::roughness && !(found_.before.min_nils > 0))
      throw InputError(
          "optimise.source.dose_rule = \"roughness\" (the smallest NILS of the job's own source is not above 0, so that "
          "there is no roughness to keep); use \"size\", or a source that prints every gauge");
    price(found_.before);
  }

  void point_facets() {
    const optimise::FacetMap map = facet_candidates(prepared_);
    const mask::Diffraction mask = solve_candidates(map.pupil_facets, prepared_.mask);
    const SourceResponses responses = respond(mask, map.pupil_facets);
    optimise::FacetSource source = optimise::assign_facets(responses, map, {});
    found_.facets = source.pupil_facet;
    found_.bound_nils = source.bound_nils;
    found_.converged = source.bound_converged;
    found_.fill_after = source.fill;
    found_.after = figures_of(source.threshold, source.fill.fill_ratio, std::move(source.rows));
    price(found_.after);
    found_.print_after =
        print(prepared_, for_points(mask, map.pupil_facets, source.fill), source.fill, source.threshold);
    make_front(responses, map.pupil_facets, {.symmetry = optimise::SourceSymmetry::none});
  }

  void weigh_pixels() {
    const illuminator::PupilFill candidates = candidates_of_fill();
    const mask::Diffraction mask = solve_candidates(candidates, prepared_.mask);
    const SourceResponses responses = respond(mask, candidates);
    take(optimise::optimise_source(responses, candidates, settings_), candidates, mask, responses);
  }

  void alternate() {
    const illuminator::PupilFill candidates = candidates_of_fill();
    mask::MaskAsMade made = prepared_.mask, last = made;
    std::optional<MaskOptimisation> last_mask;
    mask::Diffraction mask;
    SourceResponses responses;
    const int most = job_.optimise.source.max_rounds;
    int round = 0;
    const optimise::MaskSteps steps{.responses =
                                        [&] {
                                          mask = solve_candidates(candidates, made);
                                          responses = respond(mask, candidates);
                                          return responses;
                                        },
                                    .improve =
                                        [&](const OptimisedSource& source) {
                                          last = made;
                                          last_mask = found_.mask;
                                          if (finish_requested()) {
                                            found_.interrupted = true;
                                            return;
                                          }
                                          const double share = 0.6 / (most + 1), from = 0.3 + share * round;
                                          found_.mask = optimise_mask(job_with_light(source, candidates),
                                                                      part_of(progress_, from, from + share));
                                          found_.interrupted = found_.mask->interrupted;
                                          made.clip.rings = found_.mask->rings;
                                          ++round;
                                        },
                                    .take_back =
                                        [&] {
                                          made = last;
                                          found_.mask = last_mask;
                                          mask = solve_candidates(candidates, made);
                                          responses = respond(mask, candidates);
                                        }};
    // The contrast is the work of the source, the place of edges that of the mask: a source bound to the edges of the drawing
    // would have neither.
    optimise::SourceSettings free = settings_;
    free.goal = optimise::SourceGoal::max_min_nils;
    free.max_placement_error_nm.reset();
    steps.improve(optimise::optimise_source(steps.responses(), candidates, free));
    constexpr double kTolerance = 5e-3;  // a round that gains less is the last
    const optimise::SourceMaskResult result = optimise::alternate_source_and_mask(
        candidates, steps, {.source = settings_, .max_rounds = most, .tolerance = kTolerance});
    found_.rounds = result.steps;
    take(result.source, candidates, mask, responses);
    found_.converged = result.converged && !found_.interrupted;
  }

 private:
  SourceResponses respond(const mask::Diffraction& mask, const illuminator::PupilFill& points) const {
    return optimise::compute_source_responses(std::span(&mask, 1), points, job_.imaging, found_.sites,
                                              found_.conditions);
  }

  mask::Diffraction solve_candidates(const illuminator::PupilFill& candidates, const mask::MaskAsMade& made) {
    found_.n_candidates = candidates.points.size();
    return diffraction_of(prepared_, made, candidates, {});
  }

  illuminator::PupilFill candidates_of_fill() const {
    illuminator::PupilFill candidates = pixel_candidates(prepared_);
    const double fill = job_.optimise.source.min_pupil_fill;
    if (fill > candidates.fill_ratio)
      throw InputError(fmt::format(
          "optimise.source.min_pupil_fill = {} (the pixels between min_sigma and max_sigma cover {:.3g} of "
          "the pupil); use a smaller fill or wider radii",
          fill, candidates.fill_ratio));
    return candidates;
  }

  // Threshold and light of the job that a mask is sought for.
  job::Job job_with_light(const OptimisedSource& source, const illuminator::PupilFill& candidates) const {
    job::Job lit = job_;
    lit.optimise.method = job_.optimise.source.mask_method;
    lit.illuminator.shape = illuminator::Shape::map;
    lit.illuminator.map = brightness_map(candidates, source.weights, job_.optimise.source.grid_points);
    lit.metrology.threshold = source.threshold;
    return lit;
  }

  // What is dark everywhere prints at no dose.
  void require_print(const std::vector<optimise::EdgeRow>& rows) const {
    for (const optimise::EdgeRow& row : rows)
      if (!(row.intensity > 0))
        throw InputError(fmt::format(
            "gauge {} gets no light from the job's own source (its mask is dark there); move the gauge, or open the mask",
            found_.gauges[row.site]));
  }

  void price(SourceFigures& figures) const {
    OptimisedSource source;
    source.min_nils = figures.min_nils;
    source.pupil_fill = figures.pupil_fill > 0 ? figures.pupil_fill : 1;
    source.threshold = figures.threshold;
    for (const optimise::FrontLight& light : lights_)
      figures.lights.push_back(optimise::price_source(source, front_, light));
  }

  void take(const OptimisedSource& source, const illuminator::PupilFill& candidates,
            const mask::Diffraction& mask, const SourceResponses& responses) {
    found_.feasible = source.feasible;
    found_.converged = source.converged;
    found_.steps = source.steps;
    found_.fill_after = source.fill;
    found_.map = brightness_map(candidates, source.weights, job_.optimise.source.grid_points);
    found_.after = figures_of(source.threshold, source.pupil_fill, source.rows);
    price(found_.after);
    found_.print_after =
        print(prepared_, for_points(mask, candidates, source.fill), source.fill, source.threshold);
    make_front(responses, candidates, settings_);
  }

  void make_front(const SourceResponses& responses, const illuminator::PupilFill& candidates,
                  optimise::SourceSettings settings) {
    if (!found_.feasible) settings.max_placement_error_nm.reset();
    settings.min_threshold = 0;
    const double covered = candidates.fill_ratio > 0 ? candidates.fill_ratio : 1;
    for (const double fill : job_.optimise.source.front_pupil_fill)
      if (fill <= covered) front_.pupil_fill.push_back(fill);
    if (!front_.pupil_fill.empty())
      found_.front = optimise::compute_source_front(responses, candidates, settings, front_, lights_);
  }

  SourceOptimisation& found_;
  const flow::Prepared& prepared_;
  const job::Job& job_;
  const Progress& progress_;
  std::vector<optimise::FrontLight> lights_;
  optimise::FrontSettings front_;
  optimise::SourceSettings settings_ = source_settings(job_.optimise.source, edge_bound_nm(job_));
};

}  // namespace

SourceOptimisation optimise_source(const job::Job& job, std::span<const job::Job> others,
                                   const Progress& progress) {
  check_source_job(job);
  SourceOptimisation found{.prepared = flow::prepare(job)};
  found.edge_bound_nm = edge_bound_nm(job);
  Search search(found, others, progress);
  search.measure_own();
  if (progress) progress(0.3);
  if (seeks_mask(job))
    search.alternate();
  else if (uses_facets(job))
    search.point_facets();
  else
    search.weigh_pixels();
  if (progress) progress(1);
  return found;
}

job::Job job_with_source(const job::Job& job, const SourceOptimisation& found, const std::string& source_file,
                         const std::string& mask_file, int mask_layer) {
  job::Job verified = job;
  verified.optimise = {};
  verified.illuminator.map = found.map;
  if (found.facets.empty()) {
    verified.illuminator.shape = illuminator::Shape::map;
    verified.illuminator.map_file = source_file;
  } else {
    verified.illuminator.shape = illuminator::Shape::points;
    verified.illuminator.points = found.fill_after.points;
    verified.illuminator.points_file = source_file;
  }
  verified.metrology.threshold = found.after.threshold;
  if (const double dose = found.after.lights.front().dose_mj_cm2; dose > 0)
    verified.throughput.dose_mj_cm2 = dose;
  if (!found.mask) return verified;

  // Gauges of the drawing: those of the mask would be measured against its own shapes.
  verified.metrology.placement = metrology::GaugePlacement::given;
  verified.metrology.gauges.clear();
  for (const metrology::GaugeResult& result : found.print_after.measurement.gauges) {
    verified.metrology.gauges.push_back(result.gauge);
    if (result.target_cd_nm) verified.metrology.gauges.back().target_cd_nm = result.target_cd_nm;
  }
  const Box& cell = found.prepared.clip.cell;
  verified.layout = {.file = mask_file,
                     .layer = mask_layer,
                     .window_nm = {cell.x0, cell.y0, cell.x1, cell.y1},
                     .boundary = layout::Boundary::periodic};
  verified.layout_content.reset();
  verified.mask.rectangles.clear();
  verified.mask.polygons.clear();
  verified.mask.period_x_nm = verified.mask.period_y_nm = 0;
  return verified;
}

}  // namespace undulith::study
