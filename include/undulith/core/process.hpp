// SPDX-License-Identifier: MIT
#pragma once

/// What this process has used so far.
namespace undulith {

/// Seconds since the program was loaded.
[[nodiscard]] double process_wall_s();
/// Seconds of processor time of all threads.
[[nodiscard]] double process_cpu_s();
/// The largest resident memory, 10^6 bytes.
[[nodiscard]] double process_peak_memory_mb();

}  // namespace undulith
