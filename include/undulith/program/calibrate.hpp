#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/job/job.hpp"

/// Parameters of a job from CDs that were measured.
namespace undulith::program {

/// One parameter to be found, a number of the job: "resist.blur.sigma_nm".
struct FittedKey {
  std::string key;
  double low = 0, high = 0;  ///< bounds of the search; low < high
};

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
/// and tells residuals, one standard deviation of each parameter and their correlations from the curvature at
/// the optimum, and which of them the data do not decide.
///
/// @param data  CSV: name of a gauge, focus_nm, dose_mj_cm2, cd_nm and, if known, sigma_nm of the
/// measurement.
///              calibrate.dose_scale multiplies the doses, calibrate.focus_offset_nm is added to the focus.
/// A measured gauge that the model does not print counts as a CD of 0 and is reported.
/// @throws InputError  fewer data than parameters, unknown gauge or key, a key that is not a number, CD or
///                     sigma that is not positive, start outside of the bounds
/// Theory: docs/theory/calibration.md
[[nodiscard]] CalibrateReport calibrate(const std::filesystem::path& job, const std::filesystem::path& data,
                                        const CalibrateOptions& options);

}  // namespace undulith::program
