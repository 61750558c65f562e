// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "undulith/illuminator/beamline.hpp"

namespace undulith::illuminator {

/// How one reflection (or one fixed element) treats a photon energy. Amplitudes refer to the folded-out way:
/// an ideal mirror has r_s = r_p. With z = r_p conj(r_s):
struct MirrorResponse {
  double reflectance_s = 0, reflectance_p = 0;
  double cross_real = 0, cross_imag = 0;  ///< of z
};

/// Behind one element, in axes whose p direction lies at plane_deg from +x. The Stokes vector carries the
/// flux in s0.
///   S0' = (Rp + Rs)/2 S0 + (Rp - Rs)/2 S1,  S1' = (Rp - Rs)/2 S0 + (Rp + Rs)/2 S1,
///   S2' + i S3' = z (S2 + i S3)
[[nodiscard]] optics::Stokes reflect(const optics::Stokes& light, const MirrorResponse& mirror,
                                     double plane_deg);

/// Range of wavelengths in which a coating is known; fixed: all.
struct WavelengthRange {
  double shortest_nm = 0, longest_nm = 0;
  [[nodiscard]] bool holds(double wavelength_nm) const {
    return wavelength_nm >= shortest_nm && wavelength_nm <= longest_nm;
  }
};
[[nodiscard]] WavelengthRange known_range(const BeamlineMirror& mirror);

/// One element at each photon energy: dark where the coating is not known.
/// @param n_tuned  multilayers of the whole way: the period centres the curve R^n_tuned on wavelength_nm
/// @param key      of the element, "beamline.mirror[1]", for errors
[[nodiscard]] std::vector<MirrorResponse> respond(const BeamlineMirror& mirror,
                                                  std::span<const double> energy_ev, double wavelength_nm,
                                                  int n_tuned, const std::string& key);

}  // namespace undulith::illuminator
