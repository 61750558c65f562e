#pragma once

#include "imaging/back_end.hpp"
#include "undulith/imaging/imaging.hpp"

/// The grids of an image: the one that carries it and the one that is written.
namespace undulith::imaging {

/// Samples of a cell of this length so that their step is at most the pitch.
/// @throws InputError  too many
[[nodiscard]] int output_samples(double length_nm, double pitch_nm);

/// First sample and number of samples of a grid of `count` over [start, start + length) that lie in [from,
/// to]. A window that spans the cell takes every sample once.
struct SampleRange {
  int first, count;
};
[[nodiscard]] SampleRange samples_within(double start, double length, int count, double from, double to);

/// Largest order of the image along x and y, and the samples that carry it.
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
