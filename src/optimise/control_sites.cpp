// SPDX-License-Identifier: MIT
#include "undulith/optimise/control_sites.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/core/require.hpp"

namespace undulith::optimise {
namespace {

constexpr double kTouchNm = 1e-6;

bool lies_on_border(const layout::Point& a, const layout::Point& b, const Box& cell) {
  const auto both = [](double p, double q, double line) {
    return std::abs(p - line) < kTouchNm && std::abs(q - line) < kTouchNm;
  };
  return both(a.x, b.x, cell.x0) || both(a.x, b.x, cell.x1) || both(a.y, b.y, cell.y0) ||
         both(a.y, b.y, cell.y1);
}

// Places along an edge, from both ends towards the middle.
std::vector<double> places(double length, const SiteParameters& parameters) {
  if (length <= 2 * parameters.from_corner_nm) return {length / 2};
  std::vector<double> at;
  for (double s = parameters.from_corner_nm; s <= length / 2 + kTouchNm; s += parameters.step_nm) {
    at.push_back(s);
    if (length - s > s + kTouchNm) at.push_back(length - s);
  }
  std::ranges::sort(at);
  return at;
}

}  // namespace

std::vector<ControlSite> control_sites(std::span<const layout::Polygon> rings, const Box& cell,
                                       const SiteParameters& parameters) {
  require(parameters.step_nm > 0, "step_nm", parameters.step_nm, "must be above 0", "use 40");
  std::vector<ControlSite> sites;
  for (const layout::Polygon& ring : rings)
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const layout::Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
      const double length = std::hypot(b.x - a.x, b.y - a.y);
      if (length < kTouchNm || lies_on_border(a, b, cell)) continue;
      const double ux = (b.x - a.x) / length, uy = (b.y - a.y) / length;
      const std::vector<double> at = places(length, parameters);
      for (const double s : at)
        sites.push_back({a.x + s * ux, a.y + s * uy, uy, -ux, length / static_cast<double>(at.size())});
    }
  return sites;
}

}  // namespace undulith::optimise
