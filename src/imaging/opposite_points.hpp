// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <optional>
#include <vector>

#include "undulith/illuminator/illuminator.hpp"
#include "undulith/mask/mask.hpp"

/// Light from opposite directions s and -s makes fields that are conjugate to each other, and so the same image, if the
/// transmission of the mask is real, M(-f) = conj M(f), and the optics are conjugate as well, P(-g) = conj P(g)
/// (Projection::is_conjugate()), for linear polarisation.
///
/// A mask of two amplitudes, complex as they may be, is real but for a constant: its transmission is u (r + i m) with a
/// phase u, a real r and a constant m. Both points of a pair together make the image of r and m^2 times the open frame:
/// |E_r + i m P|^2 + |conj E_r + i m conj P|^2 = 2 |E_r|^2 + 2 m^2 |P|^2.
namespace undulith::imaging {

/// Orders of the real part of a transmission u (r + i m).
struct RealMask {
  std::vector<std::complex<double>> orders;  ///< of r, in the places of those of the mask
  double constant = 0;                       ///< m
};

/// The parts of a thin mask whose orders differ by at most 1e-14 of the largest from those of some r and m; none for
/// other masks, and for thick ones.
[[nodiscard]] std::optional<RealMask> real_mask(const mask::Diffraction& mask);

/// A fill in two parts. Points whose light is elliptical (s3 other than 0), or differs from that of the opposite point
/// in state or weight, are unpaired.
struct PairedFill {
  illuminator::PupilFill
      paired;  ///< one of each pair of opposite points, with the weight of both, and the middle
  illuminator::PupilFill rest;  ///< unpaired points
};
/// The order of the points is kept. Weights are compared to 1e-16 of their sum, places to 1e-11 of the aperture.
[[nodiscard]] PairedFill pair_opposites(const illuminator::PupilFill& fill);

}  // namespace undulith::imaging
