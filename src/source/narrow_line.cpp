// SPDX-License-Identifier: MIT
#include "source/narrow_line.hpp"

#include <cmath>

#include "source/spectrum.hpp"
#include "undulith/core/constants.hpp"

namespace undulith::source {

using constants::kPi;

void fill_narrow_line(SourceOutput& output, double power_w, double fwhm) {
  // Trapezoids of a Gaussian: 1e-12 for steps below its rms.
  constexpr int kHalf = 30;
  constexpr double kReach = 6;
  const double middle = constants::energy_ev_of(output.wavelength_nm);
  const double rms = fwhm / std::sqrt(8 * std::log(2.0)) * middle;
  const double peak = power_w / (1e3 * constants::kElementaryCharge * std::sqrt(2 * kPi) * rms);
  output.photon_energy_ev.clear();
  output.spectral_flux.clear();
  for (int i = -kHalf; i <= kHalf; ++i) {
    const double u = kReach * i / kHalf;
    output.photon_energy_ev.push_back(middle + u * rms);
    output.spectral_flux.push_back(peak * std::exp(-0.5 * u * u));
  }
  output.in_band_power_w =
      spectrum_power_w(output.photon_energy_ev, output.spectral_flux, band_about(output.wavelength_nm));
  output.total_power_w = power_w;
  output.peak_wavelength_nm = output.wavelength_nm;
  output.bandwidth_fwhm_percent = 100 * fwhm;
  output.coherence.coherence_length_um =
      1e-3 * output.wavelength_nm / fwhm * std::sqrt(2 * std::log(2.0) / kPi);
  output.coherence.coherence_time_fs =
      output.coherence.coherence_length_um * 1e-6 / constants::kSpeedOfLight * 1e15;
}

void fill_directions(SourceOutput& output, const Directions& share, double half_x_mrad, double half_y_mrad) {
  constexpr int kMapPoints = 61;
  const Grid2D grid{.plane = Plane::angle,
                    .nx = kMapPoints,
                    .ny = kMapPoints,
                    .x0 = -half_x_mrad,
                    .y0 = -half_y_mrad,
                    .dx = 2 * half_x_mrad / (kMapPoints - 1),
                    .dy = 2 * half_y_mrad / (kMapPoints - 1)};
  AngularMap& map = output.angular_flux;
  map = {Field2D<double>(grid), Field2D<double>(grid), Field2D<double>(grid), Field2D<double>(grid)};
  const double flux = output.spectral_flux[output.spectral_flux.size() / 2];  // at wavelength_nm
  for (int iy = 0; iy < kMapPoints; ++iy)
    for (int ix = 0; ix < kMapPoints; ++ix) {
      const double s0 = flux * share(grid.x(ix), grid.y(iy));
      map.s0(iy, ix) = s0;
      map.s1(iy, ix) = s0 * output.stokes.s1;
      map.s2(iy, ix) = s0 * output.stokes.s2;
      map.s3(iy, ix) = s0 * output.stokes.s3;
    }
  const double on_axis = share(0, 0);
  output.on_axis_flux.clear();
  for (const double value : output.spectral_flux) output.on_axis_flux.push_back(value * on_axis);
  output.power_density_w_mrad2 = output.total_power_w * on_axis;
}

}  // namespace undulith::source
