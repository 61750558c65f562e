// SPDX-License-Identifier: MIT
#include "layout/surroundings.hpp"

namespace undulith::layout {

Surroundings::Surroundings(const Clip& clip, std::int64_t margin_pm) {
  const GridBox cell = to_pm(clip.cell);
  const std::int64_t width = cell.x1 - cell.x0, height = cell.y1 - cell.y0;
  region_ = {cell.x0 - margin_pm, cell.y0 - margin_pm, cell.x1 + margin_pm, cell.y1 + margin_pm};
  const std::int64_t nx = (margin_pm + width - 1) / width, ny = (margin_pm + height - 1) / height;
  PolygonUnion periodic(region_);
  for (const Polygon& polygon : clip.rings) {
    const GridRing ring = to_pm(polygon);
    for (std::int64_t sy = -ny; sy <= ny; ++sy) {
      for (std::int64_t sx = -nx; sx <= nx; ++sx) {
        GridRing copy = ring;
        for (GridPoint& p : copy) p = {p.x + sx * width, p.y + sy * height};
        periodic.add_signed(copy);
      }
    }
  }
  rings_ = periodic.rings();
}

}  // namespace undulith::layout
