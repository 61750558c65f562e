// SPDX-License-Identifier: MIT
// Trees of cells: boxes, counts, areas, windows; glp; the reference layouts.
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "layout_support.hpp"
#include "support/third_party.hpp"
#include "undulith/core/error.hpp"

using namespace layout_test;
using Catch::Matchers::Contains;
using undulith::Box;
using undulith::InputError;
using undulith::test::third_party;

namespace {

/// Half a million ways down: each level places the one below twice.
Layout doubling_tree(int levels) {
  Layout layout;
  layout.cells["L0"] = {"L0", {rectangle(0, 0, 1, 1)}, {}};
  for (int i = 1; i <= levels; ++i) {
    Reference r{.cell = "L" + std::to_string(i - 1)};
    layout.cells["L" + std::to_string(i)] = {"L" + std::to_string(i), {}, {r, r}};
  }
  return layout;
}

}  // namespace

TEST_CASE("layout: a square turned by 45 degrees and magnified keeps its closed-form area and box",
          "[validation][layout]") {
  Layout layout = one_cell({});
  layout.cells["SQUARE"] = {"SQUARE", {rectangle(-500, -500, 500, 500)}, {}};
  layout.cells["TOP"].references.push_back(
      {.cell = "SQUARE", .origin = {100, 200}, .magnification = 1.5, .angle_deg = 45});
  const auto s = summarise(layout, "TOP");
  REQUIRE(s.size() == 1);
  // Vertices are rounded to 1 pm: the area is within 1 pm times the outline of 6000 nm.
  CHECK(s[0].area_nm2 == Approx(1500.0 * 1500.0).margin(1e-3 * 6000));
  const double half = 750 * std::sqrt(2.0);
  CHECK(s[0].box_nm.x0 == Approx(100 - half).margin(1e-3));
  CHECK(s[0].box_nm.y1 == Approx(200 + half).margin(1e-3));
  // Turned back inside a second cell, the box is that of the square and not of its turned box.
  layout.cells["BACK"] = {"BACK", {}, {{.cell = "TOP", .angle_deg = -45}}};
  CHECK(bounding_box(layout, "BACK")->width() == Approx(1500).margin(2e-3));
}

TEST_CASE("layout: areas do not change under mirror, quarter turn and shift of the top",
          "[property][layout]") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Layout layout = random_layout(seed, true);
    const double area = merged_area(layout);
    if (area == 0) continue;
    for (const Reference& r :
         {Reference{.cell = "TOP", .origin = {12345, -777}}, Reference{.cell = "TOP", .mirrored = true},
          Reference{.cell = "TOP", .angle_deg = 90}, Reference{.cell = "TOP", .angle_deg = -180}}) {
      layout.cells["ABOVE"] = {"ABOVE", {}, {r}};
      INFO("seed " << seed);
      // Only intersections of sloping edges are rounded, to 1 pm, perhaps to the other side.
      CHECK(merged_area(layout, "ABOVE") == Approx(area).margin(1e-3 * outline_nm(layout, "TOP")));
    }
    layout.cells["ABOVE"] = {"ABOVE", {}, {Reference{.cell = "TOP", .magnification = 2}}};
    CHECK(merged_area(layout, "ABOVE") == Approx(4 * area).margin(2e-3 * outline_nm(layout, "ABOVE")));
  }
}

TEST_CASE("layout: a cell that contains itself is refused with the loop", "[unit][layout]") {
  Layout layout = one_cell({rectangle(0, 0, 1, 1)});
  layout.cells["A"] = {"A", {}, {{.cell = "B"}}};
  layout.cells["B"] = {"B", {}, {{.cell = "A"}}};
  layout.cells["TOP"].references.push_back({.cell = "A"});
  CHECK_THROWS_WITH(summarise(layout, "TOP"), Contains("'A' > 'B' > 'A'"));
  CHECK_THROWS_AS(bounding_box(layout, "A"), InputError);
  CHECK_THROWS_AS(make_clip(layout, ClipParameters{.cell = "TOP"}), InputError);
  layout.cells["TOP"].references = {{.cell = "TOP"}};
  CHECK_THROWS_AS(summarise(layout, "TOP"), InputError);
  CHECK_THROWS_WITH(summarise(layout, "NONE"), Contains("'NONE' is not in the layout"));
}

TEST_CASE("layout: trees that explode are counted, not expanded", "[unit][layout]") {
  const Layout big = doubling_tree(40);
  const auto s = summarise(big, "L40");
  REQUIRE(s.size() == 1);
  CHECK(s[0].n_polygons == std::int64_t{1} << 40);
  CHECK_FALSE(s[0].area_merged);
  CHECK(s[0].box_nm == Box{0, 0, 1, 1});
  CHECK_THROWS_WITH(make_clip(big, ClipParameters{.cell = "L40"}), Contains("too many polygons"));
  CHECK_THROWS_WITH(summarise(doubling_tree(70), "L70"), Contains("2^62"));
  // Deeper than any stack of recursive calls would like.
  Layout deep;
  for (int i = 0; i < 100000; ++i) {
    const std::string name = "L" + std::to_string(i);
    deep.cells[name] = {name, {}, {{.cell = "L" + std::to_string(i + 1)}}};
  }
  CHECK_THROWS_WITH(bounding_box(deep, "L0"), Contains("levels"));
  // Magnifications that multiply beyond reason.
  Layout swollen = doubling_tree(10);
  for (auto& [name, cell] : swollen.cells) {
    for (Reference& r : cell.references) r.magnification = 1e6;
  }
  CHECK_THROWS_WITH(bounding_box(swollen, "L10"), Contains("magnifications"));
}

TEST_CASE("layout: only the part of an array that meets the window is followed", "[unit][layout]") {
  // 30000 x 30000 contacts: nearly a billion, of which a handful is asked for.
  Layout layout = one_cell({}, 0.25);
  layout.cells["DOT"] = {"DOT", {rectangle(0, 0, 72, 72)}, {}};
  Reference array{.cell = "DOT", .origin = {1000, 2000}, .columns = 30000, .rows = 30000};
  for (const double skew : {0.0, 13.0}) {
    array.column_step_x = 160, array.column_step_y = skew;
    array.row_step_x = -skew, array.row_step_y = 160;
    layout.cells["TOP"].references = {array};
    const Box where = *bounding_box(layout, "TOP");
    const double cx = 0.5 * (where.x0 + where.x1), cy = 0.5 * (where.y0 + where.y1);
    ClipParameters p{
        .cell = "TOP", .window_nm = {cx - 500, cy - 500, cx + 500, cy + 500}, .boundary = Boundary::periodic};
    const Clip clip = make_clip(layout, p);
    // Density of the lattice: 18^2 nm^2 in |step|^2; the border cuts contacts on an outline of 4000 nm.
    const double density = 18.0 * 18.0 / (160.0 * 160.0 + skew * skew) * 16.0;
    CHECK(area_nm2(clip.rings) == Approx(density * 1e6).epsilon(0.03));
    CHECK(clip.rings.size() > 600);
    CHECK(clip.rings.size() < 800);
  }
  // All columns on one place, and rows along the columns: lattices without area.
  array = {.cell = "DOT", .columns = 100, .rows = 100};
  layout.cells["TOP"].references = {array};
  CHECK(merged_area(layout) == 18 * 18);
  array.column_step_x = 72, array.row_step_x = 144;
  layout.cells["TOP"].references = {array};
  CHECK(merged_area(layout) == 18.0 * 18 * (99 + 2 * 99 + 1));
}

TEST_CASE("layout: arrays of parallel steps cost what the window holds", "[unit][layout]") {
  Layout layout = one_cell({});
  layout.cells["DOT"] = {"DOT", {rectangle(0, 0, 20, 20)}, {}};
  const auto clip_area = [&](const Reference& array) {
    layout.cells["TOP"].references = {array};
    const ClipParameters p{
        .cell = "TOP", .window_nm = {1000, -100, 1400, 100}, .boundary = Boundary::periodic};
    return area_nm2(make_clip(layout, p).rings);
  };
  const int many = 2'000'000'000;
  // Two billion columns of 1 nm, two rows of 5 nm along them: one bar of 20 nm.
  Reference array{.cell = "DOT", .columns = many, .rows = 2, .column_step_x = 1, .row_step_x = 5};
  CHECK(clip_area(array) == 400 * 20);
  std::swap(array.columns, array.rows), std::swap(array.column_step_x, array.row_step_x);
  CHECK(clip_area(array) == 400 * 20);
  // Nearly parallel: the rows rise by 1 nm over a million nm. Only rows 0 to 2 reach the window.
  array = {.cell = "DOT",
           .columns = many,
           .rows = 1'000'000,
           .column_step_x = 40,
           .row_step_x = -1e6,
           .row_step_y = 1};
  array.origin = {0, -1};
  CHECK(clip_area(array) > 400 * 10);
  // All in one place.
  array = {.cell = "DOT", .origin = {1000, 0}, .columns = many, .rows = many};
  CHECK(clip_area(array) == 20 * 20);
  // More copies in the window than it may hold.
  array = {.cell = "DOT", .columns = many, .rows = many, .column_step_x = 0.001, .row_step_x = 0.001};
  CHECK_THROWS_WITH(clip_area(array), Contains("too many polygons and placements"));
}

TEST_CASE("layout: cells that place each other are reached by no top cell", "[unit][layout]") {
  Layout layout = one_cell({rectangle(0, 0, 10, 10)});
  CHECK(layout.looping_cells().empty());
  layout.cells["A"] = {"A", {rectangle(0, 0, 10, 10)}, {Reference{.cell = "B"}}};
  layout.cells["B"] = {"B", {}, {Reference{.cell = "A"}, Reference{.cell = "C"}}};
  layout.cells["C"] = {"C", {}, {}};
  CHECK(layout.looping_cells() == std::vector<std::string>{"A", "B", "C"});
  CHECK(layout.top_cells() == std::vector<std::string>{"TOP"});
}

TEST_CASE("layout: cells with metadata of tools are no layout, and are reported once", "[unit][layout]") {
  const auto placed = [](Records& r, const std::string& cell, int x) {
    r.empty(0x0A).text(0x12, cell).integers(0x10, {x, 0}).empty(0x11);
  };
  // As KLayout writes it: the cell places what it describes, with properties.
  const auto file = [&](const std::string& name) {
    Records r;
    r.library().cell(name);
    placed(r, "PC", 0), placed(r, "TOP", 0);
    r.end_cell().cell("PC").boundary({0, 0, 30, 0, 30, 200, 0, 200, 0, 0}).end_cell();
    r.cell("LINE").boundary({0, 0, 20, 0, 20, 200, 0, 200, 0, 0}).end_cell().cell("TOP");
    placed(r, "LINE", 0), placed(r, "LINE", 60), placed(r, "PC", 120);
    return r.end_cell().end().read();
  };
  for (const char* name :
       {"$$$CONTEXT_INFO$$$", "$$$CONTEXT_INFO$$$$1", "$$$CONTEXT_INFO$$$_2", "$$$META$$$"}) {
    INFO(name);
    const Layout layout = file(name);
    CHECK(layout.top_cells() == std::vector<std::string>{"TOP"});
    CHECK(merged_area(layout) == 14000);
    REQUIRE(layout.warnings.size() == 1);
    CHECK_THAT(layout.warnings[0], Contains("metadata"));
    CHECK(area_nm2(make_clip(layout, {.boundary = Boundary::periodic}).rings) == 14000);
    const Layout oasis = read_oasis(write_oasis(layout), "memory");
    CHECK(oasis.warnings.empty());
  }
  // A cell that only looks like it is layout: it draws, or it is placed.
  Records drawn;
  drawn.library().cell("$$$CORE$$$").boundary({0, 0, 30, 0, 30, 200, 0, 200, 0, 0}).end_cell();
  CHECK(drawn.end().read().top_cells() == std::vector<std::string>{"$$$CORE$$$"});
  CHECK(file("$$$CONTEXT_INFO$$$X").top_cells() == std::vector<std::string>{"$$$CONTEXT_INFO$$$X"});
  // In an OASIS file too.
  Layout context;
  context.cells["$$$CONTEXT_INFO$$$"] = {"$$$CONTEXT_INFO$$$", {}, {Reference{.cell = "TOP"}}};
  context.cells["TOP"] = {"TOP", {rectangle(0, 0, 10, 10)}, {}};
  CHECK(read_oasis(write_oasis(context), "memory").top_cells() == std::vector<std::string>{"TOP"});
}

TEST_CASE("layout: a window of a tree is the window of its flat shapes", "[property][layout]") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Layout layout = random_layout(seed);
    const std::optional<Box> box = bounding_box(layout, "TOP", LayerId{1, 0});
    if (!box) continue;
    const double whole = merged_area(layout);
    // Four quarters and a guard band around each: the quarters add up.
    const double mx = std::round(0.5 * (box->x0 + box->x1)), my = std::round(0.5 * (box->y0 + box->y1));
    double sum = 0, guarded = 0;
    for (const auto& w : {std::vector{box->x0, box->y0, mx, my}, std::vector{mx, box->y0, box->x1, my},
                          std::vector{box->x0, my, mx, box->y1}, std::vector{mx, my, box->x1, box->y1}}) {
      const Clip periodic =
          make_clip(layout, {.cell = "TOP", .window_nm = w, .boundary = Boundary::periodic});
      sum += area_nm2(periodic.rings);
      CHECK(periodic.cell == periodic.window);
      const Clip guard = make_clip(layout, {.cell = "TOP", .window_nm = w, .guard_nm = 50});
      CHECK(guard.cell.width() == Approx(guard.window.width() + 100));
      guarded += area_nm2(guard.rings);
    }
    INFO("seed " << seed);
    CHECK(sum == Approx(whole).margin(1e-3 * outline_nm(layout, "TOP")));
    CHECK(guarded >= sum - 1e-3 * outline_nm(layout, "TOP"));
  }
}

TEST_CASE("make_clip: mistakes in the choice of cell, layer and window say what there is", "[unit][layout]") {
  Layout layout = one_cell({rectangle(0, 0, 1000, 1000, {5, 1})}, 0.25);
  layout.cells["OTHER"] = {"OTHER", {rectangle(0, 0, 8, 8)}, {}};
  CHECK_THROWS_WITH(make_clip(layout, {}), Contains("2 top cells (OTHER, TOP)"));
  CHECK_THROWS_WITH(make_clip(layout, ClipParameters{.cell = "TOP"}), Contains("layers with shapes: 5/1"));
  ClipParameters p{.cell = "TOP", .layer = 5, .datatype = 1};
  CHECK(make_clip(layout, p).window == Box{0, 0, 250, 250});
  CHECK(make_clip(layout, p).cell == Box{-200, -200, 450, 450});
  p.boundary = Boundary::periodic;
  CHECK(make_clip(layout, p).cell == Box{0, 0, 250, 250});
  p.window_nm = {300, 0, 400, 100};
  CHECK_THROWS_WITH(make_clip(layout, p), Contains("outside the layout (which covers x 0..250, y 0..250 nm"));
  p.window_nm = {0, 0, 100};
  CHECK_THROWS_AS(make_clip(layout, p), InputError);
  p.window_nm = {100, 0, 0, 100};
  CHECK_THROWS_AS(make_clip(layout, p), InputError);
  p.window_nm = {0, 0, std::nan(""), 100};
  CHECK_THROWS_AS(make_clip(layout, p), InputError);
  p.window_nm = {0, 0, 2e6, 100};
  CHECK_THROWS_AS(make_clip(layout, p), InputError);
  p.window_nm = {0, 0, 100, 100};
  p.boundary = Boundary::guard;
  p.guard_nm = -1;
  CHECK_THROWS_AS(make_clip(layout, p), InputError);
}

TEST_CASE("layout: cells wider than 32-bit picometres are merged on the same grid", "[unit][layout]") {
  const Layout layout =
      one_cell({rectangle(-2'000'000, 0, 2'000'000, 1000), rectangle(1'999'000, 0, 3'000'000, 1000)});
  const auto s = summarise(layout, "TOP");
  CHECK(s.at(0).area_nm2 == 5e6 * 1000);
  CHECK(s.at(0).box_nm == Box{-2e6, 0, 3e6, 1000});
  // A field of 26 mm x 33 mm in units of 0.1 nm: frame, bars and a keyhole that meets itself.
  const double side = 1e7;
  Layout field = one_cell(
      {rectangle(0, 0, 260'000'000, 330'000'001),
       rectangle(-5, -7, 3, 330'000'009),
       {{2, 0},
        {{0, 0}, {100, 0}, {100, 50}, {40, 50}, {40, 20}, {20, 20}, {20, 80}, {60, 80}, {60, 50}, {0, 50}}}},
      0.1);
  field.cells["TOP"].shapes.push_back({{3, 0}, {{0, 0}, {260'000'000, 0}, {260'000'000, 330'000'000}}});
  const auto wide = summarise(field, "TOP");
  REQUIRE(wide.size() == 3);
  CHECK(wide[0].area_nm2 == (2.6e8 * 330'000'001.0 + 5.0 * 330'000'001 + 8.0 * 16) * 0.01);
  CHECK(wide[0].area_merged);
  // Polygons of metres (a database unit of 100 nm): alone each area is exact; over each other they are not merged.
  const Layout metres = one_cell({{{1, 0}, {{0, 0}, {14'000'000, 1}, {14'000'001, 12'000'000}}},
                                  {{2, 0}, {{0, 0}, {14'000'000, 1}, {14'000'001, 12'000'000}}},
                                  {{2, 0}, {{5, 0}, {14'000'000, 9}, {14'000'009, 12'000'000}}}},
                                 100);
  const auto one_metre = summarise(metres, "TOP");
  CHECK(one_metre[0].area_merged);
  CHECK(one_metre[0].area_nm2 == 0.5 * (14e6 * 12e6 - 14000001.0) * 1e4);
  CHECK_FALSE(one_metre[1].area_merged);
  CHECK(summarise(metres, std::vector<std::string>{"TOP"}).at(0).size() == 2);
  CHECK(wide[2].area_nm2 ==
        Approx(0.5 * 26 * 33 * 1e12).epsilon(1e-3 * 4.2e7 / (0.5 * 2.6 * 3.3 * side * side)));
}

TEST_CASE("layout: areas by the sweep are those of the union", "[property][layout]") {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> place(-300, 300), side(1, 90);
  for (int round = 0; round < 200; ++round) {
    std::vector<Shape> shapes;
    for (int i = 0; i < 12; ++i) {
      const std::int64_t x = place(random), y = place(random), w = side(random), h = side(random);
      Shape shape = rectangle(x, y, x + w, y + h);
      // An L, a staircase, and one that crosses itself.
      if (i % 3 == 1)
        shape.vertices.insert(shape.vertices.begin() + 2, {{x + w, y + h / 2}, {x - w / 2, y + h / 2}});
      if (i % 2 == 1) std::reverse(shape.vertices.begin(), shape.vertices.end());
      shapes.push_back(shape);
    }
    const Layout layout = one_cell(shapes);
    const Box box = *bounding_box(layout, "TOP");
    const Clip clip =
        make_clip(layout, {.window_nm = {box.x0, box.y0, box.x1, box.y1}, .boundary = Boundary::periodic});
    CHECK(merged_area(layout) == Approx(area_nm2(clip.rings)).epsilon(1e-12));
  }
}

TEST_CASE("glp: rectangles, polygons and comments", "[unit][layout]") {
  const std::string text =
      "BEGIN /* made\n by hand */\nEQUIV  1  1000  MICRON  +X,+Y\nCNAME Clip\nLEVEL M1\n\n"
      "CELL Clip PRIME\r\n  RECT N M1 10 20 30 40\n  PGON N M1 0 0 4 0 4 4 0 4\nENDMSG\n";
  const Layout layout = read_glp(text, "x.glp");
  CHECK(layout.dbu_nm == 1);
  REQUIRE(layout.cells.contains("Clip"));
  CHECK(merged_area(layout, "Clip") == 1200 + 16);
  CHECK(*bounding_box(layout, "Clip") == Box{0, 0, 40, 60});

  const auto broken = [&](const std::string& from, const std::string& to) {
    std::string t = text;
    t.replace(t.find(from), from.size(), to);
    return t;
  };
  CHECK_THROWS_WITH(read_glp(broken("RECT N M1 10 20 30 40", "RECT N M1 10 20 30"), "x.glp"),
                    Contains("x.glp:8: RECT has"));
  CHECK_THROWS_WITH(read_glp(broken("30 40", "30 -40"), "x.glp"), Contains("x.glp:8: "));
  CHECK_THROWS_WITH(read_glp(broken("30 40", "30 4.5"), "x.glp"), Contains("'4.5' (must be an integer"));
  CHECK_THROWS_WITH(read_glp(broken("30 40", "30 9999999999"), "x.glp"), Contains("32 bits"));
  CHECK_THROWS_WITH(read_glp(broken("0 4\n", "0\n"), "x.glp"), Contains("x.glp:9: PGON has"));
  CHECK_THROWS_WITH(read_glp(broken("PGON N M1", "PGON N M2"), "x.glp"), Contains("only clips of one level"));
  CHECK_THROWS_WITH(read_glp(broken("PGON", "CIRC"), "x.glp"), Contains("'CIRC' is not a keyword"));
  CHECK_THROWS_WITH(read_glp(broken("ENDMSG", ""), "x.glp"), Contains("without ENDMSG"));
  CHECK_THROWS_AS(read_glp(broken("1000  MICRON", "0  MICRON"), "x.glp"), InputError);
  CHECK_THROWS_AS(read_glp("", "x.glp"), InputError);
  for (std::size_t n = 0; n + 8 < text.size(); ++n) {
    CHECK_THROWS_AS(read_glp(std::string_view(text).substr(0, n), "x.glp"), InputError);
  }
}

TEST_CASE("read_layout: the content decides, and what is unknown is named", "[unit][layout]") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "undulith_test_layout";
  std::filesystem::create_directories(folder);
  const Layout layout = random_layout(4);
  save(folder / "x.gds", write_gdsii(layout));
  save(folder / "x.dat", write_gdsii(layout));
  CHECK(same_layout(read_layout(folder / "x.gds"), layout));
  CHECK(same_layout(read_layout(folder / "x.dat"), layout));
  // OASIS has no library name.
  Layout nameless = one_cell({rectangle(0, 0, 3, 4), rectangle(5, 6, 7, 9)}, 0.25);
  nameless.name.clear();
  for (const char* name : {"x.oas", "x2.dat"}) {
    save(folder / name, write_oasis(nameless));
    CHECK(same_layout(read_layout(folder / name), nameless));
  }
  CHECK(write_layout(nameless, "a.oas") == write_oasis(nameless, OasisCells::compressed));
  CHECK(write_layout(nameless, "a.gds") == write_gdsii(nameless));
  CHECK_THROWS_WITH(write_layout(nameless, "a.dxf"), Contains("must end in .gds or .oas"));
  std::ofstream(folder / "y.oas") << "%SEMI-OAS";
  CHECK_THROWS_WITH(read_layout(folder / "y.oas"), Contains("this is not OASIS"));
  std::ofstream(folder / "x.txt") << "hello";
  CHECK_THROWS_WITH(read_layout(folder / "x.txt"), Contains("unknown layout format"));
  CHECK_THROWS_AS(read_layout(folder / "missing.gds"), InputError);
  std::filesystem::remove_all(folder);
}

TEST_CASE("layout: polygon counts, areas and boxes of the reference layouts", "[validation][layout]") {
  // From an independent parser.
  const auto reference_file = third_party("reference/mask/layout_reference_areas.json");
  const auto layouts = third_party("layouts");
  if (!reference_file || !layouts) return;
  const auto reference = nlohmann::json::parse(std::ifstream(*reference_file));
  const Layout asap7 = read_layout(*layouts / "asap7/asap7sc7p5t_28_R_220121a.gds");
  CHECK(asap7.dbu_nm == 0.25);
  CHECK(asap7.top_cells().size() == 212);
  int compared = 0;
  for (const auto& [key, expected] : reference.items()) {
    std::vector<LayerSummary> summary;
    LayerId layer{1, 0};
    if (key.starts_with("asap7/")) {
      const std::size_t slash = key.find('/', 6);
      summary = summarise(asap7, key.substr(6, slash - 6));
      layer.layer = std::stoi(key.substr(slash + 6));
    } else if (key.starts_with("iccad13/")) {
      const Layout glp = read_layout(*layouts / key);
      summary = summarise(glp, glp.top_cells().at(0));
    } else {
      continue;
    }
    INFO(key);
    const auto found =
        std::find_if(summary.begin(), summary.end(), [&](const LayerSummary& s) { return s.layer == layer; });
    REQUIRE(found != summary.end());
    CHECK(found->n_polygons == expected["n_polygons"].get<std::int64_t>());
    CHECK(found->area_nm2 == Approx(expected["union_area_nm2"].get<double>()).epsilon(1e-9));
    const auto box = expected["bbox_nm"].get<std::vector<double>>();
    CHECK(found->box_nm == Box{box[0], box[1], box[2], box[3]});
    ++compared;
  }
  CHECK(compared == 11);
}
