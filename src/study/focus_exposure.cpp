// SPDX-License-Identifier: MIT
#include "undulith/study/focus_exposure.hpp"

#include <algorithm>
#include <mutex>
#include <span>

#include "undulith/core/parallel.hpp"

namespace undulith::study {

FocusSeries compute_focus_series(const job::Job& job, const std::vector<double>& focus_nm,
                                 const Progress& progress) {
  FocusSeries series{.prepared = flow::prepare(job), .focus_nm = focus_nm};
  std::vector<imaging::ImagePlane> planes;
  for (const double focus : focus_nm) {
    planes.push_back({focus, job.imaging.depth_nm});
    if (!flow::has_film(job)) continue;
    const std::vector<imaging::ImagePlane> through = flow::film_planes(series.prepared, focus);
    planes.insert(planes.end(), through.begin(), through.end());
  }
  flow::PlaneImages made = flow::images_in_planes(series.prepared, planes, progress);
  series.images = std::move(made.planes);
  series.spectrum = std::move(made.spectrum);
  return series;
}

std::vector<FocusImages> seen_by_resist(const FocusSeries& series) {
  const flow::Prepared& prepared = series.prepared;
  const std::size_t per_focus = series.images.size() / series.focus_nm.size();
  std::vector<FocusImages> planes;
  for (std::size_t i = 0; i < series.focus_nm.size(); ++i) {
    const auto of_focus = std::span(series.images).subspan(i * per_focus, per_focus);
    FocusImages& plane = planes.emplace_back();
    plane.focus_nm = series.focus_nm[i];
    if (flow::has_film(prepared.job)) plane.film = flow::film_image(prepared, of_focus.subspan(1));
    plane.image = flow::printing_image(prepared, of_focus.front());
  }
  return planes;
}

std::vector<PrintedFeature> print_at(const flow::Prepared& prepared, const FocusImages& plane,
                                     double dose_mj_cm2, const std::vector<metrology::Gauge>& gauges) {
  const job::Job& job = prepared.job;
  std::vector<PrintedFeature> printed;
  if (!flow::has_film(job)) {
    const double threshold = job.metrology.threshold * job.throughput.dose_mj_cm2 / dose_mj_cm2;
    for (const metrology::GaugeResult& gauge : metrology::measure_gauges(
             plane.image, prepared.clip, flow::drawn_feature(prepared), gauges, threshold))
      printed.push_back({.cd_nm = gauge.cd_nm, .shift_nm = gauge.shift_nm});
    return printed;
  }
  const resist::ResistResult film = flow::develop_film(prepared, plane.film, dose_mj_cm2);
  for (const metrology::ProfileResult& gauge : flow::measure_film(prepared, film.profile, gauges).gauges) {
    PrintedFeature& feature = printed.emplace_back();
    feature.cd_nm = gauge.at_cd_height.cd_nm;
    feature.shift_nm = gauge.at_cd_height.shift_nm;
    if (gauge.side_wall_left_deg && gauge.side_wall_right_deg)
      feature.side_wall_deg = std::min(*gauge.side_wall_left_deg, *gauge.side_wall_right_deg);
    if (feature.cd_nm) feature.top_loss_percent = 100 * gauge.top_loss_nm / job.resist.film.thickness_nm;
  }
  return printed;
}

std::vector<metrology::FocusExposureMatrix> compute_matrices(
    const flow::Prepared& prepared, const std::vector<FocusImages>& planes,
    const std::vector<double>& dose_mj_cm2, const std::vector<metrology::GaugeResult>& gauges,
    const Progress& progress) {
  const bool has_film = flow::has_film(prepared.job);
  std::vector<metrology::Gauge> cuts;
  std::vector<metrology::FocusExposureMatrix> matrices;
  const std::size_t n_cells = planes.size() * dose_mj_cm2.size();
  for (const metrology::GaugeResult& gauge : gauges) {
    cuts.push_back(gauge.gauge);
    metrology::FocusExposureMatrix& matrix = matrices.emplace_back();
    matrix.name = gauge.gauge.name;
    matrix.target_cd_nm = *gauge.target_cd_nm;
    for (const FocusImages& plane : planes) matrix.focus_nm.push_back(plane.focus_nm);
    matrix.dose_mj_cm2 = dose_mj_cm2;
    matrix.cd_nm.resize(n_cells);
    matrix.shift_nm.resize(n_cells);
    if (!has_film) continue;
    matrix.side_wall_deg.resize(n_cells);
    matrix.top_loss_percent.resize(n_cells);
  }
  std::mutex telling;
  std::size_t done = 0;
  parallel_for(static_cast<int>(n_cells), [&](int i) {
    const auto place = static_cast<std::size_t>(i);
    const auto printed =
        print_at(prepared, planes[place / dose_mj_cm2.size()], dose_mj_cm2[place % dose_mj_cm2.size()], cuts);
    for (std::size_t g = 0; g < cuts.size(); ++g) {
      matrices[g].cd_nm[place] = printed[g].cd_nm;
      matrices[g].shift_nm[place] = printed[g].shift_nm;
      if (!has_film) continue;
      matrices[g].side_wall_deg[place] = printed[g].side_wall_deg;
      matrices[g].top_loss_percent[place] = printed[g].top_loss_percent;
    }
    if (!progress) return;
    const std::lock_guard lock(telling);
    progress(static_cast<double>(++done) / static_cast<double>(n_cells));
  });
  return matrices;
}

}  // namespace undulith::study
