// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

#include "undulith/metrology/profile.hpp"
#include "undulith/resist/resist.hpp"

using namespace undulith;
using namespace undulith::metrology;

namespace {

// A film of 24 nm that dissolves straight down at rate_nm_s(x); half a minute of development.
resist::ResistProfile dissolved(double depth_step_nm, double (*rate_nm_s)(double x)) {
  const Grid3D grid{.nx = 80,
                    .ny = 1,
                    .nz = static_cast<int>(std::lround(24 / depth_step_nm)) + 1,
                    .dx = 0.5,
                    .dz = depth_step_nm};
  resist::ResistProfile profile{
      .time_s = 30, .arrival_time_s = Field3D<double>(grid), .inhibitor = Field3D<double>(grid, 1)};
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int ix = 0; ix < grid.nx; ++ix)
      profile.arrival_time_s(iz, 0, ix) = grid.z(iz) / rate_nm_s(grid.x(ix));
  return profile;
}

const layout::Clip kClip{.cell = {0, 0, 40, 40}, .window = {0, 0, 40, 40}};
const Gauge kGauge{.name = "g", .x_nm = 20, .y_nm = 20, .length_nm = 36};

}  // namespace

TEST_CASE("profile: a loss less than a cell is the rate times the time", "[validation][metrology]") {
  // 0.02 nm/s for 30 s: 0.6 nm, on nodes 0.5 to 6 nm apart.
  for (const double step : {0.5, 1.0, 3.0, 6.0}) {
    INFO("depth step " << step << " nm");
    const resist::ResistProfile profile = dissolved(step, [](double) { return 0.02; });
    // Exact within the first cell; below, the logarithm is taken to be linear: h^2 / (8 z^2) of z at most.
    const double z = 0.6, error_nm = step > z ? 1e-9 : z * step * step / (8 * 0.5 * 0.5);
    CHECK(resist::resist_height(profile)(0, 7) == Approx(24 - z).margin(error_nm));
    const ProfileMeasurement m = measure_profile(profile, kClip, Feature::bright, {kGauge}, 0.5);
    CHECK(m.top_loss_nm == Approx(z).margin(error_nm));
    CHECK(m.gauges[0].top_loss_nm == Approx(z).margin(error_nm));
  }
}

TEST_CASE("profile: the width at the top does not depend on the step in depth", "[validation][metrology]") {
  // R(x) = 0.01 exp(0.4 (20 - |x - 20|)) nm/s: the front lies at z after 30 s where R = z/30.
  const auto rate = [](double x) { return 0.01 * std::exp(0.4 * (20 - std::abs(x - 20))); };
  const double at_top_nm = 0.1 * 24, half_nm = 20 - std::log(at_top_nm / 30 / 0.01) / 0.4;
  // The same of ln R, which is 0.4 of each edge; in the first cell what cubics along x leave.
  for (const double step : {0.5, 1.0, 3.0}) {
    INFO("depth step " << step << " nm");
    const ProfileMeasurement m =
        measure_profile(dissolved(step, rate), kClip, Feature::bright, {kGauge}, 0.5);
    REQUIRE(m.gauges[0].cd_top_nm.has_value());
    const double error_nm = step > at_top_nm ? 0.01 : 2 / 0.4 * step * step / (8 * 2 * 2);
    CHECK(*m.gauges[0].cd_top_nm == Approx(2 * half_nm).margin(error_nm));
  }
}
