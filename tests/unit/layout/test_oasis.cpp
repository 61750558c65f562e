// SPDX-License-Identifier: MIT
// OASIS: round trip, every kind of record, damaged files.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>

#include "oasis_cases.hpp"
#include "undulith/core/error.hpp"

using namespace layout_test;
using Catch::Matchers::Contains;
using undulith::Box;
using undulith::InputError;

namespace {

std::string error_of(const std::vector<std::byte>& bytes) {
  try {
    (void)read_oasis(bytes, "bad.oas");
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

/// What OASIS cannot hold is taken out: the library's name, steps of arrays of one, steps between units.
Layout as_oasis_keeps_it(Layout layout) {
  layout.name.clear();
  for (auto& [name, cell] : layout.cells) {
    for (Reference& r : cell.references) {
      for (double* step : {&r.column_step_x, &r.column_step_y, &r.row_step_x, &r.row_step_y})
        *step = std::round(*step);
      if (r.columns == 1) r.column_step_x = r.column_step_y = 0;
      if (r.rows == 1) r.row_step_x = r.row_step_y = 0;
      // A slanted column of instances is a row of them.
      if (r.columns == 1 && r.rows > 1 && (r.row_step_x != 0 || r.row_step_y < 0)) {
        std::swap(r.columns, r.rows);
        r.column_step_x = r.row_step_x, r.column_step_y = r.row_step_y;
        r.row_step_x = r.row_step_y = 0;
      }
    }
  }
  return layout;
}

/// START, one cell, the records, no end.
std::string in_cell(const std::function<void(Oasis&)>& records) {
  Oasis o;
  o.start().cell();
  records(o);
  return error_of(o.bytes());
}

}  // namespace

TEST_CASE("oasis: write then read gives the layout back", "[property][layout]") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Layout layout = as_oasis_keeps_it(random_layout(seed));
    for (const OasisCells cells : {OasisCells::plain, OasisCells::compressed}) {
      const std::vector<std::byte> bytes = write_oasis(layout, cells);
      const Layout back = read_oasis(bytes, "memory");
      INFO("seed " << seed);
      REQUIRE(same_layout(layout, back));
      REQUIRE(back.warnings.empty());
      REQUIRE(write_oasis(back, cells) == bytes);
    }
  }
}

TEST_CASE("oasis: every kind of record draws its closed-form area and box", "[validation][layout]") {
  for (const OasisCase& c : oasis_cases()) {
    INFO(c.name);
    const Layout layout = read_oasis(c.bytes, c.name);
    CHECK(layout.warnings.empty());
    CHECK(layout.top_cells() == std::vector<std::string>{"TOP"});
    if (c.exact) {
      CHECK(merged_area(layout) == c.area);
    } else {
      CHECK(merged_area(layout) == Approx(c.area).epsilon(0.01));
    }
    CHECK(*bounding_box(layout, "TOP", LayerId{1, 0}) == c.box);
    // And once more through our own writer.
    CHECK(merged_area(read_oasis(write_oasis(layout), "again")) == merged_area(layout));
  }
}

TEST_CASE("oasis: units are read from the file, whatever kind of real they are", "[unit][layout]") {
  for (const double dbu : {1.0, 0.25, 0.1, 0.5, 0.005, 5.0, 1000.0, 25.4, 0.001, 1.0 / 3}) {
    const Layout back = read_oasis(write_oasis(one_cell({rectangle(0, 0, 36, 72)}, dbu)), "memory");
    CHECK(back.dbu_nm == dbu);
    CHECK(bounding_box(back, "TOP")->x1 == Approx(36 * dbu).margin(5e-4));
  }
  const auto dbu_of = [](const std::function<void(Oasis&)>& real) {
    Oasis o;
    o.magic().byte(1).text("1.0");
    real(o);
    return o.u({1}).cell().rectangle(0, 0, 1, 1).end().read().dbu_nm;
  };
  CHECK(dbu_of([](Oasis& o) { o.u({0, 4000}); }) == 0.25);
  CHECK(dbu_of([](Oasis& o) { o.u({2, 5}); }) == 5000);
  CHECK(dbu_of([](Oasis& o) { o.u({4, 5000, 127}); }) == 25.4);
  CHECK(dbu_of([](Oasis& o) { o.u({6}).raw({0, 0, 0x7A, 0x45}); }) == 0.25);                 // 4000 as float
  CHECK(dbu_of([](Oasis& o) { o.u({7}).raw({0, 0, 0, 0, 0, 0x40, 0xAF, 0x40}); }) == 0.25);  // as double
  Oasis negative;
  negative.magic().byte(1).text("1.0").u({1, 1000, 1});
  CHECK_THAT(error_of(negative.bytes()), Contains("START") && Contains("-1000 grid points"));
  // The offsets of tables may stand in START instead of END.
  Oasis early;
  early.magic().byte(1).text("1.0").u({0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  CHECK(merged_area(early.cell().rectangle(0, 0, 3, 4).end(Oasis::none, false).read()) == 12);
}

TEST_CASE("oasis: checksums are checked", "[unit][layout]") {
  for (const auto check : {Oasis::crc32_sum, Oasis::checksum32}) {
    std::vector<std::byte> bytes = Oasis().start().cell().rectangle(0, 0, 10, 10).end(check).bytes();
    CHECK(merged_area(read_oasis(bytes, "ok")) == 100);
    // A wider rectangle, which nothing else would show.
    const auto width = std::find(bytes.begin() + 25, bytes.end(), std::byte{10});
    REQUIRE(width != bytes.end());
    *width = std::byte{11};
    CHECK_THAT(error_of(bytes), Contains("record END") && Contains("checksum"));
  }
  std::vector<std::byte> ours = write_oasis(random_layout(3));
  for (std::size_t i = 13; i < ours.size(); i += 7) {
    if (i == ours.size() - 5) continue;  // the scheme itself: no validation then
    ours[i] ^= std::byte{0x01};
    INFO(i);
    REQUIRE_THROWS_AS(read_oasis(ours, "flipped"), InputError);
    ours[i] ^= std::byte{0x01};
  }
}

TEST_CASE("oasis: a long lattice of a shape stays an array", "[unit][layout]") {
  // 30000 x 30000 squares in 25 bytes.
  Oasis o;
  o.start().cell("TOP$array1").end_of_cell().cell();
  o.raw({20, 0xDF}).u({1, 0, 10}).s({1, 2}).u({1, 29998, 29998, 20, 20}).end();
  const Layout layout = o.read();
  REQUIRE(layout.cells.size() == 3);
  const Cell& top = layout.cells.at("TOP");
  CHECK(top.shapes.empty());
  REQUIRE(top.references.size() == 1);
  CHECK(top.references[0].cell == "TOP$array2");  // the first name is taken
  CHECK(top.references[0].columns == 30000);
  const auto summary = summarise(layout, "TOP");
  CHECK(summary.at(0).n_polygons == 900'000'000);
  CHECK(summary.at(0).box_nm == Box{1, 2, 599991, 599992});
  const Clip clip =
      make_clip(layout, {.cell = "TOP", .window_nm = {300001, 300002, 300041, 300042}, .guard_nm = 0});
  CHECK(area_nm2(clip.rings) == 400);
}

TEST_CASE("oasis: an array of steps between units becomes its rounded places", "[unit][layout]") {
  Layout layout = one_cell({});
  layout.cells["DOT"] = {"DOT", {rectangle(0, 0, 4, 4)}, {}};
  layout.cells["TOP"].references.push_back({.cell = "DOT",
                                            .origin = {10, 20},
                                            .columns = 3,
                                            .rows = 2,
                                            .column_step_x = 100.0 / 3,
                                            .row_step_x = -0.5,
                                            .row_step_y = 50});
  const Layout back = read_oasis(write_oasis(layout), "memory");
  const auto& places = back.cells.at("TOP").references;
  REQUIRE(places.size() == 6);
  CHECK(places[1].origin == DbuPoint{43, 20});
  CHECK(places[2].origin == DbuPoint{77, 20});
  CHECK(places[5].origin == DbuPoint{76, 70});
  layout.cells["TOP"].references[0].columns = 1'000'001;
  CHECK_THROWS_WITH(write_oasis(layout), Contains("finer database unit"));
}

TEST_CASE("oasis: skipped elements are reported", "[unit][layout]") {
  Oasis o;
  o.start().cell().raw({17, 0x80}).text("GHOST").rectangle(0, 0, 0, 5).rectangle(0, 0, 5, 5);
  o.raw({33, 0x1B}).u({9, 1, 0}).text("private").s({0, 0});  // XGEOMETRY
  o.end().byte(1);
  const Layout layout = o.read();
  const std::string all = [&] {
    std::string s;
    for (const std::string& w : layout.warnings) s += w + "\n";
    return s;
  }();
  CHECK_THAT(all, Contains("'GHOST' (placed by 'TOP') is not in the file"));
  CHECK_THAT(all, Contains("a shape without area"));
  CHECK_THAT(all, Contains("XGEOMETRY"));
  CHECK_THAT(all, Contains("1 bytes after END"));
  CHECK(merged_area(layout) == 25);
}

TEST_CASE("oasis: a file cut at any byte is refused with its place", "[unit][layout]") {
  for (const OasisCells cells : {OasisCells::plain, OasisCells::compressed}) {
    const std::vector<std::byte> bytes = write_oasis(random_layout(11), cells);
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      const std::string message = error_of({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n)});
      INFO("cut at " << n << ": " << message);
      REQUIRE_THAT(message, Contains("bad.oas: byte "));
    }
  }
}

TEST_CASE("oasis: a damaged file never does more than throw InputError", "[property][layout]") {
  std::vector<std::vector<std::byte>> good;
  for (const OasisCase& c : oasis_cases()) good.push_back(c.bytes);
  Layout tree = random_layout(5);
  good.push_back(write_oasis(tree));
  good.back()[good.back().size() - 5] = std::byte{0};  // without its checksum
  good.back().resize(good.back().size() - 4);
  std::mt19937_64 random(99);
  int refused = 0;
  for (int i = 0; i < 40000; ++i) {
    std::vector<std::byte> bytes = good[static_cast<std::size_t>(i) % good.size()];
    // Damage among the records, not in the padding of END.
    const std::size_t records = bytes.size() - 250;
    for (int k = 0; k < 1 + i % 4; ++k) bytes[random() % records] = static_cast<std::byte>(random() & 0xFFU);
    try {
      const Layout layout = read_oasis(bytes, "fuzz", std::size_t{16} << 20);
      for (const std::string& top : layout.top_cells()) (void)bounding_box(layout, top);
    } catch (const InputError&) {
      ++refused;
    }
  }
  CHECK(refused > 10000);
}

TEST_CASE("oasis: errors name file, byte, record and cell", "[unit][layout]") {
  CHECK_THAT(
      in_cell([](Oasis& o) {
        o.raw({20, 0x7B}).u({1, 0, 5});
      }),
      Contains("bad.oas: byte ") && Contains("record RECTANGLE in cell 'TOP'") && Contains("truncated"));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({20, 0x18}).s({0, 0});
             }),
             Contains("relies on the width of an earlier record"));
  CHECK_THAT(in_cell([](Oasis& o) { o.raw({20, 0xFB}).u({1, 0, 5, 5}); }), Contains("square with a height"));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({21, 0x3B}).layer().u({6, 0});
             }),
             Contains("list of points of type 6"));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({21, 0x3B}).layer().u({0, 3}).s({1, 2, 3, 4});
             }),
             Contains("axis-parallel polygon of 3"));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({26, 0xFB}).layer().u({26, 1, 1});
             }),
             Contains("trapezoid of type 26"));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({22, 0xFB}).layer().u({5, 16});
             }),
             Contains("extension scheme of 16"));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({20, 0xDF}).u({1, 0, 10}).s({1, 2}).u({12, 0});
             }),
             Contains("repetition of type 12"));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({20, 0xDF}).u({1, 0, 10}).s({1, 2}).u({0});
             }),
             Contains("relies on the repetition"));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({18, 0xB4}).text("A").u({0, 0}).s({0, 0});
             }),
             Contains("magnification 0"));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({18, 0xB4}).text("A").u({2, 0}).s({0, 0});
             }),
             Contains("denominator of 0"));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({18, 0xB4}).text("A").u({7}).raw({0, 0, 0, 0, 0, 0, 0xF0, 0x7F});
             }),
             Contains("not finite"));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({18, 0xB4}).text("A").u({8});
             }),
             Contains("real number of type 8"));
  CHECK_THAT(in_cell([](Oasis& o) { o.byte(99); }), Contains("record type 99"));
  CHECK_THAT(in_cell([](Oasis& o) { o.byte(1); }), Contains("a second START"));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({17, 0xF0}).u({5}).s({0, 0}).end();
             }),
             Contains("record END") && Contains("cell number 5 is used (no CELLNAME"));
  CHECK_THAT(in_cell([](Oasis& o) { o.cell().end(); }), Contains("'TOP' is defined twice"));
  CHECK_THAT(in_cell([](Oasis& o) { o.byte(3).text("A").rectangle(0, 0, 1, 1); }),
             Contains("outside a cell"));
  CHECK_THAT(in_cell([](Oasis& o) { o.byte(3).text("A").byte(4).text("B").u({1}); }), Contains("mixed"));
  CHECK_THAT(in_cell([](Oasis& o) { o.byte(4).text("A").u({1}).byte(4).text("B").u({1}); }),
             Contains("has two names"));
  CHECK_THAT(in_cell([](Oasis& o) { o.rectangle(0, 0, std::uint64_t{1} << 60, 1); }),
             Contains("a coordinate or length"));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({20, 0x7B}).u({1, 0}).raw(std::vector<int>(10, 0xFF)).byte(1);
             }),
             Contains("beyond 63 bits"));
  CHECK_THAT(in_cell([](Oasis& o) {
               Oasis inner, block;
               inner.rectangle(0, 0, 1, 1);
               block.byte(0).block(inner);
               o.block(block);
             }),
             Contains("byte 1 of the block inflated from byte") && Contains("within a compressed block"));
  CHECK_THAT(in_cell([](Oasis& o) { o.byte(34).u({1, 5, 5}).raw({0, 0, 0, 0, 0}); }), Contains("method 1"));
  CHECK_THAT(error_of(Oasis().magic().byte(1).text("2.0").bytes()), Contains("version '2.0'"));
  CHECK_THAT(error_of(Oasis().magic().cell().bytes()), Contains("START must come first"));
  CHECK_THAT(error_of(Oasis().text("no magic").bytes()), Contains("this is not OASIS"));
}

TEST_CASE("oasis: forty bytes that claim gigabytes are refused", "[unit][layout]") {
  constexpr std::uint64_t kBillion = 1'000'000'000;
  CHECK_THAT(in_cell([](Oasis& o) { o.raw({17, 0x80}).u({kBillion}); }), Contains("items, "));
  CHECK_THAT(in_cell([](Oasis& o) { o.raw({21, 0x3B}).layer().u({4, kBillion}); }), Contains("items, "));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({20, 0xDF}).u({1, 0, 10}).s({1, 2}).u({10, kBillion});
             }),
             Contains("items, "));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.raw({20, 0xDF}).u({1, 0, 10}).s({1, 2}).u({1, kBillion * 3, 1, 1, 1});
             }),
             Contains("copies in a row"));
  CHECK_THAT(in_cell([](Oasis& o) {
               o.byte(34).u({0, kBillion, 5}).raw({1, 2, 3, 4, 5});
             }),
             Contains("impossible with deflate"));
  CHECK_THAT(in_cell([](Oasis& o) { o.byte(28).byte(0xF4).text("P").u({kBillion}); }), Contains("items, "));
}

TEST_CASE("oasis: blocks and repetitions that explode are bounded", "[unit][layout]") {
  // Sixteen MB of padding records deflate to sixteen KB.
  Oasis padding;
  for (int i = 0; i < 1 << 20; ++i) padding.byte(0);
  Oasis bomb;
  bomb.start().cell();
  for (int i = 0; i < 16; ++i) bomb.block(padding);
  bomb.end();
  CHECK_NOTHROW(read_oasis(bomb.bytes(), "ok"));
  CHECK_THROWS_WITH(read_oasis(bomb.bytes(), "bomb", std::size_t{8} << 20),
                    Contains("unfolds to more than 8 MB"));
  // A polygon of many points at many places: both in proportion to the file, their product not.
  Oasis product;
  product.start().cell().raw({21, 0x3F}).layer().u({4, 20000});
  for (int i = 0; i < 20000; ++i) product.g(i % 2 == 0 ? 3 : -1, i % 3);
  product.s({0, 0}).u({4, 20000});
  for (int i = 0; i < 20001; ++i) product.u({7});
  product.end();
  CHECK_THROWS_WITH(read_oasis(product.bytes(), "product", std::size_t{64} << 20),
                    Contains("more memory than the limit"));
}

TEST_CASE("oasis: the writer refuses what the format cannot hold", "[unit][layout]") {
  CHECK_THROWS_AS(write_oasis(one_cell({rectangle(0, 0, std::int64_t{1} << 60, 1)})), InputError);
  CHECK_THROWS_AS(write_oasis(one_cell({Shape{{1, 0}, {{0, 0}, {1, 1}}}})), InputError);
  CHECK_THROWS_AS(write_oasis(one_cell({Shape{{1, 0}, {{0, 0}, {1, 1}, {0, 1}, {0, 0}}}})), InputError);
  CHECK_THROWS_AS(write_oasis(one_cell({rectangle(0, 0, 1, 1, {-1, 0})})), InputError);
  CHECK_NOTHROW(write_oasis(one_cell({rectangle(0, 0, 1, 1, {70000, 0})})));
  Layout spaced;
  spaced.cells["A B"] = {"A B", {}, {}};
  CHECK_THROWS_WITH(write_oasis(spaced), Contains("'A B'") && Contains("rename"));
}

// Writes the seeds of the fuzz targets into the folder named by UNDULITH_CORPUS. Run by hand.
TEST_CASE("oasis: write the seeds", "[.write_corpus][unit][layout]") {
  const char* folder = std::getenv("UNDULITH_CORPUS");
  if (folder == nullptr) {
    WARN("skipped: UNDULITH_CORPUS names no folder");
    return;
  }
  const std::filesystem::path corpus(folder);
  for (const char* reader : {"oasis", "gdsii"}) std::filesystem::create_directories(corpus / reader);
  for (OasisCase c : oasis_cases()) {
    std::replace(c.name.begin(), c.name.end(), ' ', '_');
    // Without a checksum, so that what is changed is still read; without END's padding, to be small.
    if (c.bytes[c.bytes.size() - 1] == std::byte{0} && c.bytes.size() > 256) {
      c.bytes.resize(c.bytes.size() - 256);
      for (int i = 0; i < 15; ++i) c.bytes.push_back(static_cast<std::byte>(i == 0 ? 2 : 0));
    }
    save(corpus / "oasis" / (c.name + ".oas"), c.bytes);
  }
  for (const std::uint64_t seed : {1, 2, 3}) {
    save(corpus / "oasis" / ("tree" + std::to_string(seed) + ".oas"),
         write_oasis(as_oasis_keeps_it(random_layout(seed))));
    save(corpus / "gdsii" / ("tree" + std::to_string(seed) + ".gds"), write_gdsii(random_layout(seed)));
  }
  Records elements;
  elements.library().cell("TOP").path(1, 20, {0, 0, 100, 0, 100, 50}).path(4, 20, {0, 0, 100, 0}, {5, -3});
  elements.empty(0x2D)
      .words(0x0D, {7})
      .words(0x2E, {3})
      .integers(0x10, {0, 0, 10, 0, 10, 5, 0, 5, 0, 0})
      .empty(0x11);
  elements.empty(0x0C)
      .words(0x0D, {1})
      .words(0x16, {0})
      .integers(0x10, {0, 0})
      .text(0x19, "label")
      .empty(0x11);
  elements.empty(0x0B)
      .text(0x12, "DOT")
      .words(0x13, {3, 2})
      .integers(0x10, {100, 200, 190, 218, 92, 250})
      .empty(0x11);
  elements.end_cell().end();
  save(corpus / "gdsii" / "elements.gds", elements.bytes());
}
