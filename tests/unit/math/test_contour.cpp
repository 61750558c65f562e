// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

#include "undulith/core/constants.hpp"
#include "undulith/math/contour.hpp"

using namespace undulith;
using math::Contour;
using math::contour_area;
using math::find_contours;

namespace {

Field2D<double> sampled(int nx, int ny, Box box, const std::function<double(double, double)>& f) {
  Grid2D grid{Plane::wafer, nx, ny, box.x0, box.y0, box.width() / (nx - 1), box.height() / (ny - 1)};
  Field2D<double> field(grid);
  for (int iy = 0; iy < ny; ++iy)
    for (int ix = 0; ix < nx; ++ix) field(iy, ix) = f(grid.x(ix), grid.y(iy));
  return field;
}

double hill(double x, double y) {
  return std::exp(-(x - 0.03) * (x - 0.03) - (y + 0.02) * (y + 0.02));
}

Field2D<double> cell(double v00, double v10, double v11, double v01) {
  return {Grid2D{Plane::wafer, 2, 2, 0, 0, 1, 1}, {v00, v10, v01, v11}};
}

}  // namespace

TEST_CASE("contour: the circle of a Gaussian hill, to second order in the step", "[validation][math]") {
  const double radius = 0.7, exact = constants::kPi * radius * radius;
  std::vector<double> errors;
  for (const int n : {21, 41, 81, 161}) {
    const auto contours = find_contours(sampled(n, n, {-1, -1, 1, 1}, hill), std::exp(-radius * radius));
    REQUIRE(contours.size() == 1);
    CHECK(contours[0].closed);
    double worst = 0;
    for (std::size_t i = 0; i < contours[0].x.size(); ++i)
      worst =
          std::max(worst, std::abs(std::hypot(contours[0].x[i] - 0.03, contours[0].y[i] + 0.02) - radius));
    errors.push_back(worst);
    CHECK(std::abs(contour_area(contours[0]) - exact) < 4 * constants::kPi * radius * worst);
    CHECK(contour_area(contours[0]) > 0);  // the hill is on the left: counter-clockwise
  }
  for (std::size_t k = 1; k < errors.size(); ++k) {
    CAPTURE(errors[k - 1], errors[k]);
    // The worst point need not be at its worst on every grid, hence the span about 4.
    CHECK(errors[k - 1] / errors[k] > 3);
    CHECK(errors[k - 1] / errors[k] < 5.5);
  }
}

TEST_CASE("contour: a pit runs clockwise", "[unit][math]") {
  const auto contours =
      find_contours(sampled(41, 41, {-1, -1, 1, 1}, [](double x, double y) { return -hill(x, y); }), -0.7);
  REQUIRE(contours.size() == 1);
  CHECK(contours[0].closed);
  CHECK(contour_area(contours[0]) < 0);
}

TEST_CASE("contour: a straight edge is exact, open, with the high side on the left", "[unit][math]") {
  const auto contours =
      find_contours(sampled(5, 4, {0, 0, 4, 3}, [](double x, double y) { return 2 * x + y; }), 4.5);
  REQUIRE(contours.size() == 1);
  const Contour& line = contours[0];
  CHECK_FALSE(line.closed);
  for (std::size_t i = 0; i < line.x.size(); ++i) CHECK(2 * line.x[i] + line.y[i] == Approx(4.5));
  // f grows with x: travelling down the page has it on the left.
  CHECK(line.y.front() == Approx(3));
  CHECK(line.y.back() == Approx(0));
  CHECK(std::is_sorted(line.y.rbegin(), line.y.rend()));
}

TEST_CASE("contour: the asymptotic decider at a saddle", "[validation][math]") {
  // f = (1-x)(1-y) a + x y b, other corners 0: saddle value ab/(a+b).
  const auto value_at = [](double a, double b, double x, double y) {
    return (1 - x) * (1 - y) * a + x * y * b;
  };
  for (const double level : {0.2, 0.45, 0.55, 0.8}) {
    CAPTURE(level);
    const auto contours = find_contours(cell(1, 0, 1, 0), level);  // saddle value 0.5
    REQUIRE(contours.size() == 2);
    for (const Contour& c : contours) {
      REQUIRE(c.x.size() == 2);
      CHECK_FALSE(c.closed);
      // The middle of each piece: within the high region's corner if separated, about the low corner if
      // joined.
      const double x = (c.x[0] + c.x[1]) / 2, y = (c.y[0] + c.y[1]) / 2;
      const bool cuts_high_corner = (x < 0.5) == (y < 0.5);
      CHECK(cuts_high_corner == (level > 0.5));
      // The high side is on the left.
      const double left_x = x - 0.01 * (c.y[1] - c.y[0]), left_y = y + 0.01 * (c.x[1] - c.x[0]);
      const double right_x = x + 0.01 * (c.y[1] - c.y[0]), right_y = y - 0.01 * (c.x[1] - c.x[0]);
      CHECK(value_at(1, 1, left_x, left_y) > value_at(1, 1, right_x, right_y));
    }
  }
}

TEST_CASE("contour: on random fields lines close or end at the border and pass every crossing once",
          "[property][math]") {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> uniform(-1, 1);
  for (int trial = 0; trial < 20; ++trial) {
    const auto field = sampled(23, 17, {0, 0, 22, 16}, [&](double, double) { return uniform(random); });
    const auto contours = find_contours(field, 0.1);
    std::size_t vertices = 0, crossings = 0;
    for (const Contour& c : contours) {
      vertices += c.x.size();
      if (c.closed) continue;
      for (const std::size_t i : {std::size_t{0}, c.x.size() - 1})
        CHECK((c.x[i] == 0 || c.x[i] == 22 || c.y[i] == 0 || c.y[i] == 16));
    }
    for (int iy = 0; iy < 17; ++iy)
      for (int ix = 0; ix < 23; ++ix) {
        if (ix + 1 < 23) crossings += (field(iy, ix) > 0.1) != (field(iy, ix + 1) > 0.1);
        if (iy + 1 < 17) crossings += (field(iy, ix) > 0.1) != (field(iy + 1, ix) > 0.1);
      }
    CHECK(vertices == crossings);
  }
}

TEST_CASE("contour: levels that pass through nodes, and fields without a line", "[unit][math]") {
  // A plateau at the level itself: no division by zero, no repeated point.
  const auto field = sampled(7, 7, {0, 0, 6, 6}, [](double x, double y) {
    return std::max(std::abs(x - 3), std::abs(y - 3)) <= 1 ? 1.0 : 0.0;
  });
  for (const double level : {0.0, 1.0}) {
    for (const Contour& c : find_contours(field, level)) {
      REQUIRE(c.x.size() >= 2);
      for (std::size_t i = 1; i < c.x.size(); ++i) CHECK((c.x[i] != c.x[i - 1] || c.y[i] != c.y[i - 1]));
    }
  }
  const auto half = find_contours(field, 0.5);
  REQUIRE(half.size() == 1);
  CHECK(contour_area(half[0]) == Approx(9 - 4 * 0.125));  // a square of 3 with its corners cut
  CHECK(find_contours(field, 2).empty());
  CHECK(find_contours(field, -1).empty());
  CHECK(find_contours(Field2D<double>(Grid2D{Plane::wafer, 5, 1}), 0.5).empty());
  CHECK(find_contours({}, 0.5).empty());
  CHECK(contour_area({}) == 0);
}
