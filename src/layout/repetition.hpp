// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "layout/transform.hpp"
#include "undulith/layout/layout.hpp"

namespace undulith::layout {

/// A list of positions, each relative to the one before it, in a few bytes per position.
class PlaceList {
 public:
  enum class Kind { along_x, along_y, anywhere };
  explicit PlaceList(Kind kind) : kind_(kind) {}

  /// One more position, this far from the last one.
  void add(DbuPoint step);
  [[nodiscard]] std::int64_t size() const { return size_; }
  /// Corners of the convex hull of all positions.
  [[nodiscard]] const std::vector<RealPoint>& hull() const { return hull_; }
  void set_hull(std::vector<RealPoint> hull) { hull_ = std::move(hull); }

  /// Calls visit(position) for every position, the first of which is the origin.
  template <class Visit>
  void for_each(Visit visit) const {
    const std::uint8_t* next = steps_.data();
    DbuPoint at{0, 0};
    visit(at);
    for (std::int64_t i = 1; i < size_; ++i) {
      if (kind_ != Kind::along_y) at.x += decoded(next);
      if (kind_ != Kind::along_x) at.y += decoded(next);
      visit(at);
    }
  }

 private:
  void encode(std::int64_t v);
  static std::int64_t decoded(const std::uint8_t*& next) {
    std::uint64_t raw = 0;
    for (int shift = 0;; shift += 7) {
      const std::uint8_t part = *next++;
      raw |= std::uint64_t{part & 0x7FU} << shift;
      if ((part & 0x80U) == 0) break;
    }
    return static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1U);
  }

  Kind kind_;
  std::int64_t size_ = 1;
  std::vector<std::uint8_t> steps_;
  std::vector<RealPoint> hull_{RealPoint{}};
};

/// Positions of the copies of an element, relative to the first: a lattice or a list.
struct Repetition {
  int columns = 1, rows = 1;
  DbuPoint column_step{}, row_step{};
  std::shared_ptr<const PlaceList> list{};  ///< empty for a lattice

  [[nodiscard]] bool is_lattice() const { return list == nullptr; }
  [[nodiscard]] std::int64_t size() const {
    return is_lattice() ? std::int64_t{columns} * rows : list->size();
  }
  /// Corners of the convex hull of all positions.
  [[nodiscard]] std::vector<RealPoint> hull() const;
  template <class Visit>
  void for_each(Visit visit) const {
    if (!is_lattice()) return list->for_each(visit);
    for (std::int64_t row = 0; row < rows; ++row)
      for (std::int64_t column = 0; column < columns; ++column)
        visit(DbuPoint{column * column_step.x + row * row_step.x, column * column_step.y + row * row_step.y});
  }
};

}  // namespace undulith::layout
