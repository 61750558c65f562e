// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <stdexcept>

#include "undulith/report/multilayer_pictures.hpp"

using namespace undulith;

namespace {

report::ReflectionPlot ramp() {
  return {.title = "Ramp",
          .x_label = "x (nm)",
          .curve = {{0, 1, 2}, {0.1, 0.5, 0}, {0, 0.4, 0.1}, {0, 10, 20}, {5, 5, 5}},
          .band_label = {}};
}

int count(const io::RgbImage& image, int red, int green, int blue) {
  int n = 0;
  for (std::size_t i = 0; i + 2 < image.pixels.size(); i += 3)
    n += image.pixels[i] == red && image.pixels[i + 1] == green && image.pixels[i + 2] == blue;
  return n;
}

}  // namespace

TEST_CASE("multilayer pictures: curves, marks and bands are drawn", "[unit][report]") {
  const auto plain = report::draw_reflection(ramp(), {.title = "job"});
  CHECK(plain.text.at("Title") == "Ramp — job");
  // Blue and vermillion of s and p.
  CHECK(count(plain.image, 0, 114, 178) > 500);
  CHECK(count(plain.image, 213, 94, 0) > 300);
  auto plot = ramp();
  plot.mark = report::AxisMark{1, "here"};
  plot.band_low = 0.5;
  plot.band_high = 1.5;
  plot.band_label = "band";
  plot.with_mean = plot.logarithmic = true;
  const auto full = report::draw_reflection(plot, {.title = "job"});
  CHECK(full.image.pixels != plain.image.pixels);
  CHECK(report::draw_reflection(plot, {.title = "job"}).image.pixels == full.image.pixels);
}

TEST_CASE("multilayer pictures: refuse curves that are none", "[unit][report]") {
  auto plot = ramp();
  plot.curve.phase_p_deg.pop_back();
  CHECK_THROWS_AS(report::draw_reflection(plot, {}), std::invalid_argument);
  plot.curve = {{0}, {0}, {0}, {0}, {0}};
  CHECK_THROWS_AS(report::draw_reflection(plot, {}), std::invalid_argument);
  CHECK_THROWS_AS(report::draw_standing_wave({}, {}), std::invalid_argument);
}

TEST_CASE("multilayer pictures: a material has one colour", "[unit][report]") {
  mask::StandingWave wave{.depth_nm = {-1, 0, 1, 2, 3}, .intensity = {1, 2, 1, 2, 1}, .layers = {}};
  wave.layers = {{"Si", 0, 1}, {"Mo", 1, 2}, {"Si", 2, 3}};
  const auto picture = report::draw_standing_wave(wave, {});
  const int si = count(picture.image, 240, 198, 140), mo = count(picture.image, 222, 235, 247);
  // Two films of one, one of the other, of equal thickness; the curve hides some of both.
  CHECK(si > 1.7 * mo);
  CHECK(si < 2.3 * mo);
}
