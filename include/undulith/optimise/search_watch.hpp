// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/layout/clip.hpp"

namespace undulith::optimise {

/// What a search says after each of its steps; both may be empty. Neither changes the search.
struct SearchWatch {
  Progress progress;
  /// @param rings  makes the mask so far, as the search would return it; costs a few steps at most
  std::function<void(const std::function<std::vector<layout::Polygon>()>& rings)> mask;
};

}  // namespace undulith::optimise
