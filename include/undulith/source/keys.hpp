// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/core/key.hpp"
#include "undulith/source/source.hpp"

/// Keys of the source tables of a job: name, unit, range, default and meaning of each parameter.
/// The stage checks its parameters by these; `job` maps them to the job file.
namespace undulith::source {

[[nodiscard]] const Keys<SourceParameters>& source_keys();                 ///< [source]
[[nodiscard]] const Keys<ElectronBeam>& beam_keys();                       ///< [source.beam]
[[nodiscard]] const Keys<UndulatorParameters>& undulator_keys();           ///< [source.undulator]
[[nodiscard]] const Keys<BendingMagnetParameters>& bending_magnet_keys();  ///< [source.bending_magnet]
[[nodiscard]] const Keys<SsmbParameters>& ssmb_keys();                     ///< [source.ssmb]
[[nodiscard]] const Keys<FelParameters>& fel_keys();                       ///< [source.fel]
[[nodiscard]] const Keys<LppParameters>& lpp_keys();                       ///< [source.lpp]
[[nodiscard]] const Keys<MonochromaticParameters>& monochromatic_keys();   ///< [source.monochromatic]

/// @throws InputError  a value outside of the range of its key
void check_ranges(const ElectronBeam& beam);
/// Of the source, the beam where there is one, and the parameters of its kind.
void check_ranges(const SourceParameters& parameters);

}  // namespace undulith::source
