#pragma once

#include "undulith/imaging/imaging.hpp"

namespace undulith::imaging {

/// @throws InputError  what plan_imaging() refuses about the optics and the lit pupil
void require_valid(const ImagingParameters& parameters, double wavelength_nm,
                   const illuminator::PupilFill& pupil_fill);
/// @throws InputError  a plane that is nowhere, or inside films that are not there
void require_valid(std::span<const ImagePlane> planes, const ImagingParameters& parameters);

}  // namespace undulith::imaging
