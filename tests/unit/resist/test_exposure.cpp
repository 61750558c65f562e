// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <numbers>
#include <string>

#include "undulith/core/error.hpp"
#include "undulith/resist/counting.hpp"
#include "undulith/resist/exposure.hpp"

using namespace undulith;
using namespace undulith::resist;

namespace {
constexpr double kPi = std::numbers::pi;
}

TEST_CASE("exposure: bleaching follows Babu and Barouch", "[validation][resist]") {
  // Without bleaching exp(-B z); with B = 0 M/(1-M) = e^{Az} M0/(1-M0); both at once obey dM/dt = -C I M,
  // which the depth integral of the exact solution holds to 1e-10.
  CHECK(bleach(0, 4.44, 0.0152, 20, 10).local_dose_mj_cm2 == Approx(19.13142504872335).epsilon(1e-12));
  const double m0 = std::exp(-0.014 * 100);
  const BleachedDepth clear = bleach(0.55, 0, 0.014, 100, 500);
  CHECK(clear.pag / (1 - clear.pag) == Approx(std::exp(0.275) * m0 / (1 - m0)).epsilon(1e-12));
  // Almost no B is the closed form of no B.
  CHECK(bleach(0.55, 1e-9, 0.014, 100, 500).pag == Approx(clear.pag).epsilon(1e-8));
  // Two halves of the depth are the whole: the light of the first half goes on.
  const BleachedDepth half = bleach(0.55, 0.045, 0.014, 100, 400),
                      whole = bleach(0.55, 0.045, 0.014, 100, 800);
  CHECK(bleach(0.55, 0.045, 0.014, half.local_dose_mj_cm2, 400).pag == Approx(whole.pag).epsilon(1e-10));
}

TEST_CASE("exposure: a blurred wave is the wave times the transfer", "[validation][resist]") {
  const Grid3D grid{.nx = 32, .ny = 1, .nz = 9, .dx = 1, .dz = 5};
  Field3D<double> field(grid);
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int ix = 0; ix < 32; ++ix)
      field(iz, 0, ix) = 2 + std::cos(2 * kPi * ix / 32) * std::cos(kPi * iz / 8);
  const double k = std::hypot(2 * kPi / 32, kPi / 40);
  for (const auto kernel : {BlurKernel::gaussian, BlurKernel::exponential, BlurKernel::two_gaussians}) {
    const BlurParameters blur{.kernel = kernel, .sigma_nm = 3};
    const Field3D<double> out = blurred(field, blur);
    for (int iz = 0; iz < grid.nz; ++iz)
      for (int ix = 0; ix < 32; ++ix)
        REQUIRE(out(iz, 0, ix) == Approx(2 + blur_transfer(blur, k) * (field(iz, 0, ix) - 2)).margin(1e-12));
  }
  CHECK(blur_transfer({.kernel = BlurKernel::gaussian, .sigma_nm = 3}, 0.5) == Approx(std::exp(-1.125)));
}

TEST_CASE("exposure: every kernel has the rms it was given", "[property][resist]") {
  // 1 - transfer = k^2 sigma^2 / 2 for small k.
  BlurParameters table{.kernel = BlurKernel::table};
  for (int i = 0; i <= 120; ++i) {
    const double r = 0.2 * i;
    table.table_radius_nm.push_back(r);
    table.table_density.push_back(std::exp(-r * r / 18));  // sigma 3
  }
  constexpr double kSmall = 1e-3;
  for (const BlurParameters& blur :
       {BlurParameters{.kernel = BlurKernel::gaussian, .sigma_nm = 3},
        BlurParameters{.kernel = BlurKernel::exponential, .sigma_nm = 3},
        BlurParameters{.kernel = BlurKernel::two_gaussians, .sigma_nm = 3}, table}) {
    const double sigma = std::sqrt(2 * (1 - blur_transfer(blur, kSmall))) / kSmall;
    CHECK(sigma == Approx(blur_sigma_nm(blur)).epsilon(1e-4));
  }
  CHECK(blur_sigma_nm(table) == Approx(3).epsilon(2e-3));  // linear between rows of 0.2 nm
}

TEST_CASE("exposure: acids of a photon", "[validation][resist]") {
  ResistParameters generic{.model = ResistModel::chemically_amplified};
  CHECK(yield_per_photon(generic, 13.5) == Approx(1.99).epsilon(2e-3));
  CHECK(yield_warning(generic, 13.5).empty());
  generic.exposure.dill_c_cm2_mj = 0.09;
  CHECK_FALSE(yield_warning(generic, 13.5).empty());
  CHECK(photons_per_nm2(1, 13.5) == Approx(0.6796057366182657).epsilon(1e-12));
  CHECK(absorbed_share(4.44, 50) == Approx(0.19908463566534082).epsilon(1e-12));
}

TEST_CASE("exposure: counting acids", "[validation][resist]") {
  const AcidStatistics acids = acid_statistics(3, 0.6, 2);
  CHECK(acids.mean == Approx(0.8389329653171088).epsilon(1e-12));
  CHECK(acids.variance == Approx(0.9785908154472822).epsilon(1e-12));
  CHECK(acids.linear_relative_variance == Approx(1.2857310956913641).epsilon(1e-12));
  CHECK(compound_fano(4, 6.67) == Approx(5.6675));
  CHECK(z_factor_mj_nm3(16, 2.5, 40) == Approx(1.024e-8));
}

TEST_CASE("exposure: bad parameters are refused by their key", "[unit][resist]") {
  using Catch::Matchers::Contains;
  const auto refused = [](const std::function<void(ResistParameters&, StochasticsParameters&)>& spoil,
                          const std::string& key) {
    ResistParameters p{.model = ResistModel::chemically_amplified};
    StochasticsParameters noise;
    spoil(p, noise);
    CHECK_THROWS_WITH(check_parameters(p, noise), Contains(key) && Contains(";"));
  };
  refused([](auto& p, auto&) { p.development.r_min_nm_s = 100; }, "resist.development.r_min_nm_s");
  refused([](auto& p, auto&) { p.film.thickness_nm = 1.5; }, "resist.film.thickness_nm");
  refused([](auto& p, auto&) { p.bake.quencher = -0.1; }, "resist.bake.quencher");
  refused([](auto& p, auto&) { p.exposure.dill_c_cm2_mj = std::nan(""); }, "resist.exposure.dill_c_cm2_mj");
  refused(
      [](auto& p, auto& noise) {
        p.blur.sigma_nm = 0;
        noise.n_realisations = 1;
      },
      "resist.blur.sigma_nm");
  refused([](auto& p, auto&) { p.blur.kernel = BlurKernel::table; }, "resist.blur.table_file");
}
