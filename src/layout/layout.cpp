// SPDX-License-Identifier: MIT
#include "undulith/layout/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "layout/hierarchy.hpp"
#include "layout/pm_grid.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/printable.hpp"

namespace undulith::layout {
namespace {

constexpr std::int64_t kMaxMergedPolygons = 10'000'000;
constexpr double kMaxPm = 4e18;

/// Box of the hull in nm, rounded to 1 pm.
Box hull_box_nm(const std::vector<RealPoint>& hull, double dbu_pm, const std::string& cell) {
  const Box dbu = box_of(hull);
  for (const double v : {dbu.x0, dbu.y0, dbu.x1, dbu.y1}) {
    if (!(std::abs(v * dbu_pm) <= kMaxPm)) {
      throw InputError(
          fmt::format("cell '{}' reaches beyond {:g} nm; check its database unit and magnifications",
                      printable(cell), kMaxPm / 1000));
    }
  }
  const auto nm = [&](double v) { return to_nm(std::llround(v * dbu_pm)); };
  return {nm(dbu.x0), nm(dbu.y0), nm(dbu.x1), nm(dbu.y1)};
}

/// Area of the union of all polygons of a layer, nm^2.
double merged_area_nm2(const Hierarchy& tree, LayerId layer, const std::vector<std::vector<RealPoint>>& hulls,
                       const Box& box_nm, double dbu_pm) {
  const GridBox pm = to_pm(box_nm);
  // A layer too wide for 32-bit picometres is merged on a coarser grid.
  const std::int64_t side = std::max(pm.x1 - pm.x0, pm.y1 - pm.y0);
  const std::int64_t step = std::max<std::int64_t>(1, (side + kMaxUnionSide - 3) / (kMaxUnionSide - 2));
  const auto to_grid = [&](double v) { return std::llround(v * dbu_pm / static_cast<double>(step)); };
  const auto down = [&](std::int64_t v) { return floor_div(v, step); };
  PolygonUnion merged({down(pm.x0), down(pm.y0), down(pm.x1 + step - 1), down(pm.y1 + step - 1)});
  GridRing ring;
  tree.for_each_polygon(layer, box_of(hulls.back()), hulls, 100 * kMaxMergedPolygons,
                        [&](const Shape& shape, const Transform& transform) {
                          ring.clear();
                          for (const DbuPoint& v : shape.vertices) {
                            const RealPoint p = transform(vertex(shape, v));
                            ring.push_back({to_grid(p.x), to_grid(p.y)});
                          }
                          merged.add(ring);
                        });
  double twice = 0;
  for (const GridRing& r : merged.rings()) twice += twice_area(r);
  const double step_nm = static_cast<double>(step) / 1000;
  return twice / 2 * step_nm * step_nm;
}

}  // namespace

std::vector<std::string> Layout::top_cells() const {
  std::set<std::string> placed;
  for (const auto& [name, cell] : cells) {
    for (const Reference& r : cell.references) placed.insert(r.cell);
  }
  std::vector<std::string> tops;
  for (const auto& [name, cell] : cells) {
    if (!placed.contains(name)) tops.push_back(name);
  }
  return tops;
}

std::vector<std::string> Layout::looping_cells() const {
  std::vector<std::string> pending = top_cells();
  std::set<std::string> reached(pending.begin(), pending.end());
  while (!pending.empty()) {
    const auto found = cells.find(pending.back());
    pending.pop_back();
    if (found == cells.end()) continue;
    for (const Reference& r : found->second.references) {
      if (reached.insert(r.cell).second) pending.push_back(r.cell);
    }
  }
  std::vector<std::string> rest;
  for (const auto& [name, cell] : cells) {
    if (!reached.contains(name)) rest.push_back(name);
  }
  return rest;
}

std::vector<LayerSummary> summarise(const Layout& layout, const std::string& cell) {
  const Hierarchy tree(layout, cell);
  const double dbu_pm = dbu_in_pm(layout.dbu_nm);
  std::vector<LayerSummary> out;
  for (const LayerId layer : tree.layers()) {
    const auto hulls = tree.hulls(layer);
    const Hierarchy::Totals totals = tree.totals(layer);
    LayerSummary s{
        .layer = layer, .n_polygons = totals.n_polygons, .box_nm = hull_box_nm(hulls.back(), dbu_pm, cell)};
    s.area_merged = totals.n_polygons <= kMaxMergedPolygons;
    s.area_nm2 = s.area_merged ? merged_area_nm2(tree, layer, hulls, s.box_nm, dbu_pm)
                               : totals.area * layout.dbu_nm * layout.dbu_nm;
    out.push_back(s);
  }
  return out;
}

std::optional<Box> bounding_box(const Layout& layout, const std::string& cell, std::optional<LayerId> layer) {
  const auto hulls = Hierarchy(layout, cell).hulls(layer);
  if (hulls.back().empty()) return {};
  return hull_box_nm(hulls.back(), dbu_in_pm(layout.dbu_nm), cell);
}

}  // namespace undulith::layout
