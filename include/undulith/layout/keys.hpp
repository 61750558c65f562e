// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/core/key.hpp"
#include "undulith/layout/make_clip.hpp"

/// Keys of the layout tables of a job: name, unit, range, default and meaning of each parameter.
/// The stage checks its parameters by these; `job` maps them to the job file.
namespace undulith::layout {

[[nodiscard]] const Keys<ClipParameters>& clip_keys();    ///< [layout]
[[nodiscard]] const Keys<PictureScale>& picture_keys();   ///< [layout]: of a .png
[[nodiscard]] const Keys<ReadLimits>& limit_keys();       ///< [layout]: for reading
[[nodiscard]] const Keys<CombinedLayer>& combine_keys();  ///< [[layout.combine]]

/// @throws InputError  a value outside of the range of its key
void check_ranges(const ClipParameters& parameters);

}  // namespace undulith::layout
