// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace undulith::optimise {

/// Values on pixels that tile a cell, x fastest; the first touches the lower-left corner.
template <class T>
struct PixelsOf {
  int nx = 0, ny = 0;
  std::vector<T> values;

  PixelsOf() = default;
  PixelsOf(int columns, int rows, T value = T{})
      : nx(columns),
        ny(rows),
        values(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows), value) {}
  [[nodiscard]] std::size_t place(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(nx) + static_cast<std::size_t>(x);
  }
  [[nodiscard]] T& operator()(int x, int y) { return values[place(x, y)]; }
  [[nodiscard]] const T& operator()(int x, int y) const { return values[place(x, y)]; }
};

using Pixels = PixelsOf<float>;
using PixelSet = PixelsOf<std::uint8_t>;  ///< 1: in the set

}  // namespace undulith::optimise
