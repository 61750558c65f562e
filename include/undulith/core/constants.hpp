// SPDX-License-Identifier: MIT
#pragma once

/// Physical constants, CODATA 2018 (exact where the SI defines them). Source: [CODATA2018].
namespace undulith::constants {

inline constexpr double kPi = 3.14159265358979323846;
inline constexpr double kSpeedOfLight = 299792458.0;                   ///< c [m/s], exact
inline constexpr double kElementaryCharge = 1.602176634e-19;           ///< e [C], exact
inline constexpr double kPlanck = 6.62607015e-34;                      ///< h [J s], exact
inline constexpr double kHcEvNm = 1239.8419843320026;                  ///< h c [eV nm], exact
inline constexpr double kElectronMassMev = 0.51099895000;              ///< m_e c^2 [MeV]
inline constexpr double kClassicalElectronRadiusNm = 2.8179403262e-6;  ///< r_e [nm]
inline constexpr double kFineStructure = 7.2973525693e-3;              ///< alpha
inline constexpr double kAvogadro = 6.02214076e23;                     ///< N_A [1/mol], exact

/// Vacuum wavelength in nm of a photon of energy_ev > 0, and back: E = h c / lambda.
[[nodiscard]] constexpr double wavelength_nm_of(double energy_ev) {
  return kHcEvNm / energy_ev;
}
[[nodiscard]] constexpr double energy_ev_of(double wavelength_nm) {
  return kHcEvNm / wavelength_nm;
}

}  // namespace undulith::constants
