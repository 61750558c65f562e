// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "undulith/core/constants.hpp"
#include "undulith/metrology/metrology.hpp"
#include "unit/metrology/closed_form_images.hpp"

using namespace undulith;
using namespace undulith::metrology;
using metrology::test::rectangle;

namespace {

std::vector<Gauge> place(const Box& cell, const Box& window, std::vector<layout::Polygon> rings,
                         double min_edge_nm = 20, int max_gauges = 200) {
  return place_gauges({cell, window, std::move(rings)}, Feature::dark, min_edge_nm, max_gauges);
}

constexpr Box kCell{0, 0, 400, 400};
constexpr Box kWindow{50, 50, 350, 350};

}  // namespace

TEST_CASE("gauges: one across an isolated line, at the middle of its length", "[unit][metrology]") {
  const auto gauges = place(kCell, kWindow, {rectangle(190, 100, 208, 260)});
  REQUIRE(gauges.size() == 1);  // its ends are shorter than 20 nm
  const Gauge& g = gauges[0];
  CHECK(g.name == "g001");
  CHECK(g.x_nm == Approx(199));
  CHECK(g.y_nm == Approx(180));
  CHECK(g.angle_deg == 0);
  CHECK(g.feature == Feature::dark);
  CHECK(*g.target_cd_nm == Approx(18));
  CHECK(g.length_nm >= 18 + 2 * 15);
}

TEST_CASE("gauges: a rectangle with long ends is measured both ways", "[unit][metrology]") {
  const auto gauges = place(kCell, kWindow, {rectangle(180, 150, 210, 250)});
  REQUIRE(gauges.size() == 2);
  const auto across =
      std::find_if(gauges.begin(), gauges.end(), [](const Gauge& g) { return g.angle_deg == 0; });
  const auto along =
      std::find_if(gauges.begin(), gauges.end(), [](const Gauge& g) { return g.angle_deg == 90; });
  REQUIRE(across != gauges.end());
  REQUIRE(along != gauges.end());
  CHECK(*across->target_cd_nm == Approx(30));
  CHECK(*along->target_cd_nm == Approx(100));
}

TEST_CASE("gauges: dense lines, cut to half the space or 15 nm", "[unit][metrology]") {
  std::vector<layout::Polygon> lines;
  for (int i = 0; i < 4; ++i) lines.push_back(rectangle(100 + 50 * i, 100, 118 + 50 * i, 300));
  const auto gauges = place(kCell, kWindow, lines);
  REQUIRE(gauges.size() == 4);
  for (const Gauge& g : gauges) CHECK(g.length_nm == Approx(18 + 2 * 16));  // half of the space of 32
}

TEST_CASE("gauges: a periodic cell of one pitch, cut over its border", "[unit][metrology]") {
  const Box cell{0, 0, 32, 64};
  const auto whole = place(cell, cell, {rectangle(8, 0, 24, 64)});
  REQUIRE(whole.size() == 1);  // the edges on the border of the cell are none
  CHECK(whole[0].x_nm == Approx(16));
  CHECK(*whole[0].target_cd_nm == Approx(16));
  CHECK(whole[0].length_nm == Approx(16 + 2 * 15));
  // The same line drawn across the border: the cell holds it in two pieces.
  const auto split = place(cell, cell, {rectangle(0, 0, 9, 64), rectangle(25, 0, 32, 64)});
  REQUIRE(split.size() == 1);
  CHECK(split[0].x_nm == Approx(1));
  CHECK(*split[0].target_cd_nm == Approx(16));
  // And across both borders.
  const auto crossed = place(cell, cell, {rectangle(0, 0, 32, 20), rectangle(0, 44, 32, 64)});
  REQUIRE(crossed.size() == 1);
  CHECK(crossed[0].angle_deg == 90);
  CHECK(crossed[0].y_nm == Approx(0).margin(1e-9));
  CHECK(*crossed[0].target_cd_nm == Approx(40));
}

TEST_CASE("gauges: only those whose cut lies in the window", "[unit][metrology]") {
  // Inside; at the border; in the guard band; wider than the window leaves room for.
  const auto gauges = place(kCell, kWindow,
                            {rectangle(200, 100, 218, 200), rectangle(52, 100, 70, 200),
                             rectangle(10, 100, 28, 200), rectangle(60, 300, 340, 340)});
  for (const Gauge& g : gauges) {
    const double angle = g.angle_deg * constants::kPi / 180;
    for (const double side : {-0.5, 0.5}) {
      CHECK(g.x_nm + side * g.length_nm * std::cos(angle) >= kWindow.x0 - 1e-9);
      CHECK(g.x_nm + side * g.length_nm * std::cos(angle) <= kWindow.x1 + 1e-9);
      CHECK(g.y_nm + side * g.length_nm * std::sin(angle) >= kWindow.y0 - 1e-9);
      CHECK(g.y_nm + side * g.length_nm * std::sin(angle) <= kWindow.y1 + 1e-9);
    }
  }
  REQUIRE(gauges.size() == 1);
  CHECK(gauges[0].x_nm == Approx(209));
}

TEST_CASE("gauges: holes and bends", "[unit][metrology]") {
  // A frame: hole in an outer ring, measured on its four limbs.
  layout::Polygon hole = rectangle(150, 150, 250, 250);
  std::reverse(hole.begin(), hole.end());
  const auto frame = place(kCell, kWindow, {rectangle(120, 120, 280, 280), hole});
  CHECK(frame.size() == 4);
  for (const Gauge& g : frame) CHECK(*g.target_cd_nm == Approx(30));
  // An L of two limbs 30 wide: each limb across the stretch on which its edges face one another, and at its
  // end.
  const auto bend =
      place(kCell, kWindow, {{{100, 100}, {250, 100}, {250, 130}, {130, 130}, {130, 260}, {100, 260}}});
  REQUIRE(bend.size() >= 2);
  int limbs = 0;
  for (const Gauge& g : bend) {
    if (*g.target_cd_nm != Approx(30)) continue;
    ++limbs;
    if (g.angle_deg == 0) CHECK(g.y_nm == Approx(195));
    if (g.angle_deg == 90) CHECK(g.x_nm == Approx(190));
  }
  CHECK(limbs == 2);
}

TEST_CASE("gauges: a line at 30 degrees is cut at right angles", "[unit][metrology]") {
  const double c = std::cos(constants::kPi / 6), s = std::sin(constants::kPi / 6);
  layout::Polygon line;
  for (const auto& p : rectangle(-60, -8, 60, 8))
    line.push_back({200 + c * p.x - s * p.y, 200 + s * p.x + c * p.y});
  const auto gauges = place(kCell, kWindow, {line});
  REQUIRE(gauges.size() == 1);
  CHECK(gauges[0].x_nm == Approx(200));
  CHECK(gauges[0].y_nm == Approx(200));
  CHECK(gauges[0].angle_deg == Approx(-60));
  CHECK(*gauges[0].target_cd_nm == Approx(16));
}

TEST_CASE("gauges: names and order do not depend on the order of the shapes", "[property][metrology]") {
  std::vector<layout::Polygon> rings;
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      rings.push_back(rectangle(70 + 70 * i, 70 + 70 * j, 90 + 70 * i, 95 + 70 * j));
  const auto first = place(kCell, kWindow, rings);
  REQUIRE(first.size() > 16);
  std::mt19937 random(7);
  std::shuffle(rings.begin(), rings.end(), random);
  for (auto& ring : rings) std::rotate(ring.begin(), ring.begin() + 1, ring.end());
  const auto second = place(kCell, kWindow, rings);
  REQUIRE(second.size() == first.size());
  std::set<std::string> names;
  for (std::size_t k = 0; k < first.size(); ++k) {
    names.insert(first[k].name);
    CHECK(second[k].name == first[k].name);
    CHECK(second[k].x_nm == Approx(first[k].x_nm));
    CHECK(second[k].y_nm == Approx(first[k].y_nm));
    CHECK(second[k].angle_deg == first[k].angle_deg);
  }
  CHECK(names.size() == first.size());

  const auto few = place(kCell, kWindow, rings, 20, 5);
  CHECK(few.size() == 5);
  CHECK(few.back().y_nm > few.front().y_nm + 100);  // spread, not the first five
  CHECK(place(kCell, kWindow, rings, 20, 0).empty());
  CHECK(place(kCell, kWindow, rings, 26).empty());
  CHECK(place(kCell, kWindow, {}).empty());
}

TEST_CASE("gauges: an edge through a whole period is endless, however short the period",
          "[unit][metrology]") {
  const Box cell{0, 0, 40, 1};
  const auto gauges = place(cell, cell, {rectangle(10, 0, 30, 1)});
  REQUIRE(gauges.size() == 1);
  CHECK(gauges[0].angle_deg == 0);
  CHECK(gauges[0].x_nm == Approx(20));
  CHECK(*gauges[0].target_cd_nm == Approx(20));
  // An edge of the same length in a window that is not the whole period is a short edge.
  CHECK(place({-100, -100, 140, 101}, cell, {rectangle(10, 0, 30, 1)}).empty());
  // So is one that ends within the period.
  CHECK(place({0, 0, 40, 15}, {0, 0, 40, 15}, {rectangle(11, 0, 29, 10)}).empty());
}

TEST_CASE("gauges: no cut runs along an edge of the feature", "[regression][metrology]") {
  // A U: the outer edges of its arms face each other through the 18 nm bottom only.
  const auto gauges = place(
      kCell, kWindow,
      {{{100, 150}, {300, 150}, {300, 186}, {282, 186}, {282, 168}, {118, 168}, {118, 300}, {100, 300}}});
  for (const Gauge& g : gauges) {
    CAPTURE(g.x_nm, g.y_nm, g.angle_deg);
    CHECK(*g.target_cd_nm == Approx(18));
  }
  CHECK(gauges.size() == 2);
}
