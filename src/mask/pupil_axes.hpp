// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <complex>

#include "undulith/mask/mask.hpp"
#include "undulith/mask/mask_jones.hpp"
#include "undulith/mask/rigorous.hpp"

namespace undulith::mask {

/// Between source points, pupil and waves at the mask.
///
/// The chief ray comes in with tangential vector -sin(theta) (sin a, cos a), a = azimuth from the y-z plane
/// towards +x, and the zero order of source point sigma lies (NA sigma_x/M_x, NA sigma_y/M_y) away from it.
/// The unit vectors x and y of the pupil are perpendicular to the chief ray; the shortest turn from the
/// chief ray to a wave carries them to the axes in which the field of that wave is given. Light that comes
/// back has its own chief ray, mirrored in the plane of the mask.
class PupilAxes {
 public:
  PupilAxes(const MaskOptics& optics, double chief_ray_deg);

  [[nodiscard]] TangentialVector chief() const { return chief_; }
  [[nodiscard]] TangentialVector direction(double sigma_x, double sigma_y) const;

  using Vector = std::array<double, 3>;
  /// Axes x and y of a wave that goes in (z > 0) or comes back; |direction| < 1.
  struct Axes {
    Vector x, y;
  };
  enum class Way { in, back };
  [[nodiscard]] Axes axes(TangentialVector direction, Way way) const;

 private:
  TangentialVector chief_;
  double scale_x_, scale_y_;  ///< NA/M
  double azimuth_rad_;
};

/// Normal part of the unit vector along a wave, 0 for a wave that does not leave the mask.
[[nodiscard]] double normal_part(TangentialVector direction);

/// The matrix of an order in the axes of the pupil: xx, xy, yx, yy.
[[nodiscard]] std::array<std::complex<double>, 4> to_pupil(const OrderJones& matrix,
                                                           const PupilAxes::Axes& in,
                                                           TangentialVector direction,
                                                           const PupilAxes::Axes& back);
/// The adjoint of to_pupil(): from dL = Re sum conj(d) d(xx, xy, yx, yy in the pupil) to the same of the matrix.
[[nodiscard]] OrderJones pull_from_pupil(const std::array<std::complex<double>, 4>& d,
                                         const PupilAxes::Axes& in, TangentialVector direction,
                                         const PupilAxes::Axes& back);

}  // namespace undulith::mask
