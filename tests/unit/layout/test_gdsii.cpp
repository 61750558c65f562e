// SPDX-License-Identifier: MIT
// GDSII: round trip, element kinds, damaged files.

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "layout/gdsii/records.hpp"
#include "layout_support.hpp"
#include "undulith/core/error.hpp"

using namespace layout_test;
using Catch::Matchers::Contains;
using undulith::Box;
using undulith::InputError;

namespace {

std::string error_of(const std::vector<std::byte>& bytes) {
  try {
    (void)read_gdsii(bytes, "bad.gds");
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

/// The area that one path of layer 1/0 fills.
double path_area(int type, int width, const std::vector<int>& xy, const std::vector<int>& extensions = {}) {
  return merged_area(
      Records().library().cell("TOP").path(type, width, xy, extensions).end_cell().end().read());
}

}  // namespace

TEST_CASE("gdsii: write then read gives the layout back", "[property][layout]") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Layout layout = random_layout(seed);
    const std::vector<std::byte> bytes = write_gdsii(layout);
    const Layout back = read_gdsii(bytes, "memory");
    INFO("seed " << seed);
    REQUIRE(same_layout(layout, back));
    REQUIRE(back.warnings.empty());
    REQUIRE(write_gdsii(back) == bytes);
  }
}

TEST_CASE("gdsii: reals of eight bytes", "[property][layout]") {
  using gdsii::decode_real8, gdsii::encode_real8;
  // Bit patterns given in the format's description.
  CHECK(encode_real8(1.0L) == 0x4110000000000000ULL);
  CHECK(encode_real8(-2.0L) == 0xC120000000000000ULL);
  CHECK(encode_real8(1e-3L) == 0x3E4189374BC6A7F0ULL);
  CHECK(std::abs(decode_real8(0x3944B82FA09B5A54ULL) - 1e-9L) < 1e-25L);
  CHECK(decode_real8(0) == 0);
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    const double mantissa = std::uniform_real_distribution<double>(-1, 1)(random);
    const double v = std::ldexp(mantissa, std::uniform_int_distribution<int>(-200, 200)(random));
    REQUIRE(static_cast<double>(decode_real8(encode_real8(v))) == v);
  }
}

TEST_CASE("gdsii: units are read from the file, not assumed", "[unit][layout]") {
  for (const double dbu : {1.0, 0.25, 0.1, 0.5, 0.005, 5.0, 1000.0, 25.4}) {
    const Layout back = read_gdsii(write_gdsii(one_cell({rectangle(0, 0, 36, 72)}, dbu)), "memory");
    CHECK(back.dbu_nm == dbu);
    CHECK(bounding_box(back, "TOP")->x1 == Approx(36 * dbu).epsilon(1e-12));
    CHECK(merged_area(back) == Approx(36 * 72 * dbu * dbu).epsilon(1e-12));
  }
}

TEST_CASE("gdsii: the paths cover their closed-form areas", "[validation][layout]") {
  const std::vector<int> straight{0, 0, 100, 0};
  CHECK(path_area(0, 20, straight) == 100 * 20);
  CHECK(path_area(2, 20, straight) == 120 * 20);
  CHECK(path_area(4, 20, straight, {5, 30}) == 135 * 20);
  CHECK(path_area(4, 20, straight, {-5, 0}) == 95 * 20);
  CHECK(path_area(0, 21, straight) == 100 * 21);                        // an odd width keeps its width
  CHECK(path_area(0, -20, straight) == 100 * 20);                       // absolute
  CHECK(path_area(0, 20, {0, 0, 100, 0, 100, 50}) == 20 * (100 + 50));  // mitred L: legs + corner - overlap
  CHECK(path_area(0, 20, {0, 0, 50, 0, 100, 0}) == 100 * 20);           // straight on
  CHECK(path_area(0, 20, {0, 0, 0, 0, 100, 0}) == 100 * 20);            // a point twice
  CHECK(path_area(2, 20, {30, 40}) == 20 * 20);                         // a dot
  CHECK(path_area(0, 20, {0, 0, 100, 0, 0, 0}) == 20 * 110);            // back on itself: square end
  CHECK(path_area(0, 40, {0, 0, 100, 0, 100, 10, 200, 10}) ==
        40 * 100 + 40 * 100 + 40 * 10);  // a jog below the width
  // Round ends: polygons inside the circle, sagitta <= half a unit, vertices rounded by at most 0.71 units.
  const double disc = std::numbers::pi * 200 * 200;
  const double rim = 2 * std::numbers::pi * 200;
  CHECK(path_area(1, 400, {0, 0, 1000, 0}) == Approx(1000 * 400 + disc).margin(rim * 1.0));
  CHECK(path_area(1, 400, {0, 0, 1000, 0}) < 1000 * 400 + disc + rim * 0.1);
  CHECK(path_area(1, 400, {5, 5}) == Approx(disc).margin(rim * 1.0));
  // Odd widths: edges on half units, mitres and slopes on the grid of 1 pm.
  CHECK(path_area(0, 5, {0, 0, 1000, 0}) == 5 * 1000);
  CHECK(path_area(2, 5, {0, 0, 1000, 0}) == 5 * 1005);
  CHECK(path_area(0, 5, {0, 0, 1000, 0, 1000, 500}) == 5 * 1500);
  CHECK(path_area(0, 5, {0, 0, 1000, 0, 1700, 700}) ==
        Approx(5 * (1000 + 700 * std::numbers::sqrt2)).margin(0.001 * 4000));
  CHECK(path_area(0, 1, {0, 0, 300, 400}) == Approx(500).margin(0.001 * 1000));
  // A diagonal: length 500, exact normal (3, 4)/5, width 50 -> all corners are whole.
  CHECK(path_area(0, 50, {0, 0, 400, 300}) == 500 * 50);
}

TEST_CASE("gdsii: a path of odd width lies on half units, in any cell and unit", "[validation][layout]") {
  const Layout layout = Records().library().cell("TOP").path(0, 5, {0, 0, 1000, 0}).end_cell().end().read();
  CHECK(*bounding_box(layout, "TOP") == Box{0, -2.5, 1000, 2.5});
  const Clip clip =
      make_clip(layout, {.cell = "TOP", .window_nm = {100, -10, 200, 10}, .boundary = Boundary::periodic});
  CHECK(area_nm2(clip.rings) == Approx(500).epsilon(1e-12));
  // Two paths side by side: no gap, no overlap.
  const Layout pair = Records()
                          .library()
                          .cell("TOP")
                          .path(0, 5, {0, 0, 1000, 0})
                          .path(0, 5, {0, 5, 1000, 5})
                          .end_cell()
                          .end()
                          .read();
  CHECK(merged_area(pair) == 10 * 1000);
  // Turned, mirrored and magnified by a placement.
  Layout placed = layout;
  placed.cells["ALL"] = {
      "ALL",
      {},
      {Reference{.cell = "TOP", .origin = {7, 9}, .mirrored = true, .magnification = 3, .angle_deg = 90}}};
  CHECK(*bounding_box(placed, "ALL") == Box{-0.5, 9, 14.5, 3009});
  CHECK(merged_area(placed, "ALL") == 9 * 5000);
  // Written to a file of whole units: halves upward, and the width is kept.
  const Layout back = read_gdsii(write_gdsii(layout), "memory");
  CHECK(*bounding_box(back, "TOP") == Box{0, -2, 1000, 3});
  CHECK(merged_area(read_oasis(write_oasis(layout), "memory")) == 5000);
}

TEST_CASE("gdsii: more columns than the format allows are read and reported", "[unit][layout]") {
  const auto array = [](int columns, int rows, const std::vector<int>& xy) {
    return Records()
        .library()
        .cell("DOT")
        .boundary({0, 0, 20, 0, 20, 20, 0, 20, 0, 0})
        .end_cell()
        .cell("TOP")
        .empty(0x0B)
        .text(0x12, "DOT")
        .words(0x13, {columns, rows})
        .integers(0x10, xy)
        .empty(0x11)
        .end_cell()
        .end()
        .read();
  };
  const Layout wide = array(40000, 2, {0, 0, 1600000, 0, 0, 80});
  const std::vector<LayerSummary> sum = summarise(wide, "TOP");
  REQUIRE(sum.size() == 1);
  CHECK(sum[0].n_polygons == 80000);
  CHECK(sum[0].area_nm2 == 32e6);
  REQUIRE(wide.warnings.size() == 1);
  CHECK_THAT(wide.warnings[0], Contains("40000 columns") && Contains("32767"));
  CHECK(array(32767, 2, {0, 0, 1310680, 0, 0, 80}).warnings.empty());
  CHECK_THAT(array(1, 65535, {0, 0, 40, 0, 0, 2621400}).warnings.at(0), Contains("65535 rows"));
}

TEST_CASE("gdsii: control characters of names never reach a message", "[unit][layout]") {
  const std::string name = "A\x1b[31m\n\x9bZ";
  const auto in_cell = [&](const Records& element) {
    Records r;
    r.library().cell(name);
    std::vector<std::byte> bytes = r.bytes();
    bytes.insert(bytes.end(), element.bytes().begin(), element.bytes().end());
    return error_of(bytes);
  };
  CHECK_THAT(in_cell(Records().empty(0x08).empty(0x08)), Contains("'A\\x1b[31m\\x0a\\x9bZ'"));
  const Layout layout = Records()
                            .library()
                            .cell("T")
                            .empty(0x0A)
                            .text(0x12, name)
                            .integers(0x10, {0, 0})
                            .empty(0x11)
                            .end_cell()
                            .end()
                            .read();
  REQUIRE(layout.warnings.size() == 1);
  CHECK_THAT(layout.warnings[0], Contains("\\x1b[31m") && !Contains("\x1b"));
  CHECK_THROWS_WITH(bounding_box(layout, name), Contains("\\x1b") && !Contains("\x1b"));
}

TEST_CASE("gdsii: a path folded at a sharp angle fills its legs", "[validation][layout]") {
  // 135 degrees of turn: the outline overlaps itself near the corner and must not cancel there. Legs of
  // length a and width w meet at 45 degrees; outside, the corner is cut w/2 beyond it.
  const double w = 20, a = 200;
  const double measured = path_area(0, 20, {0, 0, 200, 0, 200 - 141, 141});
  // Two legs, less their overlap (a kite with angle 45 degrees: (w/2)^2 / tan(22.5 deg)), plus the squared
  // corner: two triangles of leg w/2 beyond each leg and the triangle between them.
  const double h = w / 2, turn = 135 * std::numbers::pi / 180;
  const double overlap = h * h / std::tan((std::numbers::pi - turn) / 2);
  const double squared = h * h + (0.5 * 2 * h * h) * std::sin(turn - std::numbers::pi / 2);
  const double length = std::hypot(141.0, 141.0);
  // Vertices are rounded by at most 0.71 on an outline of about 800.
  CHECK(measured == Approx(w * (a + length) - overlap + squared).margin(0.71 * 100));
  CHECK(measured > w * (a + length) - overlap);
}

TEST_CASE("gdsii: boxes, long polygons, padded names and trailing blocks", "[unit][layout]") {
  Records r;
  r.library().words(0x05, std::vector<int>(12, 0)).text(0x06, "TOP", 32);
  r.empty(0x2D)
      .words(0x0D, {7})
      .words(0x2E, {3})
      .integers(0x10, {0, 0, 10, 0, 10, 5, 0, 5, 0, 0})
      .empty(0x11);
  // XY continued in a second record; text and properties in between.
  r.empty(0x08)
      .words(0x0D, {1})
      .words(0x0E, {0})
      .integers(0x10, {0, 0, 4, 0})
      .integers(0x10, {4, 4, 0, 4, 0, 0});
  r.words(0x2B, {1}).text(0x2C, "ignored").empty(0x11);
  r.empty(0x0C).words(0x0D, {1}).words(0x16, {0}).integers(0x10, {0, 0}).text(0x19, "label").empty(0x11);
  r.end_cell().end();
  std::vector<std::byte> bytes = r.bytes();
  bytes.resize(bytes.size() + 2048);  // tape blocks
  const Layout layout = read_gdsii(bytes, "padded.gds");
  CHECK(layout.warnings.empty());
  CHECK(layout.name == "L");
  REQUIRE(layout.cells.contains("TOP"));
  const Cell& cell = layout.cells.at("TOP");
  REQUIRE(cell.shapes.size() == 2);
  CHECK(cell.shapes[0].layer == LayerId{7, 3});
  CHECK(cell.shapes[1].vertices.size() == 4);
  CHECK(merged_area(layout) == 16);

  bytes.push_back(std::byte{1});
  CHECK(read_gdsii(bytes, "padded.gds").warnings.size() == 1);
}

TEST_CASE("gdsii: a skewed array", "[unit][layout]") {
  // 3 columns of (30, 6), 2 rows of (-4, 25).
  Records r;
  r.library().cell("DOT").boundary({0, 0, 2, 0, 2, 2, 0, 2, 0, 0}).end_cell();
  r.cell("TOP")
      .empty(0x0B)
      .text(0x12, "DOT")
      .words(0x13, {3, 2})
      .integers(0x10, {100, 200, 190, 218, 92, 250});
  r.empty(0x11).end_cell().end();
  const Layout layout = r.read();
  const Reference& a = layout.cells.at("TOP").references.at(0);
  CHECK(a.columns == 3);
  CHECK(a.rows == 2);
  CHECK(a.column_step_x == 30);
  CHECK(a.column_step_y == 6);
  CHECK(a.row_step_x == -4);
  CHECK(a.row_step_y == 25);
  CHECK(*bounding_box(layout, "TOP") == undulith::Box{96, 200, 162, 239});
  const auto summary = summarise(layout, "TOP");
  REQUIRE(summary.size() == 1);
  CHECK(summary[0].n_polygons == 6);
  CHECK(summary[0].area_nm2 == 24);
  CHECK(layout.top_cells() == std::vector<std::string>{"TOP"});
}

TEST_CASE("gdsii: mirror comes before magnification, rotation and translation", "[unit][layout]") {
  Layout layout = one_cell({});
  layout.cells["L"] = {"L", {rectangle(1, 2, 3, 7)}, {}};
  layout.cells["TOP"].references.push_back(
      {.cell = "L", .origin = {100, 200}, .mirrored = true, .magnification = 2, .angle_deg = 90});
  // (x, y) -> (x, -y) -> 2 (x, -y) -> (2y, 2x) -> + (100, 200)
  CHECK(*bounding_box(layout, "TOP") == undulith::Box{104, 202, 114, 206});
  CHECK(*bounding_box(read_gdsii(write_gdsii(layout), "memory"), "TOP") == undulith::Box{104, 202, 114, 206});
}

TEST_CASE("gdsii: skipped elements are reported", "[unit][layout]") {
  Records r;
  r.library().cell("TOP").empty(0x0A).text(0x12, "GHOST").integers(0x10, {0, 0}).empty(0x11);
  r.boundary({0, 0, 5, 5, 0, 0}).path(0, 0, {0, 0, 10, 0}).boundary({0, 0, 5, 0, 5, 5}).end_cell().end();
  const Layout layout = r.read();
  const std::string all = [&] {
    std::string s;
    for (const std::string& w : layout.warnings) s += w + "\n";
    return s;
  }();
  CHECK_THAT(all, Contains("'GHOST' (placed by 'TOP') is not in the file"));
  CHECK_THAT(all, Contains("fewer than three points"));
  CHECK_THAT(all, Contains("path without area"));
  CHECK_THAT(all, Contains("was closed"));
  CHECK(layout.cells.at("TOP").shapes.size() == 1);
  CHECK(layout.top_cells() == std::vector<std::string>{"TOP"});
}

TEST_CASE("gdsii: absolute widths under a magnification are reported", "[unit][layout]") {
  const auto layout_with = [](const std::vector<int>& mag) {
    Records r;
    r.library().cell("W").path(0, -20, {0, 0, 100, 0}).end_cell();
    r.cell("MID").empty(0x0A).text(0x12, "W").integers(0x10, {0, 0}).empty(0x11).end_cell();
    r.cell("TOP").empty(0x0A).text(0x12, "MID").words(0x1A, {0}, 1);
    if (!mag.empty()) r.raw(0x1B, 5, mag);
    return r.integers(0x10, {0, 0}).empty(0x11).end_cell().end().read();
  };
  CHECK(layout_with({}).warnings.empty());
  const Layout twice = layout_with({0x41, 0x20, 0, 0, 0, 0, 0, 0});
  REQUIRE(twice.warnings.size() == 1);
  CHECK_THAT(twice.warnings[0], Contains("'W' has paths of absolute width"));
  CHECK(twice.cells.at("TOP").references.at(0).magnification == 2);
}

TEST_CASE("gdsii: gzip files are read, and their inflation is bounded", "[unit][layout]") {
  const Layout layout = random_layout(3);
  const std::vector<std::byte> plain = write_gdsii(layout);
  const std::vector<std::byte> packed = gzip(plain);
  CHECK(same_layout(layout, read_gdsii(packed, "x.gds.gz")));
  for (std::size_t n = 2; n < packed.size(); ++n) {
    REQUIRE_THROWS_AS(read_gdsii(std::span(packed).first(n), "x.gds.gz"), InputError);
  }
  std::vector<std::byte> damaged = packed;
  damaged[damaged.size() / 2] ^= std::byte{0x5A};
  CHECK_THROWS_AS(read_gdsii(damaged, "x.gds.gz"), InputError);
}

TEST_CASE("gdsii: a file cut at any byte is refused with its place", "[unit][layout]") {
  Layout layout = random_layout(11);
  const std::vector<std::byte> bytes = write_gdsii(layout);
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const std::string message = error_of({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n)});
    INFO("cut at " << n << ": " << message);
    REQUIRE_THAT(message, Contains("bad.gds: byte "));
  }
  CHECK_THAT(error_of({bytes.begin(), bytes.end() - 60}), Contains("in cell 'TOP'"));
}

TEST_CASE("gdsii: a damaged file never does more than throw InputError", "[property][layout]") {
  const std::vector<std::byte> good = write_gdsii(random_layout(5));
  std::mt19937_64 random(99);
  int refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::byte> bytes = good;
    for (int k = 0; k < 1 + i % 4; ++k)
      bytes[random() % bytes.size()] = static_cast<std::byte>(random() & 0xFFU);
    try {
      const Layout layout = read_gdsii(bytes, "fuzz");
      for (const std::string& top : layout.top_cells()) (void)bounding_box(layout, top);
    } catch (const InputError&) {
      ++refused;
    }
  }
  CHECK(refused > 1000);
}

TEST_CASE("gdsii: errors name file, byte, record and cell", "[unit][layout]") {
  const auto in_cell = [](const Records& element) {
    Records r;
    r.library().cell("TOP");
    std::vector<std::byte> bytes = r.bytes();
    bytes.insert(bytes.end(), element.bytes().begin(), element.bytes().end());
    return error_of(bytes);
  };
  CHECK_THAT(in_cell(Records().empty(0x09).words(0x21, {3})), Contains("bad.gds: byte ") &&
                                                                  Contains("PATHTYPE") && Contains("'TOP'") &&
                                                                  Contains("path type 3"));
  CHECK_THAT(
      in_cell(Records().empty(0x08).words(0x0D, {1}).integers(0x10, {0, 0, 1, 0, 1, 1, 0, 0}).empty(0x11)),
      Contains("BOUNDARY") && Contains("no DATATYPE"));
  CHECK_THAT(in_cell(Records().empty(0x08).integers(0x10, {0, 0, 1})),
             Contains("XY") && Contains("half a point"));
  CHECK_THAT(in_cell(Records().empty(0x0B).text(0x12, "A").words(0x13, {0, 5})), Contains("COLROW"));
  CHECK_THAT(
      in_cell(Records().empty(0x0B).text(0x12, "A").words(0x13, {2, 5}).integers(0x10, {0, 0}).empty(0x11)),
      Contains("AREF") && Contains("1 points"));
  CHECK_THAT(in_cell(Records().empty(0x0A).text(0x12, "A").raw(0x1B, 5, {0, 0, 0, 0, 0, 0, 0, 0})),
             Contains("MAG"));
  CHECK_THAT(in_cell(Records().empty(0x0A).text(0x12, "A").raw(0x1B, 5, {0x7F, 0xFF, 0, 0, 0, 0, 0, 0})),
             Contains("MAG"));
  CHECK_THAT(in_cell(Records().empty(0x08).raw(0x0D, 3, {0, 1})), Contains("LAYER"));
  CHECK_THAT(in_cell(Records().empty(0x08).empty(0x08)), Contains("has no ENDEL"));
  CHECK_THAT(in_cell(Records().empty(0x04)), Contains("ENDLIB") && Contains("has no ENDSTR"));
  CHECK_THAT(in_cell(Records().end_cell().cell("TOP").end_cell()), Contains("defined twice"));
  CHECK_THAT(error_of(Records().library().empty(0x08).bytes()), Contains("outside a cell"));
  CHECK_THAT(error_of(Records().words(0x00, {600}).raw(0x03, 5, std::vector<int>(16, 0)).bytes()),
             Contains("UNITS"));
  CHECK_THAT(error_of(Records().text(0x02, "no header").bytes()), Contains("this is not GDSII"));
}

TEST_CASE("gdsii: forty bytes that claim gigabytes are refused at once", "[unit][layout]") {
  Records r;
  r.words(0x00, {600});
  std::vector<std::byte> bytes = r.bytes();
  // A record of 65534 bytes of which 30 are there.
  for (const int b : {0xFF, 0xFE, 0x10, 0x03}) bytes.push_back(static_cast<std::byte>(b));
  bytes.resize(40, std::byte{0x7F});
  CHECK_THAT(error_of(bytes), Contains("claims 65534 bytes, 34 are left"));
  // Gzip's own claim of its size (the last four bytes) is not believed either.
  std::vector<std::byte> packed = gzip(Records().words(0x00, {600}).bytes());
  for (std::size_t i = packed.size() - 4; i < packed.size(); ++i) packed[i] = std::byte{0xFF};
  CHECK_THAT(error_of(packed), Contains("bad.gds"));
}

TEST_CASE("gdsii: the writer refuses what the format cannot hold", "[unit][layout]") {
  CHECK_THROWS_AS(write_gdsii(one_cell({rectangle(0, 0, std::int64_t{1} << 31, 1)})), InputError);
  CHECK_THROWS_AS(write_gdsii(one_cell({Shape{{1, 0}, {{0, 0}, {1, 1}}}})), InputError);
  CHECK_THROWS_AS(write_gdsii(one_cell({rectangle(0, 0, 1, 1, {70000, 0})})), InputError);
  Layout longer;
  longer.cells[std::string(40000, 'x')] = {};
  CHECK_THROWS_AS(write_gdsii(longer), InputError);
  Shape round{{1, 0}, {}};
  for (int i = 0; i < 8190; ++i) round.vertices.push_back({i, i % 2 == 0 ? i * i % 977 : -i - 1});
  const Layout fits = one_cell({round});
  CHECK(same_layout(fits, read_gdsii(write_gdsii(fits), "memory")));
  round.vertices.push_back({9000, 9000});
  CHECK_THROWS_AS(write_gdsii(one_cell({round})), InputError);
}
