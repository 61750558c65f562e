// SPDX-License-Identifier: MIT
// Files of any size: what is kept of them, and what hostile ones may cost.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <memory>

#include "oasis_support.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/npy.hpp"

using namespace layout_test;
using Catch::Matchers::Contains;
using undulith::Box;
using undulith::InputError;
using undulith::io::FileContent;

namespace {

std::shared_ptr<const FileContent> content(std::vector<std::byte> bytes, const std::string& name) {
  const std::size_t size = bytes.size();
  return std::make_shared<const FileContent>(
      FileContent{.path = name, .bytes = std::move(bytes), .size = size});
}

/// A file as a large one is treated: read for its outlines, then for the window.
LayoutFile in_little_memory(const std::vector<std::byte>& bytes, const std::string& name) {
  return LayoutFile(content(bytes, name), {}, {.memory_mb = 0.2});
}

/// 3000 more shapes in the leaf, so that the layout needs more than the little memory, most of them far away.
Layout filled(Layout layout, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<std::int64_t> place(-30000, 30000);
  for (int i = 0; i < 3000; ++i) {
    const std::int64_t x = place(random), y = place(random);
    layout.cells.at("LEAF").shapes.push_back(rectangle(x, y, x + 37, y + 23, {i % 7 == 0 ? 1 : 9, 0}));
  }
  return layout;
}

/// `n` squares of 20 nm at x = 0, 40, 80, ... from a list of distances, as KLayout writes them.
std::vector<std::byte> list_of_squares(std::uint64_t n) {
  Oasis records;
  records.raw({20, 0x7F}).u({1, 0, 20, 20}).s({0, 0}).u({4, n - 2});
  for (std::uint64_t i = 1; i < n; ++i) records.byte(40);
  return Oasis().start().cell("T").block(records).end().bytes();
}

}  // namespace

TEST_CASE("layout file: windows of a file in little memory are those of the whole", "[property][layout]") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Layout layout = filled(random_layout(seed), seed);
    const std::string name = seed % 2 == 0 ? "random.gds" : "random.oas";
    const std::vector<std::byte> bytes =
        seed % 2 == 0 ? write_gdsii(layout) : write_oasis(layout, OasisCells::compressed);
    const Layout whole = read_layout(*content(bytes, name));
    const LayoutFile file = in_little_memory(seed % 3 == 0 ? gzip(bytes) : bytes, name);
    INFO("seed " << seed);
    const Box box = *bounding_box(whole, "TOP");
    std::mt19937_64 random(seed);
    for (int i = 0; i < 4; ++i) {
      std::uniform_real_distribution<double> x(box.x0, box.x1), y(box.y0, box.y1);
      const double side = 0.02 * (box.x1 - box.x0), px = x(random), py = y(random);
      ClipParameters p{.window_nm = {px, py, px + side, py + side}, .guard_nm = std::round(side / 3)};
      if (i % 2 == 1) p.combine = {{LayerOperation::subtract, 2, 0}};
      std::string expected, found;
      Clip ours, theirs;
      try {
        theirs = make_clip(whole, p);
      } catch (const InputError& e) {
        expected = e.what();
      }
      try {
        ours = file.clip(p);
      } catch (const InputError& e) {
        found = e.what();
      }
      CHECK(found == expected);
      CHECK(ours.rings == theirs.rings);
      CHECK(ours.cell == theirs.cell);
    }
    // Counts and boxes are those of the whole; areas count overlaps more than once.
    const FileSummary little = file.summary();
    const auto all = summarise(whole, "TOP");
    REQUIRE(little.contents.size() == 1);
    REQUIRE(little.contents[0].second.size() == all.size());
    for (std::size_t k = 0; k < all.size(); ++k) {
      const LayerSummary& s = little.contents[0].second[k];
      CHECK(s.layer == all[k].layer);
      CHECK(s.n_polygons == all[k].n_polygons);
      CHECK(s.area_nm2 >= all[k].area_nm2 * (1 - 1e-4));
      CHECK(!s.area_merged);
      CHECK(std::abs(s.box_nm.x0 - all[k].box_nm.x0) <= 0.0011);
      CHECK(std::abs(s.box_nm.y1 - all[k].box_nm.y1) <= 0.0011);
    }
    CHECK(little.cells.size() == whole.cells.size());
  }
}

TEST_CASE("layout file: eleven million squares in eleven kilobytes", "[unit][layout]") {
  const std::vector<std::byte> bytes = list_of_squares(11'000'000);
  CHECK(bytes.size() < 12'000);
  const LayoutFile file(content(bytes, "list.oas"));
  const Clip clip = file.clip({.window_nm = {10000, -100, 10400, 100}, .guard_nm = 0});
  CHECK(clip.rings.size() == 10);
  CHECK(area_nm2(clip.rings) == 10 * 400);
  const FileSummary summary = file.summary();
  REQUIRE(summary.contents.size() == 1);
  const LayerSummary& layer = summary.contents[0].second.at(0);
  CHECK(layer.n_polygons == 11'000'000);
  CHECK(layer.area_nm2 == 11e6 * 400);
  CHECK(layer.box_nm == Box{0, 0, 40.0 * 10'999'999 + 20, 20});
}

TEST_CASE("layout file: what unfolds beyond the limits is refused with the key that raises them",
          "[unit][layout]") {
  const auto refusal = [](const std::vector<std::byte>& bytes, const std::string& name,
                          const ReadLimits& limits = {}) -> std::string {
    try {
      (void)LayoutFile(content(bytes, name), {}, limits).clip({.window_nm = {0, 0, 1000, 1000}});
    } catch (const InputError& e) {
      return e.what();
    }
    return {};
  };
  // A hundred MB of padding in a compressed block of 100 kB.
  Oasis padding;
  for (int i = 0; i < 100 << 20; ++i) padding.byte(0);
  const std::vector<std::byte> block =
      Oasis().start().cell().block(padding).rectangle(0, 0, 10, 10).end().bytes();
  CHECK_THAT(refusal(block, "block.oas"), Contains("64 MB") && Contains("layout.unfold_mb"));
  CHECK(refusal(block, "block.oas", {.unfold_mb = 200}).empty());
  // The same in a gzip file.
  std::vector<std::byte> gds = write_gdsii(one_cell({rectangle(0, 0, 10, 10)}));
  gds.resize(gds.size() + (100 << 20));
  const std::vector<std::byte> packed = gzip(gds);
  CHECK_THAT(refusal(packed, "zeros.gds.gz"), Contains("64 MB") && Contains("layout.unfold_mb"));
  CHECK(refusal(packed, "zeros.gds.gz", {.unfold_mb = 200}).empty());
  // A list of positions, used again and again by records of three bytes.
  Oasis again;
  again.raw({20, 0x7F}).u({1, 0, 20, 20}).s({0, 0}).u({4, 1'000'000 - 2});
  for (int i = 1; i < 1'000'000; ++i) again.byte(1);
  for (int i = 0; i < 1000; ++i) again.raw({20, 0x04, 0});
  CHECK_THAT(refusal(Oasis().start().cell().block(again).end().bytes(), "again.oas"),
             Contains("repeated shapes") && Contains("layout.unfold_mb"));
  // Ten million rectangles of two bytes each, all in the window.
  Oasis dense;
  dense.raw({16, 20, 0x7B}).u({1, 0, 1, 1}).s({0, 0});
  for (int i = 0; i < 10'000'000; ++i) dense.raw({20, 0x00});
  const std::vector<std::byte> many = Oasis().start().cell().block(dense).end().bytes();
  CHECK(many.size() < 21'000);
  CHECK_THAT(refusal(many, "many.oas"), Contains("the window") && Contains("layout.memory_mb"));
}

TEST_CASE("layout file: an array of numpy is a mask", "[unit][layout]") {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("undulith_mask_" + std::to_string(getpid()) + ".npy");
  const auto read = [&](const std::vector<double>& values, const std::vector<std::size_t>& shape) {
    undulith::io::write_npy(path, values, shape);
    const LayoutFile file(undulith::io::read_content(path), {.pixel_nm = 4});
    std::filesystem::remove(path);
    return file;
  };
  // Row 0 is the lowest: an L of three pixels.
  const std::vector<double> l{1, 1, 0, 0, 1, 0};
  const Clip clip = read(l, {2, 3}).clip({.boundary = Boundary::periodic});
  CHECK(clip.cell == Box{0, 0, 12, 8});
  CHECK(area_nm2(clip.rings) == 3 * 16);
  REQUIRE(clip.rings.size() == 1);
  CHECK(clip.rings[0] == Polygon{{0, 0}, {8, 0}, {8, 8}, {4, 8}, {4, 4}, {0, 4}});
  // Bytes of a picture, and axes of length 1.
  const Clip bytes = read({255, 255, 0, 0, 255, 100}, {1, 2, 3}).clip({.boundary = Boundary::periodic});
  CHECK(bytes.rings == clip.rings);
  CHECK_THROWS_WITH(read({1, 0}, {2}).clip({.window_nm = {0, 0, 0, 1}}), Contains("empty"));
  CHECK_THROWS_WITH(read({0, 1, 0, 1, 0, 1, 0, 1}, {2, 2, 2}), Contains("(2, 2, 2)"));
  CHECK_THROWS_WITH(read({0, -1}, {1, 2}), Contains("-1"));
  CHECK_THROWS_WITH(read({0, 300}, {1, 2}), Contains("300"));
  CHECK_THROWS_WITH(read({0, std::nan("")}, {1, 2}), Contains("nan"));
}
