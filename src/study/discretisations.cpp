// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "undulith/study/convergence.hpp"

namespace undulith::study {
namespace {

// A grid stays odd, so that a cell keeps the centre of the pupil.
Discretisation source_points() {
  return {.key = "illuminator.grid_points",
          .not_varied = [](const flow::Prepared& prepared) -> std::string {
            const job::Job& job = prepared.job;
            const auto shape = job.illuminator.shape;
            return shape == illuminator::Shape::points || shape == illuminator::Shape::map
                       ? "the source points are given in a file"
                       : "";
          },
          .value = [](const job::Job& job) { return fmt::format("{}", job.illuminator.grid_points); },
          .refine = [](job::Job& job) { job.illuminator.grid_points = 2 * job.illuminator.grid_points + 1; },
          .n_refinements = 3};
}

Discretisation rim_levels() {
  return {.key = "illuminator.rim_levels",
          .not_varied = [](const flow::Prepared& prepared) -> std::string {
            const job::Job& job = prepared.job;
            if (job.illuminator.rim_levels == 0) return "0: source cells are not cut along rims";
            job::Job plain = job;
            plain.illuminator.rim_levels = 0;
            return flow::prepare(plain).pupil_fill.points.size() == prepared.pupil_fill.points.size()
                       ? "the source is given, or there are too many orders to cut cells along"
                       : "";
          },
          .value = [](const job::Job& job) { return fmt::format("{}", job.illuminator.rim_levels); },
          .refine = [](job::Job& job) { ++job.illuminator.rim_levels; }};
}

Discretisation guard_band() {
  return {.key = "layout.guard_nm",
          .not_varied = [](const flow::Prepared& prepared) -> std::string {
            const job::Job& job = prepared.job;
            if (job.layout.file.empty()) return "shapes in [mask] lie in a periodic cell";
            if (job.layout.boundary == layout::Boundary::periodic)
              return "layout.boundary = \"periodic\": the clip is periodic";
            return job.layout.guard_nm > 0 ? "" : "layout.guard_nm = 0: the window is periodic";
          },
          .value = [](const job::Job& job) { return fmt::format("{:g}", job.layout.guard_nm); },
          .refine = [](job::Job& job) { job.layout.guard_nm *= 2; }};
}

// Starts from the number of wavelengths that the job itself chose.
Discretisation wavelengths() {
  return {.key = "imaging.n_wavelengths",
          .not_varied = [](const flow::Prepared& prepared) -> std::string {
            const job::Job& job = prepared.job;
            if (job.imaging.spectrum == job::ImageSpectrum::line)
              return "imaging.spectrum = \"line\": one wavelength";
            return prepared.light.photon_energy_ev.size() == 1 ? "the light is a single line" : "";
          },
          .value = [](const job::Job& job) { return fmt::format("{}", job.imaging.n_wavelengths); },
          .refine = [](job::Job& job) { job.imaging.n_wavelengths *= 2; }};
}

bool is_thick(const job::Job& job) {
  return mask::model_of(job.mask) != mask::Model::thin;
}

Discretisation mask_directions() {
  return {
      .key = "mask.solver.direction_step_deg",
      .not_varied = [](const flow::Prepared& prepared) -> std::string {
        const job::Job& job = prepared.job;
        if (!is_thick(job)) return "a thin mask is the same for all directions";
        return prepared.mask_plan.n_directions > static_cast<int>(prepared.pupil_fill.points.size())
                   ? "the mask is solved for each source point"
                   : "";
      },
      .value = [](const job::Job& job) { return fmt::format("{:g}", job.mask.solver.direction_step_deg); },
      .refine = [](job::Job& job) { job.mask.solver.direction_step_deg /= 2; },
      .n_refinements = 2};
}

// Pixels and slices are the grid of one method; they are refined together.
Discretisation mask_pixels() {
  return {.key = "mask.solver.pixel_nm, slice_nm",
          .not_varied = [](const flow::Prepared& prepared) -> std::string {
            const job::Job& job = prepared.job;
            return mask::model_of(job.mask) == mask::Model::multislice ? "" : "no multislice mask";
          },
          .value =
              [](const job::Job& job) {
                return fmt::format("{:g}, {:g}", job.mask.solver.pixel_nm, job.mask.solver.slice_nm);
              },
          .refine =
              [](job::Job& job) {
                job.mask.solver.pixel_nm /= 2;
                job.mask.solver.slice_nm /= 2;
              }};
}

Discretisation mask_orders() {
  return {
      .key = "mask.solver.max_error",
      .not_varied = [](const flow::Prepared& prepared) -> std::string {
        const job::Job& job = prepared.job;
        return mask::model_of(job.mask) == mask::Model::rigorous ? "" : "no rigorous mask";
      },
      .value = [](const job::Job& job) { return fmt::format("{:g}", job.mask.solver.max_error); },
      .refine =
          [](job::Job& job) { job.mask.solver.max_error = std::max(1e-6, job.mask.solver.max_error / 4); }};
}

// The error of the fast model itself: its last refinement is the rigorous model.
Discretisation mask_model() {
  return {.key = "mask.model",
          .not_varied = [](const flow::Prepared& prepared) -> std::string {
            const job::Job& job = prepared.job;
            if (!is_thick(job)) return "a thin mask has no thickness";
            return job.mask.model == mask::Model::rigorous ? "rigorous" : "";
          },
          .value = [](const job::Job& job) { return name_of(job.mask.model); },
          .refine = [](job::Job& job) { job.mask.model = mask::Model::rigorous; },
          .n_refinements = 1,
          .ends_exact = true};
}

Discretisation kernels() {
  return {.key = "imaging.n_kernels",
          .not_varied = [](const flow::Prepared& prepared) -> std::string {
            const job::Job& job = prepared.job;
            if (job.imaging.method != imaging::Method::socs)
              return "imaging.method = \"abbe\": every source point is summed";
            return job.imaging.socs.kernels.eigenvalues.empty()
                       ? ""
                       : "the kernels are given in a file: their optics are not known";
          },
          .value =
              [](const job::Job& job) {
                if (job.imaging.method == imaging::Method::abbe) return std::string("abbe");
                return job.imaging.socs.requested_error > 0
                           ? fmt::format("<= {:g}", job.imaging.socs.requested_error)
                           : fmt::format("{}", job.imaging.socs.n_kernels);
              },
          .refine = [](job::Job& job) { job.imaging.method = imaging::Method::abbe; },
          .n_refinements = 1,
          .ends_exact = true};
}

// Rounding: its refinement is the end.
Discretisation precision() {
  return {.key = "imaging.precision",
          .not_varied = [](const flow::Prepared& prepared) -> std::string {
            return prepared.job.imaging.precision == Precision::float64 ? "double" : "";
          },
          .value =
              [](const job::Job& job) {
                return std::string(job.imaging.precision == Precision::float64 ? "double" : "single");
              },
          .refine = [](job::Job& job) { job.imaging.precision = Precision::float64; },
          .n_refinements = 1,
          .ends_exact = true};
}

std::string without_film(const job::Job& job) {
  return flow::has_film(job) ? "" : "resist.model prints without a film";
}

// Half the distance between the nodes of a film.
Discretisation film_step(const char* key, double resist::FilmParameters::*step) {
  return {.key = key,
          .not_varied = [](const flow::Prepared& prepared) { return without_film(prepared.job); },
          .value = [step](const job::Job& job) { return fmt::format("{:g}", job.resist.film.*step); },
          .refine = [step](job::Job& job) { job.resist.film.*step /= 2; }};
}

Discretisation film_planes_knob() {
  return {
      .key = "resist.film.n_planes",
      .not_varied = [](const flow::Prepared& prepared) { return without_film(prepared.job); },
      .value = [](const job::Job& job) { return fmt::format("{}", job.resist.film.n_planes); },
      .refine =
          [](job::Job& job) { job.resist.film.n_planes = std::max(2, 2 * job.resist.film.n_planes - 1); }};
}

// Strang's splitting is of second order: a quarter of the error is half the step.
Discretisation bake_steps() {
  return {.key = "resist.bake.max_error",
          .not_varied = [](const flow::Prepared& prepared) -> std::string {
            const job::Job& job = prepared.job;
            if (!flow::has_film(job)) return without_film(job);
            if (job.resist.model != resist::ResistModel::chemically_amplified) return "no bake in steps";
            return job.resist.bake.n_steps > 0 ? "the steps are given: resist.bake.n_steps" : "";
          },
          .value = [](const job::Job& job) { return fmt::format("{:g}", job.resist.bake.max_error); },
          .refine = [](job::Job& job) { job.resist.bake.max_error /= 4; }};
}

Discretisation without_effect(std::string key, const std::string& why) {
  return {.key = std::move(key),
          .not_varied = [why](const flow::Prepared&) { return why; },
          .value = {},
          .refine = {}};
}

}  // namespace

const std::vector<Discretisation>& discretisations() {
  static const std::vector<Discretisation> all = {
      source_points(),
      rim_levels(),
      guard_band(),
      wavelengths(),
      kernels(),
      precision(),
      film_step("resist.film.lateral_step_nm", &resist::FilmParameters::lateral_step_nm),
      film_step("resist.film.depth_step_nm", &resist::FilmParameters::depth_step_nm),
      film_step("resist.film.front_step_nm", &resist::FilmParameters::front_step_nm),
      film_planes_knob(),
      bake_steps(),
      without_effect("imaging.output_pitch_nm", "pictures only: gauges read the exact series of the image"),
      mask_model(),
      mask_directions(),
      mask_pixels(),
      mask_orders()};
  return all;
}

}  // namespace undulith::study
