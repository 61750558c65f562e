// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "undulith/core/error.hpp"
#include "undulith/resist/bake.hpp"
#include "undulith/resist/exposure.hpp"

using namespace undulith;
using namespace undulith::resist;

namespace {

constexpr double kPi = std::numbers::pi;

// Exact steps in space and time: what is left is rounding.
constexpr double kRounding = 1e-10;

class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}
  double operator()(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }
  int whole(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

 private:
  std::mt19937_64 random_;
};

// One wave of the film: periodic along it, a cosine through it.
struct Wave {
  int mx = 0, my = 0, mz = 0;
  double size = 0;
  [[nodiscard]] double k2_lateral(const Grid3D& g) const {
    const double kx = 2 * kPi * mx / (g.nx * g.dx), ky = 2 * kPi * my / (g.ny * g.dy);
    return kx * kx + ky * ky;
  }
  [[nodiscard]] double k2_depth(const Grid3D& g) const {
    const double kz = kPi * mz / g.thickness();
    return kz * kz;
  }
};

Field3D<double> composed(const Grid3D& grid, double mean, const std::vector<Wave>& waves) {
  Field3D<double> field(grid, mean);
  for (const Wave& w : waves)
    for (int iz = 0; iz < grid.nz; ++iz)
      for (int iy = 0; iy < grid.ny; ++iy)
        for (int ix = 0; ix < grid.nx; ++ix)
          field(iz, iy, ix) += w.size * std::cos(2 * kPi * w.mx * ix / grid.nx) *
                               std::cos(2 * kPi * w.my * iy / grid.ny) *
                               std::cos(kPi * w.mz * iz / (grid.nz - 1));
  return field;
}

// Waves that are smooth on the nodes and together stay below the mean.
std::vector<Wave> drawn_waves(Draw& draw, double mean) {
  std::vector<Wave> waves;
  constexpr int kWaves = 3;
  for (int i = 0; i < kWaves; ++i)
    waves.push_back({draw.whole(0, 2), draw.whole(0, 1), draw.whole(0, 2), mean * draw(-0.3, 0.3)});
  return waves;
}

// Trapezoid through the film: cells of its surfaces are half as deep.
double mean_of(const Field3D<double>& field) {
  double sum = 0, weights = 0;
  for (int iz = 0; iz < field.nz(); ++iz) {
    const double weight = iz == 0 || iz == field.nz() - 1 ? 0.5 : 1;
    for (const double value : field.plane(iz)) sum += weight * value;
    weights += weight * static_cast<double>(field.grid().plane_size());
  }
  return sum / weights;
}

double largest_difference(const Field3D<double>& a, const Field3D<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.values().size(); ++i)
    largest = std::max(largest, std::abs(a.values()[i] - b.values()[i]));
  return largest;
}

double least(const Field3D<double>& field) {
  return *std::ranges::min_element(field.values());
}
double most(const Field3D<double>& field) {
  return *std::ranges::max_element(field.values());
}

const Grid3D kFilm{.nx = 20, .ny = 12, .nz = 9, .dx = 1.6, .dy = 2, .dz = 4};

}  // namespace

TEST_CASE("bake: acid minus quencher diffuses whatever they do to each other", "[property][resist]") {
  Draw draw(1);
  for (int i = 0; i < 8; ++i) {
    BakeParameters p;
    p.time_s = draw(10, 120);
    p.acid_diffusivity_nm2_s = p.quencher_diffusivity_nm2_s = draw(0.05, 1.5);
    p.acid_depth_diffusivity_nm2_s = p.quencher_depth_diffusivity_nm2_s = draw(0.05, 1.5);
    p.k_quench_per_s = std::pow(10, draw(-2, 3));
    p.k_amp_per_s = draw(0, 1);
    p.reaction_order = draw(1, 3);
    p.n_steps = draw.whole(1, 12);
    const double acid = draw(0.2, 0.6), quencher = draw(0.1, 0.4);
    const std::vector<Wave> of_acid = drawn_waves(draw, acid), of_quencher = drawn_waves(draw, quencher);
    const BakedFilm baked =
        bake({.acid = composed(kFilm, acid, of_acid), .quencher = composed(kFilm, quencher, of_quencher)}, p);

    std::vector<Wave> expected = of_acid;
    for (Wave wave : of_quencher) {
      wave.size = -wave.size;
      expected.push_back(wave);
    }
    for (Wave& wave : expected)
      wave.size *= std::exp(-p.time_s * (p.acid_diffusivity_nm2_s * wave.k2_lateral(kFilm) +
                                         *p.acid_depth_diffusivity_nm2_s * wave.k2_depth(kFilm)));
    const Field3D<double> difference = composed(kFilm, acid - quencher, expected);
    for (std::size_t k = 0; k < kFilm.size(); ++k)
      REQUIRE(baked.acid.values()[k] - baked.quencher.values()[k] ==
              Approx(difference.values()[k]).margin(kRounding));
  }
}

TEST_CASE("bake: a closed film keeps acid minus quencher under every law of diffusivity",
          "[property][resist]") {
  Draw draw(2);
  for (const auto law : {DiffusivityLaw::constant, DiffusivityLaw::linear, DiffusivityLaw::fujita_doolittle})
    for (int i = 0; i < 3; ++i) {
      BakeParameters p;
      p.diffusivity_law = law;
      p.diffusivity_a = draw(-0.5, 4);
      p.diffusivity_b = draw(0, 2);
      p.acid_diffusivity_nm2_s = draw(0.05, 1);
      p.quencher_diffusivity_nm2_s = draw(0, 0.5);  // not those of the acid
      p.k_quench_per_s = draw(0.1, 30);
      p.n_steps = draw.whole(10, 30);
      // More acid than base everywhere: where both come to nothing at a sharp edge, waves on the nodes would
      // swing below zero and be cut off there.
      const LatentImage latent{.acid = composed(kFilm, 0.6, drawn_waves(draw, 0.3)),
                               .quencher = composed(kFilm, 0.15, drawn_waves(draw, 0.15))};
      const BakedFilm baked = bake(latent, p);
      CHECK(mean_of(baked.acid) - mean_of(baked.quencher) ==
            Approx(mean_of(latent.acid) - mean_of(latent.quencher)).epsilon(1e-9));
      CHECK(mean_of(baked.acid) < mean_of(latent.acid));  // some has met a base
    }
}

TEST_CASE("bake: no concentration falls below zero, nothing leaves [0, 1]", "[property][resist]") {
  Draw draw(3);
  for (int i = 0; i < 10; ++i) {
    BakeParameters p;
    p.acid_diffusivity_nm2_s = draw(0, 1);
    p.quencher_diffusivity_nm2_s = draw(0, 1);
    p.k_quench_per_s = std::pow(10, draw(-1, 4));
    p.k_loss_per_s = draw(0, 0.1);
    p.k_trap_per_s = draw(0, 0.1);
    p.reaction_order = i % 2 == 0 ? 1 : 2;
    p.diffusivity_law = i % 3 == 0 ? DiffusivityLaw::linear : DiffusivityLaw::constant;
    p.diffusivity_a = draw(0, 3);
    p.surface_transfer_nm_s = i % 4 == 0 ? draw(0, 1) : 0;
    p.n_steps = draw.whole(1, 20);
    // As sharp as counted molecules: empty voxels beside full ones.
    LatentImage latent{.acid = Field3D<double>(kFilm), .quencher = Field3D<double>(kFilm)};
    for (double& value : latent.acid.values()) value = draw(0, 1) < 0.3 ? draw(0, 2) : 0;
    for (double& value : latent.quencher.values()) value = draw(0, 1) < 0.3 ? draw(0, 2) : 0;
    const BakedFilm baked = bake(latent, p);
    CHECK(least(baked.acid) >= 0);
    CHECK(least(baked.quencher) >= 0);
    CHECK(least(baked.inhibitor) >= 0);
    CHECK(most(baked.inhibitor) <= 1);
    CHECK(most(baked.acid) <= 2 + kRounding);
    CHECK(std::isfinite(mean_of(baked.acid) + mean_of(baked.quencher) + mean_of(baked.inhibitor)));
  }
}

TEST_CASE("bake: more dose with less sensitivity makes the same film", "[property][resist]") {
  // Acid is 1 - exp(-C E), the base q0 exp(-C_q E): only the products count.
  Draw draw(4);
  ImageInResist image{.intensity = composed(kFilm, 0.5, drawn_waves(draw, 0.5)), .path_factor = 1.02};
  for (int i = 0; i < 4; ++i) {
    ResistParameters p{.model = ResistModel::chemically_amplified};
    p.bake.quencher_dill_c_cm2_mj = draw(0, 0.02);
    p.bake.n_steps = 5;
    const double dose = draw(10, 60), factor = draw(0.2, 5);
    const ResistResult once = develop(image, p, dose);
    p.exposure.dill_c_cm2_mj /= factor;
    p.bake.quencher_dill_c_cm2_mj /= factor;
    const ResistResult again = develop(image, p, factor * dose);
    CHECK(largest_difference(once.latent.acid, again.latent.acid) < 1e-13);
    CHECK(largest_difference(once.latent.quencher, again.latent.quencher) < 1e-13);
    CHECK(largest_difference(once.baked.inhibitor, again.baked.inhibitor) < 1e-12);
    for (std::size_t k = 0; k < kFilm.size(); ++k)
      REQUIRE(again.latent.dose_mj_cm2.values()[k] ==
              Approx(factor * once.latent.dose_mj_cm2.values()[k]).epsilon(1e-12));
  }
}

TEST_CASE("bake: a warmer bake is one with larger rates", "[property][resist]") {
  Draw draw(5);
  const LatentImage latent{.acid = composed(kFilm, 0.4, drawn_waves(draw, 0.4)),
                           .quencher = composed(kFilm, 0.15, drawn_waves(draw, 0.15))};
  for (int i = 0; i < 4; ++i) {
    BakeParameters warm;
    warm.k_loss_per_s = draw(0, 0.01);
    warm.k_trap_per_s = draw(0, 0.01);
    warm.temperature_c = draw(80, 140);
    warm.diffusion_activation_kj_mol = draw(20, 150);
    warm.reaction_activation_kj_mol = draw(20, 150);
    warm.quench_activation_kj_mol = draw(20, 150);
    warm.loss_activation_kj_mol = draw(20, 150);
    warm.n_steps = 6;
    BakeParameters same = warm;
    same.temperature_c = same.reference_temperature_c;
    const auto at = [&](double energy_kj_mol) {  // R = 8.314 J/(mol K)
      return std::exp(-energy_kj_mol / 8.31446261815324e-3 *
                      (1 / (warm.temperature_c + 273.15) - 1 / (110 + 273.15)));
    };
    same.acid_diffusivity_nm2_s *= at(warm.diffusion_activation_kj_mol);
    same.quencher_diffusivity_nm2_s *= at(warm.diffusion_activation_kj_mol);
    same.k_amp_per_s *= at(warm.reaction_activation_kj_mol);
    same.k_quench_per_s *= at(warm.quench_activation_kj_mol);
    same.k_loss_per_s *= at(warm.loss_activation_kj_mol);
    same.k_trap_per_s *= at(warm.loss_activation_kj_mol);
    const BakedFilm a = bake(latent, warm), b = bake(latent, same);
    CHECK(largest_difference(a.acid, b.acid) < kRounding);
    CHECK(largest_difference(a.inhibitor, b.inhibitor) < kRounding);
    // It does matter: m moves by far more than rounding.
    same.k_amp_per_s = warm.k_amp_per_s;
    CHECK(largest_difference(a.inhibitor, bake(latent, same).inhibitor) > 1e-4);
  }
}

TEST_CASE("bake: diffusion through the film has its own diffusivity", "[validation][resist]") {
  BakeParameters p;
  p.quencher = 0;
  p.acid_diffusivity_nm2_s = 0.3;
  p.acid_depth_diffusivity_nm2_s = 1.1;
  p.n_steps = 4;
  const Wave wave{.mx = 1, .my = 0, .mz = 1, .size = 0.2};
  const BakedFilm baked = bake({.acid = composed(kFilm, 0.4, {wave}), .quencher = Field3D<double>(kFilm)}, p);
  Wave left = wave;
  left.size *= std::exp(-60 * (0.3 * wave.k2_lateral(kFilm) + 1.1 * wave.k2_depth(kFilm)));
  CHECK(largest_difference(baked.acid, composed(kFilm, 0.4, {left})) < kRounding);
}

TEST_CASE("bake: air and film come to the same acid", "[property][resist]") {
  Draw draw(6);
  for (const auto law : {DiffusivityLaw::constant, DiffusivityLaw::linear}) {
    BakeParameters p;
    p.quencher = 0;
    p.diffusivity_law = law;
    p.diffusivity_a = 1;
    p.acid_diffusivity_nm2_s = draw(2, 5);
    p.surface_transfer_nm_s = draw(0.2, 0.5);
    p.surface_acid = draw(0.1, 0.3);
    p.n_steps = 40;
    const auto after = [&](double acid, double time_s) {
      p.time_s = time_s;
      return bake({.acid = Field3D<double>(kFilm, acid), .quencher = Field3D<double>(kFilm)}, p).acid;
    };
    // As much as the air has: nothing moves.
    const Field3D<double> even = after(p.surface_acid, 300);
    CHECK(largest_difference(even, Field3D<double>(kFilm, p.surface_acid)) < kRounding);
    // Less: it comes in from the top. The flux of a short while is h_s (a* - h), all of which is in the film.
    const double short_s = 1e-3;
    const Field3D<double> soon = after(0, short_s);
    CHECK(mean_of(soon) * kFilm.thickness() ==
          Approx(p.surface_transfer_nm_s * p.surface_acid * short_s).epsilon(1e-3));
    const Field3D<double> later = after(0, 60);
    CHECK(later(0, 3, 3) > later(8, 3, 3));
    CHECK(most(later) < p.surface_acid);
    // More: it goes, and not below the air.
    CHECK(least(after(1, 60)) > p.surface_acid);
    CHECK(mean_of(after(1, 60)) < 1);
    // The slowest mode decays at least as fast as D (pi / 4 L)^2 here (h_s L > D): 20 of its times leave
    // 1e-8. (The other law takes Crank and Nicolson's steps, which hardly damp fast waves when they are that
    // long.)
    if (law != DiffusivityLaw::constant) continue;
    const double slowest_s = std::pow(4 * kFilm.thickness() / kPi, 2) / p.acid_diffusivity_nm2_s;
    CHECK(largest_difference(after(0, 20 * slowest_s), Field3D<double>(kFilm, p.surface_acid)) < 1e-6);
  }
}

TEST_CASE("bake: concentrations that are none are refused", "[unit][resist]") {
  using Catch::Matchers::Contains;
  const LatentImage good{.acid = Field3D<double>(kFilm, 0.1), .quencher = Field3D<double>(kFilm, 0.1)};
  const auto refused = [&](Field3D<double> LatentImage::*member, double value) {
    LatentImage bad = good;
    (bad.*member)(2, 3, 4) = value;
    return [bad] { return bake(bad, {}); };
  };
  CHECK_NOTHROW(bake(good, {}));
  CHECK_THROWS_WITH(refused(&LatentImage::quencher, -0.02)(),
                    Contains("quencher = -0.02") && Contains("resist.bake"));
  CHECK_THROWS_WITH(refused(&LatentImage::acid, -1e-9)(),
                    Contains("acid = -1e-09") && Contains("resist.exposure"));
  CHECK_THROWS_AS(refused(&LatentImage::acid, std::numeric_limits<double>::quiet_NaN())(), InputError);
  CHECK_THROWS_AS(refused(&LatentImage::quencher, std::numeric_limits<double>::infinity())(), InputError);
}
