#include "source/narrow_line.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "source/period_integral.hpp"
#include "source/spectrum.hpp"
#include "undulith/core/constants.hpp"

namespace undulith::source {
namespace {

using constants::kPi;

constexpr int kMapPoints = 61;

AngularMap scaled_map(const SourceOutput& output, double half_mrad,
                      const std::function<double(double)>& density_of_theta2) {
  const double step = 2 * half_mrad / (kMapPoints - 1);
  const Grid2D grid{.plane = Plane::angle,
                    .nx = kMapPoints,
                    .ny = kMapPoints,
                    .x0 = -half_mrad,
                    .y0 = -half_mrad,
                    .dx = step,
                    .dy = step};
  AngularMap map{Field2D<double>(grid), Field2D<double>(grid), Field2D<double>(grid), Field2D<double>(grid)};
  // Flux of the whole = pi int f d(theta^2); trapezoids far beyond the map.
  constexpr int kSteps = 20000;
  const double far = 64 * half_mrad * half_mrad;
  double whole = 0;
  for (int i = 0; i < kSteps; ++i) whole += density_of_theta2(far * (i + 0.5) / kSteps) * far / kSteps * kPi;
  const double scale = std::ranges::max(output.spectral_flux) / whole;
  for (int iy = 0; iy < kMapPoints; ++iy)
    for (int ix = 0; ix < kMapPoints; ++ix) {
      const double x = grid.x(ix), y = grid.y(iy), s0 = scale * density_of_theta2(x * x + y * y);
      map.s0(iy, ix) = s0;
      map.s1(iy, ix) = s0 * output.stokes.s1;
      map.s2(iy, ix) = s0 * output.stokes.s2;
      map.s3(iy, ix) = s0 * output.stokes.s3;
    }
  return map;
}

}  // namespace

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

AngularMap coherent_map(const SourceOutput& output, const Undulator& undulator, double size_phase) {
  const double eta = reduced_energy(undulator, constants::energy_ev_of(output.wavelength_nm));
  const double turns_per_mrad2 = undulator.n_periods * eta * undulator.gamma * undulator.gamma * 1e-6;
  const double half_mrad = 2 / std::sqrt(turns_per_mrad2);  // the fourth dark ring
  return scaled_map(output, half_mrad, [&](double theta2) {
    const double x = kPi * turns_per_mrad2 * theta2;
    const double sinc = x < 1e-8 ? 1 : std::sin(x) / x;
    return sinc * sinc * std::exp(-size_phase * size_phase * theta2 * 1e-6);
  });
}

AngularMap gaussian_map(const SourceOutput& output) {
  const double rms_mrad = 1e-3 * output.coherence.divergence_x_urad;
  return scaled_map(output, 4 * rms_mrad,
                    [&](double theta2) { return std::exp(-0.5 * theta2 / (rms_mrad * rms_mrad)); });
}

}  // namespace undulith::source
