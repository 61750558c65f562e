// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <stdexcept>
#include <utility>

#include "metrology/drawn_shapes.hpp"
#include "undulith/math/direction.hpp"
#include "undulith/metrology/metrology.hpp"

using namespace undulith;
using namespace undulith::metrology;
using layout::Point;
using layout::Polygon;

namespace {

Polygon box(double x0, double y0, double x1, double y1) {
  return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
}

Polygon circle(double x, double y, double r, int n) {
  Polygon ring;
  for (int i = 0; i < n; ++i) {
    const double angle = 2 * std::numbers::pi * (i + 0.37) / n;
    ring.push_back({x + r * std::cos(angle), y + r * std::sin(angle)});
  }
  return ring;
}

// Teeth on a back: many vertices, long and short edges.
Polygon comb(double x0, double y0, int n_teeth, double pitch, double height) {
  Polygon ring{{x0, y0}, {x0 + n_teeth * pitch, y0}};
  for (int i = n_teeth - 1; i >= 0; --i) {
    const double left = x0 + i * pitch, right = left + pitch / 2;
    ring.insert(ring.end(),
                {{right + pitch / 2, y0 + 10}, {right, y0 + 10}, {right, y0 + height}, {left, y0 + height}});
  }
  return ring;
}

// The definition, without an index: all edges of all rings in all periods around.
std::vector<DrawnInterval> plain_along(const layout::Clip& clip, const Line& line, double s_min,
                                       double s_max) {
  std::vector<Crossing> crossings;
  const Point a = line.at(s_min), b = line.at(s_max), u = line.direction;
  for (std::size_t r = 0; r < clip.rings.size(); ++r) {
    const Polygon& ring = clip.rings[r];
    const auto [left, right] = std::ranges::minmax(ring, {}, &Point::x);
    const auto [below, above] = std::ranges::minmax(ring, {}, &Point::y);
    for (int i = -3; i <= 3; ++i)
      for (int j = -3; j <= 3; ++j) {
        const Point shift{i * clip.cell.width(), j * clip.cell.height()};
        if (left.x + shift.x > std::max(a.x, b.x) + kSameEdgeNm ||
            right.x + shift.x < std::min(a.x, b.x) - kSameEdgeNm ||
            below.y + shift.y > std::max(a.y, b.y) + kSameEdgeNm ||
            above.y + shift.y < std::min(a.y, b.y) - kSameEdgeNm)
          continue;
        for (std::size_t k = 0; k < ring.size(); ++k) {
          const auto side = [&](const Point& p) {
            return u.x * (p.y + shift.y - line.origin.y) - u.y * (p.x + shift.x - line.origin.x);
          };
          const auto along = [&](const Point& p) {
            return u.x * (p.x + shift.x - line.origin.x) + u.y * (p.y + shift.y - line.origin.y);
          };
          const Point &p = ring[k], &q = ring[(k + 1) % ring.size()];
          if ((side(p) >= 0) == (side(q) >= 0)) continue;
          const double t = side(p) / (side(p) - side(q));
          crossings.push_back(
              {along(p) + t * (along(q) - along(p)), static_cast<int>(r), static_cast<int>(k), shift});
        }
      }
  }
  std::ranges::sort(crossings, {}, &Crossing::s);
  std::vector<DrawnInterval> intervals;
  for (std::size_t k = 0; k + 1 < crossings.size(); k += 2) {
    if (!intervals.empty() && crossings[k].s - intervals.back().to.s <= kSameEdgeNm)
      intervals.back().to = crossings[k + 1];
    else
      intervals.push_back({crossings[k], crossings[k + 1]});
  }
  std::erase_if(intervals, [&](const DrawnInterval& one) {
    return one.to.s - one.from.s <= kSameEdgeNm || one.to.s < s_min || one.from.s > s_max;
  });
  return intervals;
}

// Of the shape at the origin of a line: its width, and the space to the nearer neighbour, at most 1000 nm.
std::pair<double, double> width_and_space(const layout::Clip& clip, const Line& line) {
  const auto intervals = plain_along(clip, line, -1000, 1000);
  const auto own = std::ranges::find_if(
      intervals, [](const DrawnInterval& one) { return one.from.s < 0 && one.to.s > 0; });
  REQUIRE(own != intervals.end());
  double space = 1000;
  if (own != intervals.begin()) space = std::min(space, own->from.s - (own - 1)->to.s);
  if (own + 1 != intervals.end()) space = std::min(space, (own + 1)->from.s - own->to.s);
  return {own->to.s - own->from.s, space};
}

// Shapes that do not overlap, one in most squares of a grid; some cross the border of the cell, all on a grid
// of 0.5 nm.
layout::Clip random_clip(std::mt19937_64& random, const Box& window) {
  constexpr int kSquares = 9;
  constexpr double kSquareNm = 100;
  layout::Clip clip{.cell = {-30, 20, -30 + kSquares * kSquareNm, 20 + kSquares * kSquareNm},
                    .window = window};
  std::uniform_int_distribution<int> kind(0, 4), place(0, 30);
  for (int i = 0; i < kSquares; ++i)
    for (int j = 0; j < kSquares; ++j) {
      const double x = i * kSquareNm + 0.5 * place(random), y = j * kSquareNm + 40 + 0.5 * place(random);
      switch (kind(random)) {
        case 0:
          clip.rings.push_back(box(x, y, x + 40 + place(random), y + 20 + place(random)));
          break;
        case 1:
          clip.rings.push_back(circle(x + 40, y + 40, 20 + 0.5 * place(random), 8 + 6 * place(random)));
          break;
        case 2:
          clip.rings.push_back(comb(x, y, 20, 4, 60));
          break;
        case 3:
          clip.rings.push_back(
              {{x, y}, {x + 60, y}, {x + 60, y + 25}, {x + 25, y + 25}, {x + 25, y + 70}, {x, y + 70}});
          break;
        default:
          break;
      }
    }
  return clip;
}

}  // namespace

TEST_CASE("drawn shapes: a line meets the same intervals with and without an index",
          "[property][metrology]") {
  std::mt19937_64 random(11);
  for (int layout = 0; layout < 8; ++layout) {
    const layout::Clip clip = random_clip(random, {0, 50, 800, 850});
    const DrawnShapes shapes(clip);
    std::uniform_real_distribution<double> anywhere(-300, 1300), length(0, 900);
    std::uniform_int_distribution<int> angle(0, 11), on_grid(-600, 2600);
    for (int i = 0; i < 300; ++i) {
      const math::Direction along = math::direction_of(30.0 * angle(random));
      // On the grid lines run through vertices.
      const Point origin = i % 2 ? Point{anywhere(random), anywhere(random)}
                                 : Point{0.5 * on_grid(random), 0.5 * on_grid(random)};
      const Line line{origin, {along.x, along.y}};
      const double from = -length(random), to = length(random);
      const auto found = shapes.along(line, from, to), expected = plain_along(clip, line, from, to);
      REQUIRE(found.size() == expected.size());
      for (std::size_t k = 0; k < found.size(); ++k) {
        REQUIRE(found[k].from.s == expected[k].from.s);
        REQUIRE(found[k].to.s == expected[k].to.s);
      }
    }
  }
}

TEST_CASE("gauges: width and length are those of the shapes along the cut", "[property][metrology]") {
  std::mt19937_64 random(12);
  std::size_t n_gauges = 0, n_compared = 0;
  for (int layout = 0; layout < 6; ++layout) {
    const layout::Clip clip = random_clip(random, {0, 50, 800, 850});
    const auto placed = place_gauges(clip, Feature::dark, {.max_gauges = 100000});
    for (const Gauge& gauge : placed.gauges) {
      if (gauge.edges != GaugeEdges::both) continue;
      ++n_gauges;
      const math::Direction along = math::direction_of(gauge.angle_deg);
      const Line line{{gauge.x_nm, gauge.y_nm}, {along.x, along.y}};
      // The nearest space on either side; whether a line along an edge meets it depends on its direction.
      const auto [width, space] = width_and_space(clip, line);
      if (width_and_space(clip, {line.origin, {-along.x, -along.y}}).second != Approx(space)) continue;
      ++n_compared;
      CHECK(*gauge.target_cd_nm == Approx(width).margin(1e-6));
      const double wanted = *gauge.target_cd_nm / 2 + std::clamp(space / 2, 15.0, 60.0);
      CHECK(gauge.length_nm <= 2 * wanted + 1e-6);
      const Box& w = clip.window;
      const double room = std::min(
          std::abs(along.x) > 1e-9 ? std::min(gauge.x_nm - w.x0, w.x1 - gauge.x_nm) / std::abs(along.x) : 1e9,
          std::abs(along.y) > 1e-9 ? std::min(gauge.y_nm - w.y0, w.y1 - gauge.y_nm) / std::abs(along.y)
                                   : 1e9);
      CHECK(gauge.length_nm == Approx(2 * std::min(wanted, room)).margin(1e-6));
    }
  }
  CHECK(n_gauges > 200);
  CHECK(static_cast<double>(n_compared) > 0.9 * static_cast<double>(n_gauges));
}

TEST_CASE("gauges: a line as wide as the window has its width, one that is wider has none",
          "[unit][metrology]") {
  const Box cell{0, 0, 4000, 3000};
  const auto wide = [&](double width) {
    return place_gauges({cell, {500, 500, 3500, 2500}, {box(600, 600, 600 + width, 640)}}, Feature::dark, {});
  };
  const auto across_x = [](const PlacedGauges& placed) {
    return std::ranges::count_if(
        placed.gauges, [](const Gauge& g) { return g.angle_deg == 0 && g.edges == GaugeEdges::both; });
  };
  CHECK(across_x(wide(2500)) == 1);
  CHECK(across_x(wide(3100)) == 0);
}

TEST_CASE("gauges: none are sought when none are wanted", "[unit][metrology]") {
  const Box cell{0, 0, 400, 400};
  const auto placed = place_gauges({cell, cell, {box(100, 100, 150, 200)}}, Feature::dark, {.max_gauges = 0});
  CHECK(placed.gauges.empty());
  CHECK(placed.skipped.over_limit == 0);
}

TEST_CASE("gauges: the search reports its progress and ends where that throws", "[unit][metrology]") {
  layout::Clip clip{.cell = {0, 0, 6000, 6000}, .window = {0, 0, 6000, 6000}};
  for (int i = 0; i < 60; ++i)
    for (int j = 0; j < 60; ++j)
      clip.rings.push_back(box(100 * i + 10, 100 * j + 10, 100 * i + 60, 100 * j + 50));
  std::vector<double> seen;
  const auto placed = place_gauges(clip, Feature::dark, {}, [&](double share) { seen.push_back(share); });
  CHECK(placed.gauges.size() == 200);
  CHECK(placed.skipped.over_limit == 2 * 3600 - 200);
  CHECK(seen.size() > 20);
  CHECK(std::ranges::is_sorted(seen));
  int calls = 0;
  const auto stop = [&](double) {
    if (++calls == 3) throw std::runtime_error("stopped");
  };
  CHECK_THROWS_AS((void)place_gauges(clip, Feature::dark, {}, stop), std::runtime_error);
  CHECK(calls == 3);
}
