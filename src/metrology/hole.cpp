// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "undulith/metrology/profile.hpp"

namespace undulith::metrology {
namespace {

struct Node {
  int ix = 0, iy = 0;
};

int wrapped(int i, int n) {
  return (i % n + n) % n;
}

// Polygon moments by Green's theorem.
struct Moments {
  double area = 0, x = 0, y = 0;  ///< centroid
  double xx = 0, yy = 0, xy = 0;  ///< central, over the area
};

Moments moments_of(const math::Contour& c) {
  Moments m;
  const std::size_t n = c.x.size();
  const double x0 = c.x[0], y0 = c.y[0];  // small numbers keep their digits
  double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t j = (i + 1) % n;
    const double ax = c.x[i] - x0, ay = c.y[i] - y0, bx = c.x[j] - x0, by = c.y[j] - y0;
    const double cross = ax * by - bx * ay;
    m.area += cross / 2;
    sx += cross * (ax + bx) / 6;
    sy += cross * (ay + by) / 6;
    sxx += cross * (ax * ax + ax * bx + bx * bx) / 12;
    syy += cross * (ay * ay + ay * by + by * by) / 12;
    sxy += cross * (ax * by + 2 * ax * ay + 2 * bx * by + bx * ay) / 24;
  }
  const double cx = sx / m.area, cy = sy / m.area;
  m.x = x0 + cx;
  m.y = y0 + cy;
  m.xx = sxx / m.area - cx * cx;
  m.yy = syy / m.area - cy * cy;
  m.xy = sxy / m.area - cx * cy;
  m.area = std::abs(m.area);
  return m;
}

// Width of the polygon along a line through a point within it: to the nearest crossing on each side.
double width_through(const std::vector<double>& along, const std::vector<double>& across, double s,
                     double t) {
  double before = -1e300, after = 1e300;
  const std::size_t n = along.size();
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t j = (i + 1) % n;
    if ((across[i] > t) == (across[j] > t)) continue;
    const double at = along[i] + (t - across[i]) / (across[j] - across[i]) * (along[j] - along[i]);
    if (at <= s) before = std::max(before, at);
    if (at > s) after = std::min(after, at);
  }
  return before > -1e299 && after < 1e299 ? after - before : 0;
}

bool contains(const math::Contour& c, double x, double y) {
  bool inside = false;
  for (std::size_t i = 0, j = c.x.size() - 1; i < c.x.size(); j = i++)
    if ((c.y[i] > y) != (c.y[j] > y) && x < (c.x[j] - c.x[i]) * (y - c.y[i]) / (c.y[j] - c.y[i]) + c.x[i])
      inside = !inside;
  return inside;
}

// The level at nodes of any index: repeated if the cell is periodic, else outside of every hole beyond it.
class LevelNodes {
 public:
  LevelNodes(const Field2D<double>& level, bool periodic) : level_(level), periodic_(periodic) {}

  [[nodiscard]] double operator()(Node node) const {
    const Grid2D& grid = level_.grid();
    if (periodic_) return level_(wrapped(node.iy, grid.ny), wrapped(node.ix, grid.nx));
    const bool within = node.ix >= 0 && node.iy >= 0 && node.ix < grid.nx && node.iy < grid.ny;
    return within ? level_(node.iy, node.ix) : -1;
  }
  /// The node of the cell that this one repeats.
  [[nodiscard]] std::pair<int, int> place(Node node) const {
    return {wrapped(node.ix, level_.grid().nx), wrapped(node.iy, level_.grid().ny)};
  }
  [[nodiscard]] const Grid2D& grid() const { return level_.grid(); }

 private:
  const Field2D<double>& level_;
  bool periodic_;
};

// The node from which the hole grows: the nearest one in it, for noise moves holes about.
std::optional<Node> seed_near(const LevelNodes& nodes, double x_nm, double y_nm) {
  constexpr int kSearch = 6;
  const Grid2D& grid = nodes.grid();
  const int cx = static_cast<int>(std::lround((x_nm - grid.x0) / grid.dx)),
            cy = static_cast<int>(std::lround((y_nm - grid.y0) / grid.dy));
  std::optional<Node> seed;
  double nearest = 1e300;
  for (int dy = -kSearch; dy <= kSearch; ++dy)
    for (int dx = -kSearch; dx <= kSearch; ++dx) {
      const double distance = std::hypot(dx * grid.dx, dy * grid.dy);
      if (nodes({cx + dx, cy + dy}) > 0 && distance < nearest) {
        nearest = distance;
        seed = Node{cx + dx, cy + dy};
      }
    }
  return seed;
}

// All nodes that belong to the hole, by their places in the cell, and the box that holds them.
struct Region {
  std::map<std::pair<int, int>, Node> members;
  int x0, x1, y0, y1;
};

// Without wrapping: coming to the same node by another way means that the hole runs through the cell, and
// nothing is returned.
std::optional<Region> grow(const LevelNodes& nodes, Node seed) {
  Region region{{}, seed.ix, seed.ix, seed.iy, seed.iy};
  std::vector<Node> open{seed};
  region.members[nodes.place(seed)] = seed;
  while (!open.empty()) {
    const Node node = open.back();
    open.pop_back();
    region.x0 = std::min(region.x0, node.ix), region.x1 = std::max(region.x1, node.ix);
    region.y0 = std::min(region.y0, node.iy), region.y1 = std::max(region.y1, node.iy);
    for (const Node step : {Node{1, 0}, Node{-1, 0}, Node{0, 1}, Node{0, -1}}) {
      const Node next{node.ix + step.ix, node.iy + step.iy};
      if (nodes(next) <= 0) continue;
      const auto [at, is_new] = region.members.try_emplace(nodes.place(next), next);
      if (!is_new && (at->second.ix != next.ix || at->second.iy != next.iy)) return std::nullopt;
      if (is_new) open.push_back(next);
    }
  }
  return region;
}

// The level in the box of the region and a node around it; other holes that come near are closed.
Field2D<double> level_around(const LevelNodes& nodes, const Region& region) {
  const Grid2D& grid = nodes.grid();
  const Grid2D patch{.plane = grid.plane,
                     .nx = region.x1 - region.x0 + 3,
                     .ny = region.y1 - region.y0 + 3,
                     .x0 = grid.x0 + (region.x0 - 1) * grid.dx,
                     .y0 = grid.y0 + (region.y0 - 1) * grid.dy,
                     .dx = grid.dx,
                     .dy = grid.dy};
  Field2D<double> around(patch);
  for (int iy = 0; iy < patch.ny; ++iy)
    for (int ix = 0; ix < patch.nx; ++ix) {
      const Node node{region.x0 - 1 + ix, region.y0 - 1 + iy};
      const auto member = region.members.find(nodes.place(node));
      const bool inside =
          member != region.members.end() && member->second.ix == node.ix && member->second.iy == node.iy;
      const double here = nodes(node);
      around(iy, ix) = inside ? here : -std::abs(here);
    }
  return around;
}

HoleResult shape_of(const math::Contour& contour) {
  const Moments m = moments_of(contour);
  HoleResult hole;
  hole.status = PrintStatus::printed;
  hole.centre_x_nm = m.x;
  hole.centre_y_nm = m.y;
  hole.area_nm2 = m.area;
  hole.cd_nm = 2 * std::sqrt(m.area / std::numbers::pi);
  hole.cd_x_nm = width_through(contour.x, contour.y, m.x, m.y);
  hole.cd_y_nm = width_through(contour.y, contour.x, m.y, m.x);
  const double mean = (m.xx + m.yy) / 2, apart = std::hypot((m.xx - m.yy) / 2, m.xy);
  hole.ellipticity = mean > apart ? std::sqrt((mean + apart) / (mean - apart)) : 1;
  return hole;
}

}  // namespace

HoleResult measure_hole(const Field2D<double>& level, bool periodic, double x_nm, double y_nm) {
  const LevelNodes nodes(level, periodic);
  HoleResult hole;
  hole.status = PrintStatus::not_printed;
  const std::optional<Node> seed = seed_near(nodes, x_nm, y_nm);
  if (!seed) return hole;
  const std::optional<Region> region = grow(nodes, *seed);
  if (!region) {
    hole.status = PrintStatus::merged;
    return hole;
  }
  const Grid2D& grid = level.grid();
  const double seed_x = grid.x0 + seed->ix * grid.dx, seed_y = grid.y0 + seed->iy * grid.dy;
  for (const math::Contour& contour : math::find_contours(level_around(nodes, *region), 0))
    if (contour.closed && contour.x.size() >= 3 && math::contour_area(contour) > 0 &&
        contains(contour, seed_x, seed_y))
      return shape_of(contour);
  return hole;
}

}  // namespace undulith::metrology
