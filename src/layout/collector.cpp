// SPDX-License-Identifier: MIT
#include "layout/collector.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace undulith::layout {
namespace {

// A lattice of more copies of a shape becomes a cell of its own, placed as an array.
constexpr std::int64_t kMaxCopies = 100;
constexpr std::size_t kHeap = 16;  // bytes that an allocation costs beside its content

std::size_t memory_of(const Outline& shape) {
  return sizeof(Shape) + shape.vertices.size() * sizeof(DbuPoint) + kHeap;
}

std::size_t memory_of(const Reference& reference) {
  return sizeof(Reference) + (reference.cell.size() > 15 ? reference.cell.size() + kHeap : 0);
}

DbuPoint moved(const DbuPoint& p, int parts, const DbuPoint& by) {
  return {p.x + parts * by.x, p.y + parts * by.y};
}

Box bounds_of(const Outline& shape) {
  DbuPoint lo = shape.vertices[0], hi = shape.vertices[0];
  for (const DbuPoint& p : shape.vertices) {
    lo = {std::min(lo.x, p.x), std::min(lo.y, p.y)};
    hi = {std::max(hi.x, p.x), std::max(hi.y, p.y)};
  }
  const double parts = shape.parts;
  return {static_cast<double>(lo.x) / parts, static_cast<double>(lo.y) / parts,
          static_cast<double>(hi.x) / parts, static_cast<double>(hi.y) / parts};
}

Box shifted(const Box& box, double dx, double dy) {
  return {box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy};
}

/// The box of all copies.
Box spread(const Box& box, const std::vector<RealPoint>& places) {
  const Box at = box_of(places);
  return {box.x0 + at.x0, box.y0 + at.y0, box.x1 + at.x1, box.y1 + at.y1};
}

/// Corners of the lattice of a reference, relative to its origin.
std::vector<RealPoint> corners_of(const Reference& r) {
  std::vector<RealPoint> corners;
  for (const double column : {0.0, r.columns - 1.0}) {
    for (const double row : {0.0, r.rows - 1.0}) {
      corners.push_back(
          {column * r.column_step_x + row * r.row_step_x, column * r.column_step_y + row * r.row_step_y});
      if (r.rows == 1) break;
    }
    if (r.columns == 1) break;
  }
  return corners;
}

/// A box around a box of the placed cell, for the first instance at the origin.
Box placed_box(const Reference& reference, const Box& drawn) {
  Reference at_origin{.mirrored = reference.mirrored,
                      .magnification = reference.magnification,
                      .angle_deg = reference.angle_deg};
  const Transform t = placement(at_origin);
  return box_of(std::vector<RealPoint>{t({drawn.x0, drawn.y0}), t({drawn.x1, drawn.y0}),
                                       t({drawn.x1, drawn.y1}), t({drawn.x0, drawn.y1})});
}

}  // namespace

Reference lattice_of(const Repetition& r) {
  return {.columns = r.columns,
          .rows = r.rows,
          .column_step_x = static_cast<double>(r.column_step.x),
          .column_step_y = static_cast<double>(r.column_step.y),
          .row_step_x = static_cast<double>(r.row_step.x),
          .row_step_y = static_cast<double>(r.row_step.y)};
}

Collector::Collector(Keep keep, std::size_t max_bytes, std::function<void()> on_full,
                     const Selection* selection)
    : keep_(keep),
      left_(max_bytes),
      on_full_(std::move(on_full)),
      selection_(selection),
      last_outline_(outlines_.end()),
      last_placed_(placed_.end()) {}

void Collector::take(std::size_t bytes) {
  if (bytes > left_) on_full_();
  left_ -= bytes;
}

void Collector::begin_cell() {
  take(sizeof(Cell) + 128);
  collected_ = {};
  if (keep_ == Keep::selection) region_ = selection_->regions.at(cell_number_);
  if (keep_ == Keep::outlines) facts_.emplace_back();
  ++cell_number_;
}

void Collector::add_shape(LayerId layer, Outline& shape, const Repetition& repetition) {
  switch (keep_) {
    case Keep::everything:
      return keep_shape(layer, shape, repetition);
    case Keep::outlines:
      return outline_shape(layer, shape, repetition);
    case Keep::selection:
      return select_shape(layer, shape, repetition);
  }
}

void Collector::add_reference(const Reference& reference, const Repetition& repetition) {
  switch (keep_) {
    case Keep::everything:
      return keep_reference(reference, repetition);
    case Keep::outlines:
      return outline_reference(reference, repetition);
    case Keep::selection:
      return select_reference(reference, repetition);
  }
}

void Collector::keep_shape(LayerId layer, Outline& shape, const Repetition& repetition) {
  const std::size_t memory = memory_of(shape);
  if (repetition.is_lattice() && repetition.size() > kMaxCopies) {
    take(memory + sizeof(Reference) + sizeof(Cell) + 256);
    collected_.arrays.push_back({{layer, std::move(shape.vertices), shape.parts}, lattice_of(repetition)});
    return;
  }
  if (repetition.size() == 1) {
    take(memory);
    collected_.cell.shapes.push_back({layer, std::move(shape.vertices), shape.parts});
    return;
  }
  repetition.for_each([&](const DbuPoint& by) {
    take(memory);
    Shape copy{layer, shape.vertices, shape.parts};
    for (DbuPoint& p : copy.vertices) p = moved(p, shape.parts, by);
    collected_.cell.shapes.push_back(std::move(copy));
  });
}

void Collector::outline_shape(LayerId layer, const Outline& shape, const Repetition& repetition) {
  if (last_outline_ == outlines_.end() || last_outline_->first != layer) {
    last_outline_ = outlines_.try_emplace(layer).first;
  }
  LayerOutline& outline = last_outline_->second;
  const std::int64_t copies = repetition.size();
  CellFacts& facts = facts_.back();
  const bool array = repetition.is_lattice() && copies > kMaxCopies;
  facts.n_shapes += array ? 0 : copies;
  facts.n_references += array ? 1 : 0;
  outline.totals.n_polygons += copies;
  const Shape one{layer, {}, shape.parts};
  outline.totals.area += static_cast<double>(copies) * ring_area(shape.vertices) / shape.parts / shape.parts;
  if (copies == 1) {
    if (outline.hull.contains(bounds_of(shape))) return;
    for (const DbuPoint& p : shape.vertices) outline.hull.add(vertex(one, p));
    return;
  }
  const std::vector<RealPoint> places = repetition.hull();
  if (outline.hull.contains(spread(bounds_of(shape), places))) return;
  for (const DbuPoint& p : shape.vertices) {
    const RealPoint q = vertex(one, p);
    for (const RealPoint& by : places) outline.hull.add({q.x + by.x, q.y + by.y});
  }
}

void Collector::select_shape(LayerId layer, const Outline& shape, const Repetition& repetition) {
  if (!region_ || !selection_->layers.contains(layer)) return;
  const Box box = bounds_of(shape);
  const std::size_t memory = memory_of(shape);
  if (repetition.size() == 1) {
    if (!meets(box, *region_)) return;
    take(memory);
    collected_.cell.shapes.push_back({layer, shape.vertices, shape.parts});
    return;
  }
  if (!meets(spread(box, repetition.hull()), *region_)) return;
  if (repetition.is_lattice()) {
    take(memory + sizeof(Reference) + sizeof(Cell) + 256);
    collected_.arrays.push_back({{layer, shape.vertices, shape.parts}, lattice_of(repetition)});
    return;
  }
  repetition.for_each([&](const DbuPoint& by) {
    if (!meets(shifted(box, static_cast<double>(by.x), static_cast<double>(by.y)), *region_)) return;
    take(memory);
    Shape copy{layer, shape.vertices, shape.parts};
    for (DbuPoint& p : copy.vertices) p = moved(p, shape.parts, by);
    collected_.cell.shapes.push_back(std::move(copy));
  });
}

void Collector::keep_reference(const Reference& reference, const Repetition& repetition) {
  const std::size_t memory = memory_of(reference);
  if (repetition.is_lattice()) {
    take(memory);
    collected_.cell.references.push_back(reference);
    return;
  }
  repetition.for_each([&](const DbuPoint& by) {
    take(memory);
    collected_.cell.references.push_back(reference);
    collected_.cell.references.back().origin = moved(reference.origin, 1, by);
  });
}

void Collector::outline_reference(const Reference& reference, const Repetition& repetition) {
  const Kind kind{reference.cell, reference.mirrored, reference.magnification, reference.angle_deg};
  if (last_placed_ == placed_.end() || last_placed_->first != kind) {
    const auto [at, is_new] = placed_.try_emplace(kind);
    if (is_new) take(sizeof(Kind) + sizeof(Placed) + 64 * sizeof(RealPoint) + 128);
    last_placed_ = at;
  }
  Placed& placed = last_placed_->second;
  const std::int64_t lattice = std::int64_t{reference.columns} * reference.rows;
  const std::int64_t copies = repetition.is_lattice() ? 1 : repetition.size();
  placed.instances += lattice * copies;
  facts_.back().n_references += copies;
  const RealPoint origin{static_cast<double>(reference.origin.x), static_cast<double>(reference.origin.y)};
  const std::vector<RealPoint> corners = corners_of(reference);
  const std::vector<RealPoint> places =
      repetition.is_lattice() ? std::vector<RealPoint>{RealPoint{}} : repetition.hull();
  for (const RealPoint& corner : corners) {
    for (const RealPoint& by : places)
      placed.origins.add({origin.x + corner.x + by.x, origin.y + corner.y + by.y});
  }
}

void Collector::select_reference(const Reference& reference, const Repetition& repetition) {
  if (!region_) return;
  const auto drawn = selection_->boxes.find(reference.cell);
  if (drawn == selection_->boxes.end()) return;
  const Box box = spread(placed_box(reference, drawn->second), corners_of(reference));
  const std::size_t memory = memory_of(reference);
  const auto keep = [&](const DbuPoint& origin) {
    if (!meets(shifted(box, static_cast<double>(origin.x), static_cast<double>(origin.y)), *region_)) return;
    take(memory);
    collected_.cell.references.push_back(reference);
    collected_.cell.references.back().origin = origin;
  };
  if (repetition.is_lattice()) return keep(reference.origin);
  repetition.for_each([&](const DbuPoint& by) { keep(moved(reference.origin, 1, by)); });
}

void Collector::finish_outlines() {
  CellFacts& facts = facts_.back();
  for (auto& [layer, outline] : outlines_) {
    facts.own[layer] = outline.totals;
    Outline shape{.parts = 1};
    const std::vector<RealPoint> hull = outline.hull.hull();
    const auto whole = [](const RealPoint& p) { return p.x == std::floor(p.x) && p.y == std::floor(p.y); };
    if (!std::ranges::all_of(hull, whole)) shape.parts = parts_;
    for (const RealPoint& p : hull)
      shape.vertices.push_back({std::llround(p.x * shape.parts), std::llround(p.y * shape.parts)});
    take(memory_of(shape) + 128);
    collected_.cell.shapes.push_back({layer, std::move(shape.vertices), shape.parts});
  }
  for (auto& [kind, placed] : placed_) {
    Reference reference{.cell = std::get<0>(kind),
                        .mirrored = std::get<1>(kind),
                        .magnification = std::get<2>(kind),
                        .angle_deg = std::get<3>(kind)};
    facts.children.push_back({reference.cell, placed.instances, reference.magnification});
    const std::vector<RealPoint> hull = placed.origins.hull();
    const Box around = box_of(hull);
    for (const RealPoint& origin : hull) {
      // An origin between database units, of an array whose span does not divide evenly, is one fractional
      // step away from the unit on the inside.
      const auto inner = [](double v, double lo, double hi) {
        return v > (lo + hi) / 2 ? std::floor(v) : std::ceil(v);
      };
      const RealPoint unit{inner(origin.x, around.x0, around.x1), inner(origin.y, around.y0, around.y1)};
      reference.origin = {std::llround(unit.x), std::llround(unit.y)};
      reference.columns = unit == origin ? 1 : 2;
      reference.column_step_x = origin.x - unit.x, reference.column_step_y = origin.y - unit.y;
      take(memory_of(reference));
      collected_.cell.references.push_back(reference);
    }
  }
  outlines_.clear(), placed_.clear();
  last_outline_ = outlines_.end(), last_placed_ = placed_.end();
}

Collector::Collected Collector::end_cell() {
  if (keep_ == Keep::outlines) finish_outlines();
  return std::exchange(collected_, {});
}

}  // namespace undulith::layout
