// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/illuminator/facets.hpp"

using namespace undulith;
using namespace undulith::illuminator;
using Catch::Matchers::Contains;

namespace {

constexpr double kRounding = 1e-12;

source::SourceOutput light_with(double coherence_time_fs) {
  source::SourceOutput light;
  light.coherence.coherence_time_fs = coherence_time_fs;
  light.coherence.coherence_length_um = coherence_time_fs * constants::kSpeedOfLight * 1e-9;
  return light;
}

}  // namespace

TEST_CASE("etendue: slit of a 0.33 NA scanner", "[validation][illuminator]") {
  // 26 x 2 mm at NA 0.33: 17.8 mm^2 sr for the full pupil and 2e10 modes at 20 % fill, computed elsewhere.
  source::SourceOutput light;
  light.coherence.n_modes_x = 10;
  light.coherence.n_modes_y = 2;
  const Etendue full = compare_etendue(light, {}, 0.33, 1);
  CHECK(std::abs(full.needed_mm2_sr - 17.8) < 0.05);
  const Etendue etendue = compare_etendue(light, {}, 0.33, 0.2);
  CHECK(std::abs(etendue.needed_modes / 2e10 - 1) < 0.05);
  CHECK(etendue.source_modes == 20);
  CHECK(etendue.source_mm2_sr == Approx(20 * 13.5e-6 * 13.5e-6).epsilon(kRounding));
  CHECK(etendue.geometric_transmission == 1);
  CHECK(compare_etendue(light, {.radius_mm = 30}, 0.33, 0.2).needed_mm2_sr == etendue.needed_mm2_sr);
}

TEST_CASE("etendue: a source that is too large loses light", "[unit][illuminator]") {
  source::SourceOutput light;
  CHECK(compare_etendue(light, {}, 0.33, 0.2).geometric_transmission == 1);  // not known
  const double modes = compare_etendue(light, {}, 0.33, 0.2).needed_modes;
  light.coherence.n_modes_x = 4;
  light.coherence.n_modes_y = modes;
  CHECK(compare_etendue(light, {}, 0.33, 0.2).geometric_transmission == Approx(0.25).epsilon(kRounding));
  CHECK(compare_etendue(light, {}, 0.33, 0.1).geometric_transmission == Approx(0.125).epsilon(kRounding));
  CHECK(compare_etendue(light, {}, 0.33, 0).geometric_transmission == 1);  // a list of points
  CHECK_THROWS_WITH(compare_etendue(light, {}, 4.2, 0.2), Contains("imaging.na = 4.2"));
  CHECK_THROWS_WITH(compare_etendue(light, {.radius_mm = 10}, 0.33, 0.2), Contains("radius_mm"));
  CHECK_THROWS_WITH(compare_etendue(light, {.width_mm = 0}, 0.33, 0.2), Contains("width_mm"));
  CHECK_THROWS_AS(compare_etendue(light, {}, 0.33, 1.1), InputError);
}

TEST_CASE("speckle: laser pulses at a megahertz rate", "[validation][illuminator]") {
  // 162.5 MHz, 5 ms and some 16 spikes a pulse: 3e-4 from time alone, as estimated elsewhere.
  source::SourceOutput light = light_with(12.5);
  light.time = {.pulsed = true, .repetition_rate_hz = 162.5e6, .pulse_length_fs = 200};
  light.stokes = {.s0 = 1, .s1 = 1};
  const Speckle speckle = estimate_speckle(light, 1, 1000, 5e-3);
  CHECK(speckle.n_time == Approx(162.5e6 * 5e-3 * 16).epsilon(1e-9));
  CHECK(std::abs(speckle.contrast / 3e-4 - 1) < 0.1);
  const Speckle facets = estimate_speckle(light, 400, 1000, 5e-3);
  CHECK(facets.n_space == 400);
  CHECK(facets.contrast == Approx(speckle.contrast / 20).epsilon(kRounding));
  light.stokes = {};
  CHECK(estimate_speckle(light, 1, 1000, 5e-3).n_polarisation == 2);
}

TEST_CASE("speckle: light coherent across facets is not averaged by time", "[unit][illuminator]") {
  // A line locked to a laser: 45 ps, 13.5 mm.
  const source::SourceOutput light = light_with(45e3);
  const Speckle speckle = estimate_speckle(light, 336, 1000, 5e-3);
  CHECK(speckle.n_space == 1);
  CHECK(speckle.n_time == 1);
  CHECK(speckle.contrast == Approx(1 / std::sqrt(2.0)).epsilon(kRounding));
  CHECK_THAT(speckle.assumption, Contains("upper bound") && Contains("move"));
  const Speckle apart = estimate_speckle(light, 336, 20000, 5e-3);
  CHECK(apart.n_space == 336);
  CHECK(apart.n_time == Approx(5e-3 / 45e-12).epsilon(1e-9));
}

TEST_CASE("speckle: never zero, and never without its assumption", "[property][illuminator]") {
  for (const double time_fs : {0.0, 2.25, 4.5, 45e3, 1e15})
    for (const double path_um : {0.0, 1.0, 1e3, 1e9})
      for (const double exposure_s : {0.0, 1e-3, 1.0})
        for (const bool pulsed : {false, true}) {
          source::SourceOutput light = light_with(time_fs);
          light.time.pulsed = pulsed;
          light.time.repetition_rate_hz = pulsed ? 5e4 : 0;
          light.coherence.n_modes_x = light.coherence.n_modes_y = time_fs > 0 ? 1e4 : 0;
          const Speckle speckle = estimate_speckle(light, 336, path_um, exposure_s);
          REQUIRE(std::isfinite(speckle.contrast));
          CHECK(speckle.contrast > 0);
          CHECK(speckle.contrast <= 1);
          CHECK(speckle.assumption.size() > 50);
        }
}

TEST_CASE("speckle: coherence follows from the bandwidth where the source tells none",
          "[unit][illuminator]") {
  source::SourceOutput light;
  light.bandwidth_fwhm_percent = 1;  // 1.35 um
  CHECK(estimate_speckle(light, 100, 1.3, 1e-3).n_space == 1);
  CHECK(estimate_speckle(light, 100, 1.4, 1e-3).n_space == 100);
  light.bandwidth_fwhm_percent = 0;
  CHECK_THAT(estimate_speckle(light, 100, 1e9, 1e-3).assumption, Contains("not known"));
  CHECK_THROWS_WITH(estimate_speckle(light, 0, 1, 1), Contains("n_facets = 0"));
  CHECK_THROWS_WITH(estimate_speckle(light, 1, -1, 1), Contains("facets.path_difference_um = -1"));
  CHECK_THROWS_WITH(estimate_speckle(light, 1, 1, -1), Contains("exposure_s = -1"));
}
