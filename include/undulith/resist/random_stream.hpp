// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "undulith/core/random.hpp"

namespace undulith::resist {

/// Which physical process draws: no two share numbers. The values are part of every noise result.
enum class RandomStream : std::uint32_t { photons, electrons, acids, quenchers, dose, speckle };

/// The numbers of one voxel for one process in one realisation.
[[nodiscard]] inline VoxelRandom random_of(std::uint32_t seed, RandomStream stream, std::uint64_t voxel,
                                           std::uint32_t realisation) {
  return {seed, static_cast<std::uint32_t>(stream), voxel, realisation};
}

}  // namespace undulith::resist
