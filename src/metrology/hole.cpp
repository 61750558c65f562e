#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <optional>
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

}  // namespace

HoleResult measure_hole(const Field2D<double>& level, bool periodic, double x_nm, double y_nm) {
  const Grid2D& grid = level.grid();
  const auto value = [&](int ix, int iy) -> double {
    if (periodic) return level(wrapped(iy, grid.ny), wrapped(ix, grid.nx));
    const bool within = ix >= 0 && iy >= 0 && ix < grid.nx && iy < grid.ny;
    return within ? level(iy, ix) : -1;
  };
  // The node from which the hole grows: the nearest one in it, for noise moves holes about.
  constexpr int kSearch = 6;
  const int cx = static_cast<int>(std::lround((x_nm - grid.x0) / grid.dx)),
            cy = static_cast<int>(std::lround((y_nm - grid.y0) / grid.dy));
  std::optional<Node> seed;
  double nearest = 1e300;
  for (int dy = -kSearch; dy <= kSearch; ++dy)
    for (int dx = -kSearch; dx <= kSearch; ++dx) {
      const double distance = std::hypot(dx * grid.dx, dy * grid.dy);
      if (value(cx + dx, cy + dy) > 0 && distance < nearest) {
        nearest = distance;
        seed = Node{cx + dx, cy + dy};
      }
    }
  HoleResult hole;
  hole.status = PrintStatus::not_printed;
  if (!seed) return hole;

  // All nodes that belong to it, without wrapping: coming to the same node by another way means that it runs
  // through the cell.
  std::map<std::pair<int, int>, Node> reached;
  std::vector<Node> open{*seed};
  const auto key = [&](const Node& node) {
    return std::pair(wrapped(node.ix, grid.nx), wrapped(node.iy, grid.ny));
  };
  reached[key(*seed)] = *seed;
  int x0 = seed->ix, x1 = x0, y0 = seed->iy, y1 = y0;
  while (!open.empty()) {
    const Node node = open.back();
    open.pop_back();
    x0 = std::min(x0, node.ix), x1 = std::max(x1, node.ix);
    y0 = std::min(y0, node.iy), y1 = std::max(y1, node.iy);
    for (const Node step : {Node{1, 0}, Node{-1, 0}, Node{0, 1}, Node{0, -1}}) {
      const Node next{node.ix + step.ix, node.iy + step.iy};
      if (value(next.ix, next.iy) <= 0) continue;
      const auto [at, is_new] = reached.try_emplace(key(next), next);
      if (!is_new && (at->second.ix != next.ix || at->second.iy != next.iy)) {
        hole.status = PrintStatus::merged;
        return hole;
      }
      if (is_new) open.push_back(next);
    }
  }
  Grid2D patch{.plane = grid.plane,
               .nx = x1 - x0 + 3,
               .ny = y1 - y0 + 3,
               .x0 = grid.x0 + (x0 - 1) * grid.dx,
               .y0 = grid.y0 + (y0 - 1) * grid.dy,
               .dx = grid.dx,
               .dy = grid.dy};
  Field2D<double> around(patch);
  for (int iy = 0; iy < patch.ny; ++iy)
    for (int ix = 0; ix < patch.nx; ++ix) {
      const Node node{x0 - 1 + ix, y0 - 1 + iy};
      const auto member = reached.find(key(node));
      const bool inside =
          member != reached.end() && member->second.ix == node.ix && member->second.iy == node.iy;
      const double here = value(node.ix, node.iy);
      around(iy, ix) = inside ? here : -std::abs(here);  // another piece that comes near is no part of it
    }
  const double seed_x = grid.x0 + seed->ix * grid.dx, seed_y = grid.y0 + seed->iy * grid.dy;
  for (const math::Contour& contour : math::find_contours(around, 0)) {
    if (!contour.closed || contour.x.size() < 3 || math::contour_area(contour) <= 0 ||
        !contains(contour, seed_x, seed_y))
      continue;
    const Moments m = moments_of(contour);
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
  return hole;
}

}  // namespace undulith::metrology
