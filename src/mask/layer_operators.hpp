#pragma once

#include "mask/mirror_classes.hpp"

namespace undulith::mask {

/// A layer's material as a computation sees it.
struct LayerMaterial {
  std::complex<double> outside, inside;  ///< permittivities
  const PatternCoefficients* pattern;
};

/// Matrices of a layer between orders.
///
/// One dimension: E_x takes the inverse of the matrix of 1/eps, where the field jumps [Li1996]. Two
/// dimensions: both components take the matrix of eps.
struct LayerOperators {
  bool flat = false;                  ///< one material: the rest is empty
  std::complex<double> permittivity;  ///< of a flat layer
  Matrix eps;                         ///< E to D along y (and x in two dimensions)
  Matrix inverse_eps;                 ///< D_z to E_z
  Matrix eps_x, inverse_x;            ///< one dimension: E_x to D_x, and back
  [[nodiscard]] bool one_dimensional() const { return eps_x.size() > 0; }
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
