// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/flow/prepared.hpp"

namespace undulith::flow {

/// Refuses optics whose light to the mask and light from the mask overlap.
///
/// A reflective mask sends the ray of source point sigma, whose tangential direction is E sigma - s, back in
/// E g - s for the points g of the pupil, with E = diag(NA/M_x, NA/M_y) and s = sin(incidence) (sin a, cos a),
/// a the azimuth of the chief ray. Both lie on the same side of the mask: incoming light stands where the
/// outgoing light of the pupil point 2 E^-1 s - sigma leaves. If that point is within the unit disc, a mirror
/// of the illuminator would stand in the light for the wafer. Of a source only its points count.
///
/// A mask with given amplitudes at a wavelength above 100 nm is taken as transmissive and not checked.
/// @throws InputError  with the keys that separate the two cones
void require_separate_cones(const Prepared& prepared);

}  // namespace undulith::flow
