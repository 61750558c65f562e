// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <sstream>
#include <string>
#include <vector>

#include "undulith/math/contour.hpp"
#include "undulith/report/pictures.hpp"

namespace undulith::test {

inline layout::Polygon rectangle(double x0, double y0, double x1, double y1) {
  return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
}

/// Samples f on nx by ny points of the window, first and last on its borders.
template <class F>
imaging::AerialImage sampled_image(Box window, int nx, int ny, F f) {
  imaging::AerialImage image;
  image.window = window;
  const Grid2D grid{
      Plane::wafer, nx, ny, window.x0, window.y0, window.width() / (nx - 1), window.height() / (ny - 1)};
  Field2D<double> samples(grid);
  for (int iy = 0; iy < ny; ++iy) {
    for (int ix = 0; ix < nx; ++ix) samples(iy, ix) = f(grid.x(ix), grid.y(iy));
  }
  image.intensity = std::move(samples);
  return image;
}

inline layout::Clip clip_of(Box cell, Box window, std::vector<layout::Polygon> rings = {}) {
  return {cell, window, std::move(rings)};
}

/// Numbers of a text chunk like "1,2.5,3".
inline std::vector<double> numbers_of(const report::Picture& picture, const std::string& key) {
  std::istringstream stream(picture.text.at(key));
  std::vector<double> numbers;
  for (std::string part; std::getline(stream, part, ',');) numbers.push_back(std::stod(part));
  return numbers;
}

inline report::Rgb pixel(const io::RgbImage& image, int row, int column) {
  const std::size_t i = 3 * (static_cast<std::size_t>(row) * static_cast<std::size_t>(image.width) +
                             static_cast<std::size_t>(column));
  return {image.pixels.at(i), image.pixels.at(i + 1), image.pixels.at(i + 2)};
}

inline int difference(report::Rgb a, report::Rgb b) {
  return std::max({std::abs(a.red - b.red), std::abs(a.green - b.green), std::abs(a.blue - b.blue)});
}

/// Where the data lie on a picture, read from its text chunks alone, as a user's script would.
struct DataBox {
  int left, top, width, height;
  double x0, y0, x1, y1;
  explicit DataBox(const report::Picture& picture, const std::string& unit = "nm") {
    const auto px = numbers_of(picture, "undulith:data_area_px"),
               value = numbers_of(picture, "undulith:data_area_" + unit);
    left = static_cast<int>(px.at(0)), top = static_cast<int>(px.at(1));
    width = static_cast<int>(px.at(2)), height = static_cast<int>(px.at(3));
    x0 = value.at(0), y0 = value.at(1), x1 = value.at(2), y1 = value.at(3);
  }
  [[nodiscard]] double x(int column) const { return x0 + (column - left + 0.5) * (x1 - x0) / width; }
  [[nodiscard]] double y(int row) const { return y1 - (row - top + 0.5) * (y1 - y0) / height; }
  [[nodiscard]] int column(double x) const { return left + static_cast<int>((x - x0) / (x1 - x0) * width); }
  [[nodiscard]] int row(double y) const { return top + static_cast<int>((y1 - y) / (y1 - y0) * height); }
};

}  // namespace undulith::test
