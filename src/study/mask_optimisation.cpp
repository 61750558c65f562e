// SPDX-License-Identifier: MIT
#include "undulith/study/mask_optimisation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>

#include "study/best_mask.hpp"
#include "study/mask_warnings.hpp"
#include "undulith/core/error.hpp"
#include "undulith/imaging/socs.hpp"
#include "undulith/job/imaging_kernels.hpp"
#include "undulith/layout/layout_file.hpp"
#include "undulith/optimise/measure_print.hpp"
#include "undulith/optimise/thick_model.hpp"

namespace undulith::study {
namespace {

constexpr double kPixelsPerPeriod = 15;
constexpr double kSearchShare = 0.97;  // of the time; the rest judges the result

// The planes of a job's window, each with a focus or a file of kernels, and the goal that names them.
struct Window {
  struct Plane {
    double focus_nm = 0;
    std::string kernel_file;
    friend bool operator==(const Plane&, const Plane&) = default;
  };
  std::vector<Plane> planes;
  optimise::PrintGoal goal;
};

Window window_of(const flow::Prepared& prepared) {
  const job::Job& job = prepared.job;
  Window window;
  const auto plane = [&](const Window::Plane& wanted) {
    const auto known = std::ranges::find(window.planes, wanted);
    if (known != window.planes.end()) return static_cast<int>(known - window.planes.begin());
    window.planes.push_back(wanted);
    return static_cast<int>(window.planes.size()) - 1;
  };
  const bool from_file = !job.imaging.kernel_file.empty();
  const Window::Plane nominal{from_file ? 0 : job.imaging.focus_nm, job.imaging.kernel_file};
  window.goal.nominal = {plane(nominal), 1};
  const auto side = [&](double focus_nm, const std::string& file, double dose) {
    if (!file.empty()) return optimise::Condition{plane({0, file}), dose};
    if (from_file && focus_nm != 0)
      throw InputError(fmt::format(
          "optimise.band: a focus of {:g} nm (the kernels of imaging.kernel_file belong to one plane); give "
          "inner_kernel_file or outer_kernel_file for the other plane",
          focus_nm));
    if (from_file) return optimise::Condition{plane(nominal), dose};
    return optimise::Condition{plane({job.imaging.focus_nm + focus_nm, {}}), dose};
  };
  for (const job::OptimiseBand& band : job.optimise.bands)
    window.goal.bands.push_back({side(band.outer_focus_nm, band.outer_kernel_file, band.outer_dose),
                                 side(band.inner_focus_nm, band.inner_kernel_file, band.inner_dose)});
  const double focus_nm = job.optimise.corner_focus_nm, dose = job.optimise.corner_dose;
  if (focus_nm > 0 || dose > 0)
    for (const double outer_nm : {focus_nm, -focus_nm})
      window.goal.bands.push_back({side(outer_nm, {}, 1 + dose), side(-outer_nm, {}, 1 - dose)});
  window.goal.threshold = job.metrology.threshold;
  window.goal.drawn = flow::drawn_feature(prepared);
  window.goal.tolerance_nm = job.optimise.tolerance_nm;
  window.goal.sites = {job.optimise.site_step_nm, job.optimise.site_corner_nm};
  return window;
}

std::vector<WindowCondition> named_conditions(const Window& window) {
  std::vector<WindowCondition> named;
  for (const optimise::Condition& condition : optimise::conditions_of(window.goal)) {
    const Window::Plane& plane = window.planes[static_cast<std::size_t>(condition.plane)];
    const std::filesystem::path kernels = plane.kernel_file;
    const std::string where =
        plane.kernel_file.empty()
            ? fmt::format("focus {:+g} nm", plane.focus_nm)
            : (kernels.stem() == "kernels" ? kernels.parent_path().filename() : kernels.stem()).string();
    named.push_back(
        {named.empty() ? "nominal" : fmt::format("{}, dose {:g}", where, condition.dose), condition});
  }
  return named;
}

optimise::KernelModel thin_model(const flow::Prepared& prepared, const Window& window) {
  const job::Job& job = prepared.job;
  const Box& cell = prepared.clip.cell;
  const double wavelength_nm = job.source.wavelength_nm;
  const illuminator::PupilFill fill = flow::fill_pupil(prepared, cell);
  const double limit = imaging::max_mask_frequency_per_nm(job.imaging.na, wavelength_nm, fill.sigma_max);
  const auto orders = [&](double length_nm) {
    return static_cast<int>(std::floor(length_nm * limit * (1 + 1e-9)));
  };
  std::vector<imaging::SocsKernels> kernels;
  for (const Window::Plane& plane : window.planes) {
    if (!plane.kernel_file.empty()) {
      imaging::SocsKernels& read =
          kernels.emplace_back(job::read_kernels(plane.kernel_file, job.imaging.kernel_period_nm));
      constexpr double kSamePeriod = 1e-6;
      if (std::abs(read.period_x_nm - cell.width()) > kSamePeriod * cell.width() ||
          std::abs(read.period_y_nm - cell.height()) > kSamePeriod * cell.height())
        throw InputError(fmt::format(
            "{} contains kernels for a cell of {:g} x {:g} nm (that of the job has {:g} x {:g} nm); give a window of "
            "that size",
            plane.kernel_file, read.period_x_nm, read.period_y_nm, cell.width(), cell.height()));
      if (read.max_order_x != kernels.front().max_order_x || read.max_order_y != kernels.front().max_order_y)
        throw InputError(
            plane.kernel_file +
            " has other orders than the kernels of the first plane; make both for the same cell with undulith "
            "kernels");
      continue;
    }
    kernels.push_back(imaging::make_kernels(cell, orders(cell.width()), orders(cell.height()), wavelength_nm,
                                            fill, job.imaging, {plane.focus_nm, job.imaging.depth_nm},
                                            job.imaging.socs.n_kernels));
  }
  const mask::RegionAmplitudes regions = mask::region_amplitudes(job.mask, wavelength_nm);
  const std::complex<double> absorber = regions.absorber / regions.open;
  const bool open = job.mask.tone == mask::Tone::dark_field;
  return {cell, std::move(kernels),
          open ? optimise::PatternAmplitudes{absorber, 1.0 - absorber}
               : optimise::PatternAmplitudes{1, absorber - 1.0},
          Precision::float32};
}

std::unique_ptr<optimise::ImageModel> thick_model(const flow::Prepared& prepared, const Window& window) {
  const job::Job& job = prepared.job;
  optimise::ThickModelParameters parameters{.cell = prepared.clip.cell,
                                            .mask = job.mask,
                                            .pupil_fill = flow::fill_pupil(prepared, prepared.clip.cell),
                                            .wavelength_nm = job.source.wavelength_nm,
                                            .design_wavelength_nm = job.source.wavelength_nm};
  parameters.conditions.front().optics = job.imaging;
  parameters.conditions.front().focus_nm.clear();
  for (const Window::Plane& plane : window.planes)
    parameters.conditions.front().focus_nm.push_back(plane.focus_nm);
  const optimise::ThickModel exact(parameters);
  parameters.kept_corrections = exact.corrections(optimise::pattern_of(prepared.clip.rings, exact.grid()));
  return std::make_unique<optimise::ThickModel>(std::move(parameters));
}

// The mask of an earlier search; nothing if the job names none.
std::vector<layout::Polygon> start_rings(const flow::Prepared& prepared) {
  const std::string& file = prepared.job.optimise.start_file;
  if (file.empty()) return {};
  const Box& cell = prepared.clip.cell;
  return layout::LayoutFile(io::read_content(file))
      .clip({.file = file,
             .layer = kMaskLayer,
             .window_nm = {cell.x0, cell.y0, cell.x1, cell.y1},
             .boundary = layout::Boundary::periodic})
      .rings;
}

void invert(const job::Job& job, const optimise::ImageModel& model, const Window& window, double pixel_nm,
            const optimise::SearchWatch& watch, MaskOptimisation& found) {
  const job::OptimiseTable& table = job.optimise;
  const bool strips = table.shapes == job::OptimiseShapes::strips;
  optimise::InverseResult result =
      optimise::invert_mask(found.prepared.clip, model, window.goal,
                            {.error_weight = table.error_weight,
                             .band_weight = table.band_weight,
                             .rules = {table.min_width_nm, table.min_space_nm, table.min_area_nm2},
                             .assist_reach_nm = table.assist_reach_nm,
                             .n_steps = table.n_steps,
                             .start = start_rings(found.prepared),
                             .shapes = strips ? optimise::MaskShapes::strips : optimise::MaskShapes::outlines,
                             .strip_nm = table.strip_nm,
                             .pixel_nm = pixel_nm},
                            watch);
  found.rings = std::move(result.rings);
  found.steps = std::move(result.steps);
  found.n_images = result.n_images;
  found.interrupted = result.interrupted;
  for (const optimise::NarrowPlace& place : result.findings)
    found.findings.push_back({place.rule, place.where});
}

void correct(const job::Job& job, const optimise::ImageModel& model, const Window& window,
             const optimise::SearchWatch& watch, MaskOptimisation& found) {
  const job::OptimiseTable& table = job.optimise;
  optimise::CorrectionSettings settings;
  settings.printed = window.goal.drawn;
  settings.rules.grid_nm = table.grid_nm;
  settings.rules.min_width_nm = table.min_width_nm;
  settings.rules.min_space_nm = table.min_space_nm;
  settings.rules.min_jog_nm = table.min_jog_nm;
  settings.nominal = {window.goal.nominal.plane, window.goal.threshold, 1};
  const double weight = table.band_weight / std::max(1e-9, table.error_weight) /
                        std::max<double>(1, 2.0 * static_cast<double>(window.goal.bands.size()));
  for (const optimise::Band& band : window.goal.bands)
    for (const optimise::Condition& side : {band.outer, band.inner})
      settings.window.push_back({side.plane, window.goal.threshold / side.dose, weight});
  constexpr double kShareOfTolerance = 0.8;
  settings.max_error_nm = kShareOfTolerance * table.tolerance_nm;
  if (table.assist_reach_nm > 0)
    settings.assists = optimise::seed_assists(found.prepared.clip, model.grid(), settings.rules);
  settings.start = start_rings(found.prepared);
  // Derivatives are those of a thin mask, whatever model gives the images.
  const auto* kernels = dynamic_cast<const optimise::KernelModel*>(&model);
  std::optional<optimise::KernelModel> thin;
  if (kernels == nullptr) kernels = &thin.emplace(thin_model(found.prepared, window));
  optimise::Correction result =
      optimise::correct_edges(found.prepared.clip, model, *kernels, settings, watch);
  found.rings = std::move(result.rings);
  found.images = std::move(result.convergence);
  found.n_images = static_cast<int>(found.images.size());
  found.interrupted = result.interrupted;
  for (const optimise::RuleFinding& finding : result.findings)
    found.findings.push_back(to_mask_finding(finding));
}

bool is_worse(const optimise::PrintFigures& one, const optimise::PrintFigures& other,
              const job::OptimiseTable& table) {
  const auto area = [&](const optimise::PrintFigures& figures) {
    return table.error_weight * figures.error_area_nm2 + table.band_weight * figures.band_area_nm2;
  };
  return one.violations != other.violations ? one.violations > other.violations : area(one) > area(other);
}

// Unless the search found a better mask, or one that breaks fewer rules.
void keep_drawing_if_better(double pixel_nm, MaskOptimisation& found) {
  const flow::Prepared& prepared = found.prepared;
  if (!is_worse(found.after.figures, found.before.figures, prepared.job.optimise)) return;
  std::vector<MaskFinding> findings = rule_findings(prepared.clip.rings, prepared, pixel_nm);
  if (findings.size() > found.findings.size()) return;
  found.kept_drawing = true;
  found.rings = prepared.clip.rings;
  found.after = found.before;
  found.findings = std::move(findings);
}

std::optional<MaskVerification> verify(const flow::Prepared& prepared, const optimise::ImageModel& model,
                                       const Window& window, const std::vector<layout::Polygon>& rings) {
  std::vector<VerifiedCondition> conditions;
  const auto add = [&](const optimise::Condition& condition) {
    conditions.push_back(
        {window.planes[static_cast<std::size_t>(condition.plane)].focus_nm, condition.dose, condition.plane});
  };
  add(window.goal.nominal);
  for (const optimise::Band& band : window.goal.bands) {
    add(band.outer);
    add(band.inner);
  }
  return verify_mask(prepared, model, window.goal, conditions, rings);
}

}  // namespace

MaskOptimisation optimise_mask(const job::Job& job, const Progress& progress, const TakeMask& best_so_far) {
  MaskOptimisation found{.prepared = flow::prepare(job)};
  const flow::Prepared& prepared = found.prepared;
  const mask::Model mask_model = mask::model_of(prepared.job.mask);
  if (mask_model == mask::Model::rigorous)
    throw InputError(
        "mask.model = \"rigorous\" (it has no gradient); set mask.model = \"multislice\", and check the result with "
        "the rigorous model");
  const Window window = window_of(prepared);
  std::unique_ptr<optimise::ImageModel> chosen;
  if (mask_model == mask::Model::multislice) {
    chosen = thick_model(prepared, window);
    found.model = "multi-slice mask, sum over source points";
  } else {
    auto thin = std::make_unique<optimise::KernelModel>(thin_model(prepared, window));
    found.model = fmt::format("thin mask, {} kernels", thin->planes().front().eigenvalues.size());
    chosen = std::move(thin);
  }
  const optimise::ImageModel& model = *chosen;

  // Images have no period shorter than lambda / (2 NA); kernels of a file say nothing of the aperture.
  const bool from_file = !prepared.job.imaging.kernel_file.empty();
  const double shortest_nm = from_file ? std::min(model.grid().cell.width() / model.grid().image_order_x,
                                                  model.grid().cell.height() / model.grid().image_order_y)
                                       : prepared.job.source.wavelength_nm / (2 * prepared.job.imaging.na);
  const double pixel_nm = shortest_nm / kPixelsPerPeriod;
  found.warnings = search_warnings(prepared, pixel_nm / 4);
  const bool is_free = prepared.job.optimise.method == job::OptimiseMethod::ilt;
  std::vector<layout::Polygon> start = start_rings(prepared);
  if (start.empty()) start = prepared.clip.rings;
  std::optional<optimise::PrintFigures> best;
  const auto is_better = [&](const std::vector<layout::Polygon>& rings) {
    const auto figures = [&](const std::vector<layout::Polygon>& of) {
      return optimise::measure_print(of, prepared.clip, model, window.goal, pixel_nm);
    };
    if (!best) best = figures(start);
    const optimise::PrintFigures now = figures(rings);
    if (is_worse(now, *best, prepared.job.optimise)) return false;
    best = now;
    return true;
  };
  // Corrected edges hand on the best mask, a free search the one it is at.
  BestMask so_far([&](const std::vector<layout::Polygon>& rings) { best_so_far(prepared, rings); }, start,
                  is_free ? is_better : std::function<bool(const std::vector<layout::Polygon>&)>());
  optimise::SearchWatch watch{.progress = part_of(progress, 0, kSearchShare)};
  if (best_so_far) watch.mask = [&](const auto& make) { so_far.take(make); };
  switch (prepared.job.optimise.method) {
    case job::OptimiseMethod::ilt:
      invert(prepared.job, model, window,
             prepared.job.optimise.pixel_nm > 0 ? prepared.job.optimise.pixel_nm
             : from_file                        ? 0
                                                : pixel_nm,
             watch, found);
      break;
    case job::OptimiseMethod::opc:
      correct(prepared.job, model, window, watch, found);
      break;
    case job::OptimiseMethod::source:
    case job::OptimiseMethod::smo:
      throw std::invalid_argument("optimise_mask: the method of the job seeks a source");
  }
  const auto print = [&](const std::vector<layout::Polygon>& rings) {
    return print_mask(prepared, model, window.goal, rings, pixel_nm / 4, shortest_nm);
  };
  found.before = print(prepared.clip.rings);
  found.after = print(found.rings);
  found.conditions = named_conditions(window);
  found.shortest_period_nm = shortest_nm;
  keep_drawing_if_better(pixel_nm / 4, found);
  if (!found.interrupted && !from_file) found.verification = verify(prepared, model, window, found.rings);
  add_warnings_after_search(found);
  if (progress) progress(1);
  return found;
}

}  // namespace undulith::study
