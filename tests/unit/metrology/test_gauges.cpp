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
  return place_gauges({cell, window, std::move(rings)}, Feature::dark,
                      {.min_edge_nm = min_edge_nm, .max_gauges = max_gauges})
      .gauges;
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

TEST_CASE("gauges: every line end of a 16 nm node has one", "[unit][metrology]") {
  const auto both = [](const Gauge& g) { return g.edges == GaugeEdges::both; };
  // A short line: across, and each end.
  const PlacedGauges line =
      place_gauges({kCell, kWindow, {rectangle(192, 100, 208, 260)}}, Feature::dark, {});
  REQUIRE(line.gauges.size() == 3);
  CHECK(line.gauges[0].name == "g001");
  CHECK(*line.gauges[0].target_cd_nm == Approx(16));
  CHECK(line.gauges[1].name == "end001");
  CHECK(line.gauges[1].y_nm == Approx(115));
  CHECK(line.gauges[1].edges == GaugeEdges::left);
  CHECK(line.gauges[2].y_nm == Approx(245));
  CHECK(line.gauges[2].edges == GaugeEdges::right);
  CHECK(line.skipped.least_edge_nm == Approx(13.5 / 0.33 / 4));
  // A square is measured both ways, a wide line along its length too.
  CHECK(place_gauges({kCell, kWindow, {rectangle(192, 100, 208, 116)}}, Feature::dark, {}).gauges.size() ==
        2);
  CHECK(place_gauges({kCell, kWindow, {rectangle(180, 100, 210, 260)}}, Feature::dark, {}).gauges[0].edges ==
        GaugeEdges::both);
  // A line that leaves the window: its end alone, below its upper end and above its lower one.
  for (const bool up : {true, false}) {
    const layout::Polygon ring = up ? rectangle(192, 0, 208, 200) : rectangle(192, 200, 208, 400);
    const auto placed = place_gauges({kCell, kWindow, {ring}}, Feature::dark, {});
    const auto end = std::find_if_not(placed.gauges.begin(), placed.gauges.end(), both);
    REQUIRE(end != placed.gauges.end());
    CHECK(std::count_if(placed.gauges.begin(), placed.gauges.end(), both) == 1);
    CHECK(end->edges == (up ? GaugeEdges::right : GaugeEdges::left));
    CHECK(end->x_nm == Approx(200));
    CHECK(end->y_nm == Approx(up ? 185 : 215));
    CHECK(end->angle_deg == Approx(90));
    CHECK(!end->target_cd_nm);
    CHECK(end->length_nm == Approx(2 * (15 + 60)));
  }
  // A wider resolution asks for longer edges and reaches farther.
  const auto coarse =
      place_gauges({kCell, kWindow, {rectangle(192, 100, 208, 260)}}, Feature::dark, {.resolution_nm = 80});
  CHECK(coarse.gauges.size() == 1);
  CHECK(coarse.skipped.too_short == 2);
}

TEST_CASE("gauges: curves drawn with many short edges", "[unit][metrology]") {
  const auto arc = [](double x, double y, double r, double from_deg, double to_deg, int n) {
    layout::Polygon points;
    for (int i = 0; i < n; ++i) {
      const double a = (from_deg + (to_deg - from_deg) * i / n) * constants::kPi / 180;
      points.push_back({x + r * std::cos(a), y + r * std::sin(a)});
    }
    return points;
  };
  // A round hole is measured along x and y, however it is drawn.
  for (const int n : {16, 31, 64, 200})
    for (const double r : {9.0, 15.0}) {
      const auto hole = place_gauges({kCell, kWindow, {arc(200, 200, r, 3, 363, n)}}, Feature::bright, {});
      INFO(n << " points, radius " << r);
      REQUIRE(hole.gauges.size() == 2);
      for (const Gauge& g : hole.gauges) {
        CHECK(*g.target_cd_nm == Approx(2 * r).epsilon(0.03));
        CHECK(std::abs(std::remainder(g.angle_deg, 90)) < 12);
      }
    }
  // A line with round ends from y = 112 to 268, each a half circle: its ends have a gauge each.
  layout::Polygon line = arc(200, 120, 8, 180, 360, 24);
  for (const layout::Point& p : arc(200, 260, 8, 0, 180, 24)) line.push_back(p);
  const auto placed = place_gauges({kCell, kWindow, {line}}, Feature::dark, {});
  for (const auto& [y, edges] : {std::pair{127.0, GaugeEdges::left}, {253.0, GaugeEdges::right}}) {
    const auto end = std::ranges::find(placed.gauges, edges, &Gauge::edges);
    REQUIRE(end != placed.gauges.end());
    CHECK(end->angle_deg == Approx(90).margin(4));
    CHECK(std::abs(end->y_nm - y) < 1);
  }
}

TEST_CASE("gauges: edges without one are counted by reason", "[unit][metrology]") {
  // A square that is too small, one at the border of the window, a triangle, and one in the guard band.
  const auto placed = place_gauges({kCell,
                                    kWindow,
                                    {rectangle(100, 100, 108, 108),
                                     rectangle(52, 200, 80, 230),
                                     {{200, 200}, {260, 200}, {230, 250}},
                                     rectangle(2, 2, 9, 9)}},
                                   Feature::dark, {});
  CHECK(placed.skipped.too_short == 4);
  CHECK(placed.skipped.near_border == 2);
  CHECK(placed.skipped.not_facing == 3);
  CHECK(placed.skipped.over_limit == 0);
  std::vector<layout::Polygon> squares;
  for (int i = 0; i < 5; ++i) squares.push_back(rectangle(100 + 50 * i, 100, 120 + 50 * i, 120));
  const auto few = place_gauges({kCell, kWindow, squares}, Feature::dark, {.max_gauges = 4});
  CHECK(few.gauges.size() == 4);
  CHECK(few.skipped.over_limit > 0);
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
