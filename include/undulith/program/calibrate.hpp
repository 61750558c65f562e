// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/job/job.hpp"
#include "undulith/study/calibration.hpp"

/// Parameters of a job from measured CDs.
namespace undulith::program {

using study::FittedKey;

struct CalibrateOptions {
  std::vector<job::Override> overrides;
  std::vector<FittedKey> keys;  ///< empty: [[calibrate.parameter]] of the job
  bool bands = false;           ///< fit again under model choices that the data may not decide
  std::filesystem::path out;
  bool force = false;
  Progress progress;
};

struct CalibrateReport {
  std::string text, json;
  std::vector<std::filesystem::path> files;
  bool converged = true;
};

/// Fits job keys to measured CDs by least squares (NLopt's BOBYQA within bounds, from the job's own values)
/// and reports residuals, one standard deviation of each parameter and their correlations from the curvature
/// at the optimum, and which parameters the data do not decide.
///
/// @param data  CSV: name of a gauge, focus_nm, dose_mj_cm2, cd_nm and, if known, sigma_nm of the measurement
/// @throws InputError  as study::read_measured_cds and study::compute_calibration
/// Files: docs/formats/results.md. Theory: docs/theory/calibration.md
[[nodiscard]] CalibrateReport calibrate(const std::filesystem::path& job, const std::filesystem::path& data,
                                        const CalibrateOptions& options);

}  // namespace undulith::program
