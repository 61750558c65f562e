#pragma once

#include <functional>

namespace undulith {

/// Told how much of a long computation is done, as a fraction in [0, 1] that never falls; may be called from
/// any thread, one call at a time. It stops the computation by throwing (Interrupted). An empty function is
/// never called.
using Progress = std::function<void(double fraction)>;

}  // namespace undulith
