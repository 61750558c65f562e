// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <vector>

/// Least squares within bounds, and what the data say of the result.
namespace undulith::study {

struct FitProblem {
  std::vector<double> start, low, high;
  /// (calculated - measured) / sigma of every datum
  std::function<std::vector<double>(const std::vector<double>&)> residuals;
  int max_evaluations = 400;
  double tolerance = 1e-6;  ///< of the parameters, relative to the width of their bounds
};

struct FitResult {
  std::vector<double> parameters, residuals;
  std::vector<double> error;  ///< 1 standard deviation; infinite where the data do not decide
  std::vector<std::vector<double>> correlation;
  double chi2 = 0;
  double reduced_chi2 = 0;  ///< per degree of freedom; 0 when there is none
  int n_evaluations = 0;
  bool converged = false;
  std::vector<bool> at_bound;
};

/// Minimum of the sum of squares by NLopt's BOBYQA in parameters scaled to their bounds. Errors are
/// sqrt(diag (J^T J)^-1), J by central differences, times sqrt(reduced chi2) when `scale_errors`: for data
/// whose sigma is not known.
/// Source: [Powell2009]
[[nodiscard]] FitResult fit(const FitProblem& problem, bool scale_errors);

}  // namespace undulith::study
