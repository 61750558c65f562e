// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>
#include <numeric>

#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/resist/bake.hpp"

using namespace undulith;
using namespace undulith::resist;

namespace {

constexpr double kPi = std::numbers::pi;

// Exact steps in space and time: what is left is rounding.
constexpr double kRounding = 1e-10;

Field3D<double> waves(const Grid3D& grid, double mean, double along, double through) {
  Field3D<double> field(grid);
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix)
        field(iz, iy, ix) =
            mean + along * std::cos(2 * kPi * ix / grid.nx) + through * std::cos(kPi * iz / (grid.nz - 1));
  return field;
}

BakeParameters still() {
  BakeParameters p;
  p.acid_diffusivity_nm2_s = p.quencher_diffusivity_nm2_s = 0;
  return p;
}

double mass(const Field3D<double>& field) {
  double sum = 0;
  for (int iz = 0; iz < field.nz(); ++iz) {
    const auto plane = field.plane(iz);
    const double weight = iz == 0 || iz == field.nz() - 1 ? 0.5 : 1;
    sum += weight * std::accumulate(plane.begin(), plane.end(), 0.0);
  }
  return sum;
}

}  // namespace

TEST_CASE("bake: waves of acid decay as the heat equation says", "[validation][resist]") {
  const Grid3D grid{.nx = 24, .ny = 1, .nz = 11, .dx = 1.5, .dz = 4};
  BakeParameters p;
  p.quencher = 0;
  p.n_steps = 3;
  const LatentImage latent{.acid = waves(grid, 0.4, 0.2, 0.1), .quencher = Field3D<double>(grid)};
  const BakedFilm baked = bake(latent, p);
  const double k_along = 2 * kPi / 36, k_through = kPi / 40, dt = p.acid_diffusivity_nm2_s * p.time_s;
  const Field3D<double> expected =
      waves(grid, 0.4, 0.2 * std::exp(-k_along * k_along * dt), 0.1 * std::exp(-k_through * k_through * dt));
  for (std::size_t i = 0; i < grid.size(); ++i)
    REQUIRE(baked.acid.values()[i] == Approx(expected.values()[i]).margin(kRounding));
}

TEST_CASE("bake: acid and quencher annihilate as in closed form", "[validation][resist]") {
  // h(t) = d h0 / (h0 - q0 exp(-k d t)), d = h0 - q0; Int h dt = ln(q0/q) / k
  const Annihilation more = annihilate(0.4, 0.1, 1, 60), even = annihilate(0.3, 0.3, 2, 90),
                     none = annihilate(0.25, 0, 5, 30), less = annihilate(0.1, 0.4, 3, 20);
  CHECK(more.acid == Approx(0.3 * 0.4 / (0.4 - 0.1 * std::exp(-18.0))).epsilon(kRounding));
  CHECK(more.acid_dose_s == Approx(std::log(0.1 / more.quencher)).epsilon(1e-9));
  CHECK(even.acid == Approx(0.3 / (1 + 0.3 * 2 * 90)).epsilon(kRounding));
  CHECK(none.acid_dose_s == Approx(7.5).epsilon(kRounding));
  CHECK(less.quencher - less.acid == Approx(0.3).epsilon(kRounding));
}

TEST_CASE("bake: with equal diffusivities acid minus quencher is the heat equation's", "[property][resist]") {
  const Grid3D grid{.nx = 20, .ny = 6, .nz = 5, .dx = 1.6, .dy = 2, .dz = 5};
  for (const double k_quench : {0.0, 0.5, 50.0}) {
    BakeParameters p;
    p.acid_diffusivity_nm2_s = p.quencher_diffusivity_nm2_s = 0.8;
    p.k_quench_per_s = k_quench;
    p.n_steps = 7;
    const LatentImage latent{.acid = waves(grid, 0.35, 0.3, 0.02), .quencher = Field3D<double>(grid, 0.2)};
    const BakedFilm baked = bake(latent, p);
    const double k_along = 2 * kPi / 32, k_through = kPi / 20, dt = 0.8 * p.time_s;
    const Field3D<double> expected = waves(grid, 0.15, 0.3 * std::exp(-k_along * k_along * dt),
                                           0.02 * std::exp(-k_through * k_through * dt));
    for (std::size_t i = 0; i < grid.size(); ++i)
      REQUIRE(baked.acid.values()[i] - baked.quencher.values()[i] ==
              Approx(expected.values()[i]).margin(kRounding));
  }
}

TEST_CASE("bake: a closed film keeps its acid", "[property][resist]") {
  const Grid3D grid{.nx = 16, .ny = 8, .nz = 9, .dx = 2, .dy = 2, .dz = 3};
  for (const auto law :
       {DiffusivityLaw::constant, DiffusivityLaw::linear, DiffusivityLaw::fujita_doolittle}) {
    BakeParameters p;
    p.diffusivity_law = law;
    p.diffusivity_a = 2;
    p.diffusivity_b = 0.5;
    p.quencher = 0;
    p.n_steps = 20;
    const LatentImage latent{.acid = waves(grid, 0.4, 0.3, 0.05), .quencher = Field3D<double>(grid)};
    CHECK(mass(bake(latent, p).acid) == Approx(mass(latent.acid)).epsilon(1e-9));
  }
}

TEST_CASE("bake: errors fall as the square of the step", "[property][resist]") {
  const Grid3D grid{.nx = 32, .ny = 1, .nz = 3, .dx = 1, .dz = 10};
  const LatentImage latent{.acid = waves(grid, 0.3, 0.25, 0), .quencher = Field3D<double>(grid, 0.15)};
  const auto middle_m = [&](int n_steps, DiffusivityLaw law) {
    BakeParameters p;
    p.k_quench_per_s = 1;
    p.k_trap_per_s = 0.02;
    p.diffusivity_law = law;
    p.diffusivity_a = 1;
    p.n_steps = n_steps;
    return bake(latent, p).inhibitor(1, 0, 9);
  };
  for (const auto law : {DiffusivityLaw::constant, DiffusivityLaw::linear}) {
    const double fine = middle_m(1280, law), coarse = std::abs(middle_m(40, law) - fine),
                 finer = std::abs(middle_m(80, law) - fine);
    CHECK(coarse / finer > 3.2);  // 4 for second order
    CHECK(coarse / finer < 4.8);
  }
}

TEST_CASE("bake: the estimated error is the true one", "[validation][resist]") {
  // 1-D acid and quencher at pitch 32 (Radau collocation with 128 modes: m = 0.247295914 at x = 6 nm).
  const Grid3D grid{.nx = 32, .ny = 1, .nz = 3, .dx = 1, .dz = 10};
  LatentImage latent{.acid = Field3D<double>(grid), .quencher = Field3D<double>(grid, 0.12)};
  for (int iz = 0; iz < 3; ++iz)
    for (int ix = 0; ix < 32; ++ix)
      latent.acid(iz, 0, ix) = 1 - std::exp(-0.0152 * 45 * 0.5 * (1 + 0.9 * std::cos(2 * kPi * ix / 32)));
  for (const double max_error : {1e-3, 1e-4, 1e-5}) {
    BakeParameters p;
    p.acid_diffusivity_nm2_s = 0.15;
    p.quencher_diffusivity_nm2_s = 0.05;
    p.k_amp_per_s = 0.1;
    p.max_error = max_error;
    const BakedFilm baked = bake(latent, p);
    CHECK(baked.report.converged);
    CHECK(baked.report.error <= max_error);
    CHECK(std::abs(baked.inhibitor(1, 0, 6) - 0.24729591393664785) < max_error);
  }
}

TEST_CASE("bake: an open surface decays by its slowest mode", "[validation][resist]") {
  // cos(k (L - z)) with D k tan(k L) = h decays as exp(-D k^2 t).
  const double diffusivity = 27.2, thickness = 80, transfer = 0.027;
  double low = 0, high = kPi / 2 / thickness;
  for (int i = 0; i < 100; ++i) {
    const double k = (low + high) / 2;
    (diffusivity * k * std::tan(k * thickness) < transfer ? low : high) = k;
  }
  const auto error_of = [&](int nz) {
    const Grid3D grid{.nx = 1, .ny = 1, .nz = nz, .dz = thickness / (nz - 1)};
    LatentImage latent{.acid = Field3D<double>(grid), .quencher = Field3D<double>(grid)};
    for (int iz = 0; iz < nz; ++iz) latent.acid(iz, 0, 0) = std::cos(low * (thickness - grid.z(iz)));
    BakeParameters p;
    p.acid_diffusivity_nm2_s = diffusivity;
    p.surface_transfer_nm_s = transfer;
    p.quencher = 0;
    p.time_s = 900;
    p.n_steps = 2;
    return std::abs(bake(latent, p).acid(nz - 1, 0, 0) - std::exp(-diffusivity * low * low * 900));
  };
  CHECK(error_of(41) < 1e-4);
  CHECK(error_of(41) / error_of(81) == Approx(4).epsilon(0.1));  // second order in the step
}

TEST_CASE("bake: temperature acts by Arrhenius' law", "[unit][resist]") {
  CHECK(arrhenius(2, 0, 130, 110) == 2);
  const double ratio = std::exp(-100 / 8.31446261815324e-3 * (1 / 403.15 - 1 / 383.15));
  CHECK(arrhenius(2, 100, 130, 110) == Approx(2 * ratio).epsilon(1e-12));
}

TEST_CASE("bake: the point spread of acting acid has unit area", "[unit][resist]") {
  double sum = 0;
  for (int i = -4000; i <= 4000; ++i) sum += reaction_diffusion_psf(i * 0.01, 4) * 0.01;
  CHECK(sum == Approx(1).epsilon(1e-4));
  CHECK(diffusion_length_nm(0.2, 60) == Approx(std::sqrt(24)));
}

TEST_CASE("bake: one thread gives the bits of two", "[property][resist]") {
  const Grid3D grid{.nx = 24, .ny = 20, .nz = 9, .dx = 1, .dy = 1, .dz = 4};
  const LatentImage latent{.acid = waves(grid, 0.3, 0.2, 0.05), .quencher = Field3D<double>(grid, 0.15)};
  set_thread_count(1);
  const BakedFilm one = bake(latent, {});
  set_thread_count(2);
  const BakedFilm two = bake(latent, {});
  set_thread_count(0);
  for (std::size_t i = 0; i < grid.size(); ++i)
    REQUIRE(one.inhibitor.values()[i] == two.inhibitor.values()[i]);
}

TEST_CASE("bake: negative concentrations are refused", "[unit][resist]") {
  const Grid3D grid{.nx = 4, .ny = 1, .nz = 3};
  LatentImage latent{.acid = Field3D<double>(grid, 0.1), .quencher = Field3D<double>(grid, 0.1)};
  latent.acid(1, 0, 2) = -0.01;
  CHECK_THROWS_AS(bake(latent, still()), InputError);
}
