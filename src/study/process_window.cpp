// SPDX-License-Identifier: MIT
#include "undulith/study/process_window.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/core/error.hpp"
#include "undulith/study/focus_exposure.hpp"

namespace undulith::study {
namespace {

using metrology::GaugeResult;

std::vector<double> spread_around(double centre, double reach, int count) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(centre + reach * (2.0 * i / (count - 1) - 1));
  return values;
}

std::vector<double> window_focus_values(const job::Job& job) {
  constexpr double kReachNm = 120;
  constexpr int kCount = 25;
  return job.window.focus_nm.empty() ? spread_around(job.imaging.focus_nm, kReachNm, kCount)
                                     : job.window.focus_nm;
}

std::vector<double> window_dose_values(const job::Job& job) {
  constexpr double kReach = 0.3;
  constexpr int kCount = 21;
  const double dose = job.throughput.dose_mj_cm2;
  return job.window.dose_mj_cm2.empty() ? spread_around(dose, kReach * dose, kCount) : job.window.dose_mj_cm2;
}

std::size_t index_of_nearest(const std::vector<double>& values, double wanted) {
  return static_cast<std::size_t>(
      std::ranges::min_element(values, {}, [&](double v) { return std::abs(v - wanted); }) - values.begin());
}

std::vector<GaugeResult> gauges_with_target(const flow::Prepared& prepared, const FocusImages& plane) {
  std::vector<GaugeResult> gauges =
      metrology::measure(plane.image, prepared.clip, flow::drawn_feature(prepared), prepared.job.metrology)
          .gauges;
  std::erase_if(gauges, [](const GaugeResult& gauge) { return !gauge.target_cd_nm; });
  if (gauges.empty())
    throw InputError(
        "metrology.gauge (a process window needs a gauge with a target CD, and there is none); give "
        "[[metrology.gauge]] with target_cd_nm, or lower metrology.min_edge_nm");
  return gauges;
}

std::vector<std::optional<double>> mask_error_factors(const flow::Prepared& prepared,
                                                      const std::vector<metrology::Gauge>& gauges) {
  const job::Job& job = prepared.job;
  constexpr double kStepNm = 0.25;  // of each edge: small against a feature, large against rounding
  const auto print_with_bias = [&](double bias_nm) {
    job::Job biased = job;
    biased.mask.edge_bias_nm += bias_nm;
    const FocusSeries series = compute_focus_series(biased, {job.imaging.focus_nm}, {});
    return print_at(series.prepared, seen_by_resist(series).front(), job.throughput.dose_mj_cm2, gauges);
  };
  const auto larger = print_with_bias(kStepNm), smaller = print_with_bias(-kStepNm);
  std::vector<std::optional<double>> factors(gauges.size());
  for (std::size_t g = 0; g < gauges.size(); ++g) {
    // A gauge on the space between drawn features shrinks when they grow.
    const double sign = gauges[g].feature == flow::drawn_feature(prepared) ? 1 : -1;
    if (larger[g].cd_nm && smaller[g].cd_nm)
      factors[g] = sign * (*larger[g].cd_nm - *smaller[g].cd_nm) / (4 * kStepNm);
  }
  return factors;
}

constexpr std::size_t kMaxFailureDoses = 7;

std::vector<FailureRow> failures_of(const flow::Prepared& prepared, const FocusImages& plane,
                                    const std::vector<double>& doses,
                                    const std::vector<metrology::Gauge>& gauges, const Progress& progress) {
  const std::size_t n = std::min(kMaxFailureDoses, doses.size());
  std::vector<FailureRow> rows;
  for (std::size_t i = 0; i < n; ++i) {
    const double dose = n == 1 ? doses.front() : doses[i * (doses.size() - 1) / (n - 1)];
    const resist::ResistResult smooth = flow::develop_film(prepared, plane.film, dose);
    const flow::StochasticStage noise =
        flow::compute_noise(prepared, smooth, flow::measure_film(prepared, smooth.profile, gauges), dose, {});
    const auto printed = std::ranges::find_if(
        noise.gauges, [](const metrology::GaugeNoise& gauge) { return !gauge.cd_nm.empty(); });
    FailureRow row{.dose_mj_cm2 = dose, .probability = noise.piece_failure};
    if (printed != noise.gauges.end()) {
      row.mean_cd_nm = printed->mean_nm();
      row.cd_sigma_nm = printed->sigma_nm();
    }
    rows.push_back(row);
    if (progress) progress((static_cast<double>(i) + 1) / static_cast<double>(n));
  }
  return rows;
}

resist::ContrastCurve contrast_of(const job::Job& job) {
  constexpr int kPoints = 121;
  const double low = job.throughput.dose_mj_cm2 / 100, high = job.throughput.dose_mj_cm2 * 3;
  std::vector<double> doses;
  for (int i = 0; i < kPoints; ++i) doses.push_back(low * std::pow(high / low, i / (kPoints - 1.0)));
  return resist::contrast_curve(job.resist, doses);
}

}  // namespace

double process_window_cost_s(const flow::Prepared& prepared) {
  constexpr double kImages = 3;          // of the mask as it is, and with two biases
  constexpr double kCellSeconds = 1e-3;  // gauges at one focus and dose
  const job::Job& job = prepared.job;
  const double n_focus = static_cast<double>(window_focus_values(job).size()),
               n_dose = static_cast<double>(window_dose_values(job).size());
  const double n_films = flow::has_film(job) ? 1 : 0,
               n_failures =
                   job.stochastics.n_realisations > 0 ? std::min<double>(kMaxFailureDoses, n_dose) : 0;
  // The plan of a run has the planes of focus of the job, and those of one film.
  const int planes_a_focus =
      prepared.plan.work.n_planes - static_cast<int>(job.imaging.through_focus_nm.size());
  const imaging::ImagingPlan images = imaging::plan_imaging(
      prepared.clip.cell, prepared.clip.window, prepared.light.wavelength_nm, prepared.pupil_fill,
      job.imaging,
      {.n_wavelengths = prepared.plan.work.n_wavelengths,
       .n_planes = static_cast<int>(n_focus + kImages - 1) * planes_a_focus,
       .opposite_points_agree = flow::opposite_points_agree(job, window_focus_values(job)),
       .thick_mask = mask::model_of(job.mask) != mask::Model::thin});
  return prepared.light_cpu_s + kImages * prepared.mask_plan.cpu_s + images.cpu_s +
         kCellSeconds * n_focus * n_dose +
         n_films * (n_focus * n_dose * prepared.film.smooth_cpu_s + n_failures * prepared.film.cpu_s);
}

WindowStudy compute_process_window(const job::Job& job, const Progress& progress) {
  const std::vector<double> doses = window_dose_values(job);
  FocusSeries series = compute_focus_series(job, window_focus_values(job), part_of(progress, 0, 0.4));
  const std::vector<FocusImages> planes = seen_by_resist(series);
  const FocusImages& in_focus = planes[index_of_nearest(series.focus_nm, job.imaging.focus_nm)];
  const std::vector<GaugeResult> gauges = gauges_with_target(series.prepared, in_focus);
  std::vector<metrology::Gauge> cuts;
  for (const GaugeResult& gauge : gauges) cuts.push_back(gauge.gauge);

  WindowStudy study;
  study.windows = metrology::find_windows(
      compute_matrices(series.prepared, planes, doses, gauges, part_of(progress, 0.4, 0.8)), job.window);
  study.meef = mask_error_factors(series.prepared, cuts);
  if (flow::has_film(job)) study.contrast = contrast_of(job);
  if (flow::has_film(job) && job.stochastics.n_realisations > 0)
    study.failures = failures_of(series.prepared, in_focus, doses, cuts, part_of(progress, 0.8, 1));
  study.prepared = std::move(series.prepared);
  return study;
}

}  // namespace undulith::study
