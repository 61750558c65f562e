#pragma once

#include "undulith/imaging/imaging.hpp"

namespace undulith::imaging {

/// @throws InputError  what plan_imaging() refuses about the optics and the lit pupil
void require_valid(const ImagingParameters& parameters, double wavelength_nm,
                   const illuminator::PupilFill& pupil_fill);

}  // namespace undulith::imaging
