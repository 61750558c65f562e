// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/imaging/imaging.hpp"

namespace undulith::imaging {

/// @throws InputError  the errors of plan_imaging() about the optics and the illuminated pupil
void require_valid(const ImagingParameters& parameters, double wavelength_nm,
                   const illuminator::PupilFill& pupil_fill);
/// @throws InputError  no plane, or a depth without films
void require_valid(std::span<const ImagePlane> planes, const ImagingParameters& parameters);

}  // namespace undulith::imaging
