// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/layout/clip.hpp"
#include "undulith/metrology/metrology.hpp"

/// Stochastic failures: what is connected that should not be, and the other way round.
namespace undulith::metrology {

/// Pieces of the printed and of the intended pattern are compared. A printed piece that touches two intended
/// ones, or its own copy in the next cell, bridges them (merged); an intended piece that no printed one
/// covers is missing; one in several parts of a tenth of its area or more is broken, and so is a line through
/// the cell that no printed piece follows all the way; a printed piece where none was meant is extra. Drawn
/// openings of a positive resist: a broken one has resist across it (a micro-bridge), two merged ones have
/// broken the line between them.
struct FailureCount {
  int n_intended = 0;  ///< pieces of the drawn feature in the cell
  int missing = 0, broken = 0, merged = 0, extra = 0;
  [[nodiscard]] bool any() const { return missing + broken + merged + extra > 0; }
  FailureCount& operator+=(const FailureCount& other) {
    n_intended += other.n_intended;
    missing += other.missing;
    broken += other.broken;
    merged += other.merged;
    extra += other.extra;
    return *this;
  }
};

/// Connected components (4-neighbours, periodic cell) of level > 0 against the drawn shapes.
/// @param level  on the lateral nodes of one or more whole cells of the clip; > 0 where the drawn feature
///               printed
/// @param min_area_nm2  smaller pieces are noise of the contour and not counted as extra
[[nodiscard]] FailureCount count_failures(const Field2D<double>& level, const layout::Clip& clip,
                                          double min_area_nm2);

/// Share of trials that failed with its exact binomial confidence interval.
struct FailureProbability {
  double estimate = 0, low = 0, high = 1;
  double confidence = 0.95;
  int n_failed = 0, n_trials = 0;
};
/// Source: [ClopperPearson1934]
/// @throws InputError  n_trials < 1, n_failed outside [0, n_trials], confidence outside (0, 1)
[[nodiscard]] FailureProbability failure_probability(int n_failed, int n_trials, double confidence = 0.95);

/// Tail of the CD distribution: share of features below the limit if CDs are normal, with the interval that
/// the finite sample of mean and sigma leaves (delta method); stated to be an extrapolation.
[[nodiscard]] FailureProbability extrapolated_probability(std::span<const double> cd_nm, double limit_nm,
                                                          bool below, double confidence = 0.95);

/// Lower tail of Poisson counting: P(N <= k | mean).
[[nodiscard]] double poisson_tail(double mean, int k);

}  // namespace undulith::metrology
