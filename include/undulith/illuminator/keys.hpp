// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/core/key.hpp"
#include "undulith/illuminator/beamline.hpp"
#include "undulith/illuminator/facets.hpp"
#include "undulith/illuminator/illuminator.hpp"

/// Keys of the illuminator tables of a job: name, unit, range, default and meaning of each parameter.
/// The stage checks its parameters by these; `job` maps them to the job file.
namespace undulith::illuminator {

[[nodiscard]] const Keys<IlluminatorParameters>& illuminator_keys();  ///< [illuminator]
[[nodiscard]] const Keys<BeamlineParameters>& beamline_keys();        ///< [beamline]
[[nodiscard]] const Keys<BeamlineMirror>& mirror_keys();              ///< [[beamline.mirror]]
[[nodiscard]] const Keys<FacetParameters>& facet_keys();              ///< [facets]

/// @throws InputError  a value outside of the range of its key
void check_ranges(const IlluminatorParameters& parameters);
void check_ranges(const BeamlineParameters& parameters);
void check_ranges(const FacetParameters& parameters);

}  // namespace undulith::illuminator
