// SPDX-License-Identifier: MIT
#include "resist/speckle_field.hpp"

#include <cmath>

#include "resist/film_modes.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/resist/random_stream.hpp"

namespace undulith::resist {

std::uint64_t voxel_id(const Grid3D& grid, int ix, int iy, int iz) {
  // 24 bits along x and y, 16 along z; negative places wrap about.
  const auto x = static_cast<std::uint64_t>(std::llround(grid.x0 / grid.dx) + ix) & 0xffffffU,
             y = static_cast<std::uint64_t>(std::llround(grid.y0 / grid.dy) + iy) & 0xffffffU;
  return (static_cast<std::uint64_t>(iz) << 48) | (y << 24) | x;
}

Field2D<double> speckle_field(const Grid3D& grid, const StochasticsParameters& parameters, int realisation) {
  Grid3D one = grid;
  one.nz = 1;
  Field3D<double> noise(one);
  parallel_for(grid.ny, [&](int iy) {
    for (int ix = 0; ix < grid.nx; ++ix) {
      VoxelRandom random = random_of(static_cast<std::uint32_t>(parameters.seed), RandomStream::speckle,
                                     voxel_id(grid, ix, iy, 0), static_cast<std::uint32_t>(realisation));
      noise(0, iy, ix) = random.normal();
    }
  });
  // White noise through a Gaussian of variance s^2 has the correlation exp(-r^2 / (4 s^2)).
  const double s = parameters.speckle_length_nm / 2;
  std::vector<double> factor = lateral_k2(one);
  for (double& value : factor) value = std::exp(-value * s * s / 2);
  const math::RealFft2D fft(grid.nx, grid.ny);
  filter_laterally(noise, fft, factor);
  // Variance of the filtered noise on this grid: the mean square of its point spread, exactly.
  Field3D<double> spread(one);
  spread(0, 0, 0) = 1;
  filter_laterally(spread, fft, factor);
  double variance = 0;
  for (const double value : spread.values()) variance += value * value;
  const double log_variance = std::log1p(parameters.speckle_contrast * parameters.speckle_contrast);
  const double scale = std::sqrt(log_variance / variance);
  Field2D<double> field(grid.plane());
  for (std::size_t i = 0; i < field.values().size(); ++i)
    field.values()[i] = std::exp(scale * noise.values()[i] - log_variance / 2);
  return field;
}

}  // namespace undulith::resist
