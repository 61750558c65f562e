// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "resist/speckle_field.hpp"
#include "undulith/core/error.hpp"
#include "undulith/resist/counting.hpp"
#include "undulith/resist/random_stream.hpp"
#include "undulith/resist/resist.hpp"

using namespace undulith;
using namespace undulith::resist;

namespace {

ImageInResist lines(const Grid3D& grid) {
  ImageInResist image{.intensity = Field3D<double>(grid)};
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix)
        image.intensity(iz, iy, ix) = 0.4 - 0.36 * std::cos(2 * std::numbers::pi * ix / grid.nx);
  return image;
}

ImageInResist open_frame(const Grid3D& grid) {
  return {.intensity = Field3D<double>(grid, 1)};
}

ResistParameters car() {
  ResistParameters p{.model = ResistModel::chemically_amplified};
  p.bake.n_steps = 8;
  return p;
}

double rms_difference(const Field3D<double>& a, const Field3D<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.values().size(); ++i)
    sum += (a.values()[i] - b.values()[i]) * (a.values()[i] - b.values()[i]);
  return std::sqrt(sum / static_cast<double>(a.values().size()));
}

struct Moments {
  double mean = 0, rms = 0;
};
Moments moments_of(const std::vector<double>& values) {
  Moments m;
  const auto n = static_cast<double>(values.size());
  for (const double v : values) m.mean += v / n;
  for (const double v : values) m.rms += (v - m.mean) * (v - m.mean) / (n - 1);
  m.rms = std::sqrt(m.rms);
  return m;
}

}  // namespace

TEST_CASE("noise: with more of everything the film comes to the smooth one", "[property][resist]") {
  // Dose times k, sensitivity over k, molecules times k: the same mean, noise falls as k^(-1/2).
  const ImageInResist image = lines({.nx = 32, .ny = 32, .nz = 13, .dz = 2});
  const ResistParameters p = car();
  const Field3D<double> smooth = develop(image, p, 20).baked.inhibitor;
  const auto deviation = [&](double k) {
    ResistParameters more = p;
    more.exposure.dill_c_cm2_mj /= k;
    more.exposure.pag_per_nm3 *= k;
    const auto one = develop_stochastic(image, more, 20 * k, {.n_realisations = 1}, 0);
    return rms_difference(one.result.baked.inhibitor, smooth);
  };
  const double few = deviation(16), more = deviation(256), most = deviation(4096);
  // Voxels: 13000, of which a blur of 5 nm leaves about 20 that are independent; their rms is known to 15 %.
  CHECK(few / more == Approx(4).epsilon(0.3));
  CHECK(more / most == Approx(4).epsilon(0.3));
  CHECK(most < 5e-3);
}

TEST_CASE("noise: photons are counted at the wavelength of the image", "[unit][resist]") {
  const Grid3D grid{.nx = 32, .ny = 32, .nz = 5, .dz = 10};
  ResistParameters p = car();
  p.bake.n_steps = 1;
  const auto photons = [&](double wavelength_nm) {
    ImageInResist image = open_frame(grid);
    image.wavelength_nm = wavelength_nm;
    return develop_stochastic(image, p, 100, {.n_realisations = 1}, 0).counts.photons_absorbed;
  };
  // Dose over photon energy; shot noise of 1e5 photons is 0.3 %.
  CHECK(photons(13.5) / photons(6.75) == Approx(2).epsilon(0.02));
}

TEST_CASE("noise: counts are Poisson about what the film absorbs", "[validation][resist]") {
  const Grid3D grid{.nx = 8, .ny = 8, .nz = 3, .dz = 20};
  ResistParameters p = car();
  p.bake.n_steps = 1;
  std::vector<double> photons, acids, quenchers;
  constexpr int kRealisations = 150;
  for (int k = 0; k < kRealisations; ++k) {
    const Counts c = develop_stochastic(open_frame(grid), p, 30, {.n_realisations = kRealisations}, k).counts;
    photons.push_back(c.photons_absorbed);
    acids.push_back(c.acids);
    quenchers.push_back(c.quenchers);
  }
  // Trapezoid of exp(-alpha z) over the three planes.
  const double alpha = 0.00444,
               depths = 20 * (0.5 + std::exp(-alpha * 20) + 0.5 * std::exp(-alpha * 40)) * alpha;
  const Moments of_photons = moments_of(photons), of_quenchers = moments_of(quenchers);
  const double expected = photons_per_nm2(30, 13.5) * 64 * depths;
  // Errors of 150 draws: the mean to sqrt(N / 150), the variance to sqrt(2 / 149) = 12 %; three of each.
  CHECK(std::abs(of_photons.mean - expected) < 3 * std::sqrt(expected / kRealisations));
  CHECK(of_photons.rms * of_photons.rms / of_photons.mean == Approx(1).epsilon(0.36));
  const double bases = p.bake.quencher * p.exposure.pag_per_nm3 * 64 * 40;
  CHECK(std::abs(of_quenchers.mean - bases) < 3 * std::sqrt(bases / kRealisations));
  CHECK(of_quenchers.rms * of_quenchers.rms / of_quenchers.mean == Approx(1).epsilon(0.36));
  // Acids have the noise of the photons that make them on top of their own.
  const Moments of_acids = moments_of(acids);
  CHECK(of_acids.rms * of_acids.rms / of_acids.mean > 1);
}

TEST_CASE("noise: electrons add theirs to that of photons", "[validation][resist]") {
  // A Poisson number of mean m for each photon: the variance of the energy is (1 + 1/m) of the photons'.
  const Grid3D grid{.nx = 100, .ny = 100, .nz = 3, .dz = 20};
  ResistParameters p = car();
  p.bake.n_steps = 1;
  const auto variance = [&](double electrons) {
    const auto one = develop_stochastic(open_frame(grid), p, 30,
                                        {.n_realisations = 1, .electrons_per_photon = electrons}, 0);
    const auto plane = one.result.latent.dose_mj_cm2.plane(1);
    const Moments m = moments_of({plane.begin(), plane.end()});
    return m.rms * m.rms;
  };
  // 10000 / (4 pi 2.5^2) = 130 independent patches: each variance to 12 %, their ratio to 18 %, and partly
  // together.
  CHECK(variance(1) / variance(0) == Approx(2).epsilon(0.4));
  CHECK(variance(50) / variance(0) == Approx(1.02).epsilon(0.2));
}

TEST_CASE("noise: the dose of exposures varies by what was asked for", "[validation][resist]") {
  // Almost no photon noise, so that the counted photons tell the dose.
  const Grid3D grid{.nx = 8, .ny = 8, .nz = 3, .dz = 20};
  ResistParameters p = car();
  p.bake.n_steps = 1;
  std::vector<double> photons;
  constexpr int kExposures = 200;
  for (int k = 0; k < kExposures; ++k)
    photons.push_back(
        develop_stochastic(open_frame(grid), p, 1e4, {.n_realisations = kExposures, .dose_noise = 0.05}, k)
            .counts.photons_absorbed);
  const Moments m = moments_of(photons);
  const double counting = 1 / std::sqrt(m.mean);
  CHECK(counting < 0.005);
  // rms of 200 draws: 5 %; three of these.
  CHECK(std::sqrt(std::pow(m.rms / m.mean, 2) - counting * counting) == Approx(0.05).epsilon(0.15));
}

TEST_CASE("noise: speckle has mean one, its contrast and its length", "[validation][resist]") {
  const Grid3D grid{.nx = 256, .ny = 256, .nz = 1, .dx = 2, .dy = 2};
  constexpr int kFields = 6;
  for (const double contrast : {0.05, 0.4}) {
    const StochasticsParameters noise{.speckle_contrast = contrast, .speckle_length_nm = 16};
    double least = 1, mean = 0, square = 0, of_log = 0, at_length = 0, at_twice = 0;
    for (int k = 0; k < kFields; ++k) {
      const Field2D<double> field = speckle_field(grid, noise, k);
      const double share = 1.0 / (kFields * static_cast<double>(grid.plane_size()));
      // The logarithm is normal with this mean, for a mean of one.
      const double middle = -std::log1p(contrast * contrast) / 2;
      const auto log_at = [&](int iy, int ix) { return std::log(field(iy, ix % grid.nx)) - middle; };
      for (int iy = 0; iy < grid.ny; ++iy)
        for (int ix = 0; ix < grid.nx; ++ix) {
          least = std::min(least, field(iy, ix));
          mean += share * field(iy, ix);
          square += share * (field(iy, ix) - 1) * (field(iy, ix) - 1);
          of_log += share * log_at(iy, ix) * log_at(iy, ix);
          at_length += share * log_at(iy, ix) * log_at(iy, ix + 8);
          at_twice += share * log_at(iy, ix) * log_at(iy, ix + 16);
        }
    }
    // Six fields of 512^2 / (pi 16^2) = 326 grains: the mean to contrast / 44, the variance to sqrt(2/2000).
    CHECK(least > 0);
    CHECK(mean == Approx(1).margin(3 * contrast / 44));
    CHECK(std::sqrt(square) == Approx(contrast).epsilon(0.08));
    CHECK(at_length / of_log == Approx(std::exp(-1)).margin(0.05));
    CHECK(at_twice / of_log == Approx(std::exp(-4)).margin(0.05));
  }
}

TEST_CASE("noise: speckle is in the light, and noise has its seed", "[unit][resist]") {
  const Grid3D grid{.nx = 24, .ny = 24, .nz = 3, .dz = 20};
  ResistParameters p = car();
  p.bake.n_steps = 1;
  const auto photons = [&](const StochasticsParameters& noise, int realisation) {
    return develop_stochastic(open_frame(grid), p, 30, noise, realisation).counts.photons_absorbed;
  };
  const StochasticsParameters plain{.n_realisations = 2};
  CHECK(photons(plain, 0) == photons(plain, 0));
  CHECK(photons(plain, 0) != photons(plain, 1));
  CHECK(photons(plain, 0) != photons({.n_realisations = 2, .seed = 2}, 0));
  CHECK(photons(plain, 0) != photons({.n_realisations = 2, .speckle_contrast = 0.3}, 0));
}

TEST_CASE("noise: what it refuses it calls by its key", "[unit][resist]") {
  using Catch::Matchers::Contains;
  const Grid3D grid{.nx = 8, .ny = 8, .nz = 3, .dz = 20};
  const auto developed = [&](const ResistParameters& p, double dose, const StochasticsParameters& noise) {
    static_cast<void>(develop_stochastic(open_frame(grid), p, dose, noise, 0));
  };
  ResistParameters sharp = car();
  sharp.blur.sigma_nm = 0;
  CHECK_THROWS_WITH(developed(sharp, 30, {}), Contains("resist.blur.sigma_nm = 0") && Contains("use 2"));
  ResistParameters clear = car();
  clear.film.dill_b_per_um = 0;
  CHECK_THROWS_WITH(developed(clear, 30, {}), Contains("resist.film.dill_b_per_um = 0"));
  for (const double dose : {0.0, -1.0})
    CHECK_THROWS_WITH(developed(car(), dose, {}), Contains("throughput.dose_mj_cm2 = "));
  CHECK_THROWS_WITH(develop(open_frame(grid), car(), 0), Contains("throughput.dose_mj_cm2 = 0"));
  CHECK_THROWS_WITH(developed(car(), 30, {.dose_noise = -0.1}), Contains("stochastics.dose_noise = -0.1"));
  CHECK_THROWS_WITH(developed(car(), 30, {.speckle_contrast = 2}),
                    Contains("stochastics.speckle_contrast = 2"));
  CHECK_THROWS_WITH(developed(car(), 30, {.speckle_contrast = 0.1, .speckle_length_nm = 0}),
                    Contains("stochastics.speckle_length_nm = 0"));
}

TEST_CASE("noise: every process has a stream of its own, whose number never changes", "[unit][resist]") {
  const RandomStream streams[] = {RandomStream::photons,   RandomStream::electrons, RandomStream::acids,
                                  RandomStream::quenchers, RandomStream::dose,      RandomStream::speckle};
  for (std::uint32_t i = 0; i < 6; ++i)
    CHECK(random_of(7, streams[i], 12, 3).uniform() == VoxelRandom(7, i, 12, 3).uniform());
}
