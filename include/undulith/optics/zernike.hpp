#pragma once

namespace undulith::optics {

/// Zernike polynomial of the Fringe (University of Arizona) set, with unit peak value on the rim.
///
/// @param index  1..37
/// @param rho    pupil radius relative to NA, in [0, 1]
/// @param theta  azimuth from +x in rad
/// @throws InputError  index out of range
/// Source: [Wyant1992]. Theory: docs/theory/optics.md
[[nodiscard]] double fringe_zernike(int index, double rho, double theta);

/// Root mean square of a Fringe term over the unit disc: 1/sqrt(n+1) for m = 0, else 1/sqrt(2(n+1)); 1 for
/// the piston.
[[nodiscard]] double fringe_zernike_rms(int index);

}  // namespace undulith::optics
