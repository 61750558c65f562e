// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/resist/development.hpp"
#include "undulith/resist/exposure.hpp"

using namespace undulith;
using namespace undulith::resist;

namespace {

Field3D<double> rates(const Grid3D& grid, const std::function<double(double x, double y, double z)>& rate) {
  Field3D<double> field(grid);
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix) field(iz, iy, ix) = rate(grid.x(ix), grid.y(iy), grid.z(iz));
  return field;
}

}  // namespace

TEST_CASE("front: rates of Mack, enhanced Mack and notch", "[validation][resist]") {
  // Rows of the closed forms: 100 nm/s, 0.1 nm/s, m_th 0.5, n 5.
  DevelopmentParameters p{.r_max_nm_s = 100, .r_min_nm_s = 0.1, .m_threshold = 0.5, .n = 5};
  CHECK(development_rate_nm_s(p, 0) == Approx(100.1).epsilon(1e-12));
  CHECK(development_rate_nm_s(p, 0.1) == Approx(97.08825927843543).epsilon(1e-12));
  CHECK(development_rate_nm_s(p, 0.5) == Approx(41.975).epsilon(1e-12));
  CHECK(development_rate_nm_s(p, 1) == Approx(0.1).epsilon(1e-12));
  p.n = 1;
  CHECK(development_rate_nm_s(p, 0.25) == Approx(75.1).epsilon(1e-12));
  p.model = DevelopmentModel::enhanced_mack;
  p.n = 4;
  CHECK(development_rate_nm_s(p, 0) == Approx(100).epsilon(1e-12));
  CHECK(development_rate_nm_s(p, 1) == Approx(0.1).epsilon(1e-12));
  p.model = DevelopmentModel::threshold;
  CHECK(development_rate_nm_s(p, 0.49) == 100);
  CHECK(development_rate_nm_s(p, 0.51) == 0.1);
  p.model = DevelopmentModel::mack;
  p.tone = Tone::negative;
  CHECK(development_rate_nm_s(p, 1) == Approx(100.1).epsilon(1e-12));
}

TEST_CASE("front: straight down takes the integral of the slowness", "[validation][resist]") {
  // R = 2 (1 + 0.05 z): T = ln(1 + 0.05 z) / 0.1
  const auto error_of = [](int nz) {
    const Grid3D grid{.nx = 6, .ny = 5, .nz = nz, .dz = 40.0 / (nz - 1)};
    const Front front =
        front_arrival(rates(grid, [](double, double, double z) { return 2 * (1 + 0.05 * z); }));
    return std::abs(front.arrival_time_s(nz - 1, 2, 3) - std::log(1 + 0.05 * 40) / 0.1);
  };
  CHECK(error_of(41) / error_of(81) > 3.5);  // 4 for second order
  // h^2 (|T''(40) - T''(0)| / 3 + |T''(0)| / 2): two-step differences behind a first step of one.
  CHECK(error_of(81) < 0.25 * (0.0223 / 3 + 0.025 / 2));
}

TEST_CASE("front: a point in a linear gradient", "[validation][resist]") {
  // T = acosh(1 + |g|^2 d^2 / (2 R_s R_p)) / |g|: first order, for the start is a point.
  const auto error_of = [](double h) {
    const int n = static_cast<int>(std::lround(60 / h)) + 1;
    const Grid3D grid{.nx = n, .ny = 1, .nz = n, .dx = h, .dz = h};
    FrontParameters p{.periodic = false, .seeds = {{0, 0, 0, 0}}};
    const Front front = front_arrival(rates(grid, [](double x, double, double) { return 2 + 0.05 * x; }), p);
    const int i = static_cast<int>(std::lround(40 / h));
    return std::abs(front.arrival_time_s(i, 0, i) - 19.248473002384138);
  };
  const double coarse = error_of(1), fine = error_of(0.5);
  CHECK(fine < 0.25);
  CHECK(coarse / fine > 1.6);
}

TEST_CASE("front: smooth rates converge at second order from the surface", "[property][resist]") {
  const auto arrival = [](int per_nm) {
    const Grid3D grid{
        .nx = 32 * per_nm, .ny = 1, .nz = 20 * per_nm + 1, .dx = 1.0 / per_nm, .dz = 1.0 / per_nm};
    const Front front = front_arrival(rates(grid, [](double x, double, double z) {
      return 2 + std::cos(2 * std::numbers::pi * x / 32) + 0.02 * z;
    }));
    return front.arrival_time_s(20 * per_nm, 0, 10 * per_nm);
  };
  const double fine = arrival(8), a = std::abs(arrival(1) - fine), b = std::abs(arrival(2) - fine);
  CHECK(a / b > 3);
}

TEST_CASE("front: one thread gives the bits of two, in three dimensions", "[property][resist]") {
  const Grid3D grid{.nx = 60, .ny = 50, .nz = 21};
  const Field3D<double> rate = rates(grid, [](double x, double y, double z) {
    return std::exp(2 * std::sin(0.7 * x + 0.3 * z) + 1.5 * std::cos(0.9 * y) - 1);
  });
  set_thread_count(1);
  const Front one = front_arrival(rate);
  set_thread_count(2);
  const Front two = front_arrival(rate);
  set_thread_count(0);
  for (std::size_t i = 0; i < grid.size(); ++i)
    REQUIRE(one.arrival_time_s.values()[i] == two.arrival_time_s.values()[i]);
}

TEST_CASE("front: up to the time at which it stops, it is the front that goes on", "[property][resist]") {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  constexpr double kStop = 30;
  for (const int ny : {1, 60}) {
    // Holes and lines of a fast film, with noise of a factor of three from node to node.
    Field3D<double> rate(Grid3D{.nx = 60, .ny = ny, .nz = 31});
    const Grid3D& grid = rate.grid();
    for (int iz = 0; iz < grid.nz; ++iz)
      for (int iy = 0; iy < grid.ny; ++iy)
        for (int ix = 0; ix < grid.nx; ++ix) {
          const double wave = std::cos(2 * std::numbers::pi * ix / 60) *
                              (ny > 1 ? std::cos(2 * std::numbers::pi * iy / 60) : 1);
          rate(iz, iy, ix) = 0.01 + 20 / (1 + std::exp(-12 * (wave - 0.5))) * std::exp(0.5 * normal(random));
        }
    const Front whole = front_arrival(rate), stopped = front_arrival(rate, {.stop_s = kStop});
    CHECK(stopped.report.n_nodes < 0.8 * whole.report.n_nodes);
    const auto level = [&](const Front& front, int iz, int iy, int ix) {
      return std::log(front.arrival_time_s(iz, iy, ix) / kStop);
    };
    int n_edges = 0;
    for (int iz = 1; iz < grid.nz; ++iz)
      for (int iy = 0; iy < grid.ny; ++iy)
        for (int ix = 0; ix < grid.nx; ++ix) {
          const double time = whole.arrival_time_s(iz, iy, ix), found = stopped.arrival_time_s(iz, iy, ix);
          if (time <= kStop)
            REQUIRE(found == time);
          else
            REQUIRE((found > kStop && std::isfinite(found)));
          // Edges between a node and the next one along x.
          const int next = (ix + 1) % grid.nx;
          const double a = level(whole, iz, iy, ix), b = level(whole, iz, iy, next);
          if ((a > 0) == (b > 0)) continue;
          ++n_edges;
          const double c = level(stopped, iz, iy, ix), d = level(stopped, iz, iy, next);
          REQUIRE(std::abs(a / (a - b) - c / (c - d)) < 1e-9);
        }
    CHECK(n_edges > (ny > 1 ? 1000 : 50));
  }
}

TEST_CASE("front: each axis has the nodes that its own step needs", "[property][resist]") {
  const Grid3D grid{.nx = 64, .ny = 1, .nz = 6, .dx = 0.5, .dz = 8};
  ImageInResist image{.intensity = rates(grid, [](double x, double, double) {
                        return 1 + std::cos(std::numbers::pi * x / 16);
                      })};
  ResistParameters p{.model = ResistModel::chemically_amplified};
  p.bake.n_steps = 2;
  const auto profile = [&](double front_step_nm) {
    p.film.front_step_nm = front_step_nm;
    return develop(image, p, 30).profile;
  };
  const ResistProfile fine = profile(0.5), coarse = profile(1);
  CHECK(coarse.report.n_nodes == 64 * (5 * 8 + 1));
  CHECK(coarse.report.step_nm == 1);
  CHECK(fine.report.n_nodes == 64 * (5 * 16 + 1));
  CHECK(coarse.arrival_time_s.grid() == grid);
  // Second order along z alone: the last node of the film differs by less than its share of the time.
  for (int ix = 0; ix < grid.nx; ++ix)
    CHECK(coarse.arrival_time_s(5, 0, ix) == Approx(fine.arrival_time_s(5, 0, ix)).epsilon(0.01));
}

TEST_CASE("front: a rate of zero is refused", "[unit][resist]") {
  Field3D<double> rate(Grid3D{.nx = 4, .ny = 1, .nz = 4}, 1);
  rate(2, 0, 1) = 0;
  CHECK_THROWS_AS(front_arrival(rate), InputError);
}

TEST_CASE("front: dose to clear of an open frame", "[validation][resist]") {
  // B 5.21 /um, C 0.0152, k_amp t = 20, Mack 170.2/0.028/0.518/18.96, 45 s of an 80 nm film: adaptive
  // quadrature gives 2.1375069434686824 mJ/cm2, and 41.95284337845256 nm left at 1.710005554774946.
  ResistParameters p{.model = ResistModel::chemically_amplified};
  p.film.thickness_nm = 80;
  p.film.dill_b_per_um = 5.21;
  p.exposure.dill_c_cm2_mj = 0.0152;
  p.blur.direction = BlurDirection::lateral;
  p.bake = {.time_s = 20,
            .quencher = 0,
            .acid_diffusivity_nm2_s = 0,
            .quencher_diffusivity_nm2_s = 0,
            .k_amp_per_s = 1};
  p.development = {.time_s = 45, .r_max_nm_s = 170.2, .r_min_nm_s = 0.028, .m_threshold = 0.518, .n = 18.96};
  const std::vector<double> doses{1.710005554774946, 2.3};
  const ContrastCurve curve = contrast_curve(p, doses);
  REQUIRE(curve.dose_to_clear_mj_cm2.has_value());
  CHECK(*curve.dose_to_clear_mj_cm2 == Approx(2.1375069434686824).epsilon(1e-8));
  CHECK(curve.points[0].remaining_nm == Approx(41.95284337845256).epsilon(1e-7));
  CHECK(curve.points[1].remaining_nm == 0);
}
