// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "edge_cases.hpp"
#include "undulith/optimise/mask_complexity.hpp"
#include "undulith/optimise/site_placements.hpp"

using namespace undulith;
using edge_cases::model_of;
using edge_cases::rectangle;
using optimise::SitePlacement;

namespace {

SitePlacement site(double normal_x, double normal_y, double length_nm, double error_nm, double slope_per_nm) {
  return {{0, 0, normal_x, normal_y, length_nm},
          {{.printed = true, .offset_nm = error_nm, .slope_per_nm = slope_per_nm}}};
}

}  // namespace

TEST_CASE("site statistics: a shift, a bias and a slope are found again", "[unit][optimise]") {
  // A square moved by (0.5, -0.25), whose vertical edges print 0.3 nm too large and whose horizontal ones 0.1 nm too small.
  std::vector<SitePlacement> sites{site(1, 0, 10, 0.3 + 0.5, 0.02), site(-1, 0, 10, 0.3 - 0.5, 0.015),
                                   site(0, 1, 10, -0.1 - 0.25, 0.03), site(0, -1, 10, -0.1 + 0.25, 0.03)};
  const auto statistics = optimise::statistics_of(sites, 0, 0.25);
  CHECK(statistics.n_unprinted == 0);
  CHECK(*statistics.shift_x_nm == Approx(0.5));
  CHECK(*statistics.shift_y_nm == Approx(-0.25));
  CHECK(*statistics.vertical_horizontal_nm == Approx(0.4));
  CHECK(*statistics.largest_nm == Approx(0.8));
  CHECK(*statistics.rms_nm == Approx(std::sqrt((0.64 + 0.04 + 0.1225 + 0.0225) / 4)));
  CHECK(*statistics.least_ils_per_um == Approx(1000 * 0.015 / 0.25));

  sites.back().placements.front().printed = false;
  CHECK(optimise::statistics_of(sites, 0, 0.25).n_unprinted == 1);
  for (SitePlacement& one : sites) one.placements.front().printed = false;
  const auto dark = optimise::statistics_of(sites, 0, 0.25);
  CHECK(dark.n_unprinted == 4);
  CHECK_FALSE(dark.rms_nm);
  CHECK_FALSE(dark.shift_x_nm);
}

TEST_CASE("sites: the edges of the image in each condition", "[unit][optimise]") {
  const Box cell{0, 0, 200, 200};
  const auto model = model_of(cell);
  const layout::Clip clip{cell, cell, {rectangle(60, 40, 130, 160)}};
  const optimise::PrintGoal goal{.threshold = 0.3,
                                 .drawn = metrology::Feature::bright,
                                 .bands = {{{0, 1.05}, {1, 0.95}}, {{0, 1.05}, {0, 0.95}}},
                                 .sites = {20, 20}};
  const auto conditions = optimise::conditions_of(goal);
  REQUIRE(conditions.size() == 4);
  CHECK(conditions[0].dose == 1);
  CHECK(conditions[2].plane == 1);
  const auto images = model.images(optimise::pattern_of(clip.rings, model.grid()));
  const auto sites = optimise::place_sites(images, model.grid(), clip, goal, 20);
  REQUIRE(sites.size() > 8);
  for (const SitePlacement& place : sites) {
    REQUIRE(place.placements.size() == 4);
    for (std::size_t c = 0; c < 4; ++c)
      CHECK(place.placements[c].offset_nm ==
            optimise::place_edge(model.grid(), images[static_cast<std::size_t>(conditions[c].plane)],
                                 {place.site.x_nm, place.site.y_nm, place.site.normal_x, place.site.normal_y},
                                 0.3 / conditions[c].dose, {.reach_nm = 20})
                .offset_nm);
    CHECK(place.placements[1].offset_nm > place.placements[0].offset_nm);  // more dose prints larger
    CHECK(place.placements[3].offset_nm < place.placements[0].offset_nm);
  }
}

TEST_CASE("complexity: rectangles of Manhattan shapes", "[unit][optimise]") {
  const auto count = [](const std::vector<layout::Polygon>& rings) {
    return optimise::complexity_of(rings).n_rectangles;
  };
  CHECK(count({}) == 0u);
  CHECK(count({rectangle(0, 0, 10, 5)}) == 1u);
  CHECK(count({{{0, 0}, {20, 0}, {20, 5}, {5, 5}, {5, 20}, {0, 20}}}) == 2u);                      // L
  CHECK(count({{{0, 0}, {30, 0}, {30, 5}, {20, 5}, {20, 20}, {10, 20}, {10, 5}, {0, 5}}}) == 2u);  // T
  layout::Polygon hole = rectangle(5, 5, 15, 15);
  std::reverse(hole.begin(), hole.end());
  CHECK(count({rectangle(0, 0, 20, 20), hole}) == 4u);
  CHECK(count({rectangle(0, 0, 10, 5), rectangle(0, 5, 10, 9)}) == 1u);  // touching
  CHECK(count({rectangle(0, 0, 10, 5), rectangle(20, 0, 30, 5), rectangle(0, 20, 10, 25)}) == 3u);
  CHECK_FALSE(count({{{0, 0}, {10, 0}, {5, 5}}}));
  const auto ell =
      optimise::complexity_of(std::vector<layout::Polygon>{rectangle(0, 0, 1, 1), rectangle(2, 0, 3, 1)});
  CHECK(ell.n_polygons == 2);
  CHECK(ell.n_vertices == 8);
}
