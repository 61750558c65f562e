// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <thread>

#include "picture_inputs.hpp"

using namespace undulith;
using namespace undulith::report;
using namespace undulith::test;

namespace {

constexpr double kPi = std::numbers::pi;
const Box kGuarded{-50, -50, 290, 250};
// A table of 4096 colours represents the map: a channel moves by less than one step between entries.
constexpr int kColourStep = 1;

Picture draw(const imaging::AerialImage& image, const layout::Clip& clip,
             const metrology::Measurement& measurement = {}) {
  return draw_aerial_image(image, clip, measurement, {.title = "test", .details = {}});
}

/// Share of pixels of the data area whose colour is far from that of `f` at the pixel's centre.
template <class F>
double share_off(const Picture& picture, const DataBox& box, double high, int tolerance, F f) {
  int n_off = 0;
  for (int row = box.top; row < box.top + box.height; ++row) {
    for (int column = box.left; column < box.left + box.width; ++column) {
      const Rgb expected = colour_of(ColourMap::violet_yellow, f(box.x(column), box.y(row)) / high);
      if (difference(pixel(picture.image, row, column), expected) > tolerance) ++n_off;
    }
  }
  return static_cast<double>(n_off) / (box.width * box.height);
}

}  // namespace

TEST_CASE("aerial image picture: every pixel has the colour of the image at its centre",
          "[validation][report]") {
  // Bilinear in x and y, so that interpolation is exact and a shift by half a pixel or half a sample would
  // show.
  const Box window{0, 0, 240, 200};
  const auto f = [](double x, double y) { return 0.1 + x / 400 + y / 1000 + x * y / 2e5; };
  const imaging::AerialImage image = sampled_image(window, 25, 21, f);
  const Picture picture = draw(image, clip_of(kGuarded, window));
  const DataBox box(picture);
  CHECK(box.x0 == 0);
  CHECK(box.y0 == 0);
  CHECK(box.x1 == 240);
  CHECK(box.y1 == 200);
  const double high = f(240, 200);
  CHECK(numbers_of(picture, "undulith:value_range") == std::vector<double>{0, image.intensity(20, 24)});
  CHECK(numbers_of(picture, "undulith:pixel_pitch_nm").at(0) == Approx(240.0 / box.width));
  CHECK(share_off(picture, box, high, kColourStep, f) == 0);
  // The same picture moved by half a pixel must fail this comparison somewhere, or it proves nothing.
  const double half = 0.5 * 240 / box.width * 10;
  CHECK(share_off(picture, box, high, kColourStep, [&](double x, double y) { return f(x + half, y); }) >
        0.05);
}

TEST_CASE("aerial image picture: x points right and y up", "[unit][report]") {
  const Box window{0, 0, 200, 200};
  const auto f = [](double x, double y) {
    return std::exp(-((x - 150) * (x - 150) + (y - 180) * (y - 180)) / 400);
  };
  const Picture picture = draw(sampled_image(window, 201, 201, f), clip_of(kGuarded, window));
  const DataBox box(picture);
  const Rgb bright = colour_of(ColourMap::violet_yellow, 1), dark = colour_of(ColourMap::violet_yellow, 0);
  CHECK(difference(pixel(picture.image, box.row(180), box.column(150)), bright) <= 2);
  CHECK(difference(pixel(picture.image, box.row(20), box.column(150)), dark) <= 2);
  CHECK(difference(pixel(picture.image, box.row(180), box.column(50)), dark) <= 2);
  CHECK(box.row(180) < box.row(20));
}

TEST_CASE("aerial image picture: a periodic cell is continued without a seam", "[unit][report]") {
  // Samples as a periodic cell has them: none on the far border. Error of linear interpolation: (step^2/8)
  // max|f''|.
  const Box cell{0, 0, 20, 30};
  imaging::AerialImage image;
  image.window = cell;
  const Grid2D grid{Plane::wafer, 40, 3, 0, 0, 0.5, 10};
  Field2D<double> samples(grid);
  const auto f = [](double x, double) { return 0.5 + 0.4 * std::cos(2 * kPi * x / 20); };
  for (int iy = 0; iy < 3; ++iy) {
    for (int ix = 0; ix < 40; ++ix) samples(iy, ix) = f(grid.x(ix), 0);
  }
  image.intensity = std::move(samples);
  const double error = 0.5 * 0.5 / 8 * 0.4 * (2 * kPi / 20) * (2 * kPi / 20);
  const int tolerance =
      kColourStep + static_cast<int>(std::ceil(error / 0.9 * 1000));  // a map moves < 1000 steps in all
  // Without target and contours nothing but the cell's dotted frame covers the data.
  const Picture picture = draw(image, clip_of(cell, cell));
  const DataBox box(picture);
  CHECK(box.x1 - box.x0 >= 100);
  const double frame_share = 0.03;
  CHECK(share_off(picture, box, 0.9, tolerance, f) < frame_share);
}

TEST_CASE("aerial image picture: contour, target and gauges stand where they belong", "[unit][report]") {
  const Box window{0, 0, 240, 200};
  const auto f = [](double x, double) { return 0.5 - 0.4 * std::cos(2 * kPi * x / 80); };
  const imaging::AerialImage image = sampled_image(window, 481, 5, f);
  metrology::Measurement measurement;
  measurement.contours = math::find_contours(image.intensity, 0.3);
  const Picture picture = draw(image, clip_of(kGuarded, window, {rectangle(100, 50, 140, 150)}), measurement);
  const DataBox box(picture);
  const double edge = 80 / (2 * kPi) * std::acos(0.5);  // 0.5 - 0.4 cos = 0.3
  for (const double x : {edge, 80 - edge, 80 + edge, 160 - edge}) {
    const int row = box.row(37.3);
    CAPTURE(x);
    CHECK(difference(pixel(picture.image, row, box.column(x)), okabe_ito::kVermillion) <= 8);
    // The line is 2.2 units, 4.4 pixels wide; its halo 9.2 pixels.
    CHECK(difference(pixel(picture.image, row, box.column(x) + 8),
                     colour_of(ColourMap::violet_yellow, f(box.x(box.column(x) + 8), 0) / 0.9)) <= 2);
  }
  // Target: dashes of white on a dark line, so somewhere along the edge the pixel is nearly white.
  bool white = false;
  for (int row = box.row(140); row < box.row(60); ++row) {
    white = white || difference(pixel(picture.image, row, box.column(100)), {255, 255, 255}) < 40;
  }
  CHECK(white);

  metrology::GaugeResult gauge;
  gauge.gauge = {"g", 40, 100, 0, 80, metrology::Feature::bright, 40.0};
  gauge.edge_left_nm = edge - 40;
  gauge.edge_right_nm = 40 - edge;
  gauge.cd_nm = 80 - 2 * edge;
  measurement.gauges.push_back(gauge);
  const Picture with_gauge = draw(image, clip_of(kGuarded, window), measurement);
  const DataBox again(with_gauge);
  for (const double x : {edge + 3, 40.0, 77 - edge}) {
    CHECK(difference(pixel(with_gauge.image, again.row(100), again.column(x)), {0, 0, 0}) < 100);
  }
}

TEST_CASE("aerial image picture: same input, same pixels, on any thread", "[property][report]") {
  const Box window{0, 0, 100, 100};
  const auto f = [](double x, double y) { return 0.4 + 0.3 * std::sin(x / 7) * std::cos(y / 9); };
  const imaging::AerialImage image = sampled_image(window, 101, 101, f);
  metrology::Measurement measurement;
  measurement.contours = math::find_contours(image.intensity, 0.3);
  const layout::Clip clip = clip_of(kGuarded, window, {rectangle(10, 10, 50, 90)});
  const Picture first = draw(image, clip, measurement);
  std::array<Picture, 2> others;
  std::thread one([&] { others[0] = draw(image, clip, measurement); });
  std::thread two([&] { others[1] = draw(image, clip, measurement); });
  one.join();
  two.join();
  for (const Picture& other : others) {
    CHECK(other.image.pixels == first.image.pixels);
    CHECK(other.text == first.text);
  }
}

TEST_CASE("aerial image picture: constant, dark and extreme images", "[unit][report]") {
  for (const double value : {0.0, 1.0, -1e-17, 1e-300}) {
    for (const Box& window : {Box{0, 0, 100, 100}, Box{0, 0, 36, 1000}, Box{0, 0, 1000, 36}, Box{0, 0, 26, 2},
                              Box{0, 0, 1e-3, 1e3}}) {
      CAPTURE(value, window.x1, window.y1);
      const imaging::AerialImage image = sampled_image(window, 5, 4, [&](double, double) { return value; });
      for (const Box& cell : {window, Box{-10, -10, window.x1 + 10, window.y1 + 10}}) {
        const Picture picture = draw(image, clip_of(cell, window));
        CHECK(picture.image.width >= 1200);
        CHECK(picture.image.width <= 2600);
        CHECK(picture.image.height <= 2600);
        CHECK(picture.image.pixels.size() ==
              std::size_t{3} * static_cast<std::size_t>(picture.image.width * picture.image.height));
      }
    }
  }
  // One sample, and one that is no number.
  imaging::AerialImage image;
  image.window = {0, 0, 10, 10};
  image.intensity = Field2D<double>(Grid2D{Plane::wafer, 1, 1, 0, 0, 10, 10}, std::nan(""));
  CHECK(draw(image, clip_of(image.window, image.window)).image.width > 0);
  CHECK_THROWS_AS(draw(imaging::AerialImage{}, clip_of(kGuarded, kGuarded)), std::invalid_argument);
}
