// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

#include "undulith/metrology/profile.hpp"

using namespace undulith;
using namespace undulith::metrology;

namespace {

constexpr double kPi = std::numbers::pi;

// A trench of `width` about x = 20 in a periodic cell of 40 nm, narrower below by `narrowing` over 40 nm of
// film.
resist::ResistProfile trench(double width, double narrowing, double wave_nm = 0) {
  const Grid3D grid{.nx = 80, .ny = wave_nm > 0 ? 64 : 1, .nz = 41, .dx = 0.5, .dy = 1, .dz = 1};
  resist::ResistProfile profile{
      .time_s = 30, .arrival_time_s = Field3D<double>(grid), .inhibitor = Field3D<double>(grid, 1)};
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix) {
        const double half = (width - narrowing * grid.z(iz) / 40) / 2 + wave_nm * std::cos(2 * kPi * iy / 64);
        profile.arrival_time_s(iz, iy, ix) = 30 * std::exp(0.3 * (std::abs(grid.x(ix) - 20) - half));
      }
  return profile;
}

const layout::Clip kClip{
    .cell = {0, 0, 40, 40}, .window = {0, 0, 40, 40}, .rings = {{{10, 0}, {30, 0}, {30, 40}, {10, 40}}}};
const Gauge kGauge{.name = "g", .x_nm = 20, .y_nm = 20, .length_nm = 36};

}  // namespace

TEST_CASE("profile: a slanted trench", "[validation][metrology]") {
  // The level is linear in x on either side of the middle: cubic interpolation is exact there.
  const ProfileMeasurement m = measure_profile(trench(20, 4), kClip, Feature::bright, {kGauge}, 0.5);
  const ProfileResult& r = m.gauges.front();
  CHECK(r.at_cd_height.status == PrintStatus::printed);
  CHECK(r.at_cd_height.cd_nm.value_or(0) == Approx(18).epsilon(1e-9));
  CHECK(r.cd_top_nm.value_or(0) == Approx(19.6).epsilon(1e-9));
  CHECK(r.cd_bottom_nm.value_or(0) == Approx(16.4).epsilon(1e-9));
  // 2 nm of each wall over 40 nm of height; the resist is wider below.
  const double wall = std::atan2(40, 2) * 180 / kPi;
  CHECK(r.side_wall_left_deg.value_or(0) == Approx(wall).epsilon(1e-9));
  CHECK(r.side_wall_right_deg.value_or(0) == Approx(wall).epsilon(1e-9));
  CHECK(r.footing_nm.value_or(99) == Approx(0).margin(1e-9));
  CHECK(r.at_cd_height.cd_error_nm.value_or(0) == Approx(-2).epsilon(1e-9));
  CHECK(r.resist_left_nm == Approx(0).margin(1e-9));
}

TEST_CASE("profile: a negative resist keeps what was exposed", "[unit][metrology]") {
  resist::ResistProfile profile = trench(20, 0);
  profile.tone = resist::Tone::negative;  // what develops late is now what was dark: no bright feature at 20
  const ProfileMeasurement m = measure_profile(profile, kClip, Feature::bright, {kGauge}, 0.5);
  CHECK(m.gauges.front().at_cd_height.status == PrintStatus::not_printed);
  CHECK_FALSE(m.gauges.front().cd_top_nm.has_value());
}

TEST_CASE("profile: edges are traced along a line", "[validation][metrology]") {
  const EdgeTrace trace = trace_edges(trench(20, 0, 1.5), kGauge, 0.5);
  REQUIRE(trace.left_nm.size() == 64);
  CHECK(trace.n_missing == 0);
  for (std::size_t i = 0; i < 64; ++i)
    REQUIRE(trace.right_nm[i] ==
            Approx(10 + 1.5 * std::cos(2 * kPi * static_cast<double>(i) / 64)).epsilon(1e-6));
  Gauge slanted = kGauge;
  slanted.angle_deg = 30;
  CHECK_THROWS_AS(trace_edges(trench(20, 0, 1), slanted, 0.5), std::exception);
}

TEST_CASE("profile: area and axes of a hole", "[validation][metrology]") {
  // (2 + cos + cos) / 4 at pitch 36 and 0.6: area-equivalent CD 23.6075, CD_x 25.374 nm.
  const auto hole_at = [](double step) {
    const int n = static_cast<int>(std::lround(36 / step));
    Field2D<double> level(Grid2D{.nx = n, .ny = n, .dx = step, .dy = step});
    for (int y = 0; y < n; ++y)
      for (int x = 0; x < n; ++x)
        level(y, x) = (2 + std::cos(2 * kPi * x / n) + std::cos(2 * kPi * y / n)) / 4 - 0.6;
    return measure_hole(level, true, 0, 0);
  };
  const HoleResult coarse = hole_at(1), fine = hole_at(0.5);
  CHECK(coarse.status == PrintStatus::printed);
  CHECK(std::abs(coarse.cd_nm - 23.6074582577259) < 0.05);
  CHECK(std::abs(coarse.cd_x_nm - 25.373979529168807) < 0.05);
  CHECK(std::abs(coarse.cd_nm - 23.6074582577259) / std::abs(fine.cd_nm - 23.6074582577259) > 3);
  CHECK(coarse.ellipticity == Approx(1).epsilon(1e-9));
  CHECK(coarse.centre_x_nm == Approx(0).margin(1e-9));
}

TEST_CASE("profile: a hole that touches another by a corner is measured alone", "[unit][metrology]") {
  Field2D<double> level(Grid2D{.nx = 40, .ny = 40});
  for (double& value : level.values()) value = -1;
  for (int i = 0; i < 10; ++i)
    for (int j = 0; j < 10; ++j) {
      level(10 + i, 10 + j) = 1;
      level(20 + i, 20 + j) = 1;
    }
  const HoleResult hole = measure_hole(level, true, 14, 14);
  CHECK(hole.status == PrintStatus::printed);
  // Half a step beyond the outermost nodes on each side, less the cut corners: 10^2 - 4 / 8.
  CHECK(hole.area_nm2 == Approx(99.5).epsilon(1e-9));
  CHECK(hole.centre_x_nm == Approx(14.5).epsilon(1e-9));
}

TEST_CASE("profile: an ellipse has its ellipticity", "[validation][metrology]") {
  Field2D<double> level(Grid2D{.nx = 80, .ny = 80, .dx = 0.5, .dy = 0.5});
  for (int y = 0; y < 80; ++y)
    for (int x = 0; x < 80; ++x) level(y, x) = 1 - std::hypot((x * 0.5 - 20) / 12, (y * 0.5 - 19) / 8);
  const HoleResult hole = measure_hole(level, true, 18, 18);
  CHECK(hole.ellipticity == Approx(1.5).epsilon(5e-3));
  CHECK(hole.cd_x_nm == Approx(24).epsilon(5e-3));
  CHECK(hole.cd_y_nm == Approx(16).epsilon(5e-3));
  CHECK(hole.centre_y_nm == Approx(19).margin(0.01));
  CHECK(measure_hole(level, true, 0, 0).status == PrintStatus::not_printed);
  for (double& value : level.values()) value = 1;
  CHECK(measure_hole(level, true, 18, 18).status == PrintStatus::merged);
}
