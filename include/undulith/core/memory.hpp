#pragma once

namespace undulith {

/// Memory that a computation can still take without swapping or being killed, 10^6 bytes: what the system
/// says is available, or what is left of the limit of the control group (a container), whichever is less.
/// Infinite where the system does not tell.
[[nodiscard]] double available_memory_mb();

}  // namespace undulith
