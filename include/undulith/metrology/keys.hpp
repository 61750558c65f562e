// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/core/key.hpp"
#include "undulith/metrology/metrology.hpp"
#include "undulith/metrology/process_window.hpp"

/// Keys of the metrology tables of a job: name, unit, range, default and meaning of each parameter.
/// The stage checks its parameters by these; `job` maps them to the job file.
namespace undulith::metrology {

[[nodiscard]] const Keys<MetrologyParameters>& metrology_keys();       ///< [metrology]
[[nodiscard]] const Keys<Gauge>& gauge_keys();                         ///< [[metrology.gauge]]
[[nodiscard]] const Keys<metrology::WindowParameters>& window_keys();  ///< [window]

/// @throws InputError  a value outside of the range of its key
void check_ranges(const MetrologyParameters& parameters);
void check_ranges(const WindowParameters& parameters);

}  // namespace undulith::metrology
