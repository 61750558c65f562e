// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>

#include "undulith/core/error.hpp"
#include "undulith/core/stop.hpp"
#include "undulith/optimise/inverse_lithography.hpp"
#include "undulith/optimise/measure_print.hpp"

using namespace undulith;
using namespace undulith::optimise;

namespace {

constexpr double kCellNm = 600;

// Light of three directions through a round pupil, out of focus by a quadratic phase.
imaging::SocsKernels pupil_kernels(double waves) {
  constexpr int kOrder = 8;
  constexpr double kRadius = 5.5;
  imaging::SocsKernels kernels;
  kernels.period_x_nm = kernels.period_y_nm = kCellNm;
  kernels.max_order_x = kernels.max_order_y = kOrder;
  for (const int shift : {0, -2, 2}) {
    kernels.eigenvalues.push_back(1.0 / 3);
    for (int n = -kOrder; n <= kOrder; ++n)
      for (int m = -kOrder; m <= kOrder; ++m) {
        const double radius = std::hypot(m + shift, n) / kRadius;
        kernels.values.push_back(radius <= 1 ? std::polar(1.0, 2 * 3.14159265358979 * waves * radius * radius)
                                             : 0.0);
      }
  }
  return kernels;
}

layout::Clip clip_of(bool mirrored) {
  layout::Clip clip{{0, 0, kCellNm, kCellNm}, {0, 0, kCellNm, kCellNm}, {}};
  const auto add = [&](double x0, double y0, double x1, double y1) {
    if (mirrored) std::tie(x0, x1) = std::pair(kCellNm - x1, kCellNm - x0);
    clip.rings.push_back({{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}});
  };
  add(200, 180, 280, 420);
  add(360, 240, 440, 340);
  return clip;
}

PrintGoal goal_of() {
  PrintGoal goal{.threshold = 0.3};
  goal.bands = {{{0, 1.05}, {1, 0.95}}};
  return goal;
}

const KernelModel& model() {
  static const KernelModel result({0, 0, kCellNm, kCellNm}, {pupil_kernels(0), pupil_kernels(0.12)});
  return result;
}

InverseParameters parameters_of() {
  InverseParameters parameters;
  parameters.n_steps = 80;
  parameters.rules = {.min_width_nm = 20, .min_space_nm = 20, .min_area_nm2 = 0};
  return parameters;
}

}  // namespace

TEST_CASE("an inverted mask prints better than the drawing and obeys its rules", "[unit][optimise]") {
  const InverseResult result = invert_mask(clip_of(false), model(), goal_of(), parameters_of());
  CHECK(result.before.n_sites == 18);
  CHECK(result.after.error_area_nm2 < 0.5 * result.before.error_area_nm2);
  CHECK(result.after.error_area_nm2 + result.after.band_area_nm2 <
        0.8 * (result.before.error_area_nm2 + result.before.band_area_nm2));
  CHECK(result.after.violations == 0);
  CHECK(result.findings.empty());
  CHECK(result.n_images >= 80);
  CHECK(result.steps.size() >= 8);
  for (const layout::Polygon& ring : result.rings)
    for (const layout::Point& point : ring) {
      CHECK((point.x >= 0 && point.x <= kCellNm));
      CHECK((point.y >= 0 && point.y <= kCellNm));
    }

  SECTION("again: the same bytes") {
    std::vector<layout::Polygon> so_far;
    int n_steps = 0;
    const auto take = [&](const auto& rings) {
      if (++n_steps > 75) so_far = rings();  // at the end that of the last step before repairs
    };
    CHECK(invert_mask(clip_of(false), model(), goal_of(), parameters_of(), {{}, take}).rings == result.rings);
    CHECK(so_far == result.rings);
  }
  SECTION("mirrored: the same figures") {
    const InverseResult mirrored = invert_mask(clip_of(true), model(), goal_of(), parameters_of());
    // Rounding in single precision moves few pixels of 3.3 / 4 nm.
    CHECK(mirrored.after.error_area_nm2 == Approx(result.after.error_area_nm2).margin(60));
    CHECK(mirrored.after.band_area_nm2 == Approx(result.after.band_area_nm2).margin(60));
  }
}

TEST_CASE("strips obey the rules and print what is reported", "[unit][optimise]") {
  InverseParameters parameters = parameters_of();
  parameters.shapes = MaskShapes::strips;
  parameters.strip_nm = 12;
  const InverseResult result = invert_mask(clip_of(false), model(), goal_of(), parameters);
  CHECK(result.findings.empty());
  CHECK(result.after.violations == 0);
  CHECK(result.after.error_area_nm2 < 0.5 * result.before.error_area_nm2);
  for (const layout::Polygon& ring : result.rings) {
    REQUIRE(ring.size() == 4);
    CHECK((ring[0].y == ring[1].y && ring[1].x == ring[2].x && ring[2].y == ring[3].y));
  }
  const PrintFigures again = measure_print(result.rings, clip_of(false), model(), goal_of(), 1);
  CHECK(again.error_area_nm2 == Approx(result.after.error_area_nm2).margin(60));
  CHECK(again.violations == 0);
}

TEST_CASE("without reach no assist features form", "[unit][optimise]") {
  InverseParameters parameters = parameters_of();
  parameters.assist_reach_nm = 0;
  const InverseResult result = invert_mask(clip_of(false), model(), goal_of(), parameters);
  CHECK(result.rings.size() == 2);
}

TEST_CASE("an inverse problem says what is wrong with it", "[unit][optimise]") {
  const auto invert = [](const layout::Clip& clip, const PrintGoal& goal,
                         const InverseParameters& parameters) {
    return invert_mask(clip, model(), goal, parameters);
  };
  layout::Clip empty = clip_of(false);
  empty.rings.clear();
  CHECK_THROWS_WITH(invert(empty, goal_of(), parameters_of()),
                    Catch::Contains("nothing is drawn in the window"));
  PrintGoal no_plane = goal_of();
  no_plane.nominal.plane = 2;
  CHECK_THROWS_WITH(invert(clip_of(false), no_plane, parameters_of()), Catch::Contains("names plane 2"));
  InverseParameters few = parameters_of();
  few.n_steps = 3;
  CHECK_THROWS_AS(invert(clip_of(false), goal_of(), few), InputError);
  InverseParameters no_weight = parameters_of();
  no_weight.error_weight = no_weight.band_weight = 0;
  CHECK_THROWS_AS(invert(clip_of(false), goal_of(), no_weight), InputError);
}
