// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <map>
#include <numbers>

#include "undulith/math/isosurface.hpp"

using namespace undulith;

namespace {

Field3D<double> ball(int n) {
  const double h = 20.0 / (n - 1);
  Field3D<double> field(Grid3D{.nx = n, .ny = n, .nz = n, .dx = h, .dy = h, .dz = h});
  for (int z = 0; z < n; ++z)
    for (int y = 0; y < n; ++y)
      for (int x = 0; x < n; ++x)
        field(z, y, x) = 8 - std::hypot(x * h - 10.1, std::hypot(y * h - 9.9, z * h - 10.05));
  return field;
}

double volume(const math::Surface& s) {
  double sum = 0;
  for (const auto& t : s.triangles) {
    const auto &a = s.points[t[0]], &b = s.points[t[1]], &c = s.points[t[2]];
    sum += a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) +
           a[2] * (b[0] * c[1] - b[1] * c[0]);
  }
  return sum / 6;
}

// Every edge belongs to two triangles that run along it in opposite directions.
bool closed(const math::Surface& s) {
  std::map<std::pair<int, int>, int> edges;
  for (const auto& t : s.triangles)
    for (int k = 0; k < 3; ++k) ++edges[{t[k], t[(k + 1) % 3]}];
  for (const auto& [edge, count] : edges) {
    const auto back = edges.find({edge.second, edge.first});
    if (back == edges.end() || back->second != count) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("isosurface: a ball is closed and has its volume to second order", "[validation][math]") {
  const double exact = 4.0 / 3 * std::numbers::pi * 512;
  const math::Surface coarse = math::find_surface(ball(21), 0, true),
                      fine = math::find_surface(ball(41), 0, true);
  CHECK(closed(coarse));
  CHECK(closed(fine));
  CHECK(volume(fine) == Approx(exact).epsilon(5e-3));
  CHECK((exact - volume(coarse)) / (exact - volume(fine)) == Approx(4).epsilon(0.15));
}

TEST_CASE("isosurface: what reaches the border is capped there", "[unit][math]") {
  Field3D<double> full(Grid3D{.nx = 5, .ny = 4, .nz = 3}, 1.0);
  const math::Surface box = math::find_surface(full, 0, true);
  CHECK(closed(box));
  CHECK(volume(box) == Approx(4 * 3 * 2).epsilon(1e-6));
  CHECK(math::find_surface(full, 0, false).triangles.empty());
}
