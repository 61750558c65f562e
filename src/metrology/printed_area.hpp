// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/imaging/imaging.hpp"

namespace undulith::metrology {

/// The samples of the window; along an axis on which the window is the whole period the first column or row
/// is repeated at the end, so that the samples reach from border to border.
[[nodiscard]] Field2D<double> framed_intensity(const imaging::AerialImage& image);

/// Share of the window in which the image exceeds the threshold: marching squares on the samples, with the
/// image on the border of the window from its series. Accuracy: second order in the step.
[[nodiscard]] double printed_area_fraction(const imaging::AerialImage& image, const Field2D<double>& framed,
                                           double threshold);

}  // namespace undulith::metrology
