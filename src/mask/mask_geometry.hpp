// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/mask/mask.hpp"
#include "undulith/mask/rigorous.hpp"

namespace undulith::mask {

/// The mask at mask scale: absorber films with their walls on the mirror.
/// @throws InputError  see compute_diffraction()
[[nodiscard]] MaskGeometry mask_geometry(const MaskAsMade& made, const MaskParameters& parameters,
                                         const MaskOptics& optics, double wavelength_nm);

/// A mirror etched from its top.
struct EtchedMirror {
  double depth_nm = 0;                ///< as deep as the films go at most
  std::vector<optics::Film> removed;  ///< top first
  std::vector<optics::Film> left;
};
[[nodiscard]] EtchedMirror etch(const std::vector<optics::Film>& mirror, double depth_nm);

/// Of all absorber films.
[[nodiscard]] double absorber_thickness_nm(const MaskParameters& parameters);

}  // namespace undulith::mask
