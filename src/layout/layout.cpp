// SPDX-License-Identifier: MIT
#include "undulith/layout/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "layout/hierarchy.hpp"
#include "layout/merged_area.hpp"
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

namespace {

std::vector<LayerSummary> summarise_cell(const Layout& layout, const std::string& cell, HugePolygons& huge) {
  const Hierarchy tree(layout, cell);
  const double dbu_pm = dbu_in_pm(layout.dbu_nm);
  std::vector<LayerSummary> out;
  for (const LayerId layer : tree.layers()) {
    const auto hulls = tree.hulls(layer);
    const Hierarchy::Totals totals = tree.totals(layer);
    LayerSummary s{
        .layer = layer, .n_polygons = totals.n_polygons, .box_nm = hull_box_nm(hulls.back(), dbu_pm, cell)};
    std::optional<double> merged;
    if (totals.n_polygons <= kMaxMergedPolygons)
      merged = merged_area_pm2(tree, layer, hulls, to_pm(s.box_nm), dbu_pm, huge);
    s.area_merged = merged.has_value();
    s.area_nm2 = merged ? *merged / 1e6 : totals.area * layout.dbu_nm * layout.dbu_nm;
    out.push_back(s);
  }
  return out;
}

}  // namespace

std::vector<LayerSummary> summarise(const Layout& layout, const std::string& cell) {
  HugePolygons huge;
  return summarise_cell(layout, cell, huge);
}

std::vector<std::vector<LayerSummary>> summarise(const Layout& layout,
                                                 const std::vector<std::string>& cells) {
  HugePolygons huge;
  std::vector<std::vector<LayerSummary>> out;
  for (const std::string& cell : cells) out.push_back(summarise_cell(layout, cell, huge));
  return out;
}

std::optional<Box> bounding_box(const Layout& layout, const std::string& cell, std::optional<LayerId> layer) {
  const auto hulls = Hierarchy(layout, cell).hulls(layer);
  if (hulls.back().empty()) return {};
  return hull_box_nm(hulls.back(), dbu_in_pm(layout.dbu_nm), cell);
}

}  // namespace undulith::layout
