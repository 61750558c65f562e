// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "optimise/free_mask.hpp"
#include "optimise/outlines.hpp"
#include "optimise/pixel_transforms.hpp"
#include "optimise/print_loss.hpp"
#include "optimise/width_rules.hpp"
#include "undulith/layout/coverage.hpp"
#include "undulith/mask/polygon_spectrum.hpp"
#include "undulith/optimise/control_sites.hpp"

using namespace undulith;
using namespace undulith::optimise;

namespace {

Pixels random_pixels(unsigned seed, int nx, int ny, double scale = 1) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal(0, scale);
  Pixels pixels(nx, ny);
  for (float& value : pixels.values) value = static_cast<float>(normal(engine));
  return pixels;
}

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

PixelSet rectangle(int nx, int ny, int x0, int y0, int x1, int y1) {
  PixelSet set(nx, ny);
  for (int y = y0; y < y1; ++y)
    for (int x = x0; x < x1; ++x) set(x, y) = 1;
  return set;
}

long long count(const PixelSet& set) {
  return std::count(set.values.begin(), set.values.end(), 1);
}

const ModelGrid kGrid{.cell = {10, 20, 310, 220},
                      .pattern_order_x = 6,
                      .pattern_order_y = 4,
                      .image_order_x = 12,
                      .image_order_y = 8,
                      .nx = 27,
                      .ny = 18,
                      .n_planes = 2};

}  // namespace

TEST_CASE("a surface of splines is smooth, periodic and has its adjoint", "[unit][optimise]") {
  const SurfaceSampling surface(8, 6, 32, 30);
  const Pixels constant = surface.sample(Pixels(8, 6, 2));
  for (const float value : constant.values) CHECK(value == Approx(2));
  const Pixels knots = random_pixels(1, 8, 6), d_phi = random_pixels(2, 32, 30);
  CHECK(dot(surface.sample(knots).values, d_phi.values) ==
        Approx(dot(knots.values, surface.gather(d_phi).values)).epsilon(1e-5));
}

TEST_CASE("pixels have the coefficients of their squares, and the adjoint", "[unit][optimise]") {
  const PixelTransforms transforms(kGrid, 60, 40);
  // 5 nm pixels: a rectangle on their grid is exact.
  const std::vector<layout::Polygon> rings{{{50, 60}, {210, 60}, {210, 150}, {50, 150}}};
  const Field2D<double> coverage = layout::coverage(rings, kGrid.cell, 60, 40);
  Pixels share(60, 40);
  for (std::size_t i = 0; i < share.values.size(); ++i)
    share.values[i] = static_cast<float>(coverage.values()[i]);
  const Pattern pattern = transforms.pattern_of(share);
  const auto half = mask::polygon_spectrum(rings, kGrid.cell, 6, 4);
  for (int n = 0; n <= 4; ++n)
    for (int m = -6; m <= 6; ++m) {
      const auto expected = half[static_cast<std::size_t>(n * 13 + m + 6)];
      CHECK(std::abs(pattern.values[pattern.place(m, n)] - expected) < 2e-7);
      CHECK(std::abs(pattern.values[pattern.place(-m, -n)] - std::conj(expected)) < 2e-7);
    }

  Pattern d_pattern{6, 4, {}};
  const Pixels parts = random_pixels(3, 13 * 2, 9);
  for (std::size_t i = 0; i < 13 * 9; ++i)
    d_pattern.values.emplace_back(parts.values[2 * i], parts.values[2 * i + 1]);
  double expected = 0;
  for (std::size_t i = 0; i < pattern.values.size(); ++i)
    expected += std::real(std::conj(d_pattern.values[i]) * pattern.values[i]);
  CHECK(dot(transforms.share_gradient(d_pattern).values, share.values) == Approx(expected).epsilon(1e-5));
}

TEST_CASE("an image at pixels is its Fourier series, with the adjoint", "[unit][optimise]") {
  const PixelTransforms transforms(kGrid, 60, 40);
  const double kx = 2 * 3.14159265358979 * 11, ky = 2 * 3.14159265358979 * -7;
  imaging::CellSamples samples;
  for (int y = 0; y < kGrid.ny; ++y)
    for (int x = 0; x < kGrid.nx; ++x)
      samples.push_back(std::cos(kx * x / kGrid.nx + ky * y / kGrid.ny + 0.4));
  const Pixels image = transforms.image_at_pixels(samples);
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 60; ++x)
      CHECK(std::abs(image(x, y) - std::cos(kx * (x + 0.5) / 60 + ky * (y + 0.5) / 40 + 0.4)) < 1e-5);
  const Pixels d_image = random_pixels(4, 60, 40);
  imaging::CellSamples d_samples(samples.size());
  transforms.add_samples_gradient(d_image, d_samples);
  double expected = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) expected += samples[i] * d_samples[i];
  CHECK(dot(image.values, d_image.values) == Approx(expected).epsilon(1e-4));
}

TEST_CASE("the loss of a print and its sites have their gradient", "[unit][optimise]") {
  PrintGoal goal{.threshold = 0.4, .drawn = GENERATE(metrology::Feature::bright, metrology::Feature::dark)};
  goal.nominal = {0, 1};
  goal.bands = {{{0, 1.05}, {1, 0.95}}, {{1, 1.05}, {0, 0.95}}};
  goal.tolerance_nm = 5;
  const Pixels drawn = [] {
    Pixels share(30, 20);
    for (int y = 5; y < 15; ++y)
      for (int x = 8; x < 20; ++x) share(x, y) = 1;
    return share;
  }();
  const PrintLoss loss(kGrid, goal, drawn, PixelSet(30, 20, 1));
  const std::vector<layout::Polygon> rings{{{90, 70}, {210, 70}, {210, 170}, {90, 170}}};
  const std::vector<ControlSite> placed = control_sites(rings, kGrid.cell);
  const LossWeights weights{.error = 1.3, .band = 0.7, .steepness = 6};
  const std::size_t n = 27 * 18;
  const auto images_at = [&](double step) {
    Images images;
    for (unsigned plane = 0; plane < 2; ++plane) {
      const Pixels base = random_pixels(5 + plane, 27, 18, 0.2),
                   direction = random_pixels(7 + plane, 27, 18, 0.2);
      imaging::CellSamples& samples = images.emplace_back();
      for (std::size_t i = 0; i < n; ++i)
        samples.push_back(0.4 + static_cast<double>(base.values[i]) +
                          step * static_cast<double>(direction.values[i]));
    }
    return images;
  };
  const auto value = [&](double step, Images* gradient) {
    SiteConstraints sites(kGrid, goal, placed, 500);
    Images d_images(2, imaging::CellSamples(n));
    const double sum = loss.add_gradient(images_at(step), weights, d_images) +
                       sites.add_gradient(images_at(step), 0.02, d_images);
    if (gradient != nullptr) *gradient = d_images;
    return sum;
  };
  Images gradient;
  value(0, &gradient);
  double expected = 0;
  for (unsigned plane = 0; plane < 2; ++plane) {
    const Pixels direction = random_pixels(7 + plane, 27, 18, 0.2);
    for (std::size_t i = 0; i < n; ++i)
      expected += gradient[plane][i] * static_cast<double>(direction.values[i]);
  }
  // The root bends within a share of 0.01, which this step stays below; rounding in single precision leaves 1e-3.
  constexpr double kStep = 1e-3;
  CHECK((8 * (value(kStep, nullptr) - value(-kStep, nullptr)) - value(2 * kStep, nullptr) +
         value(-2 * kStep, nullptr)) /
            (12 * kStep) ==
        Approx(expected).epsilon(2e-3));
}

TEST_CASE("sites lie on edges, from their ends to the middle", "[unit][optimise]") {
  const Box cell{0, 0, 400, 400};
  const std::vector<layout::Polygon> rings{{{100, 0}, {160, 0}, {160, 250}, {100, 250}}};
  const auto sites = control_sites(rings, cell);
  // The bottom lies on the border; the top has one in its middle; the sides at 40, 80, 120 from either end.
  REQUIRE(sites.size() == 13);
  int top = 0;
  for (const ControlSite& site : sites) {
    if (site.normal_y == 1) {
      ++top;
      CHECK(site.x_nm == 130);
      CHECK(site.y_nm == 250);
      CHECK(site.length_nm == 60);
    } else {
      CHECK(site.normal_x == (site.x_nm == 160 ? 1 : -1));
      CHECK(site.length_nm == Approx(250.0 / 6));
    }
  }
  CHECK(top == 1);
}

TEST_CASE("discs fit into sets of pixels", "[unit][optimise]") {
  const PixelSet square = rectangle(60, 50, 20, 15, 40, 35);
  CHECK(count(grown(square, 1.0)) == 400);  // nearer than 1: itself
  CHECK(count(grown(square, 1.01)) == 400 + 80);
  CHECK(count(grown(square, 1.5)) == 22 * 22);
  CHECK(count(opened(square, 10)) > 300);  // its largest disc
  CHECK(count(opened(square, 11)) == 0);
  CHECK(count(without(square, opened(square, 5))) > 0);  // corners
  CHECK(count(without(square, opened(square, 5, 2))) == 0);
  // A bridge of 6 pixels is lost to a disc of 8, and a gap of 6 is filled by it.
  PixelSet two = rectangle(60, 50, 5, 10, 25, 40);
  for (int y = 10; y < 40; ++y)
    for (int x = 31; x < 55; ++x) two(x, y) = 1;
  CHECK(pieces(two).size() == 2);
  CHECK(pieces(closed(two, 4)).size() == 1);
  const FreeMaskRules rules{.min_width_nm = 0, .min_space_nm = 16, .min_area_nm2 = 0};
  const Box cell{0, 0, 120, 100};
  const auto findings = find_narrow(two, 2, cell, rules);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "min_space_nm");
  CHECK(findings[0].where.x0 == Approx(50).margin(4));
  CHECK(find_narrow(obeying(two, 2, rules), 2, cell, rules).empty());
  const Pixels force = rule_forces(two, 2, rules, 0.1);
  CHECK(force(28, 25) == 1);
  CHECK(force(15, 25) == 0);
  const FreeMaskRules wide{.min_width_nm = 20, .min_space_nm = 0, .min_area_nm2 = 0};
  CHECK(rule_forces(rectangle(60, 50, 28, 5, 31, 45), 2, wide, 0.1)(29, 25) == -1);
}

TEST_CASE("free mask: rules find narrow shapes of any size, and no right angle", "[unit][optimise]") {
  const Box cell{0, 0, 120, 100};
  const FreeMaskRules wide{.min_width_nm = 40, .min_space_nm = 0, .min_area_nm2 = 0};
  // Narrower than the rule everywhere: too small to count by its area.
  const PixelSet dot = rectangle(60, 50, 20, 20, 26, 26);
  const auto findings = find_narrow(dot, 2, cell, wide);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "min_width_nm");
  CHECK(findings[0].where.width() == Approx(12));
  // Of just the width, with four right angles.
  CHECK(find_narrow(rectangle(60, 50, 20, 5, 40, 45), 2, cell, wide).empty());
  // A hole into which no disc fits.
  PixelSet holed = rectangle(60, 50, 5, 5, 55, 45);
  for (int y = 20; y < 24; ++y)
    for (int x = 20; x < 24; ++x) holed(x, y) = 0;
  const FreeMaskRules apart{.min_width_nm = 0, .min_space_nm = 16, .min_area_nm2 = 0};
  const auto holes = find_narrow(holed, 2, cell, apart);
  REQUIRE(holes.size() == 1);
  CHECK(holes[0].rule == "min_space_nm");
  // The same through polygons.
  CHECK(check_free_mask({{{40, 40}, {52, 40}, {52, 52}, {40, 52}}}, cell, wide, 2).size() == 1);
}

TEST_CASE("narrow places of rectangles get a stepped disc", "[unit][optimise]") {
  // A broad bar with a bump of 10 pixels and a notch of 8.
  PixelSet bars = rectangle(120, 100, 10, 10, 110, 60);
  const auto fill = [&](int x0, int y0, int x1, int y1, std::uint8_t value) {
    for (int y = y0; y < y1; ++y)
      for (int x = x0; x < x1; ++x) bars(x, y) = value;
  };
  fill(40, 60, 50, 80, 1);
  fill(80, 46, 88, 60, 0);
  const Box cell{0, 0, 240, 200};
  const FreeMaskRules rules{.min_width_nm = 30, .min_space_nm = 30, .min_area_nm2 = 0};
  const auto narrow = find_narrow(bars, 2, cell, rules);
  REQUIRE(narrow.size() == 2);
  const PixelSet mended = with_stepped_discs(bars, 2, rules);
  CHECK(find_narrow(mended, 2, cell, rules).empty());
  CHECK(pieces(mended).size() == 1);
  // Little changes beyond the two places, in rectangles.
  CHECK(count(without(mended, bars)) + count(without(bars, mended)) < 400);
  CHECK(strips(mended, cell, 1, 0).size() < 24);
  // What is wide enough stays as it is.
  CHECK(with_stepped_discs(mended, 2, rules).values == mended.values);
}

TEST_CASE("outlines and strips keep the area of a disc", "[unit][optimise]") {
  const Box cell{0, 0, 200, 200};
  PixelSet disc(200, 200);
  for (int y = 0; y < 200; ++y)
    for (int x = 0; x < 200; ++x) disc(x, y) = std::hypot(x + 0.5 - 100, y + 0.5 - 90) < 60;
  const auto area = [](const std::vector<layout::Polygon>& rings) {
    double sum = 0;
    for (const auto& ring : rings)
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const auto &a = ring[i], &b = ring[(i + 1) % ring.size()];
        sum += (a.x * b.y - b.x * a.y) / 2;
      }
    return sum;
  };
  const double exact = static_cast<double>(count(disc));
  const auto rings = outlines(disc, cell, 0.6);
  REQUIRE(rings.size() == 1);
  CHECK(rings[0].size() < 60);
  CHECK(area(rings) == Approx(exact).epsilon(3e-3));
  const auto rows = strips(disc, cell, 8, 4);
  CHECK(rows.size() < 40);
  CHECK(area(rows) == Approx(exact).epsilon(1e-2));
  // A ring is two outlines, the inner one clockwise.
  PixelSet ring = disc;
  for (int y = 80; y < 100; ++y)
    for (int x = 90; x < 110; ++x) ring(x, y) = 0;
  CHECK(area(outlines(ring, cell, 0.6)) == Approx(exact - 400).epsilon(3e-3));
}
