// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/metrology/metrology.hpp"

namespace undulith::optimise {

/// +1 where shapes print bright, -1 where they print dark.
[[nodiscard]] inline double sign_of(metrology::Feature printed) {
  return printed == metrology::Feature::bright ? 1 : -1;
}

}  // namespace undulith::optimise
