#pragma once

#include <complex>

#include "undulith/imaging/imaging.hpp"

namespace undulith::imaging {

/// Share by which a point may lie outside the rim of the pupil and still count as on it: an order exactly on
/// the rim must not depend on the last bit of its coordinates.
inline constexpr double kRimTolerance = 1e-9;

/// Scalar projection pupil: 1 on the closed disc |g| <= NA/lambda, with the phases of defocus and
/// aberrations.
///
///   P(g) = exp(2 pi i [ z (sqrt(1/lambda^2 - g^2) - 1/lambda) + W(g lambda / NA) ])
class Pupil {
 public:
  Pupil(const ImagingParameters& parameters, double wavelength_nm);

  /// Radius NA/lambda in 1/nm.
  [[nodiscard]] double radius_per_nm() const { return radius_; }
  /// True when P = 1 on the whole disc.
  [[nodiscard]] bool is_ideal() const { return focus_nm_ == 0 && wavefront_.is_flat(); }
  /// P at the pupil frequency (gx, gy) in 1/nm, within the disc.
  [[nodiscard]] std::complex<double> operator()(double gx, double gy) const;

 private:
  double radius_, wavenumber_, focus_nm_;
  optics::Wavefront wavefront_;
};

}  // namespace undulith::imaging
