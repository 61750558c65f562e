// SPDX-License-Identifier: MIT
#pragma once

/// Statistics of counted photons, electrons and molecules, in closed form.
namespace undulith::resist {

/// Photons per nm2 in a dose: 0.6796 a mJ/cm2 at 13.5 nm.
[[nodiscard]] double photons_per_nm2(double dose_mj_cm2, double wavelength_nm);

/// Share of the light that a film absorbs in one pass, 1 - exp(-alpha t).
[[nodiscard]] double absorbed_share(double absorption_per_um, double thickness_nm);

/// Acids that a voxel holds when photons ~ Poisson(mean_photons), PAG ~ Poisson(mean_pag) and each PAG is
/// converted with the probability 1 - exp(-CE N / mean_photons) by N photons.
struct AcidStatistics {
  double mean = 0, variance = 0;
  /// 1/mean_acids + [(1-h) ln(1-h)/h]^2 / mean_photons with h = 1 - exp(-CE): good for many photons
  double linear_relative_variance = 0;
};
/// @param ce  mean dose times Dill C, > 0
/// Exact: moment-generating function of the Poisson number of photons. Source: [Mack2011]
[[nodiscard]] AcidStatistics acid_statistics(double mean_photons, double ce, double mean_pag);

/// Variance over mean of a Poisson number of events that each give a random number of electrons:
/// (m^2 + v) / m.
[[nodiscard]] double compound_fano(double electrons_mean, double electrons_variance);

/// 1 sigma of an edge in a Poisson field of n_abs photons per nm2 that a Gaussian of rms blur_nm averages:
/// 1 / (ILS sqrt(4 pi blur^2 n_abs)).
[[nodiscard]] double linear_ler_nm(double absorbed_per_nm2, double blur_nm, double ils_per_nm);

/// Z = half pitch^3 LER^2 dose, mJ nm3 (the dose in mJ/nm2). LER is 3 sigma.
[[nodiscard]] double z_factor_mj_nm3(double half_pitch_nm, double ler_3sigma_nm, double dose_mj_cm2);

}  // namespace undulith::resist
