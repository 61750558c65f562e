// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <numeric>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/mask/defects.hpp"

using namespace undulith;
using namespace undulith::mask;

namespace {

// Sums of some thousand exponentials.
constexpr double kRounding = 1e-12;

double volume_nm3(const SurfaceDefect& defect) {
  return defect.height_nm * defect.fwhm_nm * defect.fwhm_nm * constants::kPi / (4 * std::numbers::ln2);
}

}  // namespace

TEST_CASE("defects: films smooth a bump as diffusion does", "[unit][mask]") {
  const SurfaceDefect bump{.x_nm = 10, .y_nm = -20, .height_nm = 8, .fwhm_nm = 30};
  const SurfaceDefect top = at_top_surface(bump, 40);
  CHECK(top.fwhm_nm == Approx(50));
  CHECK(top.x_nm == bump.x_nm);
  CHECK(top.y_nm == bump.y_nm);
  CHECK(volume_nm3(top) == Approx(volume_nm3(bump)).epsilon(kRounding));
  const SurfaceDefect same = at_top_surface(bump, 0);
  CHECK(same.fwhm_nm == bump.fwhm_nm);
  CHECK(same.height_nm == bump.height_nm);
  // Step by step or at once.
  const SurfaceDefect in_steps = at_top_surface(at_top_surface(bump, 30), std::sqrt(700.0));
  CHECK(in_steps.fwhm_nm == Approx(top.fwhm_nm).epsilon(kRounding));
  CHECK(in_steps.height_nm == Approx(top.height_nm).epsilon(kRounding));
}

TEST_CASE("defects: heights of a cell that repeats", "[unit][mask]") {
  const Box cell{-20, 10, 140, 90};
  const SurfaceDefect corner{.x_nm = -20, .y_nm = 10, .height_nm = 3, .fwhm_nm = 40};
  const int nx = 80, ny = 40;  // of 2 nm
  const std::vector<double> heights = surface_heights({{corner}}, cell, nx, ny);
  REQUIRE(heights.size() == static_cast<std::size_t>(nx * ny));
  const auto at = [&](int ix, int iy) { return heights[static_cast<std::size_t>(iy * nx + ix)]; };
  // Copies lie 80 nm above, two widths: 1/16^2 each.
  CHECK(at(0, 0) == Approx(3 * (1 + 2 * std::pow(2.0, -16))).epsilon(1e-6));
  CHECK(at(10, 0) == Approx(1.5 * (1 + 2 * std::pow(2.0, -16))).epsilon(1e-4));
  for (int i = 1; i < 20; ++i) {
    CHECK(at(i, 0) == Approx(at(nx - i, 0)).epsilon(kRounding));
    CHECK(at(0, i) == Approx(at(0, ny - i)).epsilon(kRounding));
  }
  // The sum over a period of what is smooth is its integral.
  const double sum_nm3 = std::accumulate(heights.begin(), heights.end(), 0.0) * 4;
  CHECK(sum_nm3 == Approx(volume_nm3(corner)).epsilon(kRounding));
  // Two bumps add; a whole period further is the same place.
  SurfaceDefect moved = corner;
  moved.x_nm += 160;
  moved.y_nm -= 80;
  moved.height_nm = -3;
  for (const double height : surface_heights({{corner, moved}}, cell, nx, ny))
    CHECK(std::abs(height) < kRounding);
}

TEST_CASE("defects: what is refused", "[unit][mask]") {
  CHECK_THROWS_AS(at_top_surface({.height_nm = 1, .fwhm_nm = 0}, 10), InputError);
  CHECK_THROWS_AS(at_top_surface({.height_nm = 1, .fwhm_nm = 10}, -1), InputError);
  CHECK_THROWS_AS(at_top_surface({.height_nm = INFINITY, .fwhm_nm = 10}, 1), InputError);
  const std::vector<SurfaceDefect> wide = {{.height_nm = 1, .fwhm_nm = 1e5}};
  CHECK_THROWS_AS(surface_heights(wide, {0, 0, 100, 100}, 4, 4), InputError);
}
