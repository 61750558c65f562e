// SPDX-License-Identifier: MIT
// Gradients of images through a thick mask beside differences of the images.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <string>

#include "undulith/core/error.hpp"
#include "undulith/layout/layout_file.hpp"
#include "undulith/layout/make_clip.hpp"
#include "undulith/mask/polygon_gradient.hpp"
#include "undulith/mask/polygon_spectrum.hpp"
#include "undulith/math/fft.hpp"
#include "undulith/optimise/thick_model.hpp"

namespace {

using namespace undulith;
using optimise::Images;
using optimise::Pattern;
using optimise::ThickModel;
using optimise::ThickModelParameters;
using Complex = std::complex<double>;

constexpr double kStep = 1e-3;

layout::Clip elbow_clip() {
  return layout::make_clip(Box{0, 0, 72, 60}, {{{6, 8}, {54, 8}, {54, 26}, {26, 26}, {26, 48}, {6, 48}}});
}

Pattern pattern_of(const layout::Clip& clip, const optimise::ModelGrid& grid) {
  Pattern pattern{grid.pattern_order_x, grid.pattern_order_y, {}};
  const auto half = mask::polygon_spectrum(clip.rings, clip.cell, grid.pattern_order_x, grid.pattern_order_y);
  const std::size_t row = static_cast<std::size_t>(2 * grid.pattern_order_x + 1);
  pattern.values.resize(2 * half.size() - row);
  for (std::size_t i = 0; i < half.size(); ++i) {
    pattern.values[half.size() - row + i] = half[i];
    pattern.values[half.size() - 1 - i] = std::conj(half[i]);
  }
  return pattern;
}

// Few directions with their own solutions, or many that are interpolated and corrected.
ThickModelParameters parameters_of(int n_points) {
  std::vector<illuminator::SourcePoint> points;
  for (int i = 0; i < n_points; ++i) {
    const double angle = 2.4 * i, radius = 0.2 + 0.6 * i / n_points;
    points.push_back({.sigma_x = radius * std::cos(angle),
                      .sigma_y = radius * std::sin(angle),
                      .weight = 1 + 0.1 * i,
                      .stokes = {1, i % 2 == 0 ? 0.4 : 0, 0, 0}});
  }
  ThickModelParameters parameters{
      .cell = elbow_clip().cell, .mask = {}, .pupil_fill = illuminator::make_pupil_fill(points)};
  parameters.mask.solver.precision = Precision::float64;
  parameters.mask.solver.pixel_nm = 8;
  parameters.mask.solver.slice_nm = 12;
  parameters.conditions = {{.optics = {}, .focus_nm = {-20, 30}},
                           {.optics = {.aberrations = {{7, 0.05}}}, .focus_nm = {0}}};
  parameters.conditions[1].optics.chief_ray_azimuth_deg = 12;
  return parameters;
}

// L = sum over images and samples of (a I + I^2).
double factor(std::size_t image, std::size_t sample) {
  return std::sin(0.7 * static_cast<double>(sample) + static_cast<double>(image));
}
double loss(const Images& images) {
  double sum = 0;
  for (std::size_t k = 0; k < images.size(); ++k)
    for (std::size_t i = 0; i < images[k].size(); ++i)
      sum += factor(k, i) * images[k][i] + images[k][i] * images[k][i];
  return sum;
}
Images sensitivity(const Images& images) {
  Images d = images;
  for (std::size_t k = 0; k < d.size(); ++k)
    for (std::size_t i = 0; i < d[k].size(); ++i) d[k][i] = factor(k, i) + 2 * images[k][i];
  return d;
}

// Outwards, by h; its neighbours are perpendicular.
layout::Clip with_edge_moved(const layout::Clip& clip, std::size_t ring, std::size_t edge, double h) {
  layout::Clip moved = clip;
  layout::Polygon& points = moved.rings[ring];
  layout::Point &a = points[edge], &b = points[(edge + 1) % points.size()];
  const double dx = b.x - a.x, dy = b.y - a.y, length = std::hypot(dx, dy);
  for (layout::Point* point : {&a, &b}) {
    point->x += h * dy / length;
    point->y -= h * dx / length;
  }
  return moved;
}

template <class Value>
double difference(const Value& value) {
  return (8 * (value(kStep) - value(-kStep)) - (value(2 * kStep) - value(-2 * kStep))) / (12 * kStep);
}

}  // namespace

TEST_CASE("thick model: gradient of the coefficients as by differences", "[validation][optimise]") {
  // Differences of fourth order, of steps 1e-3 in a coefficient, err by less.
  constexpr double kTolerance = 1e-7;
  for (const int n_points : {3, 30})
    for (const bool kept : {false, true}) {
      ThickModelParameters parameters = parameters_of(n_points);
      const ThickModel free(parameters);
      const Pattern pattern = pattern_of(elbow_clip(), free.grid());
      if (kept) parameters.kept_corrections = free.corrections(pattern);
      const ThickModel model(parameters);
      REQUIRE(model.grid().n_planes == 3);
      const ThickModel::Gradient g = model.gradient(pattern, sensitivity);
      REQUIRE(g.images.size() == 3);
      CHECK(g.images == model.images(pattern));
      double largest = 0;
      for (const Complex& value : g.d_pattern.values) largest = std::max(largest, std::abs(value));
      REQUIRE(largest > 0);
      for (const auto& [m, n] : {std::pair{0, 0}, {1, 1}, {-3, 2}, {7, 5}})
        for (const Complex direction : {Complex(1, 0), Complex(0, 1)}) {
          const bool is_mean = m == 0 && n == 0;
          if (is_mean && direction.imag() != 0) continue;
          const double expected = difference([&, m = m, n = n](double h) {
            Pattern changed = pattern;
            changed.values[changed.place(m, n)] += h * direction;
            if (!is_mean) changed.values[changed.place(-m, -n)] += h * std::conj(direction);
            return loss(model.images(changed));
          });
          const double computed =
              (is_mean ? 1 : 2) * (std::conj(g.d_pattern.values[g.d_pattern.place(m, n)]) * direction).real();
          CAPTURE(n_points, kept, m, n, direction);
          CHECK(std::abs(computed - expected) < kTolerance * largest);
        }
    }
}

TEST_CASE("thick model: images are those of the polygons", "[validation][optimise]") {
  const ThickModelParameters parameters = parameters_of(30);
  const ThickModel model(parameters);
  const layout::Clip clip = elbow_clip();
  const Images images = model.images(pattern_of(clip, model.grid()));
  imaging::ImagingParameters optics = parameters.conditions[0].optics;
  optics.focus_nm = 30;
  optics.output_pitch_nm = clip.cell.width() / model.grid().nx * (1 + 1e-9);
  const mask::MaskOptics mask_optics;
  const double cutoff = imaging::max_mask_frequency_per_nm(0.33, 13.5, parameters.pupil_fill.sigma_max);
  const auto image = imaging::compute_aerial_image(
      mask::compute_diffraction(mask::make_mask(clip, parameters.mask, mask_optics), parameters.mask,
                                mask_optics, parameters.pupil_fill, 13.5, cutoff),
      parameters.pupil_fill, optics);
  for (int iy = 0; iy < model.grid().ny; iy += 3)
    for (int ix = 0; ix < model.grid().nx; ix += 3) {
      const double x = clip.cell.width() * ix / model.grid().nx,
                   y = clip.cell.height() * iy / model.grid().ny;
      const double sample = images[1][static_cast<std::size_t>(iy * model.grid().nx + ix)];
      CHECK(std::abs(sample - image.series.value(x, y)) < 1e-10);
    }
}

TEST_CASE("thick model: edges of polygons with an undercut film as by differences",
          "[validation][optimise]") {
  constexpr double kTolerance = 1e-7;
  ThickModelParameters parameters = parameters_of(5);
  parameters.mask.stack.absorber = {{.thickness_nm = 10, .index = Complex(0.93, 0.02)},
                                    {.thickness_nm = 40, .index = Complex(0.95, 0.031), .undercut_nm = 3}};
  const ThickModel model(parameters);
  const layout::Clip clip = elbow_clip();
  CHECK_THROWS_AS(model.images(pattern_of(clip, model.grid())), InputError);
  CHECK_THROWS_AS(model.images(mask::MaskAsMade{{{0, 0, 60, 60}, {0, 0, 60, 60}, {}}}),
                  std::invalid_argument);
  const ThickModel::RingsGradient g = model.gradient(mask::MaskAsMade{clip}, sensitivity);
  CHECK(g.images == model.images(mask::MaskAsMade{clip}));
  REQUIRE(g.rings.size() == 1);
  REQUIRE(g.rings[0].d_offset.size() == 6);
  double largest = 0;
  for (const double d : g.rings[0].d_offset) largest = std::max(largest, std::abs(d));
  for (std::size_t i = 0; i < 6; ++i) {
    const double expected = difference(
        [&](double h) { return loss(model.images(mask::MaskAsMade{with_edge_moved(clip, 0, i, h)})); });
    CHECK(std::abs(g.rings[0].d_offset[i] - expected) < kTolerance * largest);
  }
}

TEST_CASE("thick model: edges of contacts at NA 0.55 as by differences", "[validation][optimise]") {
  constexpr double kTolerance = 1e-7;
  ThickModelParameters parameters = parameters_of(4);
  parameters.cell = {0, 0, 40, 36};
  parameters.mask.stack.incidence_deg = 5.355;
  parameters.conditions = {{.optics = {.na = 0.55}, .focus_nm = {10}}};
  imaging::ImagingParameters& optics = parameters.conditions[0].optics;
  optics.magnification_y = 8;
  optics.obscuration.radius = 0.2;
  const ThickModel model(parameters);
  const layout::Clip clip{parameters.cell, parameters.cell, {{{10, 8}, {28, 8}, {28, 25}, {10, 25}}}};
  const ThickModel::RingsGradient g = model.gradient(mask::MaskAsMade{clip}, sensitivity);
  double largest = 0;
  for (const double d : g.rings[0].d_offset) largest = std::max(largest, std::abs(d));
  REQUIRE(largest > 0);
  for (std::size_t i = 0; i < 4; ++i) {
    const double expected = difference(
        [&](double h) { return loss(model.images(mask::MaskAsMade{with_edge_moved(clip, 0, i, h)})); });
    CHECK(std::abs(g.rings[0].d_offset[i] - expected) < kTolerance * largest);
  }
}

TEST_CASE("thick model: edges of lines move images as in Maxwell's equations", "[validation][optimise]") {
  // The multi-slice model is good to 1 to 4 % of the largest order; differences of images err less.
  constexpr double kModel = 0.01, kStepNm = 0.02;
  for (const bool vertical : {false, true}) {
    ThickModelParameters parameters = parameters_of(4);
    parameters.cell = {0, 0, 36, 36};
    parameters.mask.solver = {};
    parameters.conditions = {{.optics = {}, .focus_nm = {20}}};
    const auto lines = [&](double left, double right) {
      return layout::Clip{parameters.cell,
                          parameters.cell,
                          {vertical ? layout::Polygon{{left, 0}, {right, 0}, {right, 36}, {left, 36}}
                                    : layout::Polygon{{0, left}, {36, left}, {36, right}, {0, right}}}};
    };
    const ThickModel model(parameters);
    // Light around each of the drawn edges.
    const auto light_at_edges = [&](const std::vector<double>& image) {
      const int n = vertical ? model.grid().nx : model.grid().ny;
      double left = 0, right = 0;
      for (int i = 0; i < n; ++i) {
        const double value = image[static_cast<std::size_t>(vertical ? i : i * model.grid().nx)];
        left += value * std::exp(-std::pow((36.0 * i / n - 9) / 4, 2));
        right += value * std::exp(-std::pow((36.0 * i / n - 27) / 4, 2));
      }
      return std::pair{left, right};
    };
    const auto rigorous = [&](double left, double right) {
      mask::MaskParameters exact = parameters.mask;
      exact.model = mask::Model::rigorous;
      const mask::MaskOptics optics;
      imaging::ImagingParameters imaging = parameters.conditions[0].optics;
      imaging.focus_nm = 20;
      imaging.output_pitch_nm = 36.0 / model.grid().nx * (1 + 1e-9);
      const double cutoff = imaging::max_mask_frequency_per_nm(0.33, 13.5, parameters.pupil_fill.sigma_max);
      const auto image = imaging::compute_aerial_image(
          mask::compute_diffraction(mask::MaskAsMade{lines(left, right)}, exact, optics,
                                    parameters.pupil_fill, 13.5, cutoff),
          parameters.pupil_fill, imaging);
      const auto values = image.intensity.values();
      return light_at_edges(std::vector<double>(values.begin(), values.end()));
    };
    double largest = 0, error = 0;
    for (const bool of_left : {false, true}) {
      const auto g = model.gradient(mask::MaskAsMade{lines(9, 27)}, [&](const Images& images) {
        Images d = images;
        for (std::size_t i = 0; i < d[0].size(); ++i) {
          std::vector<double> unit(d[0].size());
          unit[i] = 1;
          d[0][i] = of_left ? light_at_edges(unit).first : light_at_edges(unit).second;
        }
        return d;
      });
      for (const bool move_left : {false, true}) {
        const double h = kStepNm;
        const auto [low_left, low_right] = move_left ? rigorous(9 + h, 27) : rigorous(9, 27 - h);
        const auto [high_left, high_right] = move_left ? rigorous(9 - h, 27) : rigorous(9, 27 + h);
        const double expected = (of_left ? high_left - low_left : high_right - low_right) / (2 * h);
        // Of the edges of the ring: vertical lines have the right one second, the left one last.
        const std::size_t edge = vertical ? (move_left ? 3 : 1) : (move_left ? 0 : 2);
        error = std::max(error, std::abs(g.rings[0].d_offset[edge] - expected));
        largest = std::max(largest, std::abs(expected));
      }
    }
    CAPTURE(vertical, error / largest);
    CHECK(error < kModel * largest);
    WARN("gradient of edges of lines, multi-slice beside rigorous: " << 100 * error / largest << " %");
  }
}

TEST_CASE("thick model: images of any cell have samples that transforms like", "[unit][optimise]") {
  for (const Box& cell : {Box{0, 0, 36, 36}, Box{0, 0, 151, 38}, Box{0, 0, 44, 262}, Box{0, 0, 1008, 252}}) {
    ThickModelParameters parameters = parameters_of(3);
    parameters.cell = cell;
    const optimise::ModelGrid grid = ThickModel(parameters).grid();
    CAPTURE(cell.x1, cell.y1, grid.nx, grid.ny);
    CHECK((math::good_fft_length(grid.nx) == grid.nx && math::good_fft_length(grid.ny) == grid.ny));
    CHECK((grid.nx > 2 * grid.image_order_x && grid.ny > 2 * grid.image_order_y));
    // Not many more than the band needs.
    CHECK(grid.nx * grid.ny < 4 * (2 * grid.image_order_x + 1) * (2 * grid.image_order_y + 1));
  }
}

TEST_CASE("thick model: impossible conditions are refused", "[unit][optimise]") {
  const auto refuses = [](const auto& change) {
    ThickModelParameters parameters = parameters_of(3);
    change(parameters);
    CHECK_THROWS_AS(ThickModel(parameters), InputError);
  };
  refuses([](ThickModelParameters& p) { p.conditions.clear(); });
  refuses([](ThickModelParameters& p) { p.conditions[1].focus_nm.clear(); });
  refuses([](ThickModelParameters& p) { p.conditions[1].optics.na = 0.3; });
  refuses([](ThickModelParameters& p) { p.conditions[0].optics.field_positions = {{.weight = 1}}; });
  refuses([](ThickModelParameters& p) { p.conditions[0].optics.method = imaging::Method::socs; });
  refuses([](ThickModelParameters& p) { p.kept_corrections.resize(1); });
  refuses([](ThickModelParameters& p) { p.mask.model = mask::Model::rigorous; });
}

TEST_CASE("thick model: edges of a logic clip at NA 0.33 as by differences", "[validation][optimise]") {
  // A row of standard cells: 252 nm of masks/logic_metal_p36.gds.
  const layout::Clip clip =
      layout::make_clip(layout::read_layout(std::string(UNDULITH_SOURCE_DIR) + "/masks/logic_metal_p36.gds"),
                        {.window_nm = {0, 0, 252, 252}, .boundary = layout::Boundary::periodic});
  ThickModelParameters parameters = parameters_of(4);
  parameters.cell = clip.cell;
  parameters.mask.solver.pixel_nm = 12;
  parameters.mask.solver.slice_nm = 15;
  parameters.conditions = {{.optics = {}, .focus_nm = {0, 30}}};
  const ThickModel model(parameters);
  const Pattern pattern = pattern_of(clip, model.grid());
  const ThickModel::Gradient g = model.gradient(pattern, sensitivity);
  const auto rings = mask::polygon_gradient(clip.rings, clip.cell, g.d_pattern.max_order_x,
                                            g.d_pattern.max_order_y, g.d_pattern.values);
  double largest = 0;
  for (const mask::RingGradient& ring : rings)
    for (const double d : ring.d_offset) largest = std::max(largest, std::abs(d));
  REQUIRE(largest > 0);

  constexpr double kTolerance = 1e-7;
  constexpr std::size_t kEvery = 2;
  std::size_t count = 0, n_compared = 0;
  for (std::size_t r = 0; r < clip.rings.size(); ++r)
    for (std::size_t i = 0; i < clip.rings[r].size(); ++i) {
      const layout::Polygon& ring = clip.rings[r];
      const std::size_t next = (i + 1) % ring.size();
      const auto on_border = [](double a, double b) { return a == b && (a == 0 || a == 252); };
      if (on_border(ring[i].x, ring[next].x) || on_border(ring[i].y, ring[next].y)) continue;
      if (count++ % kEvery != 0) continue;
      const double expected = difference([&](double h) {
        return loss(model.images(pattern_of(with_edge_moved(clip, r, i, h), model.grid())));
      });
      CAPTURE(r, i, expected, rings[r].d_offset[i]);
      CHECK(std::abs(rings[r].d_offset[i] - expected) < kTolerance * largest);
      ++n_compared;
    }
  CHECK(n_compared > 3);
}
