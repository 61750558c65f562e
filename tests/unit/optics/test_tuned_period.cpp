// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "undulith/core/error.hpp"
#include "undulith/optics/mirror.hpp"

using namespace undulith;
using Catch::Matchers::Contains;

TEST_CASE("mirror: tuned curve has its half-maximum points about the wavelength", "[property][optics]") {
  // Sampled 40 times as finely as the tuning does; linear interpolation of its samples is off by 5e-6.
  constexpr double kTuning = 2e-5;
  constexpr int kSamples = 6401;
  const double wavelength_nm = GENERATE(13.0, 13.5), incidence_deg = GENERATE(0.0, 6.0, 20.0);
  const int n_mirrors = GENERATE(1, 11);
  optics::MoSiMirror mirror;
  mirror.period_nm = optics::tuned_period_nm(mirror, wavelength_nm, incidence_deg, n_mirrors);
  std::vector<double> curve;
  for (int i = 0; i < kSamples; ++i) {
    const double ratio = 0.96 + 0.08 * i / (kSamples - 1);
    curve.push_back(std::pow(optics::reflectance(mirror, ratio * wavelength_nm, incidence_deg), n_mirrors));
  }
  const double half = 0.5 * *std::max_element(curve.begin(), curve.end());
  const auto above = [&](double value) { return value >= half; };
  const auto first = std::find_if(curve.begin(), curve.end(), above) - curve.begin();
  const auto last = curve.rend() - std::find_if(curve.rbegin(), curve.rend(), above) - 1;
  const double middle = 0.96 + 0.08 * 0.5 * static_cast<double>(first + last) / (kSamples - 1);
  CHECK(std::abs(middle - 1) < kTuning);
}

TEST_CASE("mirror: refuses to tune what has no peak", "[unit][optics]") {
  CHECK_THROWS_WITH(optics::tuned_period_nm({}, 13.5, 85, 1), Contains("incidence_deg = 85"));
  CHECK_THROWS_WITH(optics::tuned_period_nm({}, 9, 6, 1), Contains("wavelength_nm = 9"));
  CHECK_THROWS_WITH(optics::tuned_period_nm({}, 13.5, 6, 0), Contains("n_mirrors = 0"));
}
