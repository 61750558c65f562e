// SPDX-License-Identifier: MIT
#include "report/frame.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "report/layout_view.hpp"

using namespace undulith;
using namespace undulith::report;

TEST_CASE("ticks: round, within the range, as many as asked", "[property][report]") {
  for (const auto& [low, high] :
       {std::pair{0.0, 1.0}, {-20.0, 83.0}, {12.4, 14.6}, {0.0, 1e-9}, {-5e6, 3e9}, {0.0, 0.8525}}) {
    for (int n = 2; n <= 12; ++n) {
      const std::vector<Tick> ticks = nice_ticks(low, high, n);
      CAPTURE(low, high, n);
      CHECK(static_cast<int>(ticks.size()) <= n);
      CHECK_FALSE(ticks.empty());
      for (std::size_t i = 0; i < ticks.size(); ++i) {
        CHECK(ticks[i].value >= low - 1e-9 * (high - low));
        CHECK(ticks[i].value <= high + 1e-9 * (high - low));
        for (std::size_t k = 0; k < i; ++k) CHECK(ticks[i].label != ticks[k].label);
      }
    }
  }
  CHECK(nice_ticks(1, 1, 5).empty());
  CHECK(nice_ticks(2, 1, 5).empty());
  const std::vector<Tick> ticks = nice_ticks(-0.2, 0.2, 5);
  REQUIRE(ticks.size() == 5);
  CHECK(ticks[0].label == "−0.2");
  CHECK(ticks[2].label == "0.0");
}

TEST_CASE("numbers for people", "[unit][report]") {
  CHECK(number_text(13.5) == "13.5");
  CHECK(number_text(0) == "0");
  CHECK(number_text(-0.25) == "−0.25");
  CHECK(number_text(12345) == "12345");
  CHECK(number_text(3.2e15, 2) == "3.2×10¹⁵");
  CHECK(number_text(5e-7) == "5×10⁻⁷");
  CHECK(nice_length(110) == 100);
  CHECK(nice_length(49.9) == 20);
  CHECK(nice_length(0.5) == 0.5);
}

TEST_CASE("text: what the drawing library would refuse is replaced", "[unit][report]") {
  CHECK(printable("λ = 13.5 nm\n\x01") == "λ = 13.5 nm ?");
  CHECK(printable("\xff\xc3(\xed\xa0\x80") ==
        "?"
        "?("
        "?"
        "?"
        "?");                            // stray bytes, cut sequence, surrogate
  CHECK(printable("\xc0\xaf") == "??");  // overlong
  const std::string cut = shortened("a title that is far too long for its line é", 12, false, 60);
  CHECK(cut.ends_with("…"));
  CHECK(text_width(cut, 12) <= 60);
  CHECK(shortened("short", 12, false, 600) == "short");
}

TEST_CASE("layout view: what is shown of small, long and guarded clips", "[unit][report]") {
  // A square periodic clip of ordinary size is shown once.
  const Box square{0, 0, 200, 180};
  CHECK_FALSE(view_of(square, square).repeated());
  // One period of lines: several along x, and tall enough to be seen.
  const Box cell{0, 0, 26, 2};
  const LayoutView line = view_of(cell, cell);
  CHECK(line.shown.width() >= 100);
  CHECK(line.shown.height() >= 0.4 * line.shown.width());
  CHECK(line.shown.width() == Approx(26 * line.copies_x));
  CHECK(line.stretch == 1);
  CHECK_FALSE(line.note().empty());
  // The long way must not be repeated.
  const Box tall{0, 0, 36, 1000}, wide{-500, 0, 500, 36};
  CHECK(view_of(tall, tall).copies_y == 1);
  CHECK(view_of(tall, tall).copies_x > 5);
  CHECK(view_of(wide, wide).copies_x == 1);
  CHECK(view_of(wide, wide).copies_y > 5);
  // A window within a guard band is never repeated; nearly as long as it is, it keeps its shape.
  const Box guarded{-100, -100, 136, 1100};
  const LayoutView window = view_of(tall, guarded);
  CHECK_FALSE(window.repeated());
  CHECK(window.stretch == 1);
  CHECK(window.note().empty());
  // Beyond 1 : 30 the short side is drawn larger, and the picture says so.
  const LayoutView needle = view_of({0, 0, 3000, 3}, {-100, -100, 3100, 103});
  CHECK(needle.stretch > 1);
  CHECK(needle.height >= 50);
  CHECK_FALSE(needle.note().empty());
  for (const LayoutView& view : {view_of(square, square), line, window}) {
    // Half a pixel of the shorter side is what whole pixels cost.
    CHECK(view.shown.width() / view.shown.height() == Approx(static_cast<double>(view.width) / view.height)
                                                          .epsilon(1.0 / std::min(view.width, view.height)));
  }
}

TEST_CASE("layout view: outlines leave out the border of a periodic cell and join straight edges",
          "[unit][report]") {
  const Box cell{0, 0, 26, 2};
  const LayoutView view = view_of(cell, cell);
  const std::vector<Outline> lines = outlines({{{6.5, 0}, {19.5, 0}, {19.5, 2}, {6.5, 2}}}, cell, view);
  REQUIRE(lines.size() == static_cast<std::size_t>(2 * view.copies_x));
  for (const Outline& line : lines) {
    REQUIRE(line.points.size() == 2);
    CHECK_FALSE(line.closed);
    CHECK(line.points[0].x == line.points[1].x);
    CHECK(line.points[0].y == Approx(view.shown.y0));
    CHECK(line.points[1].y == Approx(view.shown.y1));
  }
  // A polygon that does not touch the border stays whole.
  const Box square{0, 0, 200, 200};
  const std::vector<Outline> whole =
      outlines({{{50, 50}, {90, 50}, {90, 90}}}, square, view_of(square, square));
  REQUIRE(whole.size() == 1);
  CHECK(whole[0].closed);
  CHECK(whole[0].points.size() == 3);
}
