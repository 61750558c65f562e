// SPDX-License-Identifier: MIT
#include "undulith/results/window_files.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "undulith/core/version.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/report/resist_pictures.hpp"
#include "undulith/results/table.hpp"

namespace undulith::results {
namespace {

using Json = nlohmann::ordered_json;
using metrology::FeatureWindow;

// A depth of focus that ends where the focus values end is a lower bound.
std::string depth_cell(const std::optional<double>& depth_nm, bool is_least) {
  return (is_least ? ">=" : "") + cell(depth_nm, 1);
}

std::string matrix_csv(const metrology::WindowResult& result) {
  std::string csv = "gauge,target_cd_nm,focus_nm,dose_mj_cm2,cd_nm,shift_nm,side_wall_deg,top_loss_percent\n";
  for (const FeatureWindow& feature : result.features) {
    const auto& m = feature.matrix;
    for (std::size_t f = 0; f < m.focus_nm.size(); ++f)
      for (std::size_t d = 0; d < m.dose_mj_cm2.size(); ++d) {
        const auto at = [&](const metrology::FocusExposureMatrix::Values& values) {
          return values.empty() ? std::optional<double>() : values[f * m.dose_mj_cm2.size() + d];
        };
        csv += io::format_text(m.name) + "," +
               fields({m.target_cd_nm, m.focus_nm[f], m.dose_mj_cm2[d], at(m.cd_nm), at(m.shift_nm),
                       at(m.side_wall_deg), at(m.top_loss_percent)}) +
               "\n";
      }
  }
  return csv;
}

std::string limits_csv(const metrology::WindowResult& result) {
  std::string csv = "name,focus_nm,low_mj_cm2,high_mj_cm2\n";
  const auto add = [&](const std::string& name, const metrology::DoseLimits& limits) {
    for (std::size_t i = 0; i < limits.focus_nm.size(); ++i)
      csv += io::format_text(name) + "," +
             fields({limits.focus_nm[i], limits.low_mj_cm2[i], limits.high_mj_cm2[i]}) + "\n";
  };
  for (const FeatureWindow& feature : result.features) add(feature.matrix.name, feature.limits);
  add("all", result.common.limits);
  return csv;
}

std::string curves_csv(const metrology::WindowResult& result) {
  std::string csv = "name,shape,depth_of_focus_nm,exposure_latitude_percent,focus_nm,dose_mj_cm2\n";
  const auto add = [&](const std::string& name, const metrology::WindowCurves& curves) {
    for (const auto& [shape, points] :
         {std::pair{"rectangle", &curves.rectangle}, std::pair{"ellipse", &curves.ellipse}})
      for (const metrology::WindowShape& p : *points)
        csv += fmt::format(
            "{},{},{}\n", io::format_text(name), shape,
            fields({p.depth_of_focus_nm, p.exposure_latitude_percent, p.focus_nm, p.dose_mj_cm2}));
  };
  for (const FeatureWindow& feature : result.features) add(feature.matrix.name, feature.window.curves);
  add("all", result.common.curves);
  return csv;
}

std::string failures_csv(const std::vector<study::FailureRow>& rows) {
  std::string csv =
      "dose_mj_cm2,mean_cd_nm,cd_sigma_nm,n_trials,n_failed,probability,probability_low,probability_high,"
      "confidence\n";
  for (const study::FailureRow& row : rows) {
    const metrology::FailureProbability& p = row.probability;
    csv += fmt::format("{},{},{},{}\n", fields({row.dose_mj_cm2, row.mean_cd_nm, row.cd_sigma_nm}),
                       p.n_trials, p.n_failed, fields({p.estimate, p.low, p.high, p.confidence}));
  }
  return csv;
}

std::string contrast_csv(const resist::ContrastCurve& curve) {
  std::string csv = "dose_mj_cm2,remaining_nm,time_to_clear_s\n";
  for (const resist::ContrastPoint& point : curve.points)
    csv += fields({point.dose_mj_cm2, point.remaining_nm, point.time_to_clear_s}) + "\n";
  return csv;
}

Json depths_json(const metrology::ProcessWindow& window) {
  Json depths = Json::array();
  for (const auto& depth : window.depths)
    depths.push_back({{"exposure_latitude_percent", depth.exposure_latitude_percent},
                      {"depth_of_focus_rectangle_nm", number_or_null(depth.rectangle_nm)},
                      {"depth_of_focus_ellipse_nm", number_or_null(depth.ellipse_nm)},
                      {"rectangle_is_least", depth.rectangle_is_least},
                      {"ellipse_is_least", depth.ellipse_is_least}});
  Json json{{"depths", depths}, {"best", nullptr}};
  if (window.best)
    json["best"] = {{"focus_nm", window.best->focus_nm},
                    {"dose_mj_cm2", window.best->dose_mj_cm2},
                    {"depth_of_focus_nm", window.best->depth_of_focus_nm},
                    {"exposure_latitude_percent", window.best->exposure_latitude_percent}};
  return json;
}

Json feature_json(const FeatureWindow& f, const std::optional<double>& meef) {
  return {{"name", f.matrix.name},
          {"target_cd_nm", f.matrix.target_cd_nm},
          {"best_focus_cd_nm", number_or_null(f.best_focus_cd_nm)},
          {"dose_to_size_mj_cm2", number_or_null(f.dose_to_size_mj_cm2)},
          {"isofocal_dose_mj_cm2", number_or_null(f.isofocal_dose_mj_cm2)},
          {"isofocal_cd_nm", number_or_null(f.isofocal_cd_nm)},
          {"exposure_latitude_percent", number_or_null(f.exposure_latitude_percent)},
          {"telecentricity_nm_per_um", number_or_null(f.telecentricity_nm_per_um)},
          {"meef", number_or_null(meef)},
          {"bossung_rms_nm", f.bossung ? Json(f.bossung->rms_nm) : Json(nullptr)},
          {"window", depths_json(f.window)}};
}

report::Picture contrast_picture(const job::Job& job, const resist::ContrastCurve& curve,
                                 const report::PictureOptions& options) {
  std::vector<double> dose, remaining;
  for (const resist::ContrastPoint& point : curve.points) {
    dose.push_back(point.dose_mj_cm2);
    remaining.push_back(point.remaining_nm);
  }
  return report::draw_contrast_curve({.dose_mj_cm2 = dose,
                                      .remaining_nm = remaining,
                                      .thickness_nm = job.resist.film.thickness_nm,
                                      .dose_to_clear_mj_cm2 = curve.dose_to_clear_mj_cm2.value_or(0),
                                      .gamma = curve.gamma.value_or(0)},
                                     options);
}

report::Picture failure_picture(const std::vector<study::FailureRow>& rows,
                                const report::PictureOptions& options) {
  report::FailureCurve curve;
  for (const study::FailureRow& row : rows) {
    curve.dose_mj_cm2.push_back(row.dose_mj_cm2);
    curve.mean_cd_nm.push_back(row.mean_cd_nm);
    curve.estimate.push_back(row.probability.estimate);
    curve.low.push_back(row.probability.low);
    curve.high.push_back(row.probability.high);
  }
  return report::draw_failure_curve(curve, options);
}

// A line per gauge.
std::string gauge_lines(const study::WindowStudy& study) {
  std::string text =
      fmt::format("{:<14} {:>9} {:>16} {:>10} {:>9} {:>7} {:>12} {:>9} {:>8}\n", "gauge", "target_nm",
                  "best_focus_cd_nm", "size_dose", "EL_%", "MEEF", "isofocal_cd", "tel_nm/um", "DOF_nm");
  for (std::size_t g = 0; g < study.windows.features.size(); ++g) {
    const FeatureWindow& f = study.windows.features[g];
    const std::string depth = f.window.depths.empty() ? std::string("-")
                                                      : depth_cell(f.window.depths.back().rectangle_nm,
                                                                   f.window.depths.back().rectangle_is_least);
    text += fmt::format("{:<14} {:>9.2f} {:>16} {:>10} {:>9} {:>7} {:>12} {:>9} {:>8}\n", f.matrix.name,
                        f.matrix.target_cd_nm, cell(f.best_focus_cd_nm, 1), cell(f.dose_to_size_mj_cm2, 3),
                        cell(f.exposure_latitude_percent, 2), cell(study.meef[g], 2),
                        cell(f.isofocal_cd_nm, 2), cell(f.telecentricity_nm_per_um, 2), depth);
  }
  for (const FeatureWindow& f : study.windows.features)
    if (!f.bossung)
      text += fmt::format("{} prints at fewer than three places of the matrix: shift window.dose_mj_cm2\n",
                          f.matrix.name);
  return text;
}

report::PictureOptions picture_options(const study::WindowStudy& study, const std::string& more) {
  const job::Job& job = study.prepared.job;
  return {.title = job.title,
          .details = {fmt::format("NA {:g} · {:g} nm · {}{}", job.imaging.na,
                                  study.prepared.light.wavelength_nm, study.prepared.light.name, more)}};
}

}  // namespace

std::string window_text(const study::WindowStudy& study) {
  std::string text = gauge_lines(study) + "all together:";
  const metrology::ProcessWindow& common = study.windows.common;
  for (const auto& depth : common.depths)
    text +=
        fmt::format("\n  DOF at {:g} % EL: {} nm (rectangle), {} nm (ellipse)",
                    depth.exposure_latitude_percent, depth_cell(depth.rectangle_nm, depth.rectangle_is_least),
                    depth_cell(depth.ellipse_nm, depth.ellipse_is_least));
  if (common.best)
    text +=
        fmt::format("\nbest: {:.3f} mJ/cm2 at focus {:.1f} nm, EL {:.2f} %, DOF {} nm\n",
                    common.best->dose_mj_cm2, common.best->focus_nm, common.best->exposure_latitude_percent,
                    depth_cell(common.best->depth_of_focus_nm, common.best_is_least));
  else
    text += "\nno dose and focus keep all of them within tolerance\n";
  return text;
}

std::string window_json(const job::ReadJob& read, const study::WindowStudy& study) {
  Json features = Json::array();
  for (std::size_t g = 0; g < study.windows.features.size(); ++g)
    features.push_back(feature_json(study.windows.features[g], study.meef[g]));
  Json json{{"undulith", kVersion},
            {"title", read.job.title},
            {"job_hash", job::job_hash(read.job)},
            {"cd_tolerance_percent", study.prepared.job.window.cd_tolerance_percent},
            {"features", features},
            {"common", depths_json(study.windows.common)}};
  for (const study::FailureRow& row : study.failures)
    json["failures"].push_back({{"dose_mj_cm2", row.dose_mj_cm2},
                                {"mean_cd_nm", row.mean_cd_nm},
                                {"probability", row.probability.estimate},
                                {"probability_low", row.probability.low},
                                {"probability_high", row.probability.high},
                                {"n_trials", row.probability.n_trials}});
  return json_text(json, "window.json");
}

void write_window(ResultWriter& writer, const study::WindowStudy& study) {
  const job::Job& job = study.prepared.job;
  const metrology::WindowResult& result = study.windows;
  writer.text("focus_exposure.csv", matrix_csv(result));
  writer.text("dose_limits.csv", limits_csv(result));
  writer.text("el_dof.csv", curves_csv(result));
  const report::PictureOptions options =
      picture_options(study, fmt::format(" · CD within {:g} %", job.window.cd_tolerance_percent));
  constexpr std::size_t kMaxBossung = 6;  // pictures; the CSV has all
  std::size_t n_drawn = 0;
  for (const FeatureWindow& feature : result.features) {
    if (!feature.bossung || n_drawn == kMaxBossung) continue;
    ++n_drawn;
    writer.picture(n_drawn == 1 ? "bossung.png" : fmt::format("bossung_{}.png", n_drawn),
                   [&] { return report::draw_bossung(feature, job.window, options); });
  }
  writer.picture("ed_window.png", [&] { return report::draw_ed_window(result, options); });
  writer.picture("el_dof.png", [&] { return report::draw_el_dof(result, options); });
  const report::PictureOptions without_tolerance = picture_options(study, "");
  if (study.contrast) {
    writer.text("contrast_curve.csv", contrast_csv(*study.contrast));
    writer.picture("contrast_curve.png",
                   [&] { return contrast_picture(job, *study.contrast, without_tolerance); });
  }
  if (!study.failures.empty()) {
    writer.text("failures.csv", failures_csv(study.failures));
    writer.picture("failure_curve.png", [&] { return failure_picture(study.failures, without_tolerance); });
  }
  writer.write_pictures();
}

}  // namespace undulith::results
