// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <span>

#include "undulith/resist/resist.hpp"

namespace undulith::resist {
namespace {

// One plane of resist_level().
void fill_level(const ResistProfile& profile, int iz, std::span<double> level) {
  // Rates span many decades: the logarithm is smooth where times are not. Beyond e^20 nothing is measured.
  constexpr double kBound = 20;
  const double earliest_s = profile.time_s * std::exp(-kBound);
  if (iz > 0) {
    const std::span<const double> arrival_s = profile.arrival_time_s.plane(iz);
    for (std::size_t k = 0; k < level.size(); ++k)
      level[k] = std::min(kBound, std::log(std::max(arrival_s[k], earliest_s) / profile.time_s));
    return;
  }
  // On the top surface T = 0 and has no logarithm. Where T grows evenly to u times the time at the next node,
  // a straight line from -ln u / (u - 1) to ln u passes 0 at the depth that has dissolved.
  const std::span<const double> below_s = profile.arrival_time_s.plane(1);
  for (std::size_t k = 0; k < level.size(); ++k) {
    const double u = std::max(below_s[k], earliest_s) / profile.time_s;
    level[k] = std::abs(u - 1) < 1e-6 ? -1 : -std::log(u) / (u - 1);
  }
}

// Lengths of each column of nodes that are left after shrinkage; with `gaps` also those without resist below
// the highest.
Field2D<double> column_sum(const ResistProfile& profile, bool gaps) {
  const Grid3D& grid = profile.arrival_time_s.grid();
  const Field3D<double> level = resist_level(profile);
  Field2D<double> out(grid.plane());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      bool covered = false;
      for (int iz = 0; iz + 1 < grid.nz; ++iz) {
        const double above = level(iz, iy, ix), below = level(iz + 1, iy, ix);
        // Share of the cell that is left, by linear interpolation of the level between its nodes.
        double left = 1;
        if (!(gaps && covered) && (above <= 0 || below <= 0)) {
          const double higher = std::max(above, below);
          left = higher > 0 ? higher / std::abs(above - below) : 0;
          if (gaps && above > 0) left = 1;  // the gap begins within the cell
        }
        covered = covered || left > 0;
        const double m = (profile.inhibitor(iz, iy, ix) + profile.inhibitor(iz + 1, iy, ix)) / 2;
        out(iy, ix) += left * (1 - profile.shrinkage * (1 - m)) * grid.dz;
      }
    }
  return out;
}

}  // namespace

Field3D<double> resist_level(const ResistProfile& profile) {
  Field3D<double> level(profile.arrival_time_s.grid());
  for (int iz = 0; iz < level.nz(); ++iz) fill_level(profile, iz, level.plane(iz));
  return level;
}

Field2D<double> resist_level(const ResistProfile& profile, double depth_nm) {
  const Grid3D& grid = profile.arrival_time_s.grid();
  const double place = std::clamp(depth_nm / grid.dz, 0.0, grid.nz - 1.0);
  const int iz = std::min(static_cast<int>(place), grid.nz - 2);
  Field2D<double> level(grid.plane()), below(grid.plane());
  fill_level(profile, iz, level.values());
  fill_level(profile, iz + 1, below.values());
  for (std::size_t k = 0; k < grid.plane_size(); ++k)
    level.values()[k] = std::lerp(level.values()[k], below.values()[k], place - iz);
  return level;
}

Field2D<double> resist_height(const ResistProfile& profile) {
  return column_sum(profile, true);
}

Field2D<double> resist_thickness(const ResistProfile& profile) {
  return column_sum(profile, false);
}

}  // namespace undulith::resist
