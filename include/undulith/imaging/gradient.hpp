// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <functional>
#include <span>
#include <vector>

#include "undulith/imaging/imaging.hpp"

/// Derivatives of the image, for the optimisation of a mask or a source.
namespace undulith::imaging {

/// Derivatives of a number L(I) that depends on the image I.
struct ImageGradient {
  AerialImage image;  ///< a by-product
  /// Shape and order of Diffraction::amplitudes: dL = Re sum_f conj(d_mask(f)) dM(f); empty for a thick mask
  std::vector<std::complex<double>> d_mask;
  /// Thick mask: shape and order of ThickMask::spectra, dL = Re sum conj(d_spectra.orders) d(spectra.orders) over all
  /// spectra, their four elements and their orders. `open` is 0: the open frame is no pattern. Empty for a thin mask
  std::vector<mask::JonesSpectrum> d_spectra;
  /// dL/dw_s for each source point. The weights of a PupilFill sum to 1, and a change that does not keep the
  /// sum is renormalised: sum_s w_s d_weight_s = 0
  std::vector<double> d_weight;
};

/// Derivatives of a number L of the images in several planes; members as in ImageGradient.
struct ImagesAdjoint {
  std::vector<std::complex<double>> d_mask;
  std::vector<mask::JonesSpectrum> d_spectra;
  std::vector<double> d_weight;
};

/// The same with the images, a by-product.
struct ImagesGradient {
  std::vector<AerialImage> images;
  std::vector<std::complex<double>> d_mask;
  std::vector<mask::JonesSpectrum> d_spectra;
  std::vector<double> d_weight;
};

/// Gradient of L with respect to the spectrum of the mask and the weights of the source points, by the
/// adjoint of the Abbe sum (or of the SOCS sum: then the kernels are kept and d_weight is empty).
///
/// The density of flare that follows from the pattern is kept: give flare.clear_density, or its share is missing.
/// @param sensitivity  returns dL/dI at each sample of image.intensity (same grid) for an image
/// @throws InputError  as compute_images; std::invalid_argument when the grids differ
/// Accuracy: rounding. Cost: two images in addition to the image itself (each field again, and its reverse). Memory of a
/// thick mask besides: d_spectra, and one more per thread.
[[nodiscard]] ImageGradient compute_gradient(
    const mask::Diffraction& diffraction, const illuminator::PupilFill& pupil_fill,
    const ImagingParameters& parameters,
    const std::function<Field2D<double>(const AerialImage&)>& sensitivity);

/// Gradient of an L of the images in several planes. By the Abbe sum only.
/// @param sensitivity  returns one field per image
/// @throws InputError  as compute_gradient; kernels; std::invalid_argument  another number of fields
[[nodiscard]] ImagesGradient compute_gradients(
    const mask::Diffraction& diffraction, const illuminator::PupilFill& pupil_fill,
    const ImagingParameters& parameters, std::span<const ImagePlane> planes,
    const std::function<std::vector<Field2D<double>>(std::span<const AerialImage>)>& sensitivity);

/// Only the adjoint of compute_images(), for images that are there: an L of the images of several optics is pulled back by
/// one call for each of them.
/// @param dl_di  dL/dI of each image, at its samples
/// Errors: as compute_gradients(). Cost: two images.
[[nodiscard]] ImagesAdjoint pull_back_images(const mask::Diffraction& diffraction,
                                             const illuminator::PupilFill& pupil_fill,
                                             const ImagingParameters& parameters,
                                             std::span<const ImagePlane> planes,
                                             std::span<const Field2D<double>> dl_di);

/// Derivatives of a number L of the images in several planes with respect to the projection optics.
struct OpticsGradient {
  std::vector<double> d_aberration;  ///< per wave of each Zernike term
  std::vector<double> d_focus_nm;    ///< per nm of each plane
};

/// The sensitivities of images to aberrations and focus, by one adjoint whatever the number of terms.
///
/// NA and sigma have no such derivative: the image of a periodic mask and discrete source points changes by a step when an
/// order crosses the rim. Dose is a threshold: dL/d(dose) needs no image.
/// @param terms  the polynomials; their coefficients do not count: the optics are as they are in the parameters
/// Errors: as pull_back_images(). Accuracy: rounding. Cost: two images, and O(terms) per sample of the pupil.
[[nodiscard]] OpticsGradient pull_back_optics(const mask::Diffraction& diffraction,
                                              const illuminator::PupilFill& pupil_fill,
                                              const ImagingParameters& parameters,
                                              std::span<const ImagePlane> planes,
                                              std::span<const Field2D<double>> dl_di,
                                              std::span<const ZernikeTerm> terms);

}  // namespace undulith::imaging
