// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/flow/stages.hpp"
#include "undulith/metrology/process_window.hpp"
#include "undulith/resist/development.hpp"

/// The process window of a job: its focus-exposure matrix, what fits in it, and what fails with noise.
namespace undulith::study {

/// Failures at one dose, at the focus value nearest to that of the job.
struct FailureRow {
  double dose_mj_cm2 = 0, mean_cd_nm = 0, cd_sigma_nm = 0;
  metrology::FailureProbability probability;
};

struct WindowStudy {
  flow::Prepared prepared;
  metrology::WindowResult windows;
  std::vector<std::optional<double>> meef;  ///< per feature of `windows`; absent where it does not print
  std::optional<resist::ContrastCurve> contrast;  ///< only of a resist film
  std::vector<FailureRow> failures;               ///< empty unless the job asks for noise in a film
};

/// Images at each value of window.focus_nm, prints at each value of window.dose_mj_cm2, and finds the process
/// windows of the gauges that have a target CD. Focus and dose values that the job leaves out are spread
/// around its own focus (+-120 nm) and dose (+-30 %).
///
/// MEEF: change of CD on the wafer per change of CD on the mask (at wafer scale), by central differences of
/// mask.edge_bias_nm, at the job's dose and focus.
/// @throws InputError  no gauge with a target; otherwise as metrology::find_windows
[[nodiscard]] WindowStudy compute_process_window(const job::Job& job, const Progress& progress);

/// Expected time of compute_process_window() for this job, on one processor.
[[nodiscard]] double process_window_cost_s(const flow::Prepared& prepared);

}  // namespace undulith::study
