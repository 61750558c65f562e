#pragma once

#include "undulith/imaging/imaging.hpp"

/// The image as a sum of few coherent systems (SOCS).
namespace undulith::imaging {

/// The strongest coherent systems of a pupil and its source on the orders of a cell, in one plane.
///
/// The transmission cross coefficient TCC(f, f') = sum_s w_s a_s(f) a_s(f')^* is never formed: its
/// eigenvectors come from the Gram matrix of the systems a_s (source points times field components)
/// [Yamazoe2008]; above kDenseLimit systems from a randomised range finder with the products a_s^H (a_s x)
/// alone.
/// @param max_order_x, max_order_y  orders of the kernels, as in Diffraction
/// @param n_kernels  fewer come back when the TCC has a lower rank
/// Accuracy: eigenvalues 1e-12 of the largest (dense). Cost O(n^3 + n^2 orders) for n systems, once an
/// optics.
[[nodiscard]] SocsKernels make_kernels(const Box& cell, int max_order_x, int max_order_y,
                                       double wavelength_nm, const illuminator::PupilFill& pupil_fill,
                                       const ImagingParameters& parameters, const ImagePlane& plane,
                                       int n_kernels);

inline constexpr int kDenseLimit = 1500;

}  // namespace undulith::imaging
