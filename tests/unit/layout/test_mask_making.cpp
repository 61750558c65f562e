// SPDX-License-Identifier: MIT
// Pictures as layouts, layers combined, corners rounded.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "layout_support.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/png.hpp"
#include "undulith/layout/region_shapes.hpp"

using namespace layout_test;
using Catch::Matchers::Contains;
using undulith::Box;
using undulith::InputError;

namespace {

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("undulith_masks_" + std::to_string(getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

/// Rows from the top; each character a pixel of grey 0 to 9 ninths.
std::filesystem::path picture(const Folder& folder, const std::vector<std::string>& rows) {
  undulith::io::RgbImage image{static_cast<int>(rows[0].size()), static_cast<int>(rows.size()), {}};
  for (const std::string& row : rows) {
    for (const char c : row)
      for (int k = 0; k < 3; ++k) image.pixels.push_back(static_cast<std::uint8_t>((c - '0') * 255 / 9));
  }
  undulith::io::write_png(folder.path / "mask.png", image);
  return folder.path / "mask.png";
}

Polygon rectangle_nm(double x0, double y0, double x1, double y1) {
  return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
}

/// A rectangle on every layer of a cell TOP: random ones on 1/0 and 2/0.
Layout two_layers(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto uniform = [&](std::int64_t lo, std::int64_t hi) {
    return std::uniform_int_distribution<std::int64_t>(lo, hi)(random);
  };
  std::vector<Shape> shapes;
  for (int i = 0; i < 30; ++i) {
    const std::int64_t x = uniform(0, 900), y = uniform(0, 900);
    shapes.push_back(rectangle(x, y, x + uniform(1, 300), y + uniform(1, 300), {1 + i % 2, 0}));
  }
  return one_cell(std::move(shapes));
}

double area_of(const Layout& layout, int layer, const std::vector<CombinedLayer>& combine) {
  return area_nm2(make_clip(layout, {.layer = layer,
                                     .combine = combine,
                                     .window_nm = {0, 0, 1200, 1200},
                                     .boundary = Boundary::periodic})
                      .rings);
}

}  // namespace

TEST_CASE("picture: drawn pixels are squares on the grid of the picture", "[unit][layout]") {
  const Folder folder;
  const auto file = picture(folder, {"00000", "09900", "09900", "00009"});
  const Layout layout = read_layout(file, {.pixel_nm = 2.5});
  CHECK(layout.name == "mask");
  CHECK(layout.top_cells() == std::vector<std::string>{"PICTURE"});
  CHECK(layout.cells.at("PICTURE").shapes.size() == 2);  // rows of one width are one rectangle
  const auto summary = summarise(layout, "PICTURE");
  CHECK(summary.at(0).area_nm2 == 5 * 2.5 * 2.5);
  CHECK(summary.at(0).box_nm == Box{2.5, 0, 12.5, 7.5});
  // Without a window the whole picture is meant, not the box of what is drawn.
  const Clip clip = make_clip(layout, {.boundary = Boundary::periodic});
  CHECK(clip.window == Box{0, 0, 12.5, 10});
  CHECK(clip.rings == std::vector<Polygon>{rectangle_nm(2.5, 2.5, 7.5, 7.5), rectangle_nm(10, 0, 12.5, 2.5)});
}

TEST_CASE("picture: the threshold decides, and area grows as it falls", "[unit][layout]") {
  const Folder folder;
  const auto file = picture(folder, {"0123456789", "9876543210"});
  const auto area = [&](double threshold) {
    return merged_area(read_layout(file, {.pixel_nm = 1, .grey_threshold = threshold}), "PICTURE");
  };
  CHECK(area(0.5) == 10);
  CHECK(area(0.05) == 18);
  CHECK(area(0.99) == 2);
  CHECK(area(5.0 * 255 / 9 / 255 - 0.01) == 10);
  CHECK_THROWS_WITH(read_layout(file), Contains("a picture has no scale"));
  CHECK_THROWS_WITH(read_layout(file, {.pixel_nm = 1, .grey_threshold = 1}), Contains("grey threshold of 1"));
  CHECK_THROWS_AS(read_layout(file, {.pixel_nm = std::nan("")}), InputError);
}

TEST_CASE("picture: random pixels keep their area", "[property][layout]") {
  const Folder folder;
  std::mt19937_64 random(4);
  for (int n : {1, 7, 64}) {
    std::vector<std::string> rows;
    int drawn = 0;
    for (int y = 0; y < n; ++y) {
      rows.emplace_back();
      for (int x = 0; x < n; ++x) {
        const bool on = random() % 3 != 0 || (x == 0 && y == 0);
        rows.back() += on ? '9' : '0';
        drawn += on;
      }
    }
    const Layout layout = read_layout(picture(folder, rows), {.pixel_nm = 4});
    CHECK(merged_area(layout, "PICTURE") == 16.0 * drawn);
    // Rectangles do not overlap.
    double sum = 0;
    for (const Shape& s : layout.cells.at("PICTURE").shapes)
      sum += static_cast<double>((s.vertices[1].x - s.vertices[0].x) * (s.vertices[2].y - s.vertices[1].y));
    CHECK(sum == drawn);
  }
}

TEST_CASE("combine: areas of union, difference and common part belong together", "[property][layout]") {
  using enum LayerOperation;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Layout layout = two_layers(seed);
    INFO(seed);
    const double a = area_of(layout, 1, {}), b = area_of(layout, 2, {});
    const double either = area_of(layout, 1, {{add, 2, 0}}), common = area_of(layout, 1, {{intersect, 2, 0}});
    CHECK(either + common == a + b);
    CHECK(area_of(layout, 1, {{subtract, 2, 0}}) == a - common);
    CHECK(area_of(layout, 2, {{subtract, 1, 0}}) == b - common);
    CHECK(area_of(layout, 2, {{intersect, 1, 0}}) == common);
    CHECK(area_of(layout, 1, {{intersect, 1, 0}}) == a);
    CHECK(area_of(layout, 1, {{subtract, 1, 0}}) == 0);
    // One after the other: (a + b) - a = b - a.
    CHECK(area_of(layout, 1, {{add, 2, 0}, {subtract, 1, 0}}) == b - common);
    // The parts put together again are the whole, ring by ring.
    const ClipParameters whole{.window_nm = {0, 0, 1200, 1200}, .boundary = Boundary::periodic};
    ClipParameters parts = whole;
    parts.combine = {{subtract, 2, 0}, {add, 2, 0}};
    ClipParameters both = whole;
    both.combine = {{add, 2, 0}};
    CHECK(make_clip(layout, parts).rings == make_clip(layout, both).rings);
  }
}

TEST_CASE("combine: sloping shapes and holes", "[unit][layout]") {
  using enum LayerOperation;
  // A frame with a hole on 1/0 (as a keyhole), a diamond over the hole's corner on 2/0.
  Layout layout = one_cell({{{1, 0}, {{0, 0}, {100, 0}, {100, 100}, {0, 100}}},
                            {{3, 0}, {{30, 30}, {70, 30}, {70, 70}, {30, 70}}},
                            {{2, 0}, {{70, 50}, {90, 70}, {70, 90}, {50, 70}}}});
  const auto area = [&](const std::vector<CombinedLayer>& combine) {
    return area_nm2(
        make_clip(layout, {.combine = combine, .window_nm = {0, 0, 100, 100}, .guard_nm = 0}).rings);
  };
  CHECK(area({{subtract, 3, 0}}) == 10000 - 1600);
  // The diamond has 800 nm^2, a quarter of them in the hole.
  CHECK(area({{subtract, 3, 0}, {add, 2, 0}}) == Approx(10000 - 1600 + 200).epsilon(1e-9));
  CHECK(area({{subtract, 3, 0}, {intersect, 2, 0}}) == Approx(600).epsilon(1e-9));
  CHECK(area({{subtract, 3, 0}, {subtract, 2, 0}}) == Approx(10000 - 1600 - 600).epsilon(1e-9));
  CHECK_THROWS_WITH(area({{add, 7, 1}}),
                    Contains("layout.combine.layer = 7, datatype 1") && Contains("1/0, 2/0, 3/0"));
}

TEST_CASE("round_corners: right angles lose and gain the closed form", "[validation][layout]") {
  const double k = 1 - std::numbers::pi / 4;
  for (const double r : {0.5, 3.0, 9.0, 20.0}) {
    INFO(r);
    // Chords inside the arc: at most 2/3 of 0.01 nm over its length.
    const double margin = 0.01 * 2 * std::numbers::pi * r + 0.01;
    const Clip square = make_clip(Box{0, 0, 300, 200}, {rectangle_nm(50, 60, 150, 100)});
    const Clip rounded = round_corners(square, r);
    CHECK(area_nm2(rounded.rings) == Approx(4000 - 4 * k * r * r).margin(margin));
    CHECK(area_nm2(rounded.rings) <= 4000 - 4 * k * r * r + 0.01);
    // Edges stay where they are.
    double x0 = 1e9, x1 = -1e9;
    for (const Point& p : rounded.rings.at(0)) x0 = std::min(x0, p.x), x1 = std::max(x1, p.x);
    CHECK(x0 == 50);
    CHECK(x1 == 150);
    // An L: five outer corners lose, the inner one gains.
    const Clip ell =
        make_clip(Box{0, 0, 300, 200}, {{{50, 60}, {150, 60}, {150, 100}, {90, 100}, {90, 160}, {50, 160}}});
    CHECK(area_nm2(round_corners(ell, r).rings) == Approx(100 * 40 + 40 * 60 - 4 * k * r * r).margin(margin));
    // A hole keeps its own corners.
    const Clip frame =
        make_clip(Box{0, 0, 300, 200}, {rectangle_nm(50, 50, 250, 70), rectangle_nm(50, 130, 250, 150),
                                        rectangle_nm(50, 50, 100, 150), rectangle_nm(200, 50, 250, 150)});
    if (r <= 10) {
      CHECK(area_nm2(round_corners(frame, r).rings) == Approx(200 * 100 - 100 * 60).margin(2 * margin));
    }
  }
}

TEST_CASE("round_corners: a small square becomes a disc", "[validation][layout]") {
  const Clip contact = make_clip(Box{0, 0, 36, 36}, {rectangle_nm(9, 9, 27, 27)});
  const Clip disc = round_corners(contact, 9);
  CHECK(area_nm2(disc.rings) == Approx(std::numbers::pi * 81).margin(0.01 * 2 * std::numbers::pi * 9));
  for (const Point& p : disc.rings.at(0)) CHECK(std::hypot(p.x - 18, p.y - 18) == Approx(9).margin(1e-3));
  // A larger radius cannot do more.
  CHECK(round_corners(contact, 15).rings == disc.rings);
  CHECK(round_corners(contact, 0).rings == contact.rings);
  CHECK_THROWS_AS(round_corners(contact, 37), InputError);
  CHECK_THROWS_AS(round_corners(contact, -1), InputError);
  CHECK_THROWS_AS(round_corners(contact, std::nan("")), InputError);
}

TEST_CASE("round_corners: the border of the cell has no corners", "[unit][layout]") {
  const Clip line = make_clip(Box{0, 0, 36, 36}, {rectangle_nm(0, 9, 36, 27)});
  CHECK(round_corners(line, 5).rings == line.rings);
  // The same contact, cut by the border or not, is the same disc.
  const Clip cut = make_clip(Box{0, 0, 36, 36}, {rectangle_nm(-9, -9, 9, 9)});
  const Clip whole = make_clip(Box{0, 0, 36, 36}, {rectangle_nm(9, 9, 27, 27)});
  const Clip rounded = round_corners(cut, 6);
  CHECK(rounded.rings.size() == 4);
  CHECK(area_nm2(rounded.rings) == Approx(area_nm2(round_corners(whole, 6).rings)).epsilon(1e-9));
}

TEST_CASE("round_corners: area does not depend on where the cell begins", "[property][layout]") {
  std::mt19937_64 random(12);
  const auto uniform = [&](double lo, double hi) {
    return std::uniform_real_distribution<double>(lo, hi)(random);
  };
  for (int i = 0; i < 20; ++i) {
    // Sloping quadrilaterals, kept apart.
    std::vector<Polygon> shapes, moved;
    const double dx = std::round(uniform(-200, 200)), dy = std::round(uniform(-200, 200));
    for (const double x : {50.0, 150.0}) {
      Polygon p{{x - std::round(uniform(15, 40)), 100},
                {x, 100 - std::round(uniform(15, 60))},
                {x + std::round(uniform(15, 40)), 100},
                {x, 100 + std::round(uniform(15, 60))}};
      shapes.push_back(p);
      for (Point& q : p) q = {q.x + dx, q.y + dy};
      moved.push_back(p);
    }
    const Box cell{0, 0, 200, 200};
    const double a = area_nm2(round_corners(make_clip(cell, shapes), 8).rings);
    CHECK(a == Approx(area_nm2(round_corners(make_clip(cell, moved), 8).rings)).margin(0.05));
    CHECK(a < area_nm2(make_clip(cell, shapes).rings));
  }
}

TEST_CASE("as_made: bias first, then corners", "[unit][layout]") {
  const Clip clip = make_clip(Box{0, 0, 100, 100}, {rectangle_nm(40, 40, 60, 60)});
  CHECK(as_made(clip, 0, 0).rings == clip.rings);
  CHECK(as_made(clip, 2, 5).rings == round_corners(grow(clip, 2), 5).rings);
  CHECK(as_made(clip, 2, 0).rings == grow(clip, 2).rings);
}

TEST_CASE("region_shapes: holes by slits, long polygons in pieces, the same area", "[property][layout]") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<Shape> drawn;
    for (int i = 0; i < 40; ++i) drawn.push_back(random_shape(random, 600));
    // What is left of a plate with these shapes cut out: islands and many holes.
    for (Shape& s : drawn) s.layer = {2, 0};
    drawn.push_back(rectangle(-700, -700, 700, 700));
    const Clip clip = make_clip(one_cell(drawn), {.combine = {{LayerOperation::subtract, 2, 0}},
                                                  .window_nm = {-800, -800, 800, 800},
                                                  .boundary = Boundary::periodic});
    const double area = area_nm2(clip.rings);
    for (const std::size_t limit : {4000, 20}) {
      const std::vector<Shape> shapes = region_shapes(clip.rings, 0.001, {1, 0}, limit);
      for (const Shape& s : shapes) REQUIRE(s.vertices.size() <= limit);
      INFO("seed " << seed << ", at most " << limit << " vertices");
      // The slits land between grid points, and cuts are rounded to them: 1 pm.
      CHECK(merged_area(one_cell(shapes, 0.001)) == Approx(area).margin(0.001 * 20000));
      // Nothing is filled twice: the sum of the polygons is their union.
      double sum = 0;
      for (const Shape& s : shapes) {
        Polygon p;
        for (const DbuPoint& v : s.vertices)
          p.push_back({0.001 * static_cast<double>(v.x), 0.001 * static_cast<double>(v.y)});
        sum += area_nm2({p});
      }
      CHECK(sum == Approx(area).margin(0.001 * 20000));
    }
  }
}
