// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "undulith/core/error.hpp"
#include "undulith/throughput/throughput.hpp"

using namespace undulith;
using namespace undulith::throughput;

namespace {
constexpr double kRounding = 1e-12;
}

TEST_CASE("dose: photons at 13.5 nm", "[validation][throughput]") {
  const DoseNoise one = estimate_dose_noise(1, 13.5, 0.004, 0, 0);
  CHECK(one.photons_per_nm2 == Approx(0.680).margin(0.0005));  // quoted to three digits
  const DoseNoise thirty = estimate_dose_noise(30, 13.5, 0.004, 0, 0);
  CHECK(thirty.photons_per_nm2 * 20 * 20 == Approx(8155).margin(0.6));  // quoted to the photon
  // A photon of half the energy: twice as many.
  CHECK(estimate_dose_noise(1, 27, 0.004, 0, 0).photons_per_nm2 ==
        Approx(2 * one.photons_per_nm2).epsilon(kRounding));
  CHECK(one.pulses_per_slit == 0);
  CHECK(one.pulse_noise_percent == 0);
  CHECK(estimate_dose_noise(0, 13.5, 0, 50e3, 0.01).photons_per_nm2 == 0);
}

TEST_CASE("dose: noise of pulses falls with the root of their number", "[validation][throughput]") {
  // 50 kHz over 2 mm at 588 mm/s: 170 pulses.
  const DoseNoise lpp = estimate_dose_noise(20, 13.5, 2.0 / 588, 50e3, 0.03);
  CHECK(lpp.pulses_per_slit == Approx(170).margin(0.1));
  CHECK(lpp.pulse_noise_percent == Approx(3 / std::sqrt(lpp.pulses_per_slit)).epsilon(kRounding));
  CHECK(estimate_dose_noise(20, 13.5, 2.0 / 588, 200e3, 0.03).pulse_noise_percent ==
        Approx(lpp.pulse_noise_percent / 2).epsilon(kRounding));
}

TEST_CASE("dose: noise of pulses against drawn pulses", "[validation][throughput]") {
  // Doses of 170 independent pulses of 5 % each. The rms of 4000 samples is known to 1/sqrt(8000) = 1.1 %;
  // four times that leaves the fixed seed a margin.
  constexpr int kSamples = 4000, kPulses = 170;
  std::mt19937_64 random(3);
  std::normal_distribution<double> energy(1, 0.05);
  double sum = 0, squares = 0;
  for (int i = 0; i < kSamples; ++i) {
    double dose = 0;
    for (int p = 0; p < kPulses; ++p) dose += energy(random);
    sum += dose / kPulses;
    squares += dose / kPulses * dose / kPulses;
  }
  const double mean = sum / kSamples;
  const double rms_percent = 100 * std::sqrt(squares / kSamples - mean * mean);
  CHECK(estimate_dose_noise(30, 13.5, 1, kPulses, 0.05).pulse_noise_percent ==
        Approx(rms_percent).epsilon(4 * 0.011));
}

TEST_CASE("dose: edge roughness of photons", "[validation][throughput]") {
  // CD 16 nm, NILS 2: the edge moves 8 nm for a relative change 1. 20 photons/nm^2, a fifth absorbed, 5 nm
  // blur: 100 photons count, a tenth of noise: 0.8 nm rms.
  CHECK(photon_noise_ler_nm(16, 2, 20, 0.2, 5) == Approx(2.4).epsilon(kRounding));
}

TEST_CASE("dose: how edge roughness scales", "[property][throughput]") {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> factor(1.1, 4);
  for (int i = 0; i < 100; ++i) {
    const double cd = 10 * factor(random), nils = factor(random), photons = 10 * factor(random);
    const double share = 0.2 * factor(random), blur = 2 * factor(random), f = factor(random);
    const double ler = photon_noise_ler_nm(cd, nils, photons, share, blur);
    REQUIRE(std::isfinite(ler));
    CHECK(photon_noise_ler_nm(f * cd, nils, photons, share, blur) == Approx(f * ler).epsilon(kRounding));
    CHECK(photon_noise_ler_nm(cd, f * nils, photons, share, blur) == Approx(ler / f).epsilon(kRounding));
    CHECK(photon_noise_ler_nm(cd, nils, photons, share, f * blur) == Approx(ler / f).epsilon(kRounding));
    CHECK(photon_noise_ler_nm(cd, nils, f * f * photons, share, blur) == Approx(ler / f).epsilon(kRounding));
    CHECK(photon_noise_ler_nm(cd, nils, photons, share / f, blur) ==
          Approx(ler * std::sqrt(f)).epsilon(kRounding));
  }
  CHECK_THROWS_AS(photon_noise_ler_nm(16, 0, 20, 0.2, 5), InputError);
  CHECK_THROWS_AS(photon_noise_ler_nm(16, 2, 20, 1.2, 5), InputError);
  CHECK_THROWS_AS(photon_noise_ler_nm(16, 2, 0, 0.2, 5), InputError);
}

TEST_CASE("dose: electricity of a wafer", "[unit][throughput]") {
  CHECK(energy_per_wafer_kwh(1200, 800, 200) == Approx(10).epsilon(kRounding));
  CHECK(energy_per_wafer_kwh(0, 800, 200) == 0);   // the source's is not known
  CHECK(energy_per_wafer_kwh(1200, 800, 0) == 0);  // no wafers
  CHECK_THROWS_AS(energy_per_wafer_kwh(-1, 800, 200), InputError);
}
