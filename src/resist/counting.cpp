// SPDX-License-Identifier: MIT
#include "undulith/resist/counting.hpp"

#include <cmath>
#include <numbers>

#include "undulith/core/constants.hpp"

namespace undulith::resist {

double photons_per_nm2(double dose_mj_cm2, double wavelength_nm) {
  constexpr double kJoulePerNm2 = 1e-3 / 1e14;  // of 1 mJ/cm2
  const double photon_j = constants::energy_ev_of(wavelength_nm) * constants::kElementaryCharge;
  return dose_mj_cm2 * kJoulePerNm2 / photon_j;
}

double absorbed_share(double absorption_per_um, double thickness_nm) {
  return -std::expm1(-absorption_per_um * thickness_nm / 1000);
}

AcidStatistics acid_statistics(double mean_photons, double ce, double mean_pag) {
  // E[exp(-s N)] = exp(mean (exp(-s) - 1)) with s = CE / mean photons.
  const double s = ce / mean_photons;
  const double once = std::exp(mean_photons * std::expm1(-s)),
               twice = std::exp(mean_photons * std::expm1(-2 * s));
  AcidStatistics acids;
  acids.mean = mean_pag * (1 - once);
  acids.variance = acids.mean + mean_pag * mean_pag * (twice - once * once);
  const double h = -std::expm1(-ce);
  const double saturation = (1 - h) * std::log1p(-h) / h;
  acids.linear_relative_variance = 1 / (mean_pag * h) + saturation * saturation / mean_photons;
  return acids;
}

double compound_fano(double electrons_mean, double electrons_variance) {
  return (electrons_mean * electrons_mean + electrons_variance) / electrons_mean;
}

double linear_ler_nm(double absorbed_per_nm2, double blur_nm, double ils_per_nm) {
  return 1 / (ils_per_nm * blur_nm * std::sqrt(4 * std::numbers::pi * absorbed_per_nm2));
}

double z_factor_mj_nm3(double half_pitch_nm, double ler_3sigma_nm, double dose_mj_cm2) {
  constexpr double kNm2PerCm2 = 1e14;
  return half_pitch_nm * half_pitch_nm * half_pitch_nm * ler_3sigma_nm * ler_3sigma_nm * dose_mj_cm2 /
         kNm2PerCm2;
}

}  // namespace undulith::resist
