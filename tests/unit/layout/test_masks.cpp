// SPDX-License-Identifier: MIT
// Test patterns, and the layouts in masks/: each is what its description makes.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include "layout_support.hpp"
#include "undulith/core/error.hpp"
#include "undulith/layout/patterns.hpp"

using namespace layout_test;
using undulith::Box;
using undulith::InputError;

namespace {

const std::filesystem::path kMasks = UNDULITH_SOURCE_DIR "/masks";

/// The description in whole nm on a grid of 0.25 nm.
Layout logic_metal() {
  Layout layout = read_layout(kMasks / "logic_metal_p36.glp");
  layout.dbu_nm = 0.25;
  for (auto& [name, cell] : layout.cells) {
    for (Shape& shape : cell.shapes) {
      for (DbuPoint& p : shape.vertices) p = {4 * p.x, 4 * p.y};
    }
  }
  return layout;
}

/// The files in masks/ and what they are made from.
std::vector<std::pair<std::string, Layout>> masks() {
  return {
      {"line_space_p36.gds", make_pattern({.kind = PatternKind::line_space, .pitch_nm = 36, .width_nm = 18})},
      {"contact_array_p40.gds",
       make_pattern({.kind = PatternKind::contact_array, .pitch_nm = 40, .width_nm = 20})},
      {"tip_to_tip_p36.gds",
       make_pattern({.kind = PatternKind::tip_to_tip, .pitch_nm = 36, .width_nm = 18, .gap_nm = 20})},
      {"elbow_p36.gds", make_pattern({.kind = PatternKind::elbow, .pitch_nm = 36, .width_nm = 18})},
      {"siemens_star.gds", make_pattern({.kind = PatternKind::siemens_star, .size_nm = 1000, .spokes = 36})},
      {"logic_metal_p36.gds", logic_metal()}};
}

double pattern_area(const PatternParameters& p) {
  const Layout layout = make_pattern(p);
  return summarise(layout, layout.top_cells().at(0)).at(0).area_nm2;
}

}  // namespace

TEST_CASE("patterns: areas in closed form", "[validation][layout]") {
  // Field of 1000 nm: 2 floor((1000 - 18) / 2 / 36) + 1 = 27 lines.
  CHECK(pattern_area({.kind = PatternKind::line_space}) == 27 * 18.0 * 1000);
  CHECK(pattern_area({.kind = PatternKind::line_space, .horizontal = true}) == 27 * 18.0 * 1000);
  CHECK(pattern_area({.kind = PatternKind::contact_array, .pitch_nm = 40, .width_nm = 20}) ==
        25 * 25 * 400.0);
  CHECK(pattern_area({.kind = PatternKind::tip_to_tip, .gap_nm = 20}) == 27 * 18.0 * 980);
  // Elbow about the corner (c, c): both arms are 500 + c + 9 long on the outside.
  double elbows = 0;
  for (int i = -13; i <= 13; ++i) elbows += 18 * (2 * (500.0 + 36 * i + 9) - 18);
  CHECK(pattern_area({.kind = PatternKind::elbow}) == elbows);
  // Half the disc; vertices on 0.25 nm: the sides of 36 spokes and the rim move by at most 0.18 nm.
  const double radius = 500;
  CHECK(pattern_area({.kind = PatternKind::siemens_star}) ==
        Approx(std::numbers::pi * radius * radius / 2)
            .margin(0.18 * (36 * 2 * radius + std::numbers::pi * radius) / 4));
}

TEST_CASE("patterns: a feature is centred on the origin, and one pitch is a period", "[unit][layout]") {
  const Layout lines = make_pattern({});
  ClipParameters p{.window_nm = {-18, -18, 18, 18}, .boundary = Boundary::periodic};
  CHECK(make_clip(lines, p).rings == std::vector<Polygon>{{{-9, -18}, {9, -18}, {9, 18}, {-9, 18}}});
  CHECK(*bounding_box(lines, "LINE_SPACE") == Box{-477, -500, 477, 500});
  const Layout tips = make_pattern({.kind = PatternKind::tip_to_tip, .gap_nm = 20, .horizontal = true});
  p.window_nm = {-100, -18, 100, 18};
  CHECK(make_clip(tips, p).rings == std::vector<Polygon>{{{-100, -9}, {-10, -9}, {-10, 9}, {-100, 9}},
                                                         {{10, -9}, {100, -9}, {100, 9}, {10, 9}}});
  // An odd number of database units stays centred on a finer grid.
  const Layout odd = make_pattern({.width_nm = 18.25});
  CHECK(odd.dbu_nm == 0.125);
  p.window_nm = {-18, -18, 18, 18};
  CHECK(make_clip(odd, p).rings.at(0).at(0) == Point{-9.125, -18});
  // Every pattern is its own image when turned by 180 degrees.
  for (const PatternKind kind :
       {PatternKind::line_space, PatternKind::contact_array, PatternKind::tip_to_tip}) {
    const Layout layout = make_pattern({.kind = kind});
    const Box box = *bounding_box(layout, layout.top_cells().at(0));
    CHECK(box.x0 == -box.x1);
    CHECK(box.y0 == -box.y1);
  }
}

TEST_CASE("patterns: lengths that do not fit are refused", "[unit][layout]") {
  CHECK_THROWS_AS(make_pattern({.width_nm = 36}), InputError);
  CHECK_THROWS_AS(make_pattern({.width_nm = 0}), InputError);
  CHECK_THROWS_AS(make_pattern({.width_nm = 18.1}), InputError);
  CHECK_THROWS_AS(make_pattern({.pitch_nm = -36}), InputError);
  CHECK_THROWS_AS(make_pattern({.pitch_nm = std::nan("")}), InputError);
  CHECK_THROWS_AS(make_pattern({.size_nm = 10}), InputError);
  CHECK_THROWS_AS(make_pattern({.size_nm = 1e7}), InputError);
  CHECK_THROWS_AS(make_pattern({.kind = PatternKind::tip_to_tip, .gap_nm = 1000}), InputError);
  CHECK_THROWS_AS(make_pattern({.kind = PatternKind::siemens_star, .spokes = 1}), InputError);
  CHECK_THROWS_AS(make_pattern({.kind = PatternKind::contact_array, .pitch_nm = 36, .size_nm = 100000}),
                  InputError);
}

TEST_CASE("masks: every file is what its description makes, byte for byte", "[regression][layout]") {
  for (const auto& [name, layout] : masks()) {
    INFO(name);
    CHECK((file_bytes(kMasks / name) == write_gdsii(layout)));
    CHECK(std::filesystem::exists((kMasks / name).replace_extension(".md")));
  }
}

TEST_CASE("masks: the logic metal keeps its rules and is periodic", "[validation][layout]") {
  const Layout layout = read_layout(kMasks / "logic_metal_p36.gds");
  const Clip clip = make_clip(
      layout, {.cell = "LOGIC_METAL", .window_nm = {0, 0, 1008, 1008}, .boundary = Boundary::periodic});
  CHECK(clip.cell == Box{0, 0, 1008, 1008});
  // No space below 18 nm: growing by nearly half of that and shrinking again closes nothing. No width below
  // 18 either.
  CHECK(grow(grow(clip, 8.75), -8.75).rings == clip.rings);
  CHECK(grow(grow(clip, -8.75), 8.75).rings == clip.rings);
  // The rules are met with equality: 18.5 nm would close spaces.
  CHECK(grow(grow(clip, 9.25), -9.25).rings != clip.rings);
  const double density = area_nm2(clip.rings) / (1008.0 * 1008.0);
  CHECK(density > 0.5);
  CHECK(density < 0.6);
}

// Writes the files of masks/ into the folder named by UNDULITH_MASKS. Run by hand when a description changes.
TEST_CASE("masks: write the files", "[.write_masks][regression][layout]") {
  const char* folder = std::getenv("UNDULITH_MASKS");
  if (folder == nullptr) {
    WARN("skipped: UNDULITH_MASKS names no folder");
    return;
  }
  for (const auto& [name, layout] : masks()) save(std::filesystem::path(folder) / name, write_gdsii(layout));
}
