// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "picture_inputs.hpp"
#include "report/comparison_cuts.hpp"
#include "undulith/report/source_pictures.hpp"

using namespace undulith;
using namespace undulith::report;
using namespace undulith::test;

namespace {

constexpr double kPeak = 4e16;
constexpr int kColourSteps = 3;  // of 255: rounding of the colour table and of the raster

/// A round beam of 0.1 mrad rms, S1 on the axis, S3 that changes sign across it; samples at -0.4 ... 0.4
/// mrad.
source::SourceOutput beam() {
  source::SourceOutput light;
  light.name = "beam";
  const Grid2D grid{Plane::angle, 41, 41, -0.4, -0.4, 0.02, 0.02};
  light.angular_flux = {Field2D<double>(grid), Field2D<double>(grid), Field2D<double>(grid),
                        Field2D<double>(grid)};
  for (int iy = 0; iy < grid.ny; ++iy) {
    for (int ix = 0; ix < grid.nx; ++ix) {
      const double x = grid.x(ix), y = grid.y(iy);
      const double s0 = kPeak * std::exp(-(x * x + y * y) / (2 * 0.1 * 0.1));
      light.angular_flux.s0(iy, ix) = s0;
      light.angular_flux.s1(iy, ix) = 0.6 * s0;
      light.angular_flux.s3(iy, ix) = (y > 0.01 ? 0.8 : y < -0.01 ? -0.8 : 0) * s0;
    }
  }
  for (int i = 0; i <= 60; ++i) {
    const double energy = 90.34 + 0.05 * i;
    light.photon_energy_ev.push_back(energy);
    light.spectral_flux.push_back(1e15 * std::exp(-std::pow((energy - 91.84) / 0.5, 2)));
  }
  light.stokes = {1, 0.6, 0, 0};
  light.bandwidth_fwhm_percent = 0.9;
  return light;
}

source::SourceOutput narrow_line() {
  source::SourceOutput light;
  light.name = "line";
  for (int i = -5; i <= 5; ++i) {
    light.photon_energy_ev.push_back(91.84 * (1 + 1e-7 * i));
    light.spectral_flux.push_back(i == 0 ? 1e20 : 1e18);
  }
  return light;
}

int count(const io::RgbImage& image, Rgb colour) {
  int n = 0;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3)
    n += Rgb{image.pixels[i], image.pixels[i + 1], image.pixels[i + 2]} == colour ? 1 : 0;
  return n;
}

/// Lines of pitch 40 nm and contrast 0.8 (1 + change).
imaging::AerialImage lines(double change) {
  const Box cell{0, 0, 80, 80};
  const int n = 17;
  std::vector<double> samples;
  for (int iy = 0; iy < n; ++iy)
    for (int ix = 0; ix < n; ++ix)
      samples.push_back(0.5 - 0.4 * (1 + change) * std::cos(4 * std::numbers::pi * ix / n));
  imaging::AerialImage image;
  image.window = cell;
  image.series = math::FourierSeries2D(cell, n, n, samples, 8, 8);
  image.intensity = image.series.sample_cell(80, 80);
  return image;
}

metrology::Measurement measured() {
  metrology::Measurement measurement;
  metrology::GaugeResult gauge;
  gauge.gauge = {"g1", 40, 40, 0, 60, metrology::Feature::bright, 20.0};
  gauge.cd_nm = 20;
  measurement.gauges.push_back(gauge);
  measurement.contours.push_back({{30, 30}, {0, 80}, false});
  return measurement;
}

/// Results of the sources of a comparison, equal except for the contrast of their images.
struct Compared {
  source::SourceOutput light = beam();
  illuminator::PupilFill pupil = illuminator::make_pupil_fill(
      std::vector<illuminator::SourcePoint>{{0.5, 0, 1, {1, 1, 0, 0}}, {-0.5, 0, 1, {1, 1, 0, 0}}});
  metrology::Measurement measurement = measured();
  std::vector<imaging::AerialImage> images;
  std::vector<ComparedSource> sources;

  explicit Compared(const std::vector<double>& changes) {
    for (const double change : changes) images.push_back(lines(change));
    for (std::size_t i = 0; i < changes.size(); ++i)
      sources.push_back({"source " + std::to_string(i + 1),
                         "design",
                         &light,
                         light.spectral_flux,
                         &pupil,
                         &images[i],
                         &measurement,
                         {{"in-band power", "1 W"}}});
  }
  [[nodiscard]] Picture drawn() const {
    return draw_comparison(sources, clip_of({0, 0, 80, 80}, {0, 0, 80, 80}, {rectangle(30, 0, 50, 80)}), {});
  }
};

}  // namespace

TEST_CASE("angular map picture: colours at their angles, the acceptance, no map", "[unit][report]") {
  const source::SourceOutput light = beam();
  const Picture picture = draw_angular_map(light, {.title = "beam"});
  CHECK(picture.text.at("Title") == "Angular distribution of the light — beam");
  const DataBox box(picture, "mrad");
  CHECK(box.x0 == Approx(-0.41));  // half a step beyond the first sample
  CHECK(box.y1 == Approx(0.41));
  for (const auto& [x, y] : {std::pair{0.0, 0.0}, {0.1, 0.04}, {-0.06, 0.12}, {0.2, -0.2}}) {
    const double share = std::exp(-(x * x + y * y) / (2 * 0.1 * 0.1));
    CHECK(difference(pixel(picture.image, box.row(y), box.column(x)),
                     colour_of(ColourMap::violet_yellow, share)) <= kColourSteps);
  }
  // The circle of the acceptance is drawn where it lies, and only within the map.
  const auto at_the_circle = [&](const Picture& p) {
    return pixel(p.image, box.row(0) + 1, box.column(0.2)) !=
           pixel(picture.image, box.row(0) + 1, box.column(0.2));
  };
  CHECK(at_the_circle(draw_angular_map(light, {.title = "beam"}, 200)));
  CHECK_FALSE(at_the_circle(draw_angular_map(light, {.title = "beam"}, 5000)));
  CHECK(draw_angular_map(light, {.title = "beam"}).image.pixels == picture.image.pixels);

  CHECK_THROWS_AS(draw_angular_map(narrow_line(), {}), std::invalid_argument);
  source::SourceOutput dark = light;
  dark.angular_flux.s0 = Field2D<double>(light.angular_flux.s0.grid(), 0.0);
  CHECK(draw_angular_map(dark, {}).image.width > 0);
}

TEST_CASE("Stokes picture: white is zero, the dark is grey, signs have their own colours", "[unit][report]") {
  const source::SourceOutput light = beam();
  const Picture picture = draw_stokes(light, {});
  const DataBox first(picture, "mrad");  // S1/S0; the others stand beside it at equal steps
  CHECK(difference(pixel(picture.image, first.row(0), first.column(0)),
                   colour_of(ColourMap::blue_orange, 0.8)) <= kColourSteps);
  // exp(-16) of the peak
  const Rgb dark = pixel(picture.image, first.row(0.4), first.column(0.4));
  CHECK(dark.red == dark.green);
  CHECK(dark.green == dark.blue);
  CHECK(dark.red < 230);
  const Rgb positive = colour_of(ColourMap::blue_orange, 0.9),
            negative = colour_of(ColourMap::blue_orange, 0.1);
  const auto near = [&](Rgb colour) {
    for (int column = first.left + first.width; column < picture.image.width; ++column) {
      if (difference(pixel(picture.image, first.row(0.1), column), colour) <= kColourSteps) return true;
    }
    return false;
  };
  CHECK(near(positive));  // S3 above the axis
  CHECK_FALSE(near(negative));
  CHECK(near(colour_of(ColourMap::blue_orange, 0.5)));  // S2 is 0

  // Without a map the spectrum alone, without a spectrum the maps alone.
  source::SourceOutput no_map = light, no_spectrum = light;
  no_map.angular_flux = {};
  no_spectrum.photon_energy_ev.clear();
  no_spectrum.spectral_flux.clear();
  CHECK(draw_stokes(no_map, {}).image.height < picture.image.height);
  CHECK(draw_stokes(no_spectrum, {}).image.height < picture.image.height);
  CHECK(draw_stokes(narrow_line(), {}).image.height > 0);
  CHECK_THROWS_AS(draw_stokes({}, {}), std::invalid_argument);

  // The Stokes parameters of each energy replace those of the whole.
  source::SourceOutput varied = no_map;
  varied.spectral_stokes.assign(varied.photon_energy_ev.size(), {1, -0.6, 0, 0});
  const Picture one = draw_stokes(no_map, {}), other = draw_stokes(varied, {});
  const DataBox axes(one, "axes");
  const auto blue_at = [&](const Picture& p, double value) {
    return difference(pixel(p.image, axes.row(value), axes.column(90.5)), okabe_ito::kBlue) < 40;
  };
  CHECK(blue_at(one, 0.6));
  CHECK_FALSE(blue_at(other, 0.6));
  CHECK(blue_at(other, -0.6));
}

TEST_CASE("spectrum picture: the light at the wafer is scaled to the same peak", "[unit][report]") {
  const source::SourceOutput light = beam();
  std::vector<double> wafer = light.spectral_flux;
  for (double& flux : wafer) flux *= 1e-12;
  const Picture plain = draw_spectrum(light, {}), both = draw_spectrum(light, {}, wafer);
  CHECK(count(plain.image, okabe_ito::kVermillion) == 0);
  CHECK(count(both.image, okabe_ito::kVermillion) > 500);
  wafer.pop_back();
  CHECK_THROWS_AS(draw_spectrum(light, {}, wafer), std::invalid_argument);
  // A relative width of 1e-6 is a line of at least four pixels.
  const Picture line = draw_spectrum(narrow_line(), {});
  const DataBox box(line, "axes");
  const int row = box.row(box.y1 / 2);
  int width = 0;
  for (int column = box.left; column < box.left + box.width; ++column)
    width += difference(pixel(line.image, row, column), okabe_ito::kBlue) < 40 ? 1 : 0;
  CHECK(width >= 4);
}

TEST_CASE("comparison picture: 2 to 12 sources, missing results, refused input", "[unit][report]") {
  const Compared two({0, 1e-5}), six({0, 0, 1e-6, 1e-4, 0.01, 0.1});
  const Picture small = two.drawn(), large = six.drawn();
  CHECK(large.image.height > small.image.height);
  CHECK(large.image.width == small.image.width);
  CHECK(two.drawn().image.pixels == small.image.pixels);
  CHECK(count(small.image, okabe_ito::kVermillion) > 1000);  // printed edges, threshold, light at the wafer

  Compared bare({0, 0, 0});
  bare.sources[0].image = nullptr;
  bare.sources[0].measurement = nullptr;
  bare.sources[1].light = nullptr;
  bare.sources[1].wafer_flux = {};
  bare.sources[1].pupil_fill = nullptr;
  bare.sources[2].figures.clear();
  bare.sources[2].name.assign(300, 'x');
  CHECK(bare.drawn().image.height > 0);
  for (ComparedSource& source : bare.sources) source.image = nullptr;
  const Picture without_images = bare.drawn();
  CHECK(without_images.image.height < small.image.height + 400);

  CHECK_THROWS_AS(Compared({0}).drawn(), std::invalid_argument);
  CHECK(Compared(std::vector<double>(12, 0.0)).drawn().image.height > large.image.height);
  CHECK_THROWS_AS(Compared(std::vector<double>(13, 0.0)).drawn(), std::invalid_argument);
  Compared uneven({0, 0});
  uneven.sources[0].wafer_flux = uneven.sources[0].wafer_flux.first(3);
  CHECK_THROWS_AS(uneven.drawn(), std::invalid_argument);
}

TEST_CASE("comparison picture: a line of 1e-6 relative width can be seen", "[unit][report]") {
  Compared compared({0, 0});
  const source::SourceOutput line = narrow_line();
  for (ComparedSource& source : compared.sources) {
    source.light = &line;
    source.wafer_flux = {};
  }
  const int without = [&] {
    Compared none({0, 0});
    for (ComparedSource& source : none.sources) {
      source.light = nullptr;
      source.wafer_flux = {};
    }
    return count(none.drawn().image, okabe_ito::kBlue);
  }();
  // Two vertical lines of about a hundred units by two, at two pixels a unit.
  CHECK(count(compared.drawn().image, okabe_ito::kBlue) > without + 1000);
}

TEST_CASE("comparison picture: differences in words", "[unit][report]") {
  CHECK(difference_text(0) == "the same image");
  CHECK(difference_text(1e-14) == "the same image");
  CHECK(difference_text(3e-5) == "same to 10⁻⁴");
  CHECK(difference_text(1e-4) == "same to 10⁻⁴");
  CHECK(difference_text(2e-4) == "same to 10⁻³");
  CHECK(difference_text(9e-10) == "same to 10⁻⁹");
  CHECK(difference_text(0.0123) == "differs by up to 0.012");
  // The cuts are those of the images: a contrast of 0.4 that is 1 % larger.
  const Compared compared({0, 0.01});
  CHECK(ComparisonCuts(compared.sources).gauge()->name == "g1");
  CHECK(ComparisonCuts(std::span(compared.sources).first(0)).gauge() == nullptr);
  CHECK(ComparisonCuts(std::span(compared.sources).first(0)).height() == 0);
}
