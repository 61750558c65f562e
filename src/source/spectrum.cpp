// SPDX-License-Identifier: MIT
#include "source/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "undulith/core/constants.hpp"

namespace undulith::source {

Band band_about(double wavelength_nm) {
  return {.low_ev = constants::energy_ev_of(1.01 * wavelength_nm),
          .high_ev = constants::energy_ev_of(0.99 * wavelength_nm)};
}

double spectrum_power_w(std::span<const double> energy_ev, std::span<const double> flux, Band band) {
  double sum = 0;
  for (std::size_t i = 1; i < energy_ev.size(); ++i) {
    const double left = std::max(energy_ev[i - 1], band.low_ev), right = std::min(energy_ev[i], band.high_ev);
    if (left >= right) continue;
    const double slope = (flux[i] - flux[i - 1]) / (energy_ev[i] - energy_ev[i - 1]);
    sum += (right - left) * (flux[i - 1] + slope * (0.5 * (left + right) - energy_ev[i - 1]));
  }
  return 1e3 * constants::kElementaryCharge * sum;
}

double flux_at(std::span<const double> energy_ev, std::span<const double> flux, double at_ev) {
  if (energy_ev.empty() || at_ev < energy_ev.front() || at_ev > energy_ev.back()) return 0;
  const auto above =
      std::max<std::ptrdiff_t>(1, std::ranges::lower_bound(energy_ev, at_ev) - energy_ev.begin());
  if (above == std::ssize(energy_ev)) return flux.back();  // a single sample
  const auto i = static_cast<std::size_t>(above);
  return std::lerp(flux[i - 1], flux[i], (at_ev - energy_ev[i - 1]) / (energy_ev[i] - energy_ev[i - 1]));
}

SpectralPeak find_peak(std::span<const double> energy_ev, std::span<const double> flux) {
  const auto top = static_cast<std::size_t>(std::max_element(flux.begin(), flux.end()) - flux.begin());
  const std::size_t n = flux.size();
  SpectralPeak peak{.energy_ev = energy_ev[top], .fwhm_ev = 0};
  double height = flux[top];
  if (top > 0 && top + 1 < n) {
    // Newton's parabola through the three highest samples, which need not be equidistant. Its top counts near the
    // highest sample only: beyond, a far neighbour would place it high above all samples.
    const double h0 = energy_ev[top] - energy_ev[top - 1], h1 = energy_ev[top + 1] - energy_ev[top];
    const double left = (flux[top] - flux[top - 1]) / h0, right = (flux[top + 1] - flux[top]) / h1;
    const double curvature = (right - left) / (h0 + h1);
    const double slope = (left * h1 + right * h0) / (h0 + h1);
    if (curvature < 0) {
      const double reach = 0.5 * std::min(h0, h1),
                   shift = std::clamp(-0.5 * slope / curvature, -reach, reach);
      peak.energy_ev += shift;
      height += (slope + curvature * shift) * shift;
    }
  }
  const double half = 0.5 * height;
  double low = energy_ev.front(), high = energy_ev.back();
  int n_crossings = 0;
  for (std::size_t i = top; i > 0; --i) {
    if (flux[i - 1] < half) {
      low = energy_ev[i - 1] +
            (half - flux[i - 1]) / (flux[i] - flux[i - 1]) * (energy_ev[i] - energy_ev[i - 1]);
      ++n_crossings;
      break;
    }
  }
  for (std::size_t i = top; i + 1 < n; ++i) {
    if (flux[i + 1] < half) {
      high = energy_ev[i] + (flux[i] - half) / (flux[i] - flux[i + 1]) * (energy_ev[i + 1] - energy_ev[i]);
      ++n_crossings;
      break;
    }
  }
  peak.fwhm_ev = high - low;
  peak.cut = n_crossings < 2;
  return peak;
}

}  // namespace undulith::source
