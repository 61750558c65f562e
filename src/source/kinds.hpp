// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "undulith/source/estimate.hpp"
#include "undulith/source/source.hpp"

/// One function for each kind of source; compute_source chooses, and fills in name, status and citation.
namespace undulith::source {

[[nodiscard]] SourceOutput compute_undulator(const SourceParameters& parameters);
[[nodiscard]] SourceOutput compute_bending_magnet(const SourceParameters& parameters);
[[nodiscard]] SourceOutput compute_ssmb(const SourceParameters& parameters);
[[nodiscard]] SourceOutput compute_fel(const SourceParameters& parameters);
[[nodiscard]] SourceOutput compute_lpp(const LppParameters& parameters, double wavelength_nm);
[[nodiscard]] SourceOutput compute_imported(const FileParameters& parameters, double wavelength_nm);

/// gamma = E/(m c^2), or 1 + E/(m c^2) for a kinetic energy; every member of the beam is checked.
/// @throws InputError  names the key of the job file
[[nodiscard]] double gamma_of(const ElectronBeam& beam);

/// @throws InputError  as compute_undulator
[[nodiscard]] SourceEstimate estimate_undulator(const SourceParameters& parameters);

}  // namespace undulith::source
