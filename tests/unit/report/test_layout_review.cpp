// SPDX-License-Identifier: MIT
// Printed regions as rings, and findings that a layout viewer opens.
#include "undulith/report/layout_review.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "undulith/layout/make_clip.hpp"

using namespace undulith;
using Catch::Matchers::Contains;

namespace {

/// Samples that fill a window of 40 x 30 nm.
template <class F>
Field2D<double> sampled(F f) {
  const Grid2D grid{Plane::wafer, 161, 121, 100, 200, 0.25, 0.25};
  Field2D<double> field(grid);
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) field(iy, ix) = f(grid.x(ix), grid.y(iy));
  return field;
}

const Box kWindow{100, 200, 140, 230};

double printed_area(const Field2D<double>& field, report::PrintedSide side, double left_share) {
  return layout::area_nm2(report::printed_rings(math::find_contours(field, 0), side, left_share, kWindow));
}

metrology::GaugeResult gauge(const std::string& name, double cd_nm, double target_nm) {
  metrology::GaugeResult r;
  r.gauge = {.name = name, .x_nm = 120, .y_nm = 215, .angle_deg = 90, .length_nm = 30};
  r.cd_nm = cd_nm;
  r.target_cd_nm = target_nm;
  r.edge_left_nm = -cd_nm / 2;
  r.edge_right_nm = cd_nm / 2;
  return r;
}

}  // namespace

TEST_CASE("layout review: both sides of the contours fill the window between them", "[property][report]") {
  using report::PrintedSide;
  const double two_pi = 2 * std::numbers::pi;
  for (int i = 0; i < 60; ++i) {
    const double level = std::cos(1.7 * i), ax = 0.03 + 0.011 * (i % 7), ay = 0.02 + 0.013 * (i % 5),
                 p = 0.9 * i;
    const auto field = sampled([&](double x, double y) {
      return std::cos(two_pi * ax * x + p) + 0.7 * std::cos(two_pi * ay * y - p) +
             0.2 * std::cos(two_pi * ax * (x + y)) - level;
    });
    int above = 0;
    for (const double v : field.values()) above += v > 0;
    const double share = above / static_cast<double>(field.values().size());
    const double left = printed_area(field, PrintedSide::left, share),
                 right = printed_area(field, PrintedSide::right, share);
    INFO(i);
    CHECK(left + right == Approx(kWindow.width() * kWindow.height()).epsilon(1e-12));
    // Samples on one side, times their area: first order along the contours.
    CHECK(left == Approx(share * kWindow.width() * kWindow.height()).margin(0.25 * 400));
    CHECK(left >= -1e-9);
  }
}

TEST_CASE("layout review: islands, holes in a bright window, and nothing at all", "[unit][report]") {
  using report::PrintedSide;
  const auto disc = sampled([](double x, double y) { return 8 - std::hypot(x - 120, y - 215); });
  const double area = std::numbers::pi * 64;
  CHECK(printed_area(disc, PrintedSide::left, 0.2) == Approx(area).epsilon(1e-3));
  CHECK(printed_area(disc, PrintedSide::right, 0.2) == Approx(1200 - area).epsilon(1e-3));
  // A bright dot in a dark island in a bright window.
  const auto eye = sampled([](double x, double y) {
    const double r = std::hypot(x - 120, y - 215);
    return std::max(3 - r, r - 8);
  });
  CHECK(printed_area(eye, PrintedSide::left, 0.8) ==
        Approx(1200 - area + std::numbers::pi * 9).epsilon(1e-3));
  const auto flat = sampled([](double, double) { return 1.0; });
  CHECK(printed_area(flat, PrintedSide::left, 1) == 1200);
  CHECK(printed_area(flat, PrintedSide::right, 1) == 0);
  CHECK(printed_area(flat, PrintedSide::right, 0) == 1200);
}

TEST_CASE("layout review: only gauges beyond the tolerance are found", "[unit][report]") {
  metrology::GaugeResult missing = gauge("d", 0, 18), merged = gauge("e", 0, 18), free = gauge("f", 30, 18);
  missing.status = metrology::PrintStatus::not_printed;
  merged.status = metrology::PrintStatus::merged;
  free.target_cd_nm.reset();
  const std::vector<metrology::GaugeResult> gauges{
      gauge("a", 18.5, 18), gauge("b<1>", 20, 18), gauge("c's", 15, 18), missing, merged, free};
  const std::string text = report::cd_findings("RESULT", "lines & spaces", gauges, 10);
  const auto count = [&](const std::string& word) {
    int n = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
    return n;
  };
  CHECK(count("<item>") == 4);
  CHECK(count("<category>cd_too_large</category>") == 1);
  CHECK_THAT(text, Contains("text: 'b&lt;1&gt;: CD 20.000 nm, target 18.000 nm, +11.11 % (tolerance 10 %)'"));
  CHECK_THAT(text,
             Contains("edge: (0.120000,0.205000;0.120000,0.225000)"));  // along y, 20 nm, in micrometres
  CHECK_THAT(text, Contains("c\\'s: CD 15"));
  CHECK_THAT(text, Contains("<description>lines &amp; spaces</description>"));
  CHECK(count("<category>not_printed</category>") == 1);
  CHECK(count("<category>merged</category>") == 1);
}

TEST_CASE("layout review: layer properties name every layer", "[unit][report]") {
  const std::string text = report::layer_properties(
      {{1, 0, "drawn", {}}, {100, 0, "printed, focus 0 nm", {}}, {101, 3, "a<b", {}}});
  CHECK_THAT(text, Contains("<source>1/0@1</source>") && Contains("<source>101/3@1</source>") &&
                       Contains("<name>a&lt;b</name>"));
}
