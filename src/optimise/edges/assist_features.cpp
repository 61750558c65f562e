// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "optimise/edges/correction_setup.hpp"

namespace undulith::optimise {
namespace {

constexpr double kStepNm = 4;  // between places along an edge that are tried

double distance_of(const Box& a, const Box& b) {
  return std::hypot(std::max({0.0, a.x0 - b.x1, b.x0 - a.x1}), std::max({0.0, a.y0 - b.y1, b.y0 - a.y1}));
}

AssistRules with_lengths(AssistRules assists, const MaskRules& rules, double period) {
  const auto fill = [](double& value, double length) {
    if (value == 0) value = length;
  };
  fill(assists.distance_nm, period * 5 / 6);
  fill(assists.width_nm, period / 3);
  fill(assists.clearance_nm, 0.7 * assists.distance_nm);
  fill(assists.spacing_nm, 0.4 * period);
  fill(assists.overhang_nm, period / 3);
  fill(assists.least_length_nm, period / 2);
  assists.width_nm = std::max(assists.width_nm, rules.min_width_nm);
  assists.distance_nm = std::max(assists.distance_nm, rules.min_space_nm);
  assists.clearance_nm = std::max(assists.clearance_nm, rules.min_space_nm);
  assists.spacing_nm = std::max(assists.spacing_nm, rules.min_space_nm);
  assists.least_length_nm = std::max({assists.least_length_nm, rules.min_width_nm, rules.min_jog_nm});
  return assists;
}

// The place of a bar beside a drawn edge, between two distances from the start of the edge.
Box beside(const Fragment& edge, double from, double to, const AssistRules& assists) {
  const double near = assists.distance_nm, far = near + assists.width_nm;
  const double xa = edge.from.x + edge.tangent_x * from + edge.normal_x() * near,
               ya = edge.from.y + edge.tangent_y * from + edge.normal_y() * near,
               xb = edge.from.x + edge.tangent_x * to + edge.normal_x() * far,
               yb = edge.from.y + edge.tangent_y * to + edge.normal_y() * far;
  return {std::min(xa, xb), std::min(ya, yb), std::max(xa, xb), std::max(ya, yb)};
}

}  // namespace

std::vector<layout::Polygon> seed_assists(const layout::Clip& target, const ModelGrid& grid,
                                          const MaskRules& rules, const AssistRules& given) {
  const AssistRules assists = with_lengths(given, rules, shortest_period_nm(grid));
  constexpr double kWhole = 1e9;  // edges are not cut
  const FragmentedTarget uncut(target.rings, target.cell, target.rings.size(),
                               {kWhole, kWhole, kWhole, 0, rules.grid_nm});
  std::vector<Fragment> edges = uncut.fragments();
  std::vector<Box> drawn, bars;
  for (const Fragment& edge : edges)
    drawn.push_back({std::min(edge.from.x, edge.to.x), std::min(edge.from.y, edge.to.y),
                     std::max(edge.from.x, edge.to.x), std::max(edge.from.y, edge.to.y)});
  std::ranges::stable_sort(edges, std::ranges::greater{}, &Fragment::length);

  const Box& cell = target.cell;
  const auto clear = [&](const Box& place) {
    const double margin = rules.min_space_nm / 2;  // to the copy of the cell
    return place.x0 >= cell.x0 + margin && place.y0 >= cell.y0 + margin && place.x1 <= cell.x1 - margin &&
           place.y1 <= cell.y1 - margin &&
           std::ranges::all_of(
               drawn, [&](const Box& edge) { return distance_of(edge, place) >= assists.clearance_nm; }) &&
           std::ranges::all_of(bars,
                               [&](const Box& bar) { return distance_of(bar, place) >= assists.spacing_nm; });
  };
  const auto on_grid = [&](double value) { return std::round(value / rules.grid_nm) * rules.grid_nm; };
  for (const Fragment& edge : edges) {
    if (edge.fixed || edge.length() < assists.least_length_nm) continue;
    const double end = edge.length() + assists.overhang_nm;
    for (double from = -assists.overhang_nm; from < end;) {
      double to = from;
      while (to + kStepNm <= end && clear(beside(edge, to, to + kStepNm, assists))) to += kStepNm;
      if (to - from >= assists.least_length_nm) {
        const Box bar = beside(edge, from, to, assists);
        bars.push_back({on_grid(bar.x0), on_grid(bar.y0), on_grid(bar.x1), on_grid(bar.y1)});
      }
      from = std::max(to, from) + kStepNm;
    }
  }
  std::vector<layout::Polygon> rings;
  for (const Box& bar : bars)
    rings.push_back({{bar.x0, bar.y0}, {bar.x1, bar.y0}, {bar.x1, bar.y1}, {bar.x0, bar.y1}});
  return rings;
}

}  // namespace undulith::optimise
