// SPDX-License-Identifier: MIT
#include "undulith/program/mask_report.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "undulith/core/log.hpp"
#include "undulith/core/version.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/job/locate.hpp"
#include "undulith/report/mask_pictures.hpp"
#include "undulith/results/manifest_file.hpp"
#include "undulith/results/mask_tables.hpp"
#include "undulith/results/result_writer.hpp"
#include "undulith/results/table.hpp"
#include "undulith/study/mask_effects.hpp"

namespace undulith::program {
namespace {

using Json = nlohmann::ordered_json;
using mask::Model;
using Known = std::optional<double>;

constexpr std::array kOrientations{study::Orientation::vertical, study::Orientation::horizontal};
constexpr std::array kModels{Model::thin, Model::rigorous};

report::MaskCurve empty_curve(study::Orientation orientation, Model model) {
  return {.vertical = orientation == study::Orientation::vertical, .thick = model != Model::thin};
}

report::Picture orders_picture(const study::MaskEffects& effects, const report::PictureOptions& options) {
  std::vector<report::OrderPair> pairs;
  const auto mean = [](const study::OrderRow& o) { return (o.x.efficiency + o.y.efficiency) / 2; };
  for (const study::OrderRow& v : effects.orders) {
    if (v.mask != "vertical" || v.sigma_x != 0 || v.sigma_y != 0 || v.n != 0) continue;
    for (const study::OrderRow& h : effects.orders)
      if (h.mask == "horizontal" && h.sigma_x == 0 && h.sigma_y == 0 && h.m == 0 && h.n == v.m)
        pairs.push_back({.order = v.m,
                         .vertical_efficiency = mean(v),
                         .horizontal_efficiency = mean(h),
                         .thin_efficiency = v.thin.efficiency,
                         .vertical_phase_deg = v.x.phase_deg,
                         .horizontal_phase_deg = h.x.phase_deg,
                         .thin_phase_deg = v.thin.phase_deg});
  }
  return report::draw_mask_orders(pairs, options);
}

report::Picture focus_picture(const study::MaskEffects& effects, const report::PictureOptions& options) {
  report::MaskThroughFocus picture{.target_cd_nm = effects.cd_nm};
  for (const study::Orientation orientation : kOrientations)
    for (const Model model : kModels) {
      const study::LineSeries& series = effects.at(0, orientation, model);
      report::MaskCurve cd = empty_curve(orientation, model), shift = cd, nils = cd;
      for (const study::LinePlane& plane : series.planes) {
        cd.x.push_back(plane.focus_nm);
        cd.y.push_back(plane.cd_nm);
      }
      for (const study::LinePlane& plane : series.sized) {
        shift.x.push_back(plane.focus_nm);
        shift.y.push_back(plane.shift_nm);
        nils.x.push_back(plane.focus_nm);
        nils.y.push_back(plane.nils);
      }
      picture.cd_nm.push_back(cd);
      picture.shift_nm.push_back(shift);
      picture.nils.push_back(nils);
    }
  return report::draw_mask_through_focus(picture, options);
}

report::Picture pitch_picture(const study::MaskEffects& effects, const report::PictureOptions& options) {
  report::MaskThroughPitch picture{.target_cd_nm = effects.cd_nm};
  for (const study::Orientation orientation : kOrientations)
    for (const Model model : kModels) {
      report::MaskCurve cd = empty_curve(orientation, model), focus = cd;
      for (std::size_t p = 0; p < effects.n_pitches(); ++p) {
        const study::LineSeries& series = effects.at(p, orientation, model);
        cd.x.push_back(series.feature.pitch_nm);
        cd.y.push_back(study::cd_in_focus_nm(series));
        focus.x.push_back(series.feature.pitch_nm);
        focus.y.push_back(series.best_focus_nils_nm);
      }
      picture.cd_nm.push_back(cd);
      picture.best_focus_nils_nm.push_back(focus);
    }
  return report::draw_mask_through_pitch(picture, options);
}

report::Picture swing_picture(const job::Job& job, const study::MaskEffects& effects,
                              const report::PictureOptions& options) {
  report::MaskSwing picture;
  for (const mask::FilmLayer& film : job.mask.stack.absorber) picture.nominal_nm += film.thickness_nm;
  for (std::size_t i = 0; i < kOrientations.size(); ++i) {
    report::MaskCurve cd = empty_curve(kOrientations[i], Model::rigorous), nils = cd;
    for (const study::SwingPoint& point : effects.swing) {
      cd.x.push_back(point.thickness_nm);
      cd.y.push_back(point.line[i].cd_nm);
      nils.x.push_back(point.thickness_nm);
      nils.y.push_back(point.line[i].nils);
    }
    picture.cd_nm.push_back(cd);
    picture.nils.push_back(nils);
  }
  for (const study::SwingPoint& point : effects.swing) {
    picture.thickness_nm.push_back(point.thickness_nm);
    picture.reflectance_percent.push_back(100 * point.absorber_reflectance);
  }
  return report::draw_mask_swing(picture, options);
}

void write_files(results::ResultWriter& writer, const job::ReadJob& read, const study::MaskEffects& effects) {
  const job::Job& job = read.job;
  writer.text("orders.csv", results::orders_csv(effects));
  writer.text("gauges.csv", results::gauges_csv(effects));
  writer.text("through_focus.csv", results::through_focus_csv(effects));
  writer.text("through_pitch.csv", results::through_pitch_csv(effects));
  writer.text("poles.csv", results::poles_csv(effects));
  if (!effects.swing.empty()) writer.text("swing.csv", results::swing_csv(effects));
  const std::string light = effects.turned
                                ? fmt::format("light rotated for {} lines", study::name_of(*effects.turned))
                                : "the same light for both";
  const std::string feature = job.mask.tone == mask::Tone::dark_field ? "spaces" : "lines";
  const auto options = [&](const std::string& which) {
    return report::PictureOptions{
        .title = job.title,
        .details = {fmt::format("{} nm {}{} · NA {:g} · {:g} nm · {}", io::format_number(effects.cd_nm),
                                feature, which, job.imaging.na, effects.wavelength_nm, light)}};
  };
  const std::string dense = fmt::format(" at {:g} nm pitch", effects.pitch_nm);
  writer.picture("mask_orders.png", [&] { return orders_picture(effects, options(dense)); });
  writer.picture("mask_through_focus.png", [&] { return focus_picture(effects, options(dense)); });
  writer.picture("mask_through_pitch.png", [&] { return pitch_picture(effects, options("")); });
  if (!effects.swing.empty())
    writer.picture("mask_swing.png", [&] { return swing_picture(job, effects, options(dense)); });
  writer.write_pictures();
}

}  // namespace

MaskReport report_mask(const job::ReadJob& read, const MaskReportOptions& options) {
  io::OutputFolder folder(options.out, options.force ? io::OutputFolder::IfExists::replace_files
                                                     : io::OutputFolder::IfExists::refuse);
  results::ResultWriter writer(folder, read.job);
  MaskReport report;
  job::with_places(read, [&] {
    if (const auto cost_s = study::mask_effects_cost_s(
            flow::prepare(read.job), {.cd_nm = options.cd_nm, .pitch_nm = options.pitch_nm}))
      log::info(fmt::format("about {:.2g} s on one processor", *cost_s));
    const study::MaskEffects effects = study::compute_mask_effects(
        read.job, {.cd_nm = options.cd_nm, .pitch_nm = options.pitch_nm, .progress = options.progress});
    for (const std::string& warning : effects.warnings) log::warning(warning);
    report.text = results::effects_text(read.job, effects);
    Json json{{"undulith", kVersion}, {"title", read.job.title}, {"job_hash", job::job_hash(read.job)}};
    json.update(results::effects_json(effects));
    report.json = results::json_text(json, "mask.json");
    write_files(writer, read, effects);
    writer.text("mask.json", report.json);
    writer.text("mask.txt", report.text);
    writer.text("job.resolved.toml", job::resolved_job(read.job, options.out));
  });
  if (options.progress) options.progress(1);
  report.files = writer.files();
  report.files.push_back(results::add_manifest(folder, "mask", {read.job}));
  folder.commit();
  return report;
}

}  // namespace undulith::program
