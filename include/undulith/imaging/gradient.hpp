// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <functional>
#include <vector>

#include "undulith/imaging/imaging.hpp"

/// Derivatives of the image, for the optimisation of a mask or a source.
namespace undulith::imaging {

/// Derivatives of a number L(I) that depends on the image I.
struct ImageGradient {
  AerialImage image;  ///< a by-product
  /// Shape and order of Diffraction::amplitudes: dL = Re sum_f conj(d_mask(f)) dM(f)
  std::vector<std::complex<double>> d_mask;
  /// dL/dw_s for each source point. The weights of a PupilFill sum to 1, and a change that does not keep the
  /// sum is renormalised: sum_s w_s d_weight_s = 0
  std::vector<double> d_weight;
};

/// Gradient of L with respect to the spectrum of the mask and the weights of the source points, by the
/// adjoint of the Abbe sum (or of the SOCS sum: then the kernels are kept and d_weight is empty).
///
/// @param sensitivity  returns dL/dI at each sample of image.intensity (same grid) for an image
/// @throws InputError  as compute_images; std::invalid_argument when the grids differ
/// Accuracy: rounding. Cost: two images in addition to the image itself (each field again, and its reverse).
[[nodiscard]] ImageGradient compute_gradient(
    const mask::Diffraction& diffraction, const illuminator::PupilFill& pupil_fill,
    const ImagingParameters& parameters,
    const std::function<Field2D<double>(const AerialImage&)>& sensitivity);

}  // namespace undulith::imaging
