// SPDX-License-Identifier: MIT
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <random>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/optics/zernike.hpp"

namespace {

using namespace undulith;
using Complex = std::complex<double>;
using illuminator::PupilFill;
using illuminator::SourcePoint;
using imaging::AerialImage;
using imaging::ImagingParameters;
using mask::Diffraction;

constexpr double kPi = constants::kPi;
constexpr double kWavelengthNm = 13.5, kNa = 0.33;

// Sums of up to a thousand terms of order one, each through a transform.
constexpr double kRounding = 1e-12;

// The direct sum below is that of scalar waves.
ImagingParameters scalar(ImagingParameters optics = {}) {
  optics.field_model = imaging::FieldModel::scalar;
  optics.obliquity = imaging::Obliquity::none;
  return optics;
}

PupilFill random_pupil(int n_points, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(-0.7, 0.7), weight(0.1, 1);
  std::vector<SourcePoint> points;
  for (int i = 0; i < n_points; ++i)
    points.push_back({.sigma_x = uniform(engine), .sigma_y = uniform(engine), .weight = weight(engine)});
  return illuminator::make_pupil_fill(std::move(points));
}

Diffraction empty_mask(const Box& cell, double sigma_max) {
  Diffraction mask{.wavelength_nm = kWavelengthNm, .cell = cell, .window = cell};
  const double cutoff = imaging::max_mask_frequency_per_nm(kNa, kWavelengthNm, sigma_max);
  mask.max_order_x = static_cast<int>(cell.width() * cutoff);
  mask.max_order_y = static_cast<int>(cell.height() * cutoff);
  mask.amplitudes.assign(static_cast<std::size_t>((2 * mask.max_order_x + 1) * (2 * mask.max_order_y + 1)),
                         0.0);
  return mask;
}

Complex& order(Diffraction& mask, int m, int n) {
  return mask.amplitudes[mask.index(m, n)];
}

Diffraction random_mask(const Box& cell, double sigma_max, bool real_mask, unsigned seed) {
  Diffraction mask = empty_mask(cell, sigma_max);
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(-0.3, 0.3);
  for (int n = -mask.max_order_y; n <= mask.max_order_y; ++n)
    for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m) {
      order(mask, m, n) = {uniform(engine), uniform(engine)};
      if (real_mask && (n < 0 || (n == 0 && m <= 0))) {
        order(mask, -m, -n) = std::conj(order(mask, m, n));
        if (m == 0 && n == 0) order(mask, 0, 0) = 0.5;
      }
    }
  if (real_mask)
    for (int n = -mask.max_order_y; n <= mask.max_order_y; ++n)
      for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m)
        if (n > 0 || (n == 0 && m > 0)) order(mask, m, n) = std::conj(order(mask, -m, -n));
  return mask;
}

// The definition of docs/theory/imaging.md, order by order, with nothing shared with the engine.
double direct_sum(const Diffraction& mask, const PupilFill& fill, const ImagingParameters& optics, double x,
                  double y) {
  double intensity = 0;
  for (const auto& point : fill.points) {
    Complex field = 0;
    for (int n = -mask.max_order_y; n <= mask.max_order_y; ++n)
      for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m) {
        const double fx = m / mask.cell.width(), fy = n / mask.cell.height();
        const double px = fx * kWavelengthNm / optics.na + point.sigma_x,
                     py = fy * kWavelengthNm / optics.na + point.sigma_y;
        if (px * px + py * py > 1) continue;
        const double sine = optics.na * std::hypot(px, py);
        double waves = optics.focus_nm / kWavelengthNm * (std::sqrt(1 - sine * sine) - 1);
        for (const auto& term : optics.aberrations)
          waves += term.waves * optics::fringe_zernike(term.index, std::hypot(px, py), std::atan2(py, px));
        field += mask(m, n) *
                 std::polar(1.0, 2 * kPi * (waves + fx * (x - mask.cell.x0) + fy * (y - mask.cell.y0)));
      }
    intensity += point.weight * std::norm(field);
  }
  return intensity;
}

double largest_difference(const Field2D<double>& a, const Field2D<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.values().size(); ++i)
    largest = std::max(largest, std::abs(a.values()[i] - b.values()[i]));
  return largest;
}

std::vector<double> rows_of(const AerialImage& image) {
  std::vector<double> all;
  int next = 0;
  image.intensity.visit_rows([&](int first_row, std::span<const double> rows) {
    CHECK(first_row == next);
    CHECK(rows.size() % static_cast<std::size_t>(image.intensity.nx()) == 0);
    next += static_cast<int>(rows.size() / static_cast<std::size_t>(image.intensity.nx()));
    all.insert(all.end(), rows.begin(), rows.end());
  });
  CHECK(next == image.intensity.ny());
  return all;
}

}  // namespace

TEST_CASE("abbe: equals the direct sum over orders and source points", "[validation][imaging]") {
  for (const Box cell : {Box{0, 0, 90, 70}, Box{-20, 5, 30, 6}, Box{0, 0, 3, 200}}) {
    for (const auto& optics : {scalar(), scalar({.focus_nm = 60}),
                               scalar({.na = 0.33,
                               .focus_nm = -35,
                               .aberrations = {{7, 0.05}, {5, -0.03}, {9, 0.04}, {11, 0.02}}})}) {
      const PupilFill fill = random_pupil(9, 3);
      const Diffraction mask = random_mask(cell, fill.sigma_max, false, 4);
      const AerialImage image = imaging::compute_aerial_image(mask, fill, optics);
      for (const auto& [x, y] : {std::array{1.3, 5.5}, std::array{17.0, 44.4}, std::array{80.0, -3.0}})
        CHECK(std::abs(image.series.value(x, y) - direct_sum(mask, fill, optics, x, y)) < kRounding);
    }
  }
}

TEST_CASE("abbe: the open frame has intensity 1 at any focus and aberration", "[property][imaging]") {
  const PupilFill fill = random_pupil(20, 8);
  Diffraction mask = empty_mask({0, 0, 300, 150}, fill.sigma_max);
  order(mask, 0, 0) = 1;
  const AerialImage image =
      imaging::compute_aerial_image(mask, fill, {.focus_nm = 80, .aberrations = {{8, 0.1}}});
  for (const double value : image.intensity.values()) CHECK(std::abs(value - 1) < kRounding);
}

TEST_CASE("abbe: moving the mask moves the image", "[property][imaging]") {
  const PupilFill fill = random_pupil(7, 21);
  Diffraction mask = random_mask({0, 0, 120, 80}, fill.sigma_max, false, 22);
  const ImagingParameters optics{.focus_nm = 30, .output_pitch_nm = 2};
  const AerialImage before = imaging::compute_aerial_image(mask, fill, optics);
  for (int n = -mask.max_order_y; n <= mask.max_order_y; ++n)
    for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m)
      order(mask, m, n) *= std::polar(1.0, -2 * kPi * (m * 6 / 120.0 + n * 10 / 80.0));
  const AerialImage after = imaging::compute_aerial_image(mask, fill, optics);
  double largest = 0;
  for (int iy = 0; iy < 40; ++iy)
    for (int ix = 0; ix < 60; ++ix)
      largest = std::max(largest,
                         std::abs(after.intensity((iy + 5) % 40, (ix + 3) % 60) - before.intensity(iy, ix)));
  CHECK(largest < kRounding);
}

TEST_CASE("abbe: mirror and transpose of mask and source mirror and transpose the image",
          "[property][imaging]") {
  const PupilFill fill = random_pupil(7, 31);
  const Diffraction mask = random_mask({0, 0, 96, 96}, fill.sigma_max, false, 32);
  Diffraction mirrored = mask, transposed = mask;
  for (int n = -mask.max_order_y; n <= mask.max_order_y; ++n)
    for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m) {
      order(mirrored, m, n) = mask(-m, n);
      order(transposed, m, n) = mask(n, m);
    }
  PupilFill mirrored_fill = fill, transposed_fill = fill;
  for (auto& point : mirrored_fill.points) point.sigma_x = -point.sigma_x;
  for (auto& point : transposed_fill.points) std::swap(point.sigma_x, point.sigma_y);
  const ImagingParameters optics{.focus_nm = 25, .output_pitch_nm = 3};
  const AerialImage image = imaging::compute_aerial_image(mask, fill, optics);
  const AerialImage mirror_image = imaging::compute_aerial_image(mirrored, mirrored_fill, optics);
  const AerialImage transpose_image = imaging::compute_aerial_image(transposed, transposed_fill, optics);
  double mirror = 0, transpose = 0;
  for (int iy = 0; iy < 32; ++iy)
    for (int ix = 0; ix < 32; ++ix) {
      mirror =
          std::max(mirror, std::abs(mirror_image.intensity(iy, (32 - ix) % 32) - image.intensity(iy, ix)));
      transpose = std::max(transpose, std::abs(transpose_image.intensity(ix, iy) - image.intensity(iy, ix)));
    }
  CHECK(mirror < kRounding);
  CHECK(transpose < kRounding);
}

TEST_CASE("abbe: a real mask and an even pupil give equal images on both sides of focus",
          "[property][imaging]") {
  std::vector<SourcePoint> points;
  for (const auto& point : random_pupil(6, 41).points)
    for (const double sign : {1.0, -1.0})
      points.push_back(
          {.sigma_x = sign * point.sigma_x, .sigma_y = sign * point.sigma_y, .weight = point.weight});
  const PupilFill fill = illuminator::make_pupil_fill(points);
  const Diffraction mask = random_mask({0, 0, 100, 60}, fill.sigma_max, true, 42);
  const AerialImage above = imaging::compute_aerial_image(mask, fill, {.focus_nm = 70});
  const AerialImage below = imaging::compute_aerial_image(mask, fill, {.focus_nm = -70});
  CHECK(largest_difference(above.intensity, below.intensity) < kRounding);
}

TEST_CASE("abbe: defocus belongs to the pupil of each source point, not to the orders",
          "[validation][imaging]") {
  // Two beams at equal distance from the axis do not lose contrast with focus; a phase per order would.
  const double pitch = 32, sigma = kWavelengthNm / (2 * pitch * kNa);
  Diffraction mask = empty_mask({0, 0, pitch, 1}, sigma);
  order(mask, 0, 0) = 0.5;
  order(mask, 1, 0) = order(mask, -1, 0) = 1 / kPi;
  const PupilFill fill = illuminator::make_pupil_fill({{.sigma_x = sigma}, {.sigma_x = -sigma}});
  for (const double focus_nm : {0.0, 40.0, 400.0}) {
    const AerialImage image = imaging::compute_aerial_image(mask, fill, scalar({.focus_nm = focus_nm}));
    const double bright = image.series.value(0, 0), dark = image.series.value(pitch / 2, 0);
    // 2ab/(a^2+b^2) for a = 1/2, b = 1/pi
    CHECK((bright - dark) / (bright + dark) == Approx(0.9060367009005804).epsilon(1e-12));
  }
}

TEST_CASE("abbe: the exact defocus phase, not its paraxial expansion", "[validation][imaging]") {
  // On-axis point, orders 0 and +-1 near the rim: the image repeats with the exact Talbot period of the
  // angle.
  const double pitch = kWavelengthNm / (0.97 * kNa);
  Diffraction mask = empty_mask({0, 0, pitch, 1}, 0);
  order(mask, 0, 0) = 0.5;
  order(mask, 1, 0) = order(mask, -1, 0) = 1 / kPi;
  const PupilFill fill = illuminator::make_pupil_fill({SourcePoint{}});
  const double sine = 0.97 * kNa;
  const double talbot_nm = kWavelengthNm / (1 - std::sqrt(1 - sine * sine));
  const AerialImage focus = imaging::compute_aerial_image(mask, fill, {});
  const AerialImage later = imaging::compute_aerial_image(mask, fill, {.focus_nm = talbot_nm});
  CHECK(largest_difference(focus.intensity, later.intensity) < kRounding);
}

TEST_CASE("abbe: the same bytes on one thread and on two", "[property][imaging]") {
  const PupilFill fill = random_pupil(50, 51);
  const Diffraction mask = random_mask({0, 0, 200, 180}, fill.sigma_max, false, 52);
  set_thread_count(1);
  const AerialImage one = imaging::compute_aerial_image(mask, fill, {.focus_nm = 10});
  set_thread_count(2);
  const AerialImage two = imaging::compute_aerial_image(mask, fill, {.focus_nm = 10});
  set_thread_count(0);
  CHECK(std::memcmp(one.intensity.values().data(), two.intensity.values().data(),
                    one.intensity.values().size_bytes()) == 0);
}

TEST_CASE("abbe: the window and the output pitch choose samples, not values", "[property][imaging]") {
  const PupilFill fill = random_pupil(5, 61);
  Diffraction mask = random_mask({0, 0, 100, 60}, fill.sigma_max, false, 62);
  mask.window = {20, 10, 80, 40};
  for (const double pitch : {0.7, 1.0, 4.0, 11.0}) {
    const AerialImage image = imaging::compute_aerial_image(mask, fill, {.output_pitch_nm = pitch});
    const Grid2D& grid = image.intensity.grid();
    CHECK(grid.dx <= pitch);
    CHECK(grid.x0 >= 20 - 1e-9);
    CHECK(grid.x(grid.nx - 1) <= 80 + 1e-9);
    CHECK(grid.x(grid.nx) > 80);
    CHECK(std::abs(image.intensity(grid.ny - 1, 0) - image.series.value(grid.x0, grid.y(grid.ny - 1))) <
          kRounding);
    const auto plan =
        imaging::plan_imaging(mask.cell, mask.window, kWavelengthNm, fill, {.output_pitch_nm = pitch});
    CHECK(plan.output_nx == grid.nx);
    CHECK(plan.output_ny == grid.ny);
  }
}

TEST_CASE("abbe: progress rises to 1 and can stop the sum", "[unit][imaging]") {
  const PupilFill fill = random_pupil(12, 71);
  const Diffraction mask = random_mask({0, 0, 50, 50}, fill.sigma_max, false, 72);
  double last = 0;
  bool rising = true;
  (void)imaging::compute_aerial_image(mask, fill, {}, [&](double fraction) {
    rising = rising && fraction > last;
    last = fraction;
  });
  CHECK(rising);
  CHECK(last == 1);
  CHECK_THROWS_AS(imaging::compute_aerial_image(mask, fill, {}, [](double) { throw Interrupted("stopped"); }),
                  Interrupted);
}

TEST_CASE("abbe: refuses what has no image", "[unit][imaging]") {
  const PupilFill fill = random_pupil(2, 81);
  Diffraction mask = random_mask({0, 0, 50, 50}, fill.sigma_max, false, 82);
  CHECK_THROWS_AS(imaging::compute_aerial_image(mask, fill, {.na = 1.33}), InputError);
  CHECK_THROWS_AS(imaging::compute_aerial_image(mask, fill, {.output_pitch_nm = 0}), InputError);
  CHECK_THROWS_AS(imaging::compute_aerial_image(mask, fill, {.focus_nm = NAN}), InputError);
  CHECK_THROWS_AS(imaging::compute_aerial_image(mask, {}, {}), InputError);
  mask.window = {10.1, 10.1, 10.2, 10.2};
  CHECK_THROWS_AS(imaging::compute_aerial_image(mask, fill, {}), InputError);
}

TEST_CASE("samples: row by row and all at once are the same bits, on any number of threads",
          "[property][imaging]") {
  const PupilFill fill = random_pupil(5, 61);
  Diffraction mask = random_mask({0, 0, 100, 60}, fill.sigma_max, false, 62);
  mask.window = {20, 10, 80, 47};
  // Finer than the band, so that rows are interpolated in blocks; and coarse, where one transform makes them all.
  for (const double pitch : {0.1, 0.23, 4.0}) {
    const AerialImage image = imaging::compute_aerial_image(mask, fill, {.output_pitch_nm = pitch});
    set_thread_count(1);
    const std::vector<double> one = rows_of(image);
    set_thread_count(3);
    const std::vector<double> three = rows_of(image);
    set_thread_count(0);
    CHECK(one == three);
    const AerialImage copy = image;
    CHECK(std::ranges::equal(one, copy.intensity.values()));
    CHECK(rows_of(image) == one);  // kept by now
    CHECK(image.intensity.highest() == *std::ranges::max_element(one));
  }
}

TEST_CASE("samples: none, and those that are given", "[unit][imaging]") {
  const imaging::ImageSamples none;
  CHECK(none.empty());
  CHECK(none.values().empty());
  CHECK(none.highest() == 0);
  none.visit_rows([](int, std::span<const double>) { FAIL("there are no rows"); });
  const Grid2D grid{Plane::wafer, 2, 3, 0, 0, 1, 1};
  const imaging::ImageSamples given = Field2D<double>(grid, 0.25);
  CHECK(given.grid() == grid);
  CHECK(given(2, 1) == 0.25);
  CHECK(given.highest() == 0.25);
}
