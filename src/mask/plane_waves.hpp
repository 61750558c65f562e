// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/mask/rigorous.hpp"

namespace undulith::mask {

/// Tangential electric field of an incident wave of unit field.
struct TangentialField {
  double x, y;
};
[[nodiscard]] TangentialField incident_field(TangentialVector direction, optics::Polarisation polarisation);

/// A reflected wave from its tangential field: z, s and p components, efficiency.
/// @param kz           normal wave number in units of 2 pi/lambda
/// @param cosine_in    of the incident wave
[[nodiscard]] ReflectedOrder reflected_order(Order order, TangentialVector direction, std::complex<double> kz,
                                             std::complex<double> ex, std::complex<double> ey,
                                             double cosine_in);

/// @throws InputError  the mask is not one that RigorousSolver takes
void check_geometry(const MaskGeometry& geometry, double wavelength_nm);

}  // namespace undulith::mask
