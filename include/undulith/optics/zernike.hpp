// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

namespace undulith::optics {

/// Order and norm of Zernike polynomials: fringe (University of Arizona, 1..37, unit peak), noll (from 1) and
/// osa (ANSI Z80.28, ISO 24157; from 0), both of unit rms and up to degree 12: noll 1..91, osa 0..90.
/// Sources: [Noll1976], [Thibos2002], [Wyant1992].
enum class ZernikeSet { fringe, noll, osa };

/// Zernike polynomial of a set.
///
/// @param rho    pupil radius relative to NA, in [0, 1]
/// @param theta  azimuth from +x in rad
/// @throws InputError  index out of range
[[nodiscard]] double zernike(ZernikeSet set, int index, double rho, double theta);

/// Root mean square of a term over the unit disc; 1 for noll and osa.
[[nodiscard]] double zernike_rms(ZernikeSet set, int index);

/// Largest index of a set.
[[nodiscard]] int last_zernike_index(ZernikeSet set);

/// Zernike polynomial of the Fringe (University of Arizona) set, with unit peak value on the rim.
///
/// @param index  1..37
/// @param rho    pupil radius relative to NA, in [0, 1]
/// @param theta  azimuth from +x in rad
/// @throws InputError  index out of range
/// Source: [Wyant1992]. Theory: docs/theory/optics.md
[[nodiscard]] double fringe_zernike(int index, double rho, double theta);

/// Root mean square of a Fringe term over the unit disc: 1/sqrt(n+1) for m = 0, else 1/sqrt(2(n+1)).
[[nodiscard]] double fringe_zernike_rms(int index);

/// One term of a wavefront: index in its set and coefficient in waves.
struct ZernikeTerm {
  int index = 9;
  double waves = 0;
  ZernikeSet set = ZernikeSet::fringe;
};

/// A sum of Zernike terms as a polynomial in x and y of the pupil: no angle, root or power per point.
class Wavefront {
 public:
  Wavefront() = default;
  /// @throws InputError  index out of range
  explicit Wavefront(std::span<const ZernikeTerm> terms);

  [[nodiscard]] bool is_flat() const { return degree_ < 0; }
  /// Waves at (x, y), the pupil coordinate in units of NA, x^2 + y^2 <= 1.
  /// Accuracy: 1e-12 of the coefficients.
  [[nodiscard]] double waves(double x, double y) const;

 private:
  int degree_ = -1;
  std::vector<double> coefficients_;  ///< of x^i y^j, i + j <= degree: those of i = degree first, j falling
};

}  // namespace undulith::optics
