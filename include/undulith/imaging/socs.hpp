// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "undulith/imaging/imaging.hpp"

/// The image as a sum of coherent systems (SOCS).
namespace undulith::imaging {

/// The strongest coherent systems of a pupil and its source on the orders of a cell, in one plane.
///
/// The transmission cross coefficient TCC(f, f') = sum_j a_j(f) a_j(f')^* over the systems a_j (source points
/// times field components) is never formed: its eigenvectors come from the Gram matrix a_i^H a_j of the
/// systems [Yamazoe2008], and above kDenseLimit systems from a block Krylov space of that matrix.
/// @param max_order_x, max_order_y  orders of the kernels, as in Diffraction
/// @param n_kernels                 >= 1; fewer come back when the TCC has a lower rank
/// @throws InputError  see plan_imaging
/// Accuracy: eigenvalues 1e-12 of the largest (dense). Cost O(n^2 orders + n^3) for n systems, once for each
/// optics and cell; seconds at 2 x 2 um. Theory: docs/theory/socs.md
[[nodiscard]] SocsKernels make_kernels(const Box& cell, int max_order_x, int max_order_y,
                                       double wavelength_nm, const illuminator::PupilFill& pupil_fill,
                                       const ImagingParameters& parameters, const ImagePlane& plane,
                                       int n_kernels);

inline constexpr int kDenseLimit = 1500;

/// Where an image takes kernels; the pupil, its source and the cell are those of the image.
struct KernelPlace {
  double wavelength_nm = 13.5;
  std::size_t position = 0;  ///< of the slit
  ImagePlane plane;
  int max_order_x = 0, max_order_y = 0;
};
/// The kernels of a place: found, or made by the second argument.
using RecallKernels = std::function<SocsKernels(const KernelPlace&, const std::function<SocsKernels()>&)>;

/// compute_images() whose kernels may be known: those of a fixed number (method = socs, requested_error = 0) come from `recall`,
/// unless it is empty.
[[nodiscard]] std::vector<AerialImage> compute_images(std::span<const SpectralMask> masks,
                                                      const illuminator::PupilFill& pupil_fill,
                                                      const ImagingParameters& parameters,
                                                      std::span<const ImagePlane> planes,
                                                      const Progress& progress, const RecallKernels& recall);

}  // namespace undulith::imaging
