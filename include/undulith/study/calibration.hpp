// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/job/job.hpp"
#include "undulith/study/calibration_fit.hpp"

/// Parameters of a job from measured CDs.
namespace undulith::study {

/// One parameter to be fitted, a number of the job: "resist.blur.sigma_nm".
struct FittedKey {
  std::string key;
  double low = 0, high = 0;  ///< bounds of the search; low < high
};

struct MeasuredCd {
  std::string gauge;
  double focus_nm = 0, dose_mj_cm2 = 0, cd_nm = 0, sigma_nm = 1;
  int line = 0;  ///< of the file
};
struct MeasuredCds {
  std::filesystem::path file;
  std::vector<MeasuredCd> rows;
  bool has_sigma = false;
  std::vector<int> lines_not_printed;  ///< of rows without a CD, which are left out
};

/// Reads the columns gauge (or name), focus_nm, dose_mj_cm2, cd_nm and, if there, sigma_nm; others may hold
/// anything. A row without a CD is one of a gauge that did not print.
/// @throws InputError  all values outside of the ranges of their keys; a column is missing
[[nodiscard]] MeasuredCds read_measured_cds(const std::filesystem::path& file);

/// A choice of the model, with its own fit.
struct ModelChoice {
  std::string name;
  FitResult fit;
  double rms_nm = 0;
  bool undecided = false;  ///< chi2 is within two standard deviations of that of the job's own model
  int n_not_printed = 0;   ///< measured gauges that the choice does not print: no verdict on it
  std::vector<std::optional<double>> cd_nm;
};

/// Range of one calculated CD over the undecided choices.
struct CdBand {
  std::size_t row = 0;  ///< of the measured CDs
  double low_nm = 0, high_nm = 0;
};

struct Calibration {
  std::vector<FittedKey> keys;
  std::vector<double> start;  ///< values of the job
  FitResult fit;
  std::vector<std::optional<double>> before_cd_nm, after_cd_nm;  ///< per measured CD; absent: does not print
  double rms_before_nm = 0, rms_after_nm = 0;
  int n_not_printed = 0;             ///< measured gauges that the fitted model does not print
  job::Job job;                      ///< with the fitted parameters
  std::vector<ModelChoice> choices;  ///< the job's own model first; empty unless asked for
  std::vector<CdBand> bands;
};

struct CalibrationOptions {
  std::vector<job::Override> overrides;
  std::vector<FittedKey> keys;  ///< empty: [[calibrate.parameter]] of the job
  bool bands = false;           ///< fit again under model choices that the data may not decide
  Progress progress;
};

/// Least squares of (calculated - measured) / sigma, from the job's own values within bounds. A measured
/// gauge that the model does not print counts as a CD of 0.
///
/// calibrate.dose_scale multiplies the doses of the data, calibrate.focus_offset_nm is added to their focus.
/// Images are computed again only if a fitted key changes them.
/// @throws InputError  fewer data than parameters, unknown gauge or key, a key that is not a number, a start
///                     outside the bounds
/// Theory: docs/theory/calibration.md
[[nodiscard]] Calibration compute_calibration(const std::filesystem::path& job, const MeasuredCds& data,
                                              const CalibrationOptions& options);

}  // namespace undulith::study
