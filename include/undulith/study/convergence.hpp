// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "undulith/flow/stages.hpp"

/// The discretisations of a job, and what making them finer changes.
namespace undulith::study {

/// Changes below these are rounding: sums over thousands of source points, and the accuracy of an edge.
inline constexpr double kRoundingIntensity = 1e-11, kRoundingCd_nm = 1e-8;
/// CDs that change by less in every refinement scatter: no rate is sought, and what is left is all that they changed.
inline constexpr double kNoRateCd_nm = 1e-3;

/// One discretisation. A new one is one more entry of discretisations().
struct Discretisation {
  std::string key;  ///< of the job
  /// Why it does not act on a job; empty when it does
  std::function<std::string(const flow::Prepared&)> not_varied;
  std::function<std::string(const job::Job&)> value;  ///< for people
  std::function<void(job::Job&)> refine;              ///< once finer: half the step, twice the number
  int n_refinements = 2;                              ///< at most
  bool ends_exact = false;                            ///< the last refinement leaves no error of this kind
};
[[nodiscard]] const std::vector<Discretisation>& discretisations();

/// Difference of two images of one window and of the gauges that print in both.
struct Change {
  double intensity = 0;         ///< largest |dI| over the samples of the window, relative to the open frame
  std::optional<double> cd_nm;  ///< largest |dCD|; absent where no gauge prints in both
  std::string gauge;            ///< that changes most
};
/// @throws std::invalid_argument  images of different grids
[[nodiscard]] Change change_between(const flow::Results& a, const flow::Results& b);

struct Refinement {
  std::string from, to;
  Change change;  ///< from the one to the other
  double cpu_s = 0;
};

/// Error of one quantity at the start of a chain of refinements.
struct Remainder {
  std::optional<double> ratio;  ///< of successive changes; absent with a single one, or when all are rounding
  double left = 0;              ///< estimate of the error before the first refinement
  bool converges = true;        ///< false: `left` is the size of the changes, no estimate
};
/// @param changes      between successive refinements, at least one
/// @param total        between the first and the last
/// @param ends_exact   the last refinement has no error
/// @param rounding     changes below it count as none
/// @param no_rate      changes below it scatter: no ratio is sought if all are
[[nodiscard]] Remainder remainder_of(const std::vector<double>& changes, double total, bool ends_exact,
                                     double rounding, double no_rate = 0);

struct DiscretisationResult {
  std::string key;
  std::string not_varied;               ///< reason; empty when it is varied
  std::string skipped;                  ///< why the next refinement was not made; may be empty
  std::vector<Refinement> refinements;  ///< none when it is not varied or the first is skipped
  std::optional<Remainder> intensity;   ///< absent without refinements
  std::optional<Remainder> cd_nm;       ///< absent also where no gauge prints in all
};

struct Convergence {
  std::vector<DiscretisationResult> discretisations;
  int n_printed = 0;  ///< gauges that print in the job as it is
  double cpu_s = 0;   ///< of the job as it is
  double intensity_left = 0;
  std::optional<double> cd_left_nm;
  bool complete = true;  ///< every discretisation that acts was made finer, and converges
};

[[nodiscard]] Convergence measure_convergence(const job::Job& job, double max_cpu_s,
                                              const Progress& progress);

}  // namespace undulith::study
