#pragma once

#include <vector>

#include "undulith/illuminator/illuminator.hpp"

/// The wavelengths at which an image is computed to stand for a whole spectrum.
namespace undulith::imaging {

struct SpectralNode {
  double wavelength_nm = 13.5;
  double share = 1;  ///< of the power that comes to the wafer side of the mirrors; all sum to 1
};

/// Gauss quadrature for the spectrum of the light times the reflectance of n_mirrors Mo/Si mirrors.
///
/// With n nodes the sum over nodes is exact for images that change with wavelength as a polynomial of degree
/// 2n - 1; the rule comes from the moments of the spectrum itself (discrete Stieltjes procedure).
/// @param n_mirrors  near-normal mirrors between the given spectrum and the wafer, the mask not among them,
/// >= 0
/// @param n_nodes    >= 1; fewer come back when the spectrum has fewer lines
/// @throws InputError  no light is left; a photon energy outside the tables of the mirrors' materials
/// Source: [Gautschi2004].
[[nodiscard]] std::vector<SpectralNode> spectral_nodes(const illuminator::PupilFill& pupil_fill,
                                                       int n_mirrors, int n_nodes);

}  // namespace undulith::imaging
