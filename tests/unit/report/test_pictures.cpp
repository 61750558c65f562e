// SPDX-License-Identifier: MIT
#include <fmt/core.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <filesystem>

#include "picture_inputs.hpp"
#include "undulith/core/version.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/png.hpp"

using namespace undulith;
using namespace undulith::report;
using namespace undulith::test;
namespace fs = std::filesystem;

namespace {

const Rgb kOpening{250, 234, 176}, kAbsorber{58, 66, 84};

bool has_colour(const io::RgbImage& image, Rgb colour) {
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    if (Rgb{image.pixels[i], image.pixels[i + 1], image.pixels[i + 2]} == colour) return true;
  }
  return false;
}

illuminator::PupilFill dipole() {
  illuminator::PupilFill fill;
  fill.points = {{0.8, 0, 0.75, {}}, {-0.8, 0, 0.25, {}}};
  fill.sigma_max = 0.8;
  return fill;
}

source::SourceOutput undulator() {
  source::SourceOutput source;
  source.description = "undulator";
  for (int i = 0; i <= 100; ++i) {
    source.photon_energy_ev.push_back(88 + 0.08 * i);
    source.spectral_flux.push_back(2e15 * std::exp(-std::pow(source.photon_energy_ev.back() - 91.84, 2)));
  }
  return source;
}

}  // namespace

TEST_CASE("pictures: files carry their text and are the same each time", "[unit][report]") {
  const Picture picture =
      draw_mask({clip_of({0, 0, 100, 100}, {0, 0, 100, 100}, {rectangle(20, 20, 60, 80)})}, {},
                {.title = "L-shaped λ \xff", .details = {"NA 0.33 · 13.5 nm"}});
  const fs::path folder = fs::temp_directory_path() / ("undulith-report-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  write_picture(folder / "a.png", picture, {{"undulith:job_hash", "0123456789abcdef"}});
  write_picture(folder / "b.png", picture, {{"undulith:job_hash", "0123456789abcdef"}});
  CHECK(io::read_text(folder / "a.png") == io::read_text(folder / "b.png"));
  const auto text = io::read_png_text(folder / "a.png");
  CHECK(text.at("undulith:job_hash") == "0123456789abcdef");
  CHECK(text.at("undulith:version") == kVersion);
  CHECK(text.at("Title") == "Mask — L-shaped λ ?");
  CHECK(text.at("undulith:data_area_nm") == "0,0,100,100");
  const io::GreyImage grey = io::read_png_grey(folder / "a.png");
  CHECK(grey.width == picture.image.width);
  CHECK(grey.height == picture.image.height);
  fs::remove_all(folder);
}

TEST_CASE("mask picture: tone, holes and copies", "[unit][report]") {
  const Box cell{0, 0, 200, 200};
  layout::Polygon hole = {{60, 60}, {60, 140}, {140, 140}, {140, 60}};  // clockwise
  const layout::Clip ring = clip_of(cell, cell, {rectangle(20, 20, 180, 180), hole});
  for (const mask::Tone tone : {mask::Tone::dark_field, mask::Tone::bright_field}) {
    mask::MaskParameters parameters;
    parameters.tone = tone;
    const Picture picture = draw_mask({ring}, parameters, {});
    const DataBox box(picture);
    const bool dark = tone == mask::Tone::dark_field;
    CHECK(pixel(picture.image, box.row(100), box.column(40)) == (dark ? kOpening : kAbsorber));
    CHECK(pixel(picture.image, box.row(100), box.column(100)) == (dark ? kAbsorber : kOpening));
    CHECK(pixel(picture.image, box.row(10), box.column(10)) == (dark ? kAbsorber : kOpening));
    // The drawn edge lies within a pixel of its place.
    CHECK(pixel(picture.image, box.row(100), box.column(20) + 3) == (dark ? kOpening : kAbsorber));
    CHECK(pixel(picture.image, box.row(100), box.column(20) - 3) == (dark ? kAbsorber : kOpening));
  }
  // One period of lines: the copies show no seam between them.
  const Box period{0, 0, 26, 2};
  const Picture lines = draw_mask({clip_of(period, period, {rectangle(6.5, 0, 19.5, 2)})}, {}, {});
  const DataBox box(lines);
  for (int row = box.top; row < box.top + box.height; ++row) {
    CHECK(pixel(lines.image, row, box.column(13 + 26)) == kOpening);
  }
}

TEST_CASE("mask picture: the guard band is pale and the window framed", "[unit][report]") {
  const Picture picture =
      draw_mask({clip_of({-100, -100, 300, 300}, {0, 0, 200, 200}, {rectangle(-100, 50, 300, 150)})}, {}, {});
  const DataBox box(picture);
  CHECK(box.x0 == -100);
  CHECK(pixel(picture.image, box.row(100), box.column(100)) == kOpening);
  CHECK(pixel(picture.image, box.row(100), box.column(-50)).blue > kOpening.blue + 20);
  CHECK(pixel(picture.image, box.row(250), box.column(100)).red > kAbsorber.red + 60);
  CHECK(difference(pixel(picture.image, box.row(170), box.column(0)), okabe_ito::kVermillion) <= 2);
}

TEST_CASE("pupil picture: points stand at their sigma with the colour of their weight", "[unit][report]") {
  const Picture picture = draw_pupil_fill(dipole(), 0.33, 13.5, {});
  CHECK(picture.text.at("undulith:source_points") == fmt::format("{}", dipole().points.size()));
  // The number of an image whose source cells are cut.
  CHECK(draw_pupil_fill(dipole(), 0.33, 13.5, {.n_source_points = 3126}).text.at("undulith:source_points") ==
        "3126");
  const DataBox box(picture, "sigma");
  // Just off the axis, which is drawn over the points.
  const int row = box.row(0.01);
  CHECK(difference(pixel(picture.image, row, box.column(0.8)), colour_of(ColourMap::violet_yellow, 1)) <= 1);
  CHECK(difference(pixel(picture.image, row, box.column(-0.8)),
                   colour_of(ColourMap::violet_yellow, 1.0 / 3)) <= 1);
  // The aperture: a black circle of radius 1.
  for (const auto& [x, y] : {std::pair{0.6, 0.8}, {-0.8, 0.6}, {0.0, -1.0}, {-0.6, -0.8}}) {
    CHECK(difference(pixel(picture.image, box.row(y), box.column(x)), {0, 0, 0}) < 40);
  }
}

TEST_CASE("pupil picture: polarisation is marked only where there is some", "[unit][report]") {
  illuminator::PupilFill fill = dipole();
  const Picture plain = draw_pupil_fill(fill, 0.33, 13.5, {});
  for (illuminator::SourcePoint& point : fill.points) point.stokes = {1, 0.04, 0, 0};
  CHECK(draw_pupil_fill(fill, 0.33, 13.5, {}).image.pixels == plain.image.pixels);
  std::vector<std::vector<std::uint8_t>> seen = {plain.image.pixels};
  for (const optics::Stokes& stokes : {optics::Stokes{1, 1, 0, 0},
                                       {1, -1, 0, 0},
                                       {1, 0, 1, 0},
                                       {1, 0, -1, 0},
                                       {1, 0, 0, 1},
                                       {1, 0.5, 0, 0}}) {
    for (illuminator::SourcePoint& point : fill.points) point.stokes = stokes;
    seen.push_back(draw_pupil_fill(fill, 0.33, 13.5, {}).image.pixels);
    for (std::size_t i = 0; i + 1 < seen.size(); ++i) CHECK(seen[i] != seen.back());
  }
  // s2 > 0 is the field at +45 degrees: up to the right.
  for (illuminator::SourcePoint& point : fill.points) point.stokes = {1, 0, 1, 0};
  const Picture diagonal = draw_pupil_fill(fill, 0.33, 13.5, {});
  const DataBox box(diagonal, "sigma");
  const auto dark = [&](double x, double y) {
    return difference(pixel(diagonal.image, box.row(y), box.column(x)), {0, 0, 0}) < 60;
  };
  CHECK(dark(0.8 + 0.035, 0.035));
  CHECK_FALSE(dark(0.8 + 0.035, -0.035));

  CHECK_THROWS_AS(draw_pupil_fill({}, 0.33, 13.5, {}), std::invalid_argument);
}

TEST_CASE("spectrum picture: curve, band and single line", "[unit][report]") {
  source::SourceOutput source = undulator();
  const Picture picture = draw_spectrum(source, {});
  const DataBox box(picture, "axes");
  // The peak of 2 in units of 1e15, and nothing but the band above it.
  CHECK(box.y1 == Approx(1.06 * 2).epsilon(1e-3));
  CHECK(picture.text.at("undulith:quantity").find("1e15") != std::string::npos);
  const int column = box.column(91.84 + 0.3);
  const double height = 2 * std::exp(-0.3 * 0.3);
  CHECK(difference(pixel(picture.image, box.row(height), column), okabe_ito::kBlue) < 80);
  // 13.5 nm +- 1 % is 90.93 to 92.77 eV.
  CHECK(pixel(picture.image, box.row(1.0), box.column(90.85)) == Rgb{255, 255, 255});
  CHECK(pixel(picture.image, box.row(1.9), box.column(92.72)).blue < 200);
  CHECK(pixel(picture.image, box.row(1.9), box.column(92.85)) == Rgb{255, 255, 255});

  source::SourceOutput line;
  line.photon_energy_ev = {91.84};
  line.spectral_flux = {0};  // a dark source has a picture too
  CHECK(draw_spectrum(line, {}).image.width > 0);
  line.spectral_flux = {1e18};
  CHECK(draw_spectrum(line, {}).image.width > 0);
  CHECK_THROWS_AS(draw_spectrum({}, {}), std::invalid_argument);
}

TEST_CASE("cut line picture: threshold, printed and target edges", "[unit][report]") {
  const Box cell{0, 0, 80, 80};
  const int n = 33;
  std::vector<double> samples;
  for (int iy = 0; iy < n; ++iy) {
    for (int ix = 0; ix < n; ++ix) samples.push_back(0.5 - 0.4 * std::cos(2 * std::numbers::pi * ix / n));
  }
  imaging::AerialImage image;
  image.window = cell;
  image.series = math::FourierSeries2D(cell, n, n, samples, 16, 16);
  metrology::Measurement measurement;
  CHECK(draw_cut_lines(image, measurement, {}).image.width > 0);  // no gauges

  metrology::GaugeResult gauge;
  gauge.gauge = {"g1", 40, 40, 0, 80, metrology::Feature::bright, 40.0};
  gauge.edge_right_nm = 40 - 80 / (2 * std::numbers::pi) * std::acos(0.5);
  gauge.edge_left_nm = -*gauge.edge_right_nm;
  gauge.cd_nm = *gauge.edge_right_nm - *gauge.edge_left_nm;
  gauge.target_left_nm = *gauge.edge_left_nm + 6;
  gauge.target_right_nm = *gauge.edge_right_nm - 6;
  measurement.gauges.push_back(gauge);
  const Picture printed = draw_cut_lines(image, measurement, {});
  CHECK(has_colour(printed.image, okabe_ito::kVermillion));
  CHECK(has_colour(printed.image, okabe_ito::kBlue));
  // Without target edges and printed feature the rest of the panel stays.
  measurement.gauges[0].status = metrology::PrintStatus::not_printed;
  measurement.gauges[0].cd_nm.reset();
  measurement.gauges[0].edge_left_nm.reset();
  measurement.gauges[0].edge_right_nm.reset();
  const Picture unprinted = draw_cut_lines(image, measurement, {});
  CHECK(unprinted.image.pixels != printed.image.pixels);
  CHECK(has_colour(unprinted.image, okabe_ito::kGreen));  // what it should have been is still shown
  // At most six panels, however many gauges there are.
  measurement.gauges.assign(6, gauge);
  const int height = draw_cut_lines(image, measurement, {}).image.height;
  measurement.gauges.assign(200, gauge);
  CHECK(draw_cut_lines(image, measurement, {}).image.height <= height + 60);
}
