// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <functional>

namespace undulith {

/// Receives the finished fraction of a long computation, in [0, 1], which never falls. May be called from
/// any thread, one call at a time. It stops the computation by throwing (Interrupted). An empty function is
/// never called.
using Progress = std::function<void(double fraction)>;

/// A part of a progress, as a progress from 0 to 1; `whole` must outlive it.
[[nodiscard]] inline Progress part_of(const Progress& whole, double from, double to) {
  if (!whole) return {};
  return [&whole, from, to](double done) { whole(std::lerp(from, to, done)); };
}

}  // namespace undulith
