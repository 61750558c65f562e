// SPDX-License-Identifier: MIT
#pragma once

#include "mask/mirror_classes.hpp"

namespace undulith::mask {

/// A layer as a computation sees it.
struct LayerMaterial {
  std::complex<double> outside, inside;  ///< permittivities
  const PatternCoefficients* pattern;    ///< with the origin of the computation
  const std::vector<layout::Polygon>* polygons;
  Box cell;
  double origin_x, origin_y;  ///< of the computation, in shares of the period
};

/// Matrices of a layer between orders. E_x takes the inverse of the matrix of 1/eps along x, where it jumps,
/// and E_y along y [Li1996], [Li1997]; a component takes the matrix of eps along an axis on which it is
/// continuous.
struct LayerOperators {
  enum class Kind { flat, lines, pattern } kind = Kind::flat;
  std::complex<double> permittivity;  ///< of a flat layer, which has no matrices
  Matrix eps_x, eps_y, eps_z;         ///< E to D
  Matrix inverse_x;                   ///< lines: D_x to E_x
  Matrix inverse_z;                   ///< D_z to E_z
};
[[nodiscard]] LayerOperators layer_operators(const LayerMaterial& material, const OrderSet& set,
                                             bool one_dimensional);

/// Modes of the layer for one class of unknowns.
/// @param residual  raised to that of the eigenproblem
[[nodiscard]] LayerModes layer_modes(const LayerOperators& layer, const OrderSet& set,
                                     const UnknownClass& unknowns, double& residual);

/// Power that the layer takes from a field, per k and unit depth: E^+ Im(D).
/// @param ex, ey  tangential field of each order;  @param dz  normal displacement of each order
[[nodiscard]] double loss(const LayerOperators& layer, const Vector& ex, const Vector& ey, const Vector& dz);

}  // namespace undulith::mask
