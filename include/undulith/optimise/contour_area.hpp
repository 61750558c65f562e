// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/core/grid.hpp"

namespace undulith::optimise {

/// A weighted area above a threshold and its derivative.
struct ContourArea {
  double area_nm2 = 0;
  Field2D<double> d_samples;  ///< derivative with respect to each sample, nm2
};

/// Area where an image exceeds a threshold, each cell of the grid weighted: sum over cells of weight times area.
///
/// Each cell of four samples is cut into two triangles with a linear image (the diagonal alternates, so that a mirrored
/// image has the mirrored area). With lo <= mid <= hi at its corners the share of a triangle above T is
///   1 - (T-lo)^2 / ((mid-lo)(hi-lo))  for T <= mid,   (hi-T)^2 / ((hi-lo)(hi-mid))  for T > mid:
/// continuous with its first derivative, which is returned as the exact derivative of this sum. The area between the
/// image and a target of coverage t is the area with weight 1 - 2 t plus that of the target; a band of the process window
/// is the difference of two areas.
///
/// @param samples  of one period of the image: the last row and column of cells join the first samples
/// @param weights  one for each cell, cell (iy, ix) between samples ix, ix+1 and iy, iy+1; empty = 1
/// @throws std::invalid_argument  another number of weights
/// Accuracy: second order in the pitch of the samples. Cost O(samples).
[[nodiscard]] ContourArea area_above(const Field2D<double>& samples, double threshold,
                                     const Field2D<double>& weights = {});

}  // namespace undulith::optimise
