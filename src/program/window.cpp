#include "undulith/program/window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"
#include "undulith/core/version.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/job/locate.hpp"
#include "undulith/report/resist_pictures.hpp"
#include "undulith/resist/development.hpp"
#include "undulith/results/result_writer.hpp"
#include "undulith/results/table.hpp"
#include "undulith/study/focus_exposure.hpp"

namespace undulith::program {
namespace {

using results::cell;
using results::field;
using results::known;
using Json = nlohmann::ordered_json;
using metrology::FeatureWindow;
using metrology::GaugeResult;

std::vector<double> spread_around(double centre, double reach, int count) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(centre + reach * (2.0 * i / (count - 1) - 1));
  return values;
}

std::vector<double> focus_values(const job::Job& job) {
  constexpr double kReachNm = 120;
  constexpr int kCount = 25;
  return job.window_focus_nm.empty() ? spread_around(job.imaging.focus_nm, kReachNm, kCount)
                                     : job.window_focus_nm;
}

std::vector<double> dose_values(const job::Job& job) {
  constexpr double kReach = 0.3;
  constexpr int kCount = 21;
  const double dose = job.scanner.dose_mj_cm2;
  return job.window_dose_mj_cm2.empty() ? spread_around(dose, kReach * dose, kCount) : job.window_dose_mj_cm2;
}

std::size_t nearest(const std::vector<double>& values, double wanted) {
  return static_cast<std::size_t>(
      std::ranges::min_element(values, {}, [&](double v) { return std::abs(v - wanted); }) - values.begin());
}

// Every gauge that has something to be held against.
std::vector<GaugeResult> gauges_with_target(const job::Job& job, const study::FocusSeries& series,
                                            const study::FocusImages& plane) {
  std::vector<GaugeResult> gauges =
      metrology::measure(plane.image, series.prepared.clip, flow::drawn_feature(job.mask.tone), job.metrology)
          .gauges;
  std::erase_if(gauges, [](const GaugeResult& gauge) { return !gauge.target_cd_nm; });
  if (gauges.empty())
    throw InputError(
        "metrology.gauge (a process window needs a gauge with a target CD, and there is none); give "
        "[[metrology.gauge]] with target_cd_nm, or lower metrology.min_edge_nm");
  return gauges;
}

// CD on the wafer against CD on the mask at wafer scale, at the job's dose and focus.
std::vector<std::optional<double>> mask_error_factors(const job::Job& job,
                                                      const std::vector<metrology::Gauge>& gauges) {
  constexpr double kStepNm = 0.25;  // of each edge: small against a feature, large against rounding
  const auto printed = [&](double bias_nm) {
    job::Job biased = job;
    biased.mask.edge_bias_nm += bias_nm;
    const study::FocusSeries series = study::compute_focus_series(biased, {job.imaging.focus_nm}, {});
    return study::print_at(biased, series.prepared, study::seen_by_resist(biased, series).front(),
                           job.scanner.dose_mj_cm2, gauges);
  };
  const auto larger = printed(kStepNm), smaller = printed(-kStepNm);
  std::vector<std::optional<double>> factors(gauges.size());
  for (std::size_t g = 0; g < gauges.size(); ++g) {
    // A gauge on the space between drawn features shrinks when they grow.
    const double sign = gauges[g].feature == flow::drawn_feature(job.mask.tone) ? 1 : -1;
    if (larger[g].cd_nm && smaller[g].cd_nm)
      factors[g] = sign * (*larger[g].cd_nm - *smaller[g].cd_nm) / (4 * kStepNm);
  }
  return factors;
}

// A depth of focus that ends where the focus values end is a lower bound.
std::string depth_cell(const std::optional<double>& depth_nm, bool is_least) {
  return (is_least ? ">=" : "") + cell(depth_nm, 1);
}

std::string matrix_csv(const metrology::WindowResult& result) {
  std::string csv = "name,target_cd_nm,focus_nm,dose_mj_cm2,cd_nm,shift_nm,side_wall_deg,top_loss_percent\n";
  for (const FeatureWindow& feature : result.features) {
    const auto& m = feature.matrix;
    for (std::size_t f = 0; f < m.focus_nm.size(); ++f)
      for (std::size_t d = 0; d < m.dose_mj_cm2.size(); ++d) {
        const auto at = [&](const metrology::FocusExposureMatrix::Values& values) {
          return values.empty() ? std::string() : field(values[f * m.dose_mj_cm2.size() + d]);
        };
        csv += fmt::format("{},{},{},{},{},{},{},{}\n", io::format_text(m.name),
                           io::format_number(m.target_cd_nm), io::format_number(m.focus_nm[f]),
                           io::format_number(m.dose_mj_cm2[d]), at(m.cd_nm), at(m.shift_nm),
                           at(m.side_wall_deg), at(m.top_loss_percent));
      }
  }
  return csv;
}

std::string limits_csv(const metrology::WindowResult& result) {
  std::string csv = "name,focus_nm,low_mj_cm2,high_mj_cm2\n";
  const auto add = [&](const std::string& name, const metrology::DoseLimits& limits) {
    for (std::size_t i = 0; i < limits.focus_nm.size(); ++i)
      csv += fmt::format("{},{},{},{}\n", io::format_text(name), io::format_number(limits.focus_nm[i]),
                         field(limits.low_mj_cm2[i]), field(limits.high_mj_cm2[i]));
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
        csv += fmt::format("{},{},{},{},{},{}\n", io::format_text(name), shape,
                           io::format_number(p.depth_of_focus_nm),
                           io::format_number(p.exposure_latitude_percent), io::format_number(p.focus_nm),
                           io::format_number(p.dose_mj_cm2));
  };
  for (const FeatureWindow& feature : result.features) add(feature.matrix.name, feature.window.curves);
  add("all", result.common.curves);
  return csv;
}

Json window_json(const metrology::ProcessWindow& window) {
  Json depths = Json::array();
  for (const auto& depth : window.depths)
    depths.push_back({{"exposure_latitude_percent", depth.exposure_latitude_percent},
                      {"depth_of_focus_rectangle_nm", known(depth.rectangle_nm)},
                      {"depth_of_focus_ellipse_nm", known(depth.ellipse_nm)},
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

// Failure against dose at the focus nearest to that of the job.
struct FailureRow {
  double dose_mj_cm2 = 0, mean_cd_nm = 0, cd_sigma_nm = 0;
  metrology::FailureProbability probability;
};

std::vector<FailureRow> failures_of(const flow::FilmScene& scene, const study::FocusImages& plane,
                                    const std::vector<double>& doses,
                                    const std::vector<metrology::Gauge>& gauges, const Progress& progress) {
  constexpr std::size_t kMaxDoses = 7;
  const job::Job& job = scene.job;
  const std::size_t n = std::min(kMaxDoses, doses.size());
  std::vector<FailureRow> rows;
  for (std::size_t i = 0; i < n; ++i) {
    const double dose = n == 1 ? doses.front() : doses[i * (doses.size() - 1) / (n - 1)];
    const resist::ResistResult smooth = resist::develop(plane.film, job.resist, dose);
    const flow::StochasticStage noise =
        flow::compute_noise(scene, smooth, flow::measure_film(scene, smooth.profile, gauges), dose, {});
    const auto seen = std::ranges::find_if(
        noise.gauges, [](const flow::GaugeNoise& gauge) { return !gauge.cd_nm.empty(); });
    FailureRow row{.dose_mj_cm2 = dose, .probability = noise.piece_failure};
    if (seen != noise.gauges.end()) {
      row.mean_cd_nm = seen->mean_nm();
      row.cd_sigma_nm = seen->sigma_nm();
    }
    rows.push_back(row);
    if (progress) progress((static_cast<double>(i) + 1) / static_cast<double>(n));
  }
  return rows;
}

std::string failures_csv(const std::vector<FailureRow>& rows) {
  std::string csv =
      "dose_mj_cm2,mean_cd_nm,cd_sigma_nm,n_trials,n_failed,probability,probability_low,probability_high,"
      "confidence\n";
  for (const FailureRow& row : rows)
    csv += fmt::format(
        "{},{},{},{},{},{},{},{},{}\n", io::format_number(row.dose_mj_cm2), io::format_number(row.mean_cd_nm),
        io::format_number(row.cd_sigma_nm), row.probability.n_trials, row.probability.n_failed,
        io::format_number(row.probability.estimate), io::format_number(row.probability.low),
        io::format_number(row.probability.high), io::format_number(row.probability.confidence));
  return csv;
}

report::Picture failure_picture(const std::vector<FailureRow>& rows, const report::PictureOptions& options) {
  report::FailureCurve curve;
  for (const FailureRow& row : rows) {
    curve.dose_mj_cm2.push_back(row.dose_mj_cm2);
    curve.mean_cd_nm.push_back(row.mean_cd_nm);
    curve.estimate.push_back(row.probability.estimate);
    curve.low.push_back(row.probability.low);
    curve.high.push_back(row.probability.high);
  }
  return report::draw_failure_curve(curve, options);
}

resist::ContrastCurve contrast_of(const job::Job& job) {
  constexpr int kPoints = 121;
  const double low = job.scanner.dose_mj_cm2 / 100, high = job.scanner.dose_mj_cm2 * 3;
  std::vector<double> doses;
  for (int i = 0; i < kPoints; ++i) doses.push_back(low * std::pow(high / low, i / (kPoints - 1.0)));
  return resist::contrast_curve(job.resist, doses);
}

void write_contrast(results::ResultWriter& writer, const job::Job& job,
                    const report::PictureOptions& options) {
  const resist::ContrastCurve curve = contrast_of(job);
  std::string csv = "dose_mj_cm2,remaining_nm,time_to_clear_s\n";
  std::vector<double> dose, remaining;
  for (const resist::ContrastPoint& point : curve.points) {
    csv += fmt::format("{},{},{}\n", io::format_number(point.dose_mj_cm2),
                       io::format_number(point.remaining_nm), io::format_number(point.time_to_clear_s));
    dose.push_back(point.dose_mj_cm2);
    remaining.push_back(point.remaining_nm);
  }
  writer.text("contrast_curve.csv", csv);
  writer.picture("contrast_curve.png",
                 report::draw_contrast_curve({.dose_mj_cm2 = dose,
                                              .remaining_nm = remaining,
                                              .thickness_nm = job.resist.film.thickness_nm,
                                              .dose_to_clear_mj_cm2 = curve.dose_to_clear_mj_cm2.value_or(0),
                                              .gamma = curve.gamma.value_or(0)},
                                             options));
}

std::string window_text(const metrology::WindowResult& result,
                        const std::vector<std::optional<double>>& meef) {
  std::string text =
      fmt::format("{:<14} {:>9} {:>10} {:>10} {:>9} {:>7} {:>12} {:>9} {:>8}\n", "gauge", "target_nm",
                  "best_focus", "size_dose", "EL_%", "MEEF", "isofocal_cd", "tel_nm/um", "DOF_nm");
  for (std::size_t g = 0; g < result.features.size(); ++g) {
    const FeatureWindow& f = result.features[g];
    const std::string depth = f.window.depths.empty() ? std::string("-")
                                                      : depth_cell(f.window.depths.back().rectangle_nm,
                                                                   f.window.depths.back().rectangle_is_least);
    text += fmt::format("{:<14} {:>9.2f} {:>10} {:>10} {:>9} {:>7} {:>12} {:>9} {:>8}\n", f.matrix.name,
                        f.matrix.target_cd_nm, cell(f.best_focus_nm, 1), cell(f.dose_to_size_mj_cm2, 3),
                        cell(f.exposure_latitude_percent, 2), cell(meef[g], 2), cell(f.isofocal_cd_nm, 2),
                        cell(f.telecentricity_nm_per_um, 2), depth);
  }
  for (const FeatureWindow& f : result.features)
    if (!f.bossung)
      text += fmt::format("{} prints at fewer than three places of the matrix: shift window.dose_mj_cm2\n",
                          f.matrix.name);
  text += "all together:";
  for (const auto& depth : result.common.depths)
    text +=
        fmt::format("\n  DOF at {:g} % EL: {} nm (rectangle), {} nm (ellipse)",
                    depth.exposure_latitude_percent, depth_cell(depth.rectangle_nm, depth.rectangle_is_least),
                    depth_cell(depth.ellipse_nm, depth.ellipse_is_least));
  if (result.common.best)
    text += fmt::format("\nbest: {:.3f} mJ/cm2 at focus {:.1f} nm, EL {:.2f} %, DOF {} nm\n",
                        result.common.best->dose_mj_cm2, result.common.best->focus_nm,
                        result.common.best->exposure_latitude_percent,
                        depth_cell(result.common.best->depth_of_focus_nm, result.common.best_is_least));
  else
    text += "\nno dose and focus keep all of them within tolerance\n";
  return text;
}

Json result_json(const job::ReadJob& read, const metrology::WindowResult& result,
                 const std::vector<std::optional<double>>& meef) {
  Json features = Json::array();
  for (std::size_t g = 0; g < result.features.size(); ++g) {
    const FeatureWindow& f = result.features[g];
    features.push_back({{"name", f.matrix.name},
                        {"target_cd_nm", f.matrix.target_cd_nm},
                        {"best_focus_nm", known(f.best_focus_nm)},
                        {"dose_to_size_mj_cm2", known(f.dose_to_size_mj_cm2)},
                        {"isofocal_dose_mj_cm2", known(f.isofocal_dose_mj_cm2)},
                        {"isofocal_cd_nm", known(f.isofocal_cd_nm)},
                        {"exposure_latitude_percent", known(f.exposure_latitude_percent)},
                        {"telecentricity_nm_per_um", known(f.telecentricity_nm_per_um)},
                        {"meef", known(meef[g])},
                        {"bossung_rms_nm", f.bossung ? Json(f.bossung->rms_nm) : Json(nullptr)},
                        {"window", window_json(f.window)}});
  }
  return Json{{"undulith", kVersion},
              {"title", read.job.title},
              {"job_hash", job::job_hash(read.job)},
              {"cd_tolerance_percent", read.job.window.cd_tolerance_percent},
              {"features", features},
              {"common", window_json(result.common)}};
}

}  // namespace

WindowReport find_window(const job::ReadJob& read, const WindowOptions& options) {
  io::OutputFolder folder(options.out, options.force ? io::OutputFolder::IfExists::replace_files
                                                     : io::OutputFolder::IfExists::refuse);
  const job::Job& job = read.job;
  const auto part = [&options](double from, double to) {
    return options.progress
               ? Progress([&options, from, to](double done) { options.progress(std::lerp(from, to, done)); })
               : Progress{};
  };
  results::ResultWriter writer(folder, job::job_hash(job));
  WindowReport report;
  job::with_places(read, [&] {
    const std::vector<double> doses = dose_values(job);
    const study::FocusSeries series = study::compute_focus_series(job, focus_values(job), part(0, 0.4));
    for (const std::string& warning : series.prepared.warnings) log::warning(warning);
    const std::vector<study::FocusImages> planes = study::seen_by_resist(job, series);
    const study::FocusImages& in_focus = planes[nearest(series.focus_nm, job.imaging.focus_nm)];
    const std::vector<GaugeResult> gauges = gauges_with_target(job, series, in_focus);
    std::vector<metrology::Gauge> cuts;
    for (const GaugeResult& gauge : gauges) cuts.push_back(gauge.gauge);
    const std::vector<metrology::FocusExposureMatrix> matrices =
        study::compute_matrices(job, series.prepared, planes, doses, gauges, part(0.4, 0.8));
    const metrology::WindowResult result = metrology::find_windows(matrices, job.window);
    const auto meef = mask_error_factors(job, cuts);

    report.text = window_text(result, meef);
    report.has_window = result.common.best.has_value();
    Json json = result_json(read, result, meef);
    const report::PictureOptions picture{
        .title = job.title,
        .details = {fmt::format("NA {:g} · {:g} nm · {} · CD within {:g} %", job.imaging.na,
                                series.prepared.light.wavelength_nm, series.prepared.light.name,
                                job.window.cd_tolerance_percent)}};
    writer.text("focus_exposure.csv", matrix_csv(result));
    writer.text("dose_limits.csv", limits_csv(result));
    writer.text("el_dof.csv", curves_csv(result));
    constexpr std::size_t kMaxBossung = 6;  // pictures; the CSV has all
    std::size_t n_drawn = 0;
    for (const FeatureWindow& feature : result.features) {
      if (!feature.bossung || n_drawn == kMaxBossung) continue;
      ++n_drawn;
      writer.picture(n_drawn == 1 ? "bossung.png" : fmt::format("bossung_{}.png", n_drawn),
                     report::draw_bossung(feature, job.window, picture));
    }
    writer.picture("ed_window.png", report::draw_ed_window(result, picture));
    writer.picture("el_dof.png", report::draw_el_dof(result, picture));
    const report::PictureOptions without_tolerance{
        .title = job.title,
        .details = {fmt::format("NA {:g} · {:g} nm · {}", job.imaging.na, series.prepared.light.wavelength_nm,
                                series.prepared.light.name)}};
    if (flow::has_film(job)) write_contrast(writer, job, without_tolerance);
    if (flow::has_film(job) && job.stochastics.n_realisations > 0) {
      const std::vector<FailureRow> rows =
          failures_of(flow::film_scene(job, series.prepared), in_focus, doses, cuts, part(0.8, 1));
      writer.text("failures.csv", failures_csv(rows));
      writer.picture("failure_curve.png", failure_picture(rows, without_tolerance));
      Json& list = json["failures"] = Json::array();
      for (const FailureRow& row : rows)
        list.push_back({{"dose_mj_cm2", row.dose_mj_cm2},
                        {"mean_cd_nm", row.mean_cd_nm},
                        {"probability", row.probability.estimate},
                        {"probability_low", row.probability.low},
                        {"probability_high", row.probability.high},
                        {"n_trials", row.probability.n_trials}});
    }
    report.json = json.dump(2) + "\n";
    writer.text("window.json", report.json);
    writer.text("window.txt", report.text);
    writer.text("job.resolved.toml", job::resolved_job(job, options.out));
  });
  if (options.progress) options.progress(1);
  folder.commit();
  report.files = writer.files();
  return report;
}

}  // namespace undulith::program
