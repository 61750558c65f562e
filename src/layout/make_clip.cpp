// SPDX-License-Identifier: MIT
#include "undulith/layout/make_clip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "layout/clip_plan.hpp"
#include "layout/hierarchy.hpp"
#include "layout/pm_grid.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/printable.hpp"

namespace undulith::layout {
namespace {

constexpr double kMaxSideNm = 1e6;
constexpr double kMaxCoordinateNm = 1e12;
constexpr std::int64_t kMaxVisits = 10'000'000;
constexpr std::int64_t kMaxCells = 1000;

/// Whether v is finite and within the limit; comparing a NaN would raise a floating-point exception.
bool within(double v, double limit) {
  return std::isfinite(v) && std::abs(v) <= limit;
}

std::string text(const Box& b) {
  return fmt::format("x {}..{}, y {}..{} nm", b.x0, b.x1, b.y0, b.y1);
}

std::string chosen_cell(const Layout& layout, const std::string& asked) {
  if (!asked.empty()) return asked;
  const std::vector<std::string> tops = layout.top_cells();
  if (tops.size() == 1) return tops.front();
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(tops.size(), 20); ++i)
    names += (i > 0 ? ", " : "") + printable(tops[i]);
  if (tops.size() > 20) names += ", ...";
  throw InputError(
      tops.empty() ? std::string("layout.cell is not given and the layout has no top cell (each cell is "
                                 "placed by another, or there is none); name a cell")
                   : fmt::format("layout.cell is not given and the layout has {} top cells ({}); name one",
                                 tops.size(), names));
}

void require_side(const Box& cell, const char* key) {
  if (cell.width() > kMaxSideNm || cell.height() > kMaxSideNm) {
    throw InputError(fmt::format("{}: a cell of {} x {} nm (at most {:g} nm per side); make it smaller", key,
                                 cell.width(), cell.height(), kMaxSideNm));
  }
}

Box window_of(const ClipParameters& p, const Box& drawn) {
  if (p.window_nm.empty()) return drawn;
  if (p.window_nm.size() != 4) {
    throw InputError(fmt::format("layout.window_nm has {} numbers (must be four); write [x0, y0, x1, y1]",
                                 p.window_nm.size()));
  }
  const Box w{p.window_nm[0], p.window_nm[1], p.window_nm[2], p.window_nm[3]};
  for (const double v : p.window_nm) {
    if (!within(v, kMaxCoordinateNm))
      throw InputError("layout.window_nm is too large or not finite; write lengths in nm");
  }
  if (to_nm(to_pm(w)).empty()) {
    throw InputError(fmt::format("layout.window_nm = {} is empty; write x0 < x1 and y0 < y1", text(w)));
  }
  if (w.x0 >= drawn.x1 || w.x1 <= drawn.x0 || w.y0 >= drawn.y1 || w.y1 <= drawn.y0) {
    throw InputError(fmt::format(
        "layout.window_nm = {} is outside the layout (which covers {}); move the window (lengths are nm)",
        text(w), text(drawn)));
  }
  return to_nm(to_pm(w));
}

/// @throws InputError  the layer has no shapes below the cell
Box drawn_box(const Layout& layout, const Hierarchy& tree, const std::string& cell, LayerId layer,
              const char* key) {
  const std::optional<Box> drawn = bounding_box(layout, cell, layer);
  if (drawn) return *drawn;
  std::string drawn_layers;
  for (const LayerId l : tree.layers()) {
    drawn_layers += fmt::format("{}{}/{}", drawn_layers.empty() ? "" : ", ", l.layer, l.datatype);
  }
  throw InputError(fmt::format(
      "{} = {}, datatype {} (cell '{}' has no shapes there; layers with shapes: {}); choose "
      "another one",
      key, layer.layer, layer.datatype, printable(cell), drawn_layers.empty() ? "none" : drawn_layers));
}

/// One layer of the tree, merged within the cell.
std::vector<GridRing> merged_layer(const Layout& layout, const Hierarchy& tree, LayerId layer,
                                   const GridBox& cell) {
  const double dbu_pm = dbu_in_pm(layout.dbu_nm);
  const auto to_dbu = [&](std::int64_t pm) { return static_cast<double>(pm) / dbu_pm; };
  const Box region{to_dbu(cell.x0), to_dbu(cell.y0), to_dbu(cell.x1), to_dbu(cell.y1)};
  PolygonUnion merged(cell);
  GridRing ring;
  tree.for_each_polygon(
      layer, region, tree.hulls(layer), kMaxVisits, [&](const Shape& shape, const Transform& transform) {
        ring.clear();
        GridBox box{cell.x1, cell.y1, cell.x0, cell.y0};
        for (const DbuPoint& v : shape.vertices) {
          const RealPoint p = transform(vertex(shape, v));
          const GridPoint q{std::llround(p.x * dbu_pm), std::llround(p.y * dbu_pm)};
          box = {std::min(box.x0, q.x), std::min(box.y0, q.y), std::max(box.x1, q.x), std::max(box.y1, q.y)};
          ring.push_back(q);
        }
        if (box.x0 < cell.x1 && box.x1 > cell.x0 && box.y0 < cell.y1 && box.y1 > cell.y0) {
          merged.add(ring);
        }
      });
  return merged.rings();
}

/// The part of the cell outside the region.
std::vector<GridRing> outside(const std::vector<GridRing>& region, const GridBox& cell) {
  PolygonUnion rest(cell);
  rest.add({{cell.x0, cell.y0}, {cell.x1, cell.y0}, {cell.x1, cell.y1}, {cell.x0, cell.y1}});
  for (const GridRing& ring : region) rest.subtract_signed(ring);
  return rest.rings();
}

std::vector<GridRing> combined(const std::vector<GridRing>& a, LayerOperation operation,
                               const std::vector<GridRing>& b, const GridBox& cell) {
  PolygonUnion both(cell);
  for (const GridRing& ring : a) both.add_signed(ring);
  switch (operation) {
    case LayerOperation::add:
      for (const GridRing& ring : b) both.add_signed(ring);
      break;
    case LayerOperation::subtract:
      for (const GridRing& ring : b) both.subtract_signed(ring);
      break;
    case LayerOperation::intersect:
      for (const GridRing& ring : outside(b, cell)) both.subtract_signed(ring);
      break;
  }
  return both.rings();
}

}  // namespace

ClipPlan plan_clip(const Layout& layout, const ClipParameters& parameters) {
  ClipPlan plan;
  plan.root = chosen_cell(layout, parameters.cell);
  plan.layers.push_back({LayerOperation::add, {parameters.layer, parameters.datatype}});
  const Hierarchy tree(layout, plan.root);
  const Box drawn = drawn_box(layout, tree, plan.root, plan.layers.front().layer, "layout.layer");
  for (const CombinedLayer& c : parameters.combine) {
    plan.layers.push_back({c.operation, {c.layer, c.datatype}});
    (void)drawn_box(layout, tree, plan.root, plan.layers.back().layer, "layout.combine.layer");
  }
  plan.window = window_of(parameters, layout.frame_nm.value_or(drawn));
  plan.cell = plan.window;
  if (parameters.boundary == Boundary::guard) {
    const double guard = parameters.guard_nm;
    if (!within(guard, kMaxSideNm) || guard < 0) {
      throw InputError(
          fmt::format("layout.guard_nm = {} (must be in [0, {:g}]); 200 is usual", guard, kMaxSideNm));
    }
    const GridBox w = to_pm(plan.window);
    const std::int64_t g = to_pm(guard);
    plan.cell = to_nm(GridBox{w.x0 - g, w.y0 - g, w.x1 + g, w.y1 + g});
  }
  if (plan.cell.empty())
    throw InputError(
        fmt::format("layout.window_nm: the window {} has no area; make it larger", text(plan.cell)));
  require_side(plan.cell, "layout.window_nm");
  return plan;
}

Clip cut_clip(const Layout& layout, const ClipPlan& plan) {
  const Hierarchy tree(layout, plan.root);
  const GridBox cell = to_pm(plan.cell);
  std::vector<GridRing> rings = merged_layer(layout, tree, plan.layers.front().layer, cell);
  for (std::size_t i = 1; i < plan.layers.size(); ++i) {
    rings = combined(rings, plan.layers[i].operation, merged_layer(layout, tree, plan.layers[i].layer, cell),
                     cell);
  }
  return {.cell = plan.cell, .window = plan.window, .rings = to_nm(rings)};
}

Clip make_clip(const Layout& layout, const ClipParameters& parameters) {
  return cut_clip(layout, plan_clip(layout, parameters));
}

Clip make_clip(const Box& cell_nm, const std::vector<Polygon>& shapes) {
  for (const double v : {cell_nm.x0, cell_nm.y0, cell_nm.x1, cell_nm.y1}) {
    if (!within(v, kMaxCoordinateNm))
      throw InputError("mask.period_x_nm: the cell is too large or not finite; write lengths in nm");
  }
  require_side(cell_nm, "mask.period_x_nm");
  const GridBox cell = to_pm(cell_nm);
  const std::int64_t width = cell.x1 - cell.x0, height = cell.y1 - cell.y0;
  if (width <= 0 || height <= 0) {
    throw InputError(fmt::format("mask.period_x_nm: the cell {} is empty; give a positive period in x and y",
                                 text(cell_nm)));
  }
  PolygonUnion merged(cell);
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    for (const Point& p : shapes[k]) {
      if (!within(p.x, kMaxCoordinateNm) || !within(p.y, kMaxCoordinateNm)) {
        throw InputError(
            fmt::format("shape {}: a coordinate is not finite or beyond {:g} nm; write lengths in nm", k + 1,
                        kMaxCoordinateNm));
      }
    }
    const GridRing ring = to_pm(shapes[k]);
    if (ring.size() < 3 || twice_area(ring) == 0) {
      throw InputError(
          fmt::format("shape {} of {} vertices has no area; write three vertices or more that are not on one "
                      "line",
                      k + 1, ring.size()));
    }
    if (self_contact(ring) == SelfContact::crosses) {
      throw InputError(fmt::format(
          "shape {} crosses itself (check the order of its vertices); write a simple polygon", k + 1));
    }
    GridBox box{ring[0].x, ring[0].y, ring[0].x, ring[0].y};
    for (const GridPoint& p : ring) {
      box = {std::min(box.x0, p.x), std::min(box.y0, p.y), std::max(box.x1, p.x), std::max(box.y1, p.y)};
    }
    if ((box.x1 - box.x0) / width > kMaxCells || (box.y1 - box.y0) / height > kMaxCells) {
      throw InputError(fmt::format(
          "shape {} is more than {} cells long (the cell repeats it anyway); shorten it", k + 1, kMaxCells));
    }
    // Copies that meet the cell: shifts s for which box + s * period overlaps it.
    const auto shifts = [](std::int64_t lo, std::int64_t hi, std::int64_t cell_lo, std::int64_t period) {
      return std::pair{-floor_div(hi - 1 - cell_lo, period), -floor_div(lo - cell_lo, period)};
    };
    const auto [sx0, sx1] = shifts(box.x0, box.x1, cell.x0, width);
    const auto [sy0, sy1] = shifts(box.y0, box.y1, cell.y0, height);
    for (std::int64_t sy = sy0; sy <= sy1; ++sy) {
      for (std::int64_t sx = sx0; sx <= sx1; ++sx) {
        GridRing copy = ring;
        for (GridPoint& p : copy) p = {p.x + sx * width, p.y + sy * height};
        merged.add(copy);
      }
    }
  }
  Clip clip;
  clip.cell = clip.window = to_nm(cell);
  clip.rings = to_nm(merged.rings());
  return clip;
}

Clip edit(const Clip& clip, LayerOperation operation, const std::vector<Polygon>& shapes) {
  const auto grid_rings = [](const std::vector<Polygon>& rings) {
    std::vector<GridRing> on_grid;
    for (const Polygon& ring : rings) on_grid.push_back(to_pm(ring));
    return on_grid;
  };
  Clip edited = clip;
  edited.rings = to_nm(combined(grid_rings(clip.rings), operation,
                                grid_rings(make_clip(clip.cell, shapes).rings), to_pm(clip.cell)));
  return edited;
}

double area_nm2(const std::vector<Polygon>& rings) {
  double twice = 0;
  for (const Polygon& ring : rings) {
    for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
      twice += (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) -
               (ring[i].y - ring[0].y) * (ring[i + 1].x - ring[0].x);
    }
  }
  return twice / 2;
}

}  // namespace undulith::layout
