// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "picture_inputs.hpp"

using namespace undulith;
using namespace undulith::report;
using namespace undulith::test;

namespace {

/// Lines of pitch 40 nm whose contrast falls with focus.
imaging::AerialImage lines_at(double focus_nm) {
  const Box cell{0, 0, 40, 40};
  const int n = 17;
  const double contrast = 0.4 * std::exp(-std::pow(focus_nm / 60, 2));
  std::vector<double> samples;
  for (int iy = 0; iy < n; ++iy)
    for (int ix = 0; ix < n; ++ix)
      samples.push_back(0.5 - contrast * std::cos(2 * std::numbers::pi * ix / n));
  imaging::AerialImage image;
  image.window = cell;
  image.focus_nm = focus_nm;
  image.series = math::FourierSeries2D(cell, n, n, samples, 8, 8);
  image.intensity = image.series.sample_cell(40, 40);
  return image;
}

metrology::Measurement measured(int n_gauges, double cd_nm) {
  metrology::Measurement measurement;
  for (int i = 0; i < n_gauges; ++i) {
    metrology::GaugeResult gauge;
    gauge.gauge.name = "g" + std::to_string(i);
    gauge.gauge.x_nm = gauge.gauge.y_nm = 20;
    gauge.cd_nm = cd_nm + i;
    gauge.target_cd_nm = 20;
    gauge.nils = 2 - i * 0.1;
    measurement.gauges.push_back(gauge);
  }
  return measurement;
}

Picture drawn(const std::vector<imaging::AerialImage>& images,
              const std::vector<metrology::Measurement>& measurements) {
  std::vector<FocusPlane> planes;
  for (std::size_t i = 0; i < images.size(); ++i) planes.push_back({&images[i], &measurements[i]});
  return draw_through_focus(planes, {.title = "lines"});
}

int count(const io::RgbImage& image, Rgb colour) {
  int n = 0;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3)
    n += Rgb{image.pixels[i], image.pixels[i + 1], image.pixels[i + 2]} == colour ? 1 : 0;
  return n;
}

}  // namespace

TEST_CASE("through focus picture: a curve for each gauge, gaps where nothing prints", "[unit][report]") {
  std::vector<imaging::AerialImage> images;
  std::vector<metrology::Measurement> measurements;
  for (const double focus_nm : {-60.0, -30.0, 0.0, 30.0, 60.0}) {
    images.push_back(lines_at(focus_nm));
    measurements.push_back(measured(2, 20 + focus_nm / 30));
  }
  const Picture picture = drawn(images, measurements);
  CHECK(picture.text.at("Title") == "Through focus — lines");
  const int whole = count(picture.image, okabe_ito::kBlue);
  CHECK(whole > 500);
  CHECK(count(picture.image, okabe_ito::kOrange) > 500);
  CHECK(count(picture.image, okabe_ito::kGreen) == 0);  // the third gauge, which there is not
  CHECK(drawn(images, measurements).image.pixels == picture.image.pixels);

  // The first gauge is lost at the ends.
  for (const std::size_t plane : {0U, 1U, 4U}) {
    measurements[plane].gauges[0].status = metrology::PrintStatus::not_printed;
    measurements[plane].gauges[0].cd_nm.reset();
  }
  const int rest = count(drawn(images, measurements).image, okabe_ito::kBlue);
  CHECK(rest < whole);
  CHECK(rest > 0);
}

TEST_CASE("through focus picture: many or no gauges; what does not fit is refused", "[unit][report]") {
  const std::vector<imaging::AerialImage> images = {lines_at(-20), lines_at(20)};
  const std::vector<metrology::Measurement> six = {measured(6, 18), measured(6, 19)},
                                            many = {measured(60, 18), measured(60, 19)},
                                            none = {measured(0, 0), measured(0, 0)},
                                            uneven = {measured(1, 18), measured(2, 18)};
  CHECK(drawn(images, many).image.height <= drawn(images, six).image.height + 60);
  CHECK(drawn(images, none).image.width > 0);
  CHECK_THROWS_AS(drawn(images, uneven), std::invalid_argument);
  const std::vector<FocusPlane> once = {{&images[0], &six[0]}, {&images[0], &six[0]}};
  CHECK_THROWS_AS(draw_through_focus(once, {}), std::invalid_argument);
  // The order does not matter.
  CHECK(drawn({images[1], images[0]}, {six[1], six[0]}).image.pixels == drawn(images, six).image.pixels);
}

TEST_CASE("through focus picture: gauges of line ends, which have no CD, change nothing", "[unit][report]") {
  std::vector<imaging::AerialImage> images;
  std::vector<metrology::Measurement> plain, with_ends;
  for (const double focus_nm : {-30.0, 0.0, 30.0}) {
    images.push_back(lines_at(focus_nm));
    plain.push_back(measured(12, 20 + focus_nm / 30));
    with_ends.push_back(plain.back());
    metrology::GaugeResult end;
    end.gauge.name = "end";
    end.gauge.edges = metrology::GaugeEdges::left;
    auto& gauges = with_ends.back().gauges;
    gauges.insert(gauges.begin(), end);
    gauges.push_back(end);
  }
  CHECK(drawn(images, with_ends).image.pixels == drawn(images, plain).image.pixels);
}
