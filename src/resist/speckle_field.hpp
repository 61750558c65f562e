// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/core/volume.hpp"
#include "undulith/resist/parameters.hpp"

namespace undulith::resist {

/// Granularity of the light on the lateral nodes: log-normal with mean 1 and the rms of
/// stochastics.speckle_contrast, its logarithm a Gaussian field whose correlation falls to 1/e at
/// speckle_length_nm. Numbers belong to absolute nodes.
[[nodiscard]] Field2D<double> speckle_field(const Grid3D& grid, const StochasticsParameters& parameters,
                                            int realisation);

/// Absolute number of a voxel: the same place in a film has the same one in any grid of these steps.
[[nodiscard]] std::uint64_t voxel_id(const Grid3D& grid, int ix, int iy, int iz);

}  // namespace undulith::resist
