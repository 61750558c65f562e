// SPDX-License-Identifier: MIT
#include "undulith/layout/coverage.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace undulith::layout {

Field2D<double> coverage(std::span<const Polygon> rings, const Box& box, int nx, int ny) {
  const double dx = box.width() / nx, dy = box.height() / ny;
  Field2D<double> shares(Grid2D{Plane::wafer, nx, ny, box.x0 + dx / 2, box.y0 + dy / 2, dx, dy});
  // The area to the right of an edge, signed by its direction. In the pixel of the edge it is the part next
  // to the edge; in all pixels further right it is the whole height, which a running sum along the row adds.
  Field2D<double> height(shares.grid());
  std::vector<double> cuts;
  for (const Polygon& ring : rings)
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Point &p = ring[i], &q = ring[(i + 1) % ring.size()];
      const double px = (p.x - box.x0) / dx, py = (p.y - box.y0) / dy, qx = (q.x - box.x0) / dx,
                   qy = (q.y - box.y0) / dy;
      if (py == qy) continue;
      // The edge is cut at the lines between pixels.
      cuts = {0, 1};
      const auto cut = [&](double from, double to) {
        for (double line = std::floor(std::min(from, to)) + 1; line < std::max(from, to); ++line)
          cuts.push_back((line - from) / (to - from));
      };
      cut(px, qx);
      cut(py, qy);
      std::ranges::sort(cuts);
      for (std::size_t c = 1; c < cuts.size(); ++c) {
        const double middle = (cuts[c - 1] + cuts[c]) / 2;
        const double x = std::lerp(px, qx, middle), rise = (qy - py) * (cuts[c] - cuts[c - 1]);
        const int ix = std::clamp(static_cast<int>(std::floor(x)), 0, nx - 1);
        const int iy = std::clamp(static_cast<int>(std::floor(std::lerp(py, qy, middle))), 0, ny - 1);
        // The inside of a counter-clockwise ring is to the right of its falling edges.
        shares(iy, ix) -= rise * (ix + 1 - x);
        if (ix + 1 < nx) height(iy, ix + 1) -= rise;
      }
    }
  for (int iy = 0; iy < ny; ++iy) {
    double sum = 0;
    for (int ix = 0; ix < nx; ++ix) {
      sum += height(iy, ix);
      shares(iy, ix) = std::clamp(shares(iy, ix) + sum, 0.0, 1.0);
    }
  }
  return shares;
}

}  // namespace undulith::layout
