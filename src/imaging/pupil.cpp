#include "imaging/pupil.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/core/constants.hpp"

namespace undulith::imaging {

Pupil::Pupil(const ImagingParameters& parameters, double wavelength_nm)
    : radius_(parameters.na / wavelength_nm),
      wavenumber_(1 / wavelength_nm),
      focus_nm_(parameters.focus_nm),
      wavefront_(parameters.aberrations) {}

std::complex<double> Pupil::operator()(double gx, double gy) const {
  const double g2 = gx * gx + gy * gy;
  // sqrt(k^2 - g^2) - k without the cancellation.
  double waves = -focus_nm_ * g2 / (std::sqrt(std::max(0.0, wavenumber_ * wavenumber_ - g2)) + wavenumber_);
  if (!wavefront_.is_flat()) waves += wavefront_.waves(gx / radius_, gy / radius_);
  return std::polar(1.0, 2 * constants::kPi * std::remainder(waves, 1.0));
}

}  // namespace undulith::imaging
