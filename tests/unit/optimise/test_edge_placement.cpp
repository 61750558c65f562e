// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <numbers>

#include "edge_cases.hpp"
#include "undulith/mask/polygon_gradient.hpp"
#include "undulith/optimise/contour_area.hpp"
#include "undulith/optimise/edge_placement.hpp"

using namespace undulith;
using edge_cases::model_of;
using edge_cases::rectangle;
using layout::Point;
using layout::Polygon;

namespace {

const Box kCell{-30, 10, 170, 210};
// Complex amplitudes: an attenuating absorber.
const optimise::PatternAmplitudes kAmplitudes{{-0.15, 0.1}, {1.15, -0.1}};

// A Manhattan ring with a hole, a slanted ring that shares a height with it, and a shape cut by the border of the cell.
std::vector<Polygon> mixed_rings() {
  Polygon hole = rectangle(20, 70, 60, 95);
  std::reverse(hole.begin(), hole.end());
  return {{{0, 50}, {80, 50}, {80, 80}, {100, 80}, {100, 120}, {0, 120}},
          hole,
          {{110, 120}, {150, 132}, {141, 180}, {112, 170}},
          rectangle(-30, 150, -5, 180)};
}

double central_difference(const std::function<double(double)>& f, double step) {
  return (8 * (f(step) - f(-step)) - (f(2 * step) - f(-2 * step))) / (12 * step);
}

// The largest relative difference between the gradient to the vertices of a number of the images and its differences.
double worst_vertex(const optimise::KernelModel& model, const std::vector<Polygon>& rings,
                    const std::function<double(const optimise::Images&)>& number,
                    const std::function<optimise::Images(const optimise::Images&)>& sensitivity,
                    double step_nm) {
  const auto& grid = model.grid();
  const auto d_pattern = model.gradient(optimise::pattern_of(rings, grid), sensitivity).d_pattern;
  const auto gradient =
      mask::polygon_gradient(rings, grid.cell, grid.pattern_order_x, grid.pattern_order_y, d_pattern.values);
  double worst = 0, largest = 0;
  for (std::size_t r = 0; r < rings.size(); ++r)
    for (std::size_t i = 0; i < rings[r].size(); ++i)
      for (double Point::*axis : {&Point::x, &Point::y}) {
        const double difference = central_difference(
            [&](double step) {
              auto moved = rings;
              moved[r][i].*axis += step;
              return number(model.images(optimise::pattern_of(moved, grid)));
            },
            step_nm);
        worst = std::max(worst, std::abs(difference - gradient[r].d_vertex[i].*axis));
        largest = std::max(largest, std::abs(difference));
      }
  return worst / largest;
}

optimise::Images zero_like(const optimise::Images& images) {
  optimise::Images zero;
  for (const auto& image : images) zero.emplace_back(image.size());
  return zero;
}

}  // namespace

TEST_CASE("edge placement: a cosine prints where it crosses the threshold", "[validation][optimise]") {
  // I = 0.5 + 0.4 cos(2 pi x / 100): brighter than 0.3 for |x| < 100/3.
  const optimise::ModelGrid grid{{-50, 0, 50, 50}, 1, 1, 2, 2, 9, 5, 1};
  imaging::CellSamples image;
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix)
      image.push_back(0.5 - 0.4 * std::cos(2 * std::numbers::pi * ix / grid.nx));
  const double k = 2 * std::numbers::pi / 100;
  for (const double drawn : {20.0, 33.0, 45.0}) {
    const auto edge = optimise::place_edge(grid, image, {drawn, 17, 1, 0}, 0.3);
    CHECK(edge.printed);
    CHECK(edge.offset_nm == Approx(100.0 / 3 - drawn).epsilon(1e-9));
    CHECK(edge.slope_per_nm == Approx(0.4 * k * std::sin(k * 100 / 3)).epsilon(1e-10));
    CHECK(edge.curvature_per_nm2 == Approx(-0.4 * k * k * std::cos(k * 100 / 3)).epsilon(1e-10));
    CHECK(optimise::image_log_slope(edge, 0.3) == Approx(edge.slope_per_nm / 0.3));
  }
  // Seen from the dark line between x = 100/3 and 200/3 the normal points to the light.
  const auto dark =
      optimise::place_edge(grid, image, {30, 17, -1, 0}, 0.3, {.printed = metrology::Feature::dark});
  CHECK(dark.printed);
  CHECK(dark.offset_nm == Approx(-10.0 / 3).epsilon(1e-9));
  CHECK(dark.slope_per_nm > 0);
  // Never as dark as 0.05: the Newton estimate says that the shape is too large.
  const auto none = optimise::place_edge(grid, image, {25, 17, 1, 0}, 0.05);
  CHECK_FALSE(none.printed);
  CHECK(none.offset_nm == Approx(0.45 / (0.4 * k)).epsilon(1e-9));
}

TEST_CASE("edge placement: gradients to vertices by central differences", "[validation][optimise]") {
  const auto model = model_of(kCell, kAmplitudes);
  const auto rings = mixed_rings();
  const double threshold = 0.25;
  const std::vector<optimise::PlacementSite> sites{{40, 50, 0, -1},
                                                   {0, 85, -1, 0},
                                                   {130, 126, 0.28734788556634544, -0.9578262852211514},
                                                   {100, 100, 1, 0}};
  const auto placed = [&](const optimise::Images& images) {
    std::vector<optimise::EdgePlacement> edges;
    for (const auto& site : sites)
      edges.push_back(optimise::place_edge(model.grid(), images[1], site, threshold));
    return edges;
  };
  // Squares of offsets, and slopes with factors of their own: the slope is taken at the edge that moves.
  const auto number = [&](const optimise::Images& images) {
    double sum = 0, factor = 1;
    for (const auto& edge : placed(images)) {
      sum += edge.offset_nm * edge.offset_nm / 2 + 1000 * factor * edge.slope_per_nm;
      factor += 1;
    }
    return sum;
  };
  const auto sensitivity = [&](const optimise::Images& images) {
    auto result = zero_like(images);
    const auto edges = placed(images);
    for (std::size_t i = 0; i < sites.size(); ++i)
      optimise::add_placement_adjoint(model.grid(), sites[i], edges[i], metrology::Feature::bright,
                                      edges[i].offset_nm, 1000.0 * (static_cast<double>(i) + 1), result[1]);
    return result;
  };
  for (const auto& edge : placed(model.images(optimise::pattern_of(rings, model.grid()))))
    CHECK(edge.printed);
  // Fourth-order differences: (k step)^4 = 1e-10 of the fifth derivative, rounding 1e-10 nm of an edge over the step.
  CHECK(worst_vertex(model, rings, number, sensitivity, 0.02) < 1e-7);
}

TEST_CASE("edge placement: gradients of images to vertices by central differences",
          "[validation][optimise]") {
  const auto model = model_of(kCell, kAmplitudes);
  const auto number = [](const optimise::Images& images) {
    double sum = 0;
    for (const auto& image : images)
      for (std::size_t i = 0; i < image.size(); ++i)
        sum += image[i] * image[i] * (1 + static_cast<double>(i % 7));
    return sum;
  };
  const auto sensitivity = [](const optimise::Images& images) {
    auto result = images;
    for (auto& image : result)
      for (std::size_t i = 0; i < image.size(); ++i) image[i] *= 2 * (1 + static_cast<double>(i % 7));
    return result;
  };
  CHECK(worst_vertex(model, mixed_rings(), number, sensitivity, 0.01) < 2e-9);
}

TEST_CASE("contour area: a disc, and second order in the pitch", "[validation][optimise]") {
  // Mean over discs in many places: single ones scatter about it.
  const auto error = [](int n) {
    constexpr int kPlaces = 40;
    const double pitch = 100.0 / n;
    Field2D<double> image({.plane = Plane::wafer, .nx = n, .ny = n, .dx = pitch, .dy = pitch});
    double sum = 0;
    for (int place = 0; place < kPlaces; ++place) {
      const double x = 50 + 0.37 * place, y = 48 - 0.23 * place;
      for (int iy = 0; iy < n; ++iy)
        for (int ix = 0; ix < n; ++ix) {
          const double r = std::hypot(ix * pitch - x, iy * pitch - y);
          image(iy, ix) = std::exp(-r * r / 800);
        }
      const double radius = std::sqrt(-800 * std::log(0.4));
      const double error =
          optimise::area_above(image, 0.4).area_nm2 / (std::numbers::pi * radius * radius) - 1;
      sum += error;
    }
    return sum / kPlaces;
  };
  CHECK(std::abs(error(50)) < 3e-3);
  CHECK(error(50) / error(100) == Approx(4).epsilon(0.1));
}

TEST_CASE("contour area: target area and band by central differences", "[validation][optimise]") {
  const auto model = model_of(kCell, kAmplitudes);
  const auto& grid = model.grid();
  const auto rings = mixed_rings();
  // Difference from a target that covers half the cell, and the band between two doses in two planes.
  const double dx = grid.cell.width() / grid.nx, dy = grid.cell.height() / grid.ny;
  const Grid2D samples{.plane = Plane::wafer,
                       .nx = grid.nx,
                       .ny = grid.ny,
                       .x0 = grid.cell.x0,
                       .y0 = grid.cell.y0,
                       .dx = dx,
                       .dy = dy};
  Field2D<double> weights(samples, 1.0);
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx / 2; ++ix) weights(iy, ix) = -1;
  const auto field = [&](const imaging::CellSamples& image) {
    return Field2D<double>(samples, LargeVector<double>(image.begin(), image.end()));
  };
  const auto number = [&](const optimise::Images& images) {
    return optimise::area_above(field(images[0]), 0.25, weights).area_nm2 +
           0.5 * (optimise::area_above(field(images[0]), 0.24).area_nm2 -
                  optimise::area_above(field(images[1]), 0.26).area_nm2);
  };
  const auto sensitivity = [&](const optimise::Images& images) {
    auto result = zero_like(images);
    const auto add = [](imaging::CellSamples& sum, const Field2D<double>& part, double factor) {
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factor * part.values()[i];
    };
    add(result[0], optimise::area_above(field(images[0]), 0.25, weights).d_samples, 1);
    add(result[0], optimise::area_above(field(images[0]), 0.24).d_samples, 0.5);
    add(result[1], optimise::area_above(field(images[1]), 0.26).d_samples, -0.5);
    return result;
  };
  // The area has a continuous derivative with kinks: the differences are of second order in a small step there.
  CHECK(worst_vertex(model, rings, number, sensitivity, 1e-4) < 1e-6);
}

TEST_CASE("contour area: another number of weights is refused", "[unit][optimise]") {
  const Field2D<double> image({.nx = 4, .ny = 4}), weights({.nx = 3, .ny = 4});
  CHECK_THROWS_AS(optimise::area_above(image, 0.5, weights), std::invalid_argument);
}
