// SPDX-License-Identifier: MIT
#include "mask/polygons/polygon_bands.hpp"

#include <algorithm>
#include <cmath>

namespace undulith::mask {
namespace {

// Stairs of a slanted wall between two heights of vertices.
constexpr int kStairs = 6;
constexpr double kSameHeightNm = 1e-9;

bool crosses(const layout::Point& a, const layout::Point& b, double y) {
  return (a.y > y) != (b.y > y);
}

template <class Take>
void for_each_edge(const std::vector<layout::Polygon>& polygons, Take take) {
  for (const layout::Polygon& polygon : polygons)
    for (std::size_t i = 0; i < polygon.size(); ++i) take(polygon[i], polygon[(i + 1) % polygon.size()]);
}

}  // namespace

std::vector<Band> bands_of(const std::vector<layout::Polygon>& polygons, const Box& cell) {
  std::vector<double> heights = {cell.y0, cell.y1};
  for_each_edge(polygons, [&](const layout::Point& a, const layout::Point&) { heights.push_back(a.y); });
  std::ranges::sort(heights);
  std::vector<Band> bands;
  for (std::size_t i = 0; i + 1 < heights.size(); ++i) {
    const double y0 = heights[i], height = heights[i + 1] - y0;
    if (height < kSameHeightNm) continue;
    bool slants = false;
    for_each_edge(polygons, [&](const layout::Point& a, const layout::Point& b) {
      slants = slants || (crosses(a, b, y0 + height / 2) && std::abs(a.x - b.x) > kSameHeightNm);
    });
    const int n = slants ? kStairs : 1;
    for (int k = 0; k < n; ++k) bands.push_back({y0 + height * k / n, y0 + height * (k + 1) / n});
  }
  return bands;
}

std::vector<double> crossings(const std::vector<layout::Polygon>& polygons, double y) {
  std::vector<double> x;
  for_each_edge(polygons, [&](const layout::Point& a, const layout::Point& b) {
    if (crosses(a, b, y)) x.push_back(a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y));
  });
  std::ranges::sort(x);
  return x;
}

std::vector<double> pixel_coverage(const std::vector<layout::Polygon>& polygons, const Box& cell, int nx,
                                   int ny) {
  std::vector<double> coverage(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny), 0);
  const double dx = cell.width() / nx, dy = cell.height() / ny;
  for (const Band& band : bands_of(polygons, cell)) {
    const std::vector<double> x = crossings(polygons, (band.y0 + band.y1) / 2);
    std::vector<double> row(static_cast<std::size_t>(nx), 0);
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
      const int first = std::clamp(static_cast<int>((x[i] - cell.x0) / dx), 0, nx - 1);
      for (int ix = first; ix < nx && cell.x0 + ix * dx < x[i + 1]; ++ix)
        row[static_cast<std::size_t>(ix)] +=
            std::max(0.0, std::min(x[i + 1], cell.x0 + (ix + 1) * dx) - std::max(x[i], cell.x0 + ix * dx)) /
            dx;
    }
    const int first = std::clamp(static_cast<int>((band.y0 - cell.y0) / dy), 0, ny - 1);
    for (int iy = first; iy < ny && cell.y0 + iy * dy < band.y1; ++iy) {
      const double share =
          std::max(0.0, std::min(band.y1, cell.y0 + (iy + 1) * dy) - std::max(band.y0, cell.y0 + iy * dy)) /
          dy;
      for (int ix = 0; ix < nx; ++ix)
        coverage[static_cast<std::size_t>(iy) * static_cast<std::size_t>(nx) +
                 static_cast<std::size_t>(ix)] += share * row[static_cast<std::size_t>(ix)];
    }
  }
  return coverage;
}

}  // namespace undulith::mask
