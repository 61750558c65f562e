// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/imaging/parameters.hpp"
#include "undulith/mask/diffraction.hpp"
#include "undulith/optimise/source_responses.hpp"

/// Masks whose spectrum is known in closed form, for tests of source optimisation.
namespace undulith::test {

/// Opaque lines along y; the opening is in the middle of the cell, 20 nm along y.
[[nodiscard]] mask::Diffraction line_mask(double pitch_nm, double opening_nm);
[[nodiscard]] std::vector<optimise::EdgeSite> edges_of_opening(double pitch_nm, double printed_nm);

/// Two openings of 16 nm, 32 nm apart, in a period of 84 nm: dense on one side, semi-dense on the other.
[[nodiscard]] mask::Diffraction two_openings();
[[nodiscard]] std::vector<optimise::EdgeSite> edges_of_two_openings();

/// Scalar fields and no obliquity: two beams interfere as in a closed formula.
[[nodiscard]] imaging::ImagingParameters scalar_optics();

/// The responses of a mask at best focus and at 40 nm.
[[nodiscard]] optimise::SourceResponses in_two_planes(const mask::Diffraction& mask,
                                                      const illuminator::PupilFill& candidates,
                                                      const std::vector<optimise::EdgeSite>& sites);

}  // namespace undulith::test
