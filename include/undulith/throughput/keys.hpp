// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/core/key.hpp"
#include "undulith/throughput/throughput.hpp"

/// Keys of the throughput tables of a job: name, unit, range, default and meaning of each parameter.
/// The stage checks its parameters by these; `job` maps them to the job file.
namespace undulith::throughput {

[[nodiscard]] const Keys<ScannerParameters>& scanner_keys();  ///< [throughput]
[[nodiscard]] const Keys<FactoryParameters>& factory_keys();  ///< [factory]

/// @throws InputError  a value outside of the range of its key
void check_ranges(const ScannerParameters& scanner);
void check_ranges(const FactoryParameters& factory);

}  // namespace undulith::throughput
