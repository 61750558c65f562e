// SPDX-License-Identifier: MIT
#include "undulith/results/check_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results/prepared_json.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/results/table.hpp"
#include "undulith/results/thick_mask_text.hpp"

namespace undulith::results {
namespace {

// The number of wavelengths as far as it is known before the image.
std::string wavelengths_text(const flow::Prepared& prepared) {
  const job::Job& job = prepared.job;
  if (job.imaging.spectrum == job::ImageSpectrum::line || prepared.light.photon_energy_ev.size() == 1)
    return "1";
  if (job.imaging.n_wavelengths > 0) return fmt::format("{}", job.imaging.n_wavelengths);
  return fmt::format("as many as an error below {:g} needs", job.imaging.spectral_error);
}

// The program itself, a picture, and each sample of the arrays that are written; the memory of the program, and of the
// pictures that are drawn at the same time.
constexpr double kProgramSeconds = 0.04, kPictureSeconds = 0.035, kArraySeconds = 2e-9;
constexpr double kProgramMb = 42, kPictureMb = 10;

double files_cpu_s(const flow::Prepared& prepared) {
  const job::Job& job = prepared.job;
  const auto wants = [&](job::Output output) {
    return std::ranges::find(job.outputs, output) != job.outputs.end();
  };
  const double written =
      static_cast<double>(prepared.plan.output_nx) * prepared.plan.output_ny * prepared.plan.work.n_planes;
  double cost_s = kProgramSeconds;
  if (wants(job::Output::arrays)) cost_s += kArraySeconds * written;
  if (wants(job::Output::pictures)) {
    constexpr double kUsualPictures = 6, kFilmPictures = 3, kNoisePictures = 5;
    cost_s += kPictureSeconds * (kUsualPictures + (prepared.film.n_nodes > 0 ? kFilmPictures : 0) +
                                 (prepared.film.n_noise_nodes > 0 ? kNoisePictures : 0));
  }
  return cost_s;
}

// Of the results of undulith optimise, with their pictures.
double search_files_cpu_s(const flow::Prepared& prepared) {
  constexpr double kSearchPictures = 7, kLargePictureSeconds = 0.1;
  const bool draws =
      std::ranges::find(prepared.job.outputs, job::Output::pictures) != prepared.job.outputs.end();
  return kProgramSeconds + (draws ? kSearchPictures * kLargePictureSeconds : 0);
}

double files_memory_mb(const flow::Prepared& prepared) {
  const bool draws =
      std::ranges::find(prepared.job.outputs, job::Output::pictures) != prepared.job.outputs.end();
  return kProgramMb + (draws ? kPictureMb * thread_count() : 0);
}

}  // namespace

std::string check_text(const job::ReadJob& read, const flow::Prepared& prepared, const StudyCosts& studies) {
  const auto& plan = prepared.plan;
  const Box &cell = prepared.clip.cell, &window = prepared.clip.window;
  std::string text;
  text += fmt::format("job          {} ({})\n", read.file.string(), job::job_hash(read.job));
  text += fmt::format("source       {}\n", prepared.light.description);
  text += fmt::format("illuminator  {} source points, sigma <= {:.3f}, pupil fill {:.1f} %\n", plan.n_points,
                      prepared.pupil_fill.sigma_max, 100 * prepared.pupil_fill.fill_ratio);
  text +=
      fmt::format("layout       {} rings; window {:g} x {:g} nm in a cell of {:g} x {:g} nm\n",
                  prepared.clip.rings.size(), window.width(), window.height(), cell.width(), cell.height());
  text += fmt::format("mask         {}\n", mask_plan_text(prepared));
  text += fmt::format("image        NA {}, {} x {} band-limited samples, {} x {} written\n",
                      prepared.job.imaging.na, plan.n_x, plan.n_y, plan.output_nx, plan.output_ny);
  text += fmt::format("fields       {} transforms per plane, {} plane{}, wavelengths: {}\n", plan.n_fields,
                      1 + prepared.job.imaging.through_focus_nm.size(),
                      prepared.job.imaging.through_focus_nm.empty() ? "" : "s", wavelengths_text(prepared));
  if (prepared.film.n_nodes > 0)
    text += fmt::format("resist       {:.3g} nodes{}\n", prepared.film.n_nodes,
                        prepared.film.n_noise_nodes > 0 ? fmt::format(", {} realisations of {:.3g}",
                                                                      prepared.job.stochastics.n_realisations,
                                                                      prepared.film.n_noise_nodes)
                                                        : std::string());
  text += fmt::format("cost         about {:.2g} s on one processor and {:.0f} MB\n",
                      prepared.cpu_s() + files_cpu_s(prepared),
                      std::ceil(prepared.memory_mb() + files_memory_mb(prepared)));
  text += fmt::format("studies      undulith window takes about {:.2g} s on one processor{}\n",
                      studies.window_s + files_cpu_s(prepared),
                      studies.mask_effects_s ? fmt::format(", undulith mask {:.2g} s",
                                                           *studies.mask_effects_s + files_cpu_s(prepared))
                                             : "");
  if (studies.optimise)
    text += fmt::format("optimise     about {:.2g} s on one processor and {:.0f} MB\n",
                        studies.optimise->cpu_s + search_files_cpu_s(prepared),
                        std::ceil(studies.optimise->memory_mb + files_memory_mb(prepared)));
  for (const std::string& warning : all_warnings(read, prepared))
    text += fmt::format("warning      {}\n", warning);
  return text + "The job is valid.\n";
}

std::string check_json(const job::ReadJob& read, const flow::Prepared& prepared, const StudyCosts& studies) {
  Json json = head_json(read);
  json["source"] = source_json(prepared.light);
  json["illuminator"] = illuminator_json(prepared.pupil_fill);
  json["clip"] = clip_json(prepared.clip);
  json["imaging"] = imaging_json(prepared);
  json["memory_mb"] = prepared.memory_mb() + files_memory_mb(prepared);
  json["cpu_s"] = prepared.cpu_s() + files_cpu_s(prepared);
  json["parts"] =
      Json{{"source_cpu_s", prepared.light_cpu_s},         {"mask_cpu_s", prepared.mask_plan.cpu_s},
           {"imaging_cpu_s", prepared.plan.cpu_s},         {"resist_cpu_s", prepared.film.cpu_s},
           {"files_cpu_s", files_cpu_s(prepared)},         {"mask_memory_mb", prepared.mask_plan.memory_mb},
           {"imaging_memory_mb", prepared.plan.memory_mb}, {"resist_memory_mb", prepared.film.memory_mb},
           {"files_memory_mb", files_memory_mb(prepared)}};
  json["window_cpu_s"] = studies.window_s + files_cpu_s(prepared);
  if (studies.mask_effects_s) json["mask_effects_cpu_s"] = *studies.mask_effects_s + files_cpu_s(prepared);
  if (studies.optimise) {
    json["optimise_cpu_s"] = studies.optimise->cpu_s + search_files_cpu_s(prepared);
    json["optimise_memory_mb"] = studies.optimise->memory_mb + files_memory_mb(prepared);
  }
  json["warnings"] = all_warnings(read, prepared);
  return json_text(json, "check.json");
}

}  // namespace undulith::results
