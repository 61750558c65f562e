// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <complex>
#include <stdexcept>

#include "undulith/core/grid.hpp"

using namespace undulith;

TEST_CASE("a field is row-major with x fastest", "[unit][core]") {
  const Grid2D grid{.plane = Plane::wafer, .nx = 3, .ny = 2, .x0 = -1, .y0 = 10, .dx = 0.5, .dy = 2};
  CHECK(grid.size() == 6);
  CHECK(grid.x(2) == 0.0);
  CHECK(grid.y(1) == 12.0);
  const Field2D<double> field(grid, {0, 1, 2, 10, 11, 12});
  CHECK(field(0, 2) == 2);
  CHECK(field(1, 0) == 10);
  CHECK(&field(1, 0) - &field(0, 0) == 3);
  CHECK(field.values().size() == 6);
}

TEST_CASE("a field refuses values that do not fill its grid", "[unit][core]") {
  const Grid2D grid{.nx = 3, .ny = 2};
  CHECK_THROWS_AS((Field2D<double>(grid, {1.0, 2.0})), std::invalid_argument);
  CHECK(Field2D<double>().empty());
  CHECK(Field2D<std::complex<double>>(grid)(1, 2) == 0.0);
}

TEST_CASE("fields of different planes or grids are not mixed", "[unit][core]") {
  const Grid2D wafer{.plane = Plane::wafer, .nx = 4, .ny = 4};
  Grid2D pupil = wafer, shifted = wafer;
  pupil.plane = Plane::pupil;
  shifted.x0 = 1;
  CHECK_NOTHROW(require_same_grid(wafer, wafer, "sum"));
  CHECK_THROWS_WITH(require_same_grid(wafer, pupil, "sum"), "sum: the two grids lie in different planes");
  CHECK_THROWS_WITH(require_same_grid(wafer, shifted, "sum"), "sum: the two grids differ");
}

TEST_CASE("a grid larger than 2^31 samples has the right size", "[unit][core]") {
  CHECK(Grid2D{.nx = 100'000, .ny = 100'000}.size() == 10'000'000'000ULL);
}

TEST_CASE("a box without area is empty", "[unit][core]") {
  CHECK(Box{}.empty());
  CHECK(Box{0, 0, 1, 0}.empty());
  CHECK(Box{1, 0, 0, 1}.empty());
  CHECK_FALSE(Box{0, 0, 2, 3}.empty());
  CHECK(Box{0, 0, 2, 3}.height() == 3);
}
