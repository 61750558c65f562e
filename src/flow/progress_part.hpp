#pragma once

#include <cmath>

#include "undulith/core/progress.hpp"

namespace undulith::flow {

/// A part of a progress, as a progress from 0 to 1; `whole` must outlive it.
[[nodiscard]] inline Progress part_of(const Progress& whole, double from, double to) {
  if (!whole) return {};
  return [&whole, from, to](double done) { whole(std::lerp(from, to, done)); };
}

}  // namespace undulith::flow
