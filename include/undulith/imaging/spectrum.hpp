// SPDX-License-Identifier: MIT
#pragma once

#include <span>
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

/// Shares of a coarser rule on the same nodes: the image at the strongest wavelength is replaced by the
/// polynomial through the others. The change to this rule needs no further image. All 0 for a single node.
[[nodiscard]] std::vector<double> coarser_shares(std::span<const SpectralNode> nodes);

/// Estimated error of the sum over n nodes, as a part of its change to the coarser rule. Measured for seven
/// sources and two patterns; see docs/theory/imaging.md
[[nodiscard]] double error_of_change(std::size_t n_nodes);

/// Standard deviation of the wavelength over its mean.
[[nodiscard]] double relative_bandwidth(const illuminator::Spectrum& spectrum);

/// Leaves out the faintest nodes, of at most `max_share` of the power in all; the rest share it.
/// @return  the share that was left out
double omit_faint_nodes(std::vector<SpectralNode>& nodes, double max_share);

}  // namespace undulith::imaging
