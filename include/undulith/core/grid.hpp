// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "undulith/core/large_buffer.hpp"

namespace undulith {

/// The plane of a grid. It defines the unit of the coordinates:
/// wafer and mask in nm (mask at mask scale), pupil in units of the aperture NA/lambda, angle in mrad.
enum class Plane { wafer, mask, pupil, angle };

/// A closed axis-parallel rectangle; lengths in the unit of its plane.
struct Box {
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  [[nodiscard]] double width() const { return x1 - x0; }
  [[nodiscard]] double height() const { return y1 - y0; }
  [[nodiscard]] bool empty() const { return !(x1 > x0 && y1 > y0); }
  friend bool operator==(const Box&, const Box&) = default;
};

/// A regular grid of nx by ny samples; sample (iy, ix) lies at (x0 + ix dx, y0 + iy dy).
struct Grid2D {
  Plane plane = Plane::wafer;
  int nx = 0, ny = 0;
  double x0 = 0, y0 = 0;
  double dx = 1, dy = 1;

  [[nodiscard]] double x(int ix) const { return x0 + ix * dx; }
  [[nodiscard]] double y(int iy) const { return y0 + iy * dy; }
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny);
  }
  friend bool operator==(const Grid2D&, const Grid2D&) = default;
};

/// Values on a grid, row-major with x fastest: f(iy, ix).
template <class T>
class Field2D {
 public:
  Field2D() = default;
  explicit Field2D(Grid2D grid, T value = T{}) : grid_(grid), values_(grid.size(), value) {}
  /// @throws std::invalid_argument  the number of values is not that of the grid
  Field2D(Grid2D grid, LargeVector<T> values) : grid_(grid), values_(std::move(values)) {
    if (values_.size() != grid_.size()) throw std::invalid_argument("Field2D: values do not fill the grid");
  }

  [[nodiscard]] const Grid2D& grid() const { return grid_; }
  [[nodiscard]] int nx() const { return grid_.nx; }
  [[nodiscard]] int ny() const { return grid_.ny; }
  [[nodiscard]] bool empty() const { return values_.empty(); }
  [[nodiscard]] T& operator()(int iy, int ix) { return values_[offset(iy, ix)]; }
  [[nodiscard]] const T& operator()(int iy, int ix) const { return values_[offset(iy, ix)]; }
  [[nodiscard]] std::span<T> values() { return values_; }
  [[nodiscard]] std::span<const T> values() const { return values_; }

 private:
  [[nodiscard]] std::size_t offset(int iy, int ix) const {
    return static_cast<std::size_t>(iy) * static_cast<std::size_t>(grid_.nx) + static_cast<std::size_t>(ix);
  }
  Grid2D grid_;
  LargeVector<T> values_;
};

/// Prevents two fields of different planes or grids from being combined.
/// @throws std::invalid_argument  naming both
inline void require_same_grid(const Grid2D& a, const Grid2D& b, const std::string& what) {
  if (a.plane != b.plane) throw std::invalid_argument(what + ": the two grids lie in different planes");
  if (a != b) throw std::invalid_argument(what + ": the two grids differ");
}

}  // namespace undulith
