// SPDX-License-Identifier: MIT
#pragma once

#include "imaging/back_end.hpp"
#include "undulith/imaging/imaging.hpp"

/// The grids of an image: the band-limited grid and the output grid.
namespace undulith::imaging {

/// The samples of the window on a grid of its cell with a step of at most the pitch. A window that spans the
/// cell takes every sample once.
/// @throws InputError  too many samples along a side
struct OutputRange {
  math::SampleRange x, y;
};
[[nodiscard]] OutputRange output_range(const Box& cell, const Box& window, double pitch_nm);

/// Largest order of the image along x and y, and the samples needed for it.
struct BandLimits {
  int max_order_x, max_order_y;
  [[nodiscard]] BandGrid grid() const;
};
[[nodiscard]] BandLimits band_limits(const Box& cell, double radius_per_nm);

/// Samples x fastest -> the image of the window, with vibration and flare.
/// @param samples  relative to the open frame
[[nodiscard]] AerialImage finish_image(const std::vector<double>& samples, const BandLimits& band,
                                       const Box& cell, const Box& window, double clear_density,
                                       const ImagingParameters& parameters, const ImagePlane& plane);

/// Factor of each coefficient of the image by vibration and flare; 1 for (0, 0) without flare.
[[nodiscard]] std::function<double(int, int)> blur_of(const Box& cell, const ImagingParameters& parameters);

}  // namespace undulith::imaging
