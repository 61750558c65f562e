// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>

#include "undulith/core/error.hpp"
#include "undulith/mask/pattern_mask.hpp"

namespace undulith::mask {
namespace {

using layout::Point;
using layout::Polygon;

Point edge_of(const Polygon& ring, std::size_t i) {
  const Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
  return {b.x - a.x, b.y - a.y};
}

// Mask scale, lower-left corner of the cell at 0.
std::vector<Polygon> on_mask(const layout::Clip& clip, const MaskOptics& optics) {
  std::vector<Polygon> rings = clip.rings;
  for (Polygon& ring : rings)
    for (Point& point : ring)
      point = {(point.x - clip.cell.x0) * optics.magnification_x,
               (point.y - clip.cell.y0) * optics.magnification_y};
  return rings;
}

struct EdgePlace {
  std::size_t ring, edge;
};

// The drawn edge of the same direction whose line is nearest, if the middle of the edge is beside it.
EdgePlace drawn_edge(const std::vector<Polygon>& drawn, const Polygon& ring, std::size_t i) {
  constexpr double kParallel = 1e-6;
  const Point edge = edge_of(ring, i), middle{ring[i].x + edge.x / 2, ring[i].y + edge.y / 2};
  const double length = std::hypot(edge.x, edge.y);
  std::optional<EdgePlace> found;
  double nearest = 0;
  for (std::size_t r = 0; r < drawn.size(); ++r)
    for (std::size_t k = 0; k < drawn[r].size(); ++k) {
      const Point other = edge_of(drawn[r], k);
      const double other_length = std::hypot(other.x, other.y), size = length * other_length;
      if (!(edge.x * other.x + edge.y * other.y > 0) ||
          std::abs(edge.x * other.y - edge.y * other.x) > kParallel * size)
        continue;
      const Point from{middle.x - drawn[r][k].x, middle.y - drawn[r][k].y};
      const double along = (from.x * other.x + from.y * other.y) / other_length,
                   across = std::abs(from.x * other.y - from.y * other.x) / other_length;
      if (along < 0 || along > other_length || (found && across >= nearest)) continue;
      found = EdgePlace{r, k};
      nearest = across;
    }
  if (!found)
    throw InputError(
        fmt::format("an edge of the mask at ({:.4g}, {:.4g}) nm (mask scale; slanted walls or an "
                    "undercut made it, and it follows no drawn edge); set mask.side_wall_deg = 90 "
                    "and undercut_nm = 0, or draw larger shapes",
                    middle.x, middle.y));
  return *found;
}

// From the mask to the wafer: a drawn edge moves there by so much for each nm.
double offset_scale(const Point& edge_on_mask, const MaskOptics& optics) {
  const double x = optics.magnification_x, y = optics.magnification_y;
  return x * y * std::hypot(edge_on_mask.x / x, edge_on_mask.y / y) /
         std::hypot(edge_on_mask.x, edge_on_mask.y);
}

}  // namespace

std::vector<RingGradient> compute_ring_gradient(const MaskAsMade& made, const MaskParameters& parameters,
                                                const MaskOptics& optics, const MaskLight& light,
                                                std::span<const JonesSpectrum> d_spectra,
                                                CorrectionGradient correction) {
  const auto layers = compute_layer_gradients(made, parameters, optics, light, d_spectra, correction);
  const std::vector<Polygon> drawn = on_mask(made.clip, optics);
  const Box cell{0, 0, made.clip.cell.width() * optics.magnification_x,
                 made.clip.cell.height() * optics.magnification_y};
  std::vector<RingGradient> sum;
  for (const Polygon& ring : drawn)
    sum.push_back({std::vector<Point>(ring.size()), std::vector<double>(ring.size())});
  bool as_drawn = true;
  for (const LayerGradient& layer : layers) {
    const auto part = polygon_gradient(layer.polygons, cell, layer.d_pattern.max_order_x,
                                       layer.d_pattern.max_order_y, layer.d_pattern.values);
    const bool same = layer.polygons == drawn;
    as_drawn = as_drawn && same;
    for (std::size_t r = 0; r < part.size(); ++r)
      for (std::size_t i = 0; i < part[r].d_offset.size(); ++i) {
        const EdgePlace place = same ? EdgePlace{r, i} : drawn_edge(drawn, layer.polygons[r], i);
        sum[place.ring].d_offset[place.edge] +=
            part[r].d_offset[i] * offset_scale(edge_of(drawn[place.ring], place.edge), optics);
        if (!same) continue;
        sum[r].d_vertex[i].x += part[r].d_vertex[i].x * optics.magnification_x;
        sum[r].d_vertex[i].y += part[r].d_vertex[i].y * optics.magnification_y;
      }
  }
  if (!as_drawn)
    for (RingGradient& ring : sum) ring.d_vertex.clear();
  return sum;
}

}  // namespace undulith::mask
