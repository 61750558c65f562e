// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/core/key.hpp"
#include "undulith/resist/parameters.hpp"

/// Keys of the resist tables of a job: name, unit, range, default and meaning of each parameter.
/// The stage checks its parameters by these; `job` maps them to the job file.
namespace undulith::resist {

[[nodiscard]] const Keys<ResistParameters>& resist_keys();            ///< [resist]
[[nodiscard]] const Keys<FilmParameters>& film_keys();                ///< [resist.film]
[[nodiscard]] const Keys<ExposureParameters>& exposure_keys();        ///< [resist.exposure]
[[nodiscard]] const Keys<BlurParameters>& blur_keys();                ///< [resist.blur]
[[nodiscard]] const Keys<BakeParameters>& bake_keys();                ///< [resist.bake]
[[nodiscard]] const Keys<DevelopmentParameters>& development_keys();  ///< [resist.development]
[[nodiscard]] const Keys<MetalOxideParameters>& metal_oxide_keys();   ///< [resist.metal_oxide]
[[nodiscard]] const Keys<CompactParameters>& compact_keys();          ///< [resist.compact]
[[nodiscard]] const Keys<StochasticsParameters>& stochastics_keys();  ///< [stochastics]

}  // namespace undulith::resist
