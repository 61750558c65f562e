// SPDX-License-Identifier: MIT
#pragma once

namespace undulith {

/// Memory that a computation can still use without swapping or being killed, 10^6 bytes: what the system
/// reports as available, or the rest of the limit of the control group (a container), whichever is less.
/// Infinite if the system does not report it.
[[nodiscard]] double available_memory_mb();

}  // namespace undulith
