// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/flow/stages.hpp"
#include "undulith/metrology/process_window.hpp"

/// CD over focus and dose: images are computed once per focus, the resist once per dose.
namespace undulith::study {

/// Images of several focus values, before any resist.
struct FocusSeries {
  flow::Prepared prepared;
  flow::SpectrumResult spectrum;
  std::vector<double> focus_nm;
  std::vector<imaging::AerialImage> images;  ///< of each focus: in air, then in the planes of the film
};
[[nodiscard]] FocusSeries compute_focus_series(const job::Job& job, const std::vector<double>& focus_nm,
                                               const Progress& progress);

/// One focus as the resist sees it: all that printing at any dose takes.
struct FocusImages {
  double focus_nm = 0;
  imaging::AerialImage image;  ///< in air; compact models: what the resist makes of it
  resist::ImageInResist film;  ///< models with a film
};
/// With the resist of series.prepared.job; flow::with_job() gives it another one that needs the same planes.
[[nodiscard]] std::vector<FocusImages> seen_by_resist(const FocusSeries& series);

/// A feature at one focus and dose; absent where it does not print. Flanks and height: of a film alone.
struct PrintedFeature {
  std::optional<double> cd_nm, shift_nm;
  std::optional<double> side_wall_deg;  ///< the flatter one
  std::optional<double> top_loss_percent;
};
/// @param dose_mj_cm2  a compact model compares it with throughput.dose_mj_cm2
[[nodiscard]] std::vector<PrintedFeature> print_at(const flow::Prepared& prepared, const FocusImages& plane,
                                                   double dose_mj_cm2,
                                                   const std::vector<metrology::Gauge>& gauges);

/// One matrix per gauge.
[[nodiscard]] std::vector<metrology::FocusExposureMatrix> compute_matrices(
    const flow::Prepared& prepared, const std::vector<FocusImages>& planes,
    const std::vector<double>& dose_mj_cm2, const std::vector<metrology::GaugeResult>& gauges,
    const Progress& progress);

}  // namespace undulith::study
