// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/optics/mirror.hpp"
#include "undulith/optics/peak.hpp"

namespace undulith::optics {
namespace {

constexpr double kSpan =
    0.08;  // sampled to either side: beyond the half-maximum points below some 35 degrees
constexpr int kWavelengths = 161;  // 0.1 % steps, far less than the width of any curve
constexpr double kShortestNm = 10.4, kLongestNm = 18.9;

/// Middle between the half-maximum points on either side of the highest sample; 0 if one is not in range.
double middle_of(const std::array<double, kWavelengths>& wavelength_nm,
                 const std::vector<double>& reflectance, int n_mirrors) {
  const double half = *std::ranges::max_element(reflectance) * std::pow(0.5, 1.0 / n_mirrors);
  // Near an absorption edge or far from the first guess, only the peak is usable.
  const auto ends = level_crossings(wavelength_nm, reflectance, half);
  return ends ? 0.5 * ((*ends)[0] + (*ends)[1]) : 0;
}

}  // namespace

double tuned_period_nm(const MoSiMirror& mirror, double wavelength_nm, double incidence_deg, int n_mirrors) {
  if (!(wavelength_nm >= kShortestNm && wavelength_nm <= kLongestNm))
    throw InputError(
        fmt::format("wavelength_nm = {} (must be in [{}, {}], where a Mo/Si mirror can be tuned); use 13.5",
                    wavelength_nm, kShortestNm, kLongestNm));
  if (n_mirrors < 1) throw InputError(fmt::format("n_mirrors = {} (must be at least 1); use 1", n_mirrors));
  const auto no_peak = [&] {
    return InputError(
        fmt::format("incidence_deg = {} (a Mo/Si mirror has no peak to centre on {} nm there); use an angle "
                    "below 35, or a grazing film",
                    incidence_deg, wavelength_nm));
  };
  std::array<double, kWavelengths> wavelengths{};
  for (int i = 0; i < kWavelengths; ++i)
    wavelengths[static_cast<std::size_t>(i)] =
        wavelength_nm * (1 + kSpan * (2.0 * i / (kWavelengths - 1) - 1));
  MoSiMirror tuned = mirror;
  tuned.period_nm = 0.516 * wavelength_nm / std::cos(incidence_deg * constants::kPi / 180);
  for (int step = 0; step < 30; ++step) {
    std::vector<double> curve;
    for (const double wavelength : wavelengths)
      curve.push_back(reflectance(tuned, wavelength, incidence_deg));
    double middle = middle_of(wavelengths, curve, n_mirrors);
    const bool clear = middle > 0;
    if (!clear)
      middle =
          wavelengths[static_cast<std::size_t>(std::max_element(curve.begin(), curve.end()) - curve.begin())];
    const double ratio = wavelength_nm / middle;
    tuned.period_nm *= ratio;
    if (std::abs(ratio - 1) < 1e-7) {
      if (!clear) throw no_peak();
      return tuned.period_nm;
    }
  }
  throw no_peak();
}

}  // namespace undulith::optics
