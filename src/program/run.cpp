// SPDX-License-Identifier: MIT
#include "undulith/program/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"
#include "undulith/flow/stages.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/npy.hpp"
#include "undulith/job/locate.hpp"
#include "undulith/report/pictures.hpp"
#include "undulith/results/check_report.hpp"
#include "undulith/results/manifest_file.hpp"
#include "undulith/results/resist_report.hpp"
#include "undulith/results/result_writer.hpp"
#include "undulith/results/review_files.hpp"
#include "undulith/results/summary.hpp"
#include "undulith/study/mask_effects.hpp"
#include "undulith/study/process_window.hpp"

namespace undulith::program {
namespace {

std::vector<double> axis(double start, double step, int count) {
  std::vector<double> values(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) values[i] = start + i * step;
  return values;
}

void take_rows(const imaging::AerialImage& image, const io::TakeValues& take) {
  image.intensity.visit_rows([&](int, std::span<const double> rows) { take(rows); });
}

void write_image(results::ResultWriter& writer, const imaging::AerialImage& image, Precision precision) {
  const Grid2D& grid = image.intensity.grid();
  const auto nx = static_cast<std::size_t>(grid.nx), ny = static_cast<std::size_t>(grid.ny);
  writer.array(
      "aerial_image.npy", [&](const io::TakeValues& take) { take_rows(image, take); }, {ny, nx}, precision);
  writer.array("aerial_image_x_nm.npy", axis(grid.x0, grid.dx, grid.nx), {nx});
  writer.array("aerial_image_y_nm.npy", axis(grid.y0, grid.dy, grid.ny), {ny});
}

// All planes in the order of their focus, the one of imaging.focus_nm among them.
std::vector<report::FocusPlane> planes_of(const flow::Results& results) {
  std::vector<report::FocusPlane> planes{{&results.image, &results.measurement}};
  for (const flow::PlaneResult& plane : results.through_focus)
    if (plane.focus_nm != results.image.focus_nm) planes.push_back({&plane.image, &plane.measurement});
  std::ranges::stable_sort(planes, {}, [](const report::FocusPlane& plane) { return plane.image->focus_nm; });
  return planes;
}

void write_through_focus(results::ResultWriter& writer, const flow::Results& results) {
  if (!writer.wants(job::Output::arrays))
    return writer.text("through_focus.csv", results::through_focus_csv(results));
  const std::vector<report::FocusPlane> planes = planes_of(results);
  const Grid2D& grid = results.image.intensity.grid();
  std::vector<double> focus_nm;
  for (const report::FocusPlane& plane : planes) focus_nm.push_back(plane.image->focus_nm);
  writer.text("through_focus.csv", results::through_focus_csv(results));
  writer.array(
      "aerial_image_through_focus.npy",
      [&](const io::TakeValues& take) {
        for (const report::FocusPlane& plane : planes) take_rows(*plane.image, take);
      },
      {planes.size(), static_cast<std::size_t>(grid.ny), static_cast<std::size_t>(grid.nx)},
      results.prepared.job.imaging.output_precision);
  writer.array("through_focus_nm.npy", focus_nm, {planes.size()});
}

void add_pictures(results::ResultWriter& writer, const flow::Results& results) {
  const flow::Prepared& prepared = results.prepared;
  const job::Job& job = prepared.job;
  const double wavelength_nm = prepared.light.wavelength_nm;
  const std::string optics =
      fmt::format("NA {:g} · {:g} nm · {}", job.imaging.na, wavelength_nm, prepared.light.name);
  const auto options = [title = job.title](std::vector<std::string> details) {
    return report::PictureOptions{.title = title, .details = std::move(details)};
  };
  writer.picture("mask.png",
                 [=, &prepared] { return report::draw_mask(prepared.mask, prepared.job.mask, options({})); });
  writer.picture("spectrum.png", [=, &prepared] {
    return report::draw_spectrum(prepared.light, options({prepared.light.description}),
                                 prepared.chain.beamline.wafer_flux);
  });
  // Cells cut along rims belong to the quadrature, not to the illuminated pupil.
  const auto pupil_fill =
      std::make_shared<const illuminator::PupilFill>(flow::pupil_of(job, prepared.light, prepared.chain));
  auto of_pupil = options({});
  of_pupil.n_source_points = static_cast<int>(prepared.pupil_fill.points.size());
  const double na = job.imaging.na;
  writer.picture("pupil_fill.png",
                 [=] { return report::draw_pupil_fill(*pupil_fill, na, wavelength_nm, of_pupil); });
  constexpr int kPupilSamples = 501;
  const imaging::FieldPosition position =
      job.imaging.field_positions.empty() ? imaging::FieldPosition{} : job.imaging.field_positions.front();
  writer.picture("pupil.png", [=, &prepared] {
    return report::draw_pupil(
        imaging::sample_pupil(prepared.job.imaging, wavelength_nm, kPupilSamples, position), *pupil_fill, na,
        wavelength_nm, of_pupil);
  });
  const auto image_options = options({optics + fmt::format(" · focus {:g} nm", job.imaging.focus_nm)});
  writer.picture("aerial_image.png", [=, &results] {
    return report::draw_aerial_image(results.image, results.prepared.clip, results.measurement,
                                     image_options);
  });
  if (!results.measurement.gauges.empty())
    writer.picture("cut_lines.png", [=, &results] {
      return report::draw_cut_lines(results.image, results.measurement, image_options);
    });
  const std::vector<report::FocusPlane> planes = planes_of(results);
  if (planes.size() > 1)
    writer.picture("through_focus.png",
                   [=] { return report::draw_through_focus(planes, options({optics})); });
}

}  // namespace

RunReport run_job(const job::ReadJob& read, const RunOptions& options) {
  // The folder first: a run without a place for its results should not compute.
  io::OutputFolder folder(options.out, options.force ? io::OutputFolder::IfExists::replace_files
                                                     : io::OutputFolder::IfExists::refuse);
  const flow::Results results =
      job::with_places(read, [&] { return flow::compute(read.job, options.progress); });
  for (const std::string& warning : results.prepared.warnings) log::warning(warning);

  RunReport report;
  report.json = results::summary_json(read, results);
  report.table = results::result_text(results);
  for (const auto& gauge : results.measurement.gauges)
    report.all_printed = report.all_printed && gauge.status == metrology::PrintStatus::printed;
  if (results.resist) {
    report.table += results::resist_text(results.prepared, *results.resist);
    report.all_printed = true;  // only the resist counts
    for (const auto& gauge : results.resist->measurement.gauges)
      report.all_printed = report.all_printed && gauge.at_cd_height.status == metrology::PrintStatus::printed;
  }

  results::ResultWriter writer(folder, read.job);
  writer.text("summary.json", report.json);
  writer.text("measurements.csv", results::measurements_csv(results.measurement));
  writer.text("job.resolved.toml", job::resolved_job(read.job, options.out));
  write_image(writer, results.image, read.job.imaging.output_precision);
  if (!results.through_focus.empty()) write_through_focus(writer, results);
  add_pictures(writer, results);
  results::write_review(writer, results);
  if (results.resist) results::write_resist(writer, results.prepared, *results.resist);
  writer.write_pictures();
  report.files = writer.files();
  report.files.push_back(results::add_manifest(folder, "run", {read.job}));
  folder.commit();
  return report;
}

namespace {

// Cost of undulith mask; absent for jobs without a thick mask or without a line to study.
std::optional<double> mask_effects_cost(const flow::Prepared& prepared) {
  if (mask::model_of(prepared.job.mask) == mask::Model::thin) return {};
  try {
    return study::mask_effects_cost_s(prepared, {});
  } catch (const InputError&) {
    return {};
  }
}

// A job without [optimise] is not meant for undulith optimise. The cost of sources, and of masks without gradient, is not
// known.
std::optional<study::OptimiseCost> optimise_cost(const flow::Prepared& prepared) {
  const job::OptimiseMethod method = prepared.job.optimise.method;
  if (prepared.job.optimise == job::OptimiseTable{} ||
      (method != job::OptimiseMethod::ilt && method != job::OptimiseMethod::opc) ||
      mask::model_of(prepared.job.mask) == mask::Model::rigorous)
    return {};
  return study::optimise_cost(prepared);
}

}  // namespace

CheckReport check_job(const job::ReadJob& read) {
  const flow::Prepared prepared = job::with_places(read, [&] {
    flow::Prepared estimated = flow::prepare(read.job, flow::LightDetail::estimated);
    imaging::require_method(read.job.imaging, mask::model_of(read.job.mask) != mask::Model::thin);
    return estimated;
  });
  const results::StudyCosts studies{.window_s = study::process_window_cost_s(prepared),
                                    .mask_effects_s = mask_effects_cost(prepared),
                                    .optimise = optimise_cost(prepared)};
  return {results::check_text(read, prepared, studies), results::check_json(read, prepared, studies)};
}

}  // namespace undulith::program
