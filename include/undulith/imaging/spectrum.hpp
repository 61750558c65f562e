// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/illuminator/illuminator.hpp"

/// The wavelengths at which an image is computed to represent a whole spectrum.
namespace undulith::imaging {

struct SpectralNode {
  double wavelength_nm = 13.5;
  double share = 1;  ///< of the power after the mirrors; all shares sum to 1
};

/// Gauss quadrature for the spectrum of the light times the reflectance of n_mirrors Mo/Si mirrors.
///
/// With n nodes the sum over nodes is exact for images that change with wavelength as a polynomial of degree
/// 2n - 1; the rule is computed from the moments of the spectrum (discrete Stieltjes procedure).
/// @param n_mirrors  near-normal mirrors between the given spectrum and the wafer, without the mask, >= 0
/// @param n_nodes    >= 1; fewer nodes are returned if the spectrum has fewer lines
/// @throws InputError  no light is left; a photon energy outside the tables of the mirrors' materials
/// Source: [Gautschi2004].
[[nodiscard]] std::vector<SpectralNode> spectral_nodes(const illuminator::Spectrum& spectrum, int n_mirrors,
                                                       int n_nodes);

}  // namespace undulith::imaging
