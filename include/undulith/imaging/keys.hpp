// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/core/key.hpp"
#include "undulith/imaging/flare.hpp"
#include "undulith/imaging/imaging.hpp"

/// Keys of the imaging tables of a job: name, unit, range, default and meaning of each parameter.
/// The stage checks its parameters by these; `job` maps them to the job file.
namespace undulith::imaging {

[[nodiscard]] const Keys<ImagingParameters>& optics_keys();   ///< [imaging]
[[nodiscard]] const Keys<Obscuration>& obscuration_keys();    ///< [imaging]: the hole in the pupil
[[nodiscard]] const Keys<ImagingParameters>& method_keys();   ///< [imaging]: how the image is computed
[[nodiscard]] const Keys<SocsParameters>& socs_keys();        ///< [imaging]: method = "socs"
[[nodiscard]] const Keys<ScatterPsf>& scatter_keys();         ///< [imaging.flare]
[[nodiscard]] const Keys<ZernikeTerm>& aberration_keys();     ///< [[imaging.aberration]]
[[nodiscard]] const Keys<JonesTerm>& jones_keys();            ///< [[imaging.jones]]
[[nodiscard]] const Keys<ProjectionMirror>& mirror_keys();    ///< [[imaging.mirror]]
[[nodiscard]] const Keys<optics::MaterialFilm>& film_keys();  ///< [[imaging.film]]

/// @throws InputError  a value outside of the range of its key
void check_ranges(const ImagingParameters& parameters);

}  // namespace undulith::imaging
