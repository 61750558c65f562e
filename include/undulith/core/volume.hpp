// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "undulith/core/grid.hpp"

namespace undulith {

/// Nodes of a film: the planes iz = 0 and iz = nz - 1 are its top and bottom surface, z points downwards.
/// Node (iz, iy, ix) lies at (x0 + ix dx, y0 + iy dy, iz dz); laterally the nodes tile a periodic cell of
/// nx dx by ny dy. All lengths in nm.
struct Grid3D {
  int nx = 0, ny = 0, nz = 0;
  double x0 = 0, y0 = 0;
  double dx = 1, dy = 1, dz = 1;

  [[nodiscard]] double x(int ix) const { return x0 + ix * dx; }
  [[nodiscard]] double y(int iy) const { return y0 + iy * dy; }
  [[nodiscard]] double z(int iz) const { return iz * dz; }
  [[nodiscard]] double thickness() const { return (nz - 1) * dz; }
  [[nodiscard]] std::size_t plane_size() const {
    return static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny);
  }
  [[nodiscard]] std::size_t size() const { return plane_size() * static_cast<std::size_t>(nz); }
  /// The lateral nodes only.
  [[nodiscard]] Grid2D plane() const { return {Plane::wafer, nx, ny, x0, y0, dx, dy}; }
  friend bool operator==(const Grid3D&, const Grid3D&) = default;
};

/// Values on the nodes of a film, (z, y, x) with x fastest: f(iz, iy, ix).
template <class T>
class Field3D {
 public:
  Field3D() = default;
  explicit Field3D(Grid3D grid, T value = T{}) : grid_(grid), values_(grid.size(), value) {}
  /// @throws std::invalid_argument  the number of values is not that of the grid
  Field3D(Grid3D grid, std::vector<T> values) : grid_(grid), values_(std::move(values)) {
    if (values_.size() != grid_.size()) throw std::invalid_argument("Field3D: values do not fill the grid");
  }

  [[nodiscard]] const Grid3D& grid() const { return grid_; }
  [[nodiscard]] int nx() const { return grid_.nx; }
  [[nodiscard]] int ny() const { return grid_.ny; }
  [[nodiscard]] int nz() const { return grid_.nz; }
  [[nodiscard]] bool empty() const { return values_.empty(); }
  [[nodiscard]] T& operator()(int iz, int iy, int ix) { return values_[offset(iz, iy, ix)]; }
  [[nodiscard]] const T& operator()(int iz, int iy, int ix) const { return values_[offset(iz, iy, ix)]; }
  [[nodiscard]] std::span<T> values() { return values_; }
  [[nodiscard]] std::span<const T> values() const { return values_; }
  /// One plane of equal depth, row-major.
  [[nodiscard]] std::span<T> plane(int iz) {
    return values().subspan(grid_.plane_size() * static_cast<std::size_t>(iz), grid_.plane_size());
  }
  [[nodiscard]] std::span<const T> plane(int iz) const {
    return values().subspan(grid_.plane_size() * static_cast<std::size_t>(iz), grid_.plane_size());
  }

 private:
  [[nodiscard]] std::size_t offset(int iz, int iy, int ix) const {
    return (static_cast<std::size_t>(iz) * static_cast<std::size_t>(grid_.ny) +
            static_cast<std::size_t>(iy)) *
               static_cast<std::size_t>(grid_.nx) +
           static_cast<std::size_t>(ix);
  }
  Grid3D grid_;
  std::vector<T> values_;
};

}  // namespace undulith
