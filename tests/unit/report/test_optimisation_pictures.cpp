// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include "undulith/report/optimisation_pictures.hpp"

using namespace undulith;
using namespace undulith::report;

namespace {

const PictureOptions kOptions{.title = "disc"};

// Positive within a disc about (100, 100).
Field2D<double> disc(double radius_nm) {
  Field2D<double> field(Grid2D{.nx = 201, .ny = 201, .x0 = 0, .y0 = 0, .dx = 1, .dy = 1});
  for (int y = 0; y < 201; ++y)
    for (int x = 0; x < 201; ++x) field(y, x) = radius_nm - std::hypot(x - 100.0, y - 100.0);
  return field;
}

int count_colour(const io::RgbImage& image, Rgb colour) {
  int n = 0;
  for (std::size_t i = 0; i + 2 < image.pixels.size(); i += 3)
    n += image.pixels[i] == colour.red && image.pixels[i + 1] == colour.green &&
         image.pixels[i + 2] == colour.blue;
  return n;
}

// A drawing that fills its window, so that all of it is shown.
const layout::Clip kDrawn{
    {-50, -50, 250, 250}, {0, 0, 200, 200}, {{{10, 10}, {190, 10}, {190, 190}, {10, 190}}}};

PrintedMask printed(const std::string& name, double outermost_nm, double innermost_nm) {
  return {.name = name,
          .mask = {{{70, 70}, {130, 70}, {130, 130}, {70, 130}}},
          .printed = math::find_contours(disc(60), 0),
          .outermost = disc(outermost_nm),
          .innermost = disc(innermost_nm),
          .beyond = {{160, 100}}};
}

}  // namespace

TEST_CASE("optimisation pictures: the band has the area between its edges", "[unit][report]") {
  // The drawing is behind the band: its veil of 9 % darkens the colour.
  const layout::Clip frame{
      kDrawn.cell,
      kDrawn.window,
      {{{0, 0}, {200, 0}, {200, 1}, {0, 1}}, {{0, 199}, {200, 199}, {200, 200}, {0, 200}}}};
  const std::vector<PrintedMask> masks{printed("one", 70, 40)};
  const Picture picture = draw_edge_bands(masks, frame, 100, {100, 100}, kOptions);
  const double pitch_nm = std::stod(picture.text.at("undulith:pixel_pitch_nm"));
  const double area_nm2 = count_colour(picture.image, okabe_ito::kVermillion) * pitch_nm * pitch_nm;
  const double legend_nm2 = 36 * 15 * 4 * pitch_nm * pitch_nm;  // at most: the patch
  const double expected_nm2 = std::numbers::pi * (70 * 70 - 40 * 40);
  CHECK(area_nm2 > 0.98 * expected_nm2);
  CHECK(area_nm2 < 1.02 * expected_nm2 + legend_nm2);
}

TEST_CASE("optimisation pictures: masks, drawing, print and sites beyond", "[unit][report]") {
  const std::vector<PrintedMask> masks{printed("as drawn", 70, 50), printed("optimised", 65, 55)};
  const Picture picture = draw_printed_masks(masks, kDrawn, 100, {100, 100}, kOptions);
  CHECK(picture.text.at("Title") == "Mask and print — disc");
  CHECK(count_colour(picture.image, okabe_ito::kVermillion) > 500);  // the printed edge
  CHECK(count_colour(picture.image, okabe_ito::kPurple) > 20);       // a ring about the site
  CHECK(count_colour(picture.image, {203, 222, 238}) > 10000);       // the mask
  // Small features: a second row with the surroundings of a place.
  const Picture small = draw_printed_masks(masks, kDrawn, 1, {100, 100}, kOptions);
  CHECK(small.image.height > picture.image.height + 300);
}

TEST_CASE("optimisation pictures: errors and convergence", "[unit][report]") {
  const PlacementHistogram errors{.before_nm = {-3, -2.5, 2.5, 3, 3.1},
                                  .after_nm = {-0.1, 0, 0.1, 0.2},
                                  .unprinted_after = 1,
                                  .tolerance_nm = 2};
  const Picture histogram = draw_placement_errors(errors, kOptions);
  CHECK(histogram.text.at("undulith:quantity").find("edge placement") != std::string::npos);
  CHECK(count_colour(histogram.image, okabe_ito::kVermillion) > 100);  // the tolerance
  CHECK(count_colour(histogram.image, okabe_ito::kBlue) > 100);
  // No site prints: still a picture.
  CHECK(draw_placement_errors({.unprinted_before = 3, .unprinted_after = 3, .tolerance_nm = 2}, kOptions)
            .image.width > 0);

  const std::vector<SearchCurve> curves{{"rms", {0, 1, 2}, {3, 1, 0.5}}, {"largest", {0, 1, 2}, {9, 4, 2}}};
  const Picture convergence = draw_convergence(curves, "image", "nm", kOptions);
  CHECK(convergence.text.at("undulith:quantity") == "nm against image");
  CHECK(count_colour(convergence.image, okabe_ito::kBlue) > 100);
}
