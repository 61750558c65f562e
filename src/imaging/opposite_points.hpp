// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/illuminator/illuminator.hpp"
#include "undulith/mask/mask.hpp"

/// Light from opposite directions s and -s makes fields that are conjugate to each other, and so the same image, if the
/// transmission of the mask is real, M(-f) = conj M(f), and the optics are conjugate as well, P(-g) = conj P(g)
/// (Projection::is_conjugate()), for linear polarisation.
namespace undulith::imaging {

/// Whether M(-f) = conj M(f) for all orders of a thin mask, to 1e-14 of the largest. False for a thick one.
[[nodiscard]] bool is_real(const mask::Diffraction& mask);

/// The fill with one of each pair of opposite points, with the weight of both. Points whose light is elliptical
/// (s3 other than 0), or differs from that of the opposite point, stay. The order of the points is kept.
[[nodiscard]] illuminator::PupilFill without_opposites(const illuminator::PupilFill& fill);

}  // namespace undulith::imaging
