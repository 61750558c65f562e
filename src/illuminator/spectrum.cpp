// SPDX-License-Identifier: MIT
#include "undulith/illuminator/illuminator.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/core/error.hpp"

namespace undulith::illuminator {

Spectrum make_spectrum(const source::SourceOutput& light) {
  const std::vector<double>&energy_ev = light.photon_energy_ev, &flux = light.spectral_flux;
  const std::size_t n = energy_ev.size();
  if (n == 0 || flux.size() != n) throw InputError("the light source has no spectrum; compute it first");
  Spectrum spectrum{.photon_energy_ev = energy_ev, .power_share = std::vector<double>(n, 1.0)};
  if (n == 1) return spectrum;
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double width = 0.5 * (energy_ev[std::min(i + 1, n - 1)] - energy_ev[i == 0 ? 0 : i - 1]);
    if (!std::isfinite(width) || width <= 0 || !std::isfinite(flux[i]) || flux[i] < 0)
      throw InputError(
          "the spectrum of the light source does not ascend or is negative; correct the source's data");
    spectrum.power_share[i] = width * flux[i];
    sum += spectrum.power_share[i];
  }
  if (!(sum > 0))
    throw InputError(
        "source.kind: the light source has no flux at any of its photon energies; correct the source's parameters");
  for (double& share : spectrum.power_share) share /= sum;
  return spectrum;
}

}  // namespace undulith::illuminator
