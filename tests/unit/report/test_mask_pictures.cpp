// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <optional>
#include <vector>

#include "undulith/report/mask_pictures.hpp"

using namespace undulith::report;

namespace {

const PictureOptions kOptions{.title = "spaces", .details = {"NA 0.33"}};

MaskCurve curve(bool vertical, bool thick, double y) {
  return {.vertical = vertical, .thick = thick, .x = {0, 1, 2}, .y = {y, std::nullopt, y}};
}

std::vector<MaskCurve> four(double thin_horizontal) {
  return {curve(true, true, 1), curve(false, true, 0.5), curve(true, false, 2),
          curve(false, false, thin_horizontal)};
}

int count_colour(const undulith::io::RgbImage& image, Rgb colour) {
  int n = 0;
  for (std::size_t i = 0; i + 2 < image.pixels.size(); i += 3)
    n += image.pixels[i] == colour.red && image.pixels[i + 1] == colour.green &&
         image.pixels[i + 2] == colour.blue;
  return n;
}

void check_whole(const Picture& picture, const std::string& title) {
  CHECK(picture.text.at("Title") == title + " — spaces");
  CHECK_FALSE(picture.text.at("undulith:quantity").empty());
  CHECK(picture.image.pixels.size() ==
        3 * static_cast<std::size_t>(picture.image.width) * static_cast<std::size_t>(picture.image.height));
  CHECK(count_colour(picture.image, okabe_ito::kBlue) > 100);
  CHECK(count_colour(picture.image, okabe_ito::kVermillion) > 100);
}

}  // namespace

TEST_CASE("mask pictures: panels stand below one another, with both orientations", "[unit][report]") {
  check_whole(draw_mask_through_focus(
                  {.cd_nm = four(2), .shift_nm = four(2), .nils = four(2), .target_cd_nm = 1}, kOptions),
              "CD through focus");
  check_whole(
      draw_mask_through_pitch({.cd_nm = four(2), .best_focus_nils_nm = four(2), .target_cd_nm = 1}, kOptions),
      "CD through pitch");
  check_whole(draw_mask_swing({.nils = {curve(true, true, 1), curve(false, true, 2)},
                               .cd_nm = {curve(true, true, 1), curve(false, true, 2)},
                               .thickness_nm = {40, 50, 60},
                               .reflectance_percent = {3, 2, 1},
                               .nominal_nm = 50},
                              kOptions),
              "Flat absorber");
  check_whole(draw_mask_orders({{.order = -1, .vertical_efficiency = 0.1, .horizontal_efficiency = 0.06},
                                {.order = 0, .vertical_efficiency = 0.2, .horizontal_efficiency = 0.15},
                                {.order = 1, .vertical_efficiency = 0.1, .horizontal_efficiency = 0.1}},
                               kOptions),
              "Diffraction orders");
}

TEST_CASE("mask pictures: equal curves of thin masks are drawn once", "[unit][report]") {
  const auto drawn = [](double thin_horizontal) {
    return draw_mask_through_pitch(
        {.cd_nm = four(thin_horizontal), .best_focus_nils_nm = four(thin_horizontal), .target_cd_nm = 1},
        kOptions);
  };
  // The legend has a line in black, or one in each colour.
  CHECK(count_colour(drawn(2.001).image, okabe_ito::kBlack) >
        count_colour(drawn(2.5).image, okabe_ito::kBlack));
}

TEST_CASE("mask pictures: lines that print nowhere leave a frame", "[unit][report]") {
  MaskCurve none = curve(true, true, 1);
  for (auto& y : none.y) y.reset();
  CHECK_NOTHROW(
      draw_mask_through_pitch({.cd_nm = {none}, .best_focus_nils_nm = {none}, .target_cd_nm = 18}, kOptions));
}
