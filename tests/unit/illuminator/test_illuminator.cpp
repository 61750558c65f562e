// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

#include "illuminator/cell_area.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/illuminator/illuminator.hpp"

using namespace undulith;
using namespace undulith::illuminator;
using Catch::Matchers::Contains;
using constants::kPi;

namespace {

constexpr double kRounding = 1e-12;

source::SourceOutput line() {
  source::SourceOutput light;
  light.photon_energy_ev = {91.84};
  light.spectral_flux = {1e15};
  return light;
}

IlluminatorParameters shape(Shape kind, int grid_points = 41) {
  IlluminatorParameters p;
  p.shape = kind;
  p.grid_points = grid_points;
  return p;
}

Field2D<double> pixels(int n, double value = 0) {
  return Field2D<double>(Grid2D{.plane = Plane::pupil,
                                .nx = n,
                                .ny = n,
                                .x0 = -1 + 1.0 / n,
                                .y0 = -1 + 1.0 / n,
                                .dx = 2.0 / n,
                                .dy = 2.0 / n},
                         value);
}

/// Mean over the lit pupil of f(sigma_x, sigma_y).
template <class F>
double mean(const PupilFill& fill, F f) {
  double sum = 0;
  for (const SourcePoint& point : fill.points) sum += point.weight * f(point.sigma_x, point.sigma_y);
  return sum;
}

/// Weight of the points that `image` of each point would have: pairs points by place.
template <class F>
void check_invariant(const PupilFill& fill, F image) {
  auto points = fill.points, images = fill.points;
  for (SourcePoint& point : images)
    std::tie(point.sigma_x, point.sigma_y) = image(point.sigma_x, point.sigma_y);
  // Places in order, with a bin between the rounding of a coordinate and the distance of two points.
  const auto before = [](const SourcePoint& a, const SourcePoint& b) {
    const auto ay = std::llround(a.sigma_y * 1e9), by = std::llround(b.sigma_y * 1e9);
    return std::abs(ay - by) > 1 ? ay < by : a.sigma_x < b.sigma_x;
  };
  std::sort(points.begin(), points.end(), before);
  std::sort(images.begin(), images.end(), before);
  double worst = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    worst = std::max({worst, std::abs(points[i].sigma_x - images[i].sigma_x),
                      std::abs(points[i].sigma_y - images[i].sigma_y),
                      std::abs(points[i].weight - images[i].weight) * static_cast<double>(points.size())});
  }
  CHECK(worst < 1e-9);
}

}  // namespace

TEST_CASE("illuminator: illuminated areas in closed form", "[validation][illuminator]") {
  const auto ratio = [](const IlluminatorParameters& p) { return make_pupil_fill(p, line()).fill_ratio; };
  IlluminatorParameters p = shape(Shape::conventional);
  CHECK(ratio(p) == Approx(0.81).epsilon(kRounding));
  p.shape = Shape::annular;
  CHECK(ratio(p) == Approx(0.81 - 0.25).epsilon(kRounding));
  p.shape = Shape::dipole;
  p.opening_deg = 90;
  CHECK(ratio(p) == Approx(0.5 * (0.81 - 0.25)).epsilon(kRounding));
  p.shape = Shape::quasar;
  p.opening_deg = 30;
  CHECK(ratio(p) == Approx((0.81 - 0.25) / 3).epsilon(kRounding));
  p.shape = Shape::leaf_dipole;
  p.sigma_outer = 1;
  p.leaf_offset_sigma = 1;
  // Two unit discs at unit distance share 2 pi/3 - sqrt(3)/2; two such leaves touch at the centre.
  CHECK(ratio(p) == Approx(2 * (2 * kPi / 3 - std::sqrt(3.0) / 2) / kPi).epsilon(kRounding));
  // No offset is left: the leaves become the whole disc.
  p.leaf_offset_sigma = 1e-6;
  CHECK(ratio(p) == Approx(1).epsilon(1e-5));
}

TEST_CASE("illuminator: cells add up to the closed form", "[validation][illuminator]") {
  for (const Shape kind :
       {Shape::conventional, Shape::annular, Shape::dipole, Shape::quasar, Shape::leaf_dipole}) {
    for (const double rotation_deg : {0.0, 17.0, 90.0}) {
      for (const double offset : {0.3, 0.8, 1.5}) {
        IlluminatorParameters p = shape(kind, 24);
        p.rotation_deg = rotation_deg;
        p.opening_deg = 65;
        p.leaf_offset_sigma = offset;
        const PupilFill fill = make_pupil_fill(p, line());
        // The weight of a point is its share of the area: that of a full cell tells the sum of all cells.
        const double cell_area = 4.0 / (24 * 24);
        double full = 0, total = 0;
        for (const SourcePoint& point : fill.points) {
          full = std::max(full, point.weight);
          total += point.weight;
        }
        CAPTURE(static_cast<int>(kind), rotation_deg, offset);
        CHECK(total == Approx(1).epsilon(kRounding));
        CHECK(cell_area / full == Approx(fill.fill_ratio * kPi).epsilon(1e-8));
      }
    }
  }
}

TEST_CASE("illuminator: area of a cell against brute force", "[property][illuminator]") {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> place(-1.2, 1.2), size(0.05, 1), turn(0, 2 * kPi);
  for (int i = 0; i < 40; ++i) {
    const Box box{.x0 = place(random), .y0 = place(random), .x1 = 0, .y1 = 0};
    const Box cell{.x0 = box.x0, .y0 = box.y0, .x1 = box.x0 + size(random), .y1 = box.y0 + size(random)};
    const double a = turn(random);
    const Term term{.sign = 1,
                    .disc = {.centre = {0.3 * place(random), 0.3 * place(random)}, .radius = size(random)},
                    .half_planes = {{.point = {0.1, 0}, .normal = {std::cos(a), std::sin(a)}}}};
    const Moments exact = covered(cell, std::vector{term});
    const int n = 600;
    Moments sum;
    for (int iy = 0; iy < n; ++iy) {
      for (int ix = 0; ix < n; ++ix) {
        const double x = cell.x0 + cell.width() * (ix + 0.5) / n,
                     y = cell.y0 + cell.height() * (iy + 0.5) / n;
        const HalfPlane& half = term.half_planes[0];
        const bool inside = std::hypot(x - term.disc.centre.x, y - term.disc.centre.y) <= term.disc.radius &&
                            half.normal.x * (x - half.point.x) + half.normal.y * (y - half.point.y) >= 0;
        if (!inside) continue;
        sum.area += 1;
        sum.x += x;
        sum.y += y;
      }
    }
    // Counting samples errs by some of those on the outline, about 2 n of n^2, with random signs.
    const double area = cell.width() * cell.height(), tolerance = 1e-3 * area;
    CHECK(std::abs(exact.area - sum.area * area / (n * n)) < tolerance);
    CHECK(std::abs(exact.x - sum.x * area / (n * n)) < 2 * tolerance);
    CHECK(std::abs(exact.y - sum.y * area / (n * n)) < 2 * tolerance);
  }
}

TEST_CASE("illuminator: shapes have the mirrors they should have", "[property][illuminator]") {
  const auto mirror_x = [](double x, double y) { return std::pair{-x, y}; };
  const auto mirror_y = [](double x, double y) { return std::pair{x, -y}; };
  const auto transpose = [](double x, double y) { return std::pair{y, x}; };
  for (const int n : {20, 21, 41}) {
    for (const Shape kind :
         {Shape::conventional, Shape::annular, Shape::dipole, Shape::quasar, Shape::leaf_dipole}) {
      CAPTURE(n, static_cast<int>(kind));
      const PupilFill fill = make_pupil_fill(shape(kind, n), line());
      check_invariant(fill, mirror_x);
      check_invariant(fill, mirror_y);
      if (kind != Shape::dipole && kind != Shape::leaf_dipole) check_invariant(fill, transpose);
      CHECK(std::abs(mean(fill, [](double x, double) { return x; })) < kRounding);
      CHECK(std::abs(mean(fill, [](double, double y) { return y; })) < kRounding);
    }
  }
}

TEST_CASE("illuminator: rotation turns the poles", "[property][illuminator]") {
  for (const Shape kind : {Shape::dipole, Shape::leaf_dipole}) {
    IlluminatorParameters p = shape(kind);
    const PupilFill along_x = make_pupil_fill(p, line());
    CHECK(mean(along_x, [](double x, double y) { return x * x - y * y; }) > 0.1);
    p.rotation_deg = 90;
    const PupilFill along_y = make_pupil_fill(p, line());
    REQUIRE(along_x.points.size() == along_y.points.size());
    CHECK(mean(along_y, [](double x, double y) { return y * y - x * x; }) ==
          Approx(mean(along_x, [](double x, double y) { return x * x - y * y; })).epsilon(1e-10));
    // 30 degrees: the axis of the second moments follows.
    p.rotation_deg = 30;
    const PupilFill turned = make_pupil_fill(p, line());
    const double angle = 0.5 * std::atan2(mean(turned, [](double x, double y) { return 2 * x * y; }),
                                          mean(turned, [](double x, double y) { return x * x - y * y; }));
    CHECK(angle * 180 / kPi == Approx(30).margin(0.05));
  }
  IlluminatorParameters p = shape(Shape::quasar);
  p.opening_deg = 40;
  const PupilFill diagonal = make_pupil_fill(p, line());
  CHECK(mean(diagonal, [](double x, double y) { return std::abs(x * y); }) > 0.2);
  p.rotation_deg = 45;
  const PupilFill cross = make_pupil_fill(p, line());
  CHECK(mean(cross, [](double x, double y) { return std::abs(x * y); }) < 0.1);
}

TEST_CASE("illuminator: every point of a leaf keeps the other order in the pupil",
          "[property][illuminator]") {
  IlluminatorParameters p = shape(Shape::leaf_dipole, 61);
  p.sigma_outer = 1;
  p.leaf_offset_sigma = 13.5 / (28 * 0.33);  // pitch 28 nm at NA 0.33
  const PupilFill fill = make_pupil_fill(p, line());
  for (const SourcePoint& point : fill.points) {
    const double order = point.sigma_x > 0 ? -p.leaf_offset_sigma : p.leaf_offset_sigma;
    CHECK(std::hypot(point.sigma_x + order, point.sigma_y) <= 1 + kRounding);
    CHECK(std::hypot(point.sigma_x, point.sigma_y) <= 1 + kRounding);
  }
  CHECK(fill.sigma_max <= 1);
  CHECK(fill.sigma_max > 0.98);
}

TEST_CASE("illuminator: smooth integrands converge with second order", "[validation][illuminator]") {
  // Mean of cos(q sigma_x) over a disc is 2 J1(q R)/(q R); over a ring, the difference of two.
  const double q = 6;
  const auto disc = [&](double r) { return r == 0 ? 0 : 2 * kPi * r * std::cyl_bessel_j(1, q * r) / q; };
  for (const double inner : {0.0, 0.5}) {
    const double exact = (disc(0.9) - disc(inner)) / (kPi * (0.81 - inner * inner));
    std::vector<double> error;
    for (const int n : {20, 40, 80, 160}) {
      IlluminatorParameters p = shape(inner > 0 ? Shape::annular : Shape::conventional, n);
      p.sigma_inner = inner;
      const PupilFill fill = make_pupil_fill(p, line());
      error.push_back(std::abs(mean(fill, [&](double x, double) { return std::cos(q * x); }) - exact));
    }
    // Four times less at each halving; cut cells, which come and go with the grid, spread it a little.
    for (std::size_t i = 1; i < error.size(); ++i)
      CHECK(std::log2(error[i - 1] / error[i]) == Approx(2).margin(0.15));
  }
}

TEST_CASE("illuminator: transmission cross coefficients of a disc", "[validation][illuminator]") {
  std::ifstream file(UNDULITH_SOURCE_DIR "/tests/reference/imaging/I03.json");
  REQUIRE(file);
  const auto rows = nlohmann::json::parse(file).at("rows");
  std::vector<double> error;
  for (const int n : {16, 32, 64, 128, 256}) {
    double sum = 0;
    for (const auto& row : rows) {
      IlluminatorParameters p = shape(Shape::conventional, n);
      p.sigma_outer = row[0];
      const double f1 = row[1], f2 = row[2];
      const PupilFill fill = make_pupil_fill(p, line());
      const double tcc = mean(fill, [&](double x, double y) {
        return std::hypot(x + f1, y) <= 1 && std::hypot(x + f2, y) <= 1 ? 1.0 : 0.0;
      });
      sum += std::pow(tcc - row[3].get<double>(), 2);
    }
    error.push_back(std::sqrt(sum / static_cast<double>(rows.size())));
  }
  // The pupil's edge cuts through cells that are in or out as a whole: about 1/h cells err by h^2 with random
  // signs, so that the error falls as h^{3/2}, here over 16 times finer cells. Smooth integrands do better,
  // see above.
  CHECK(std::log2(error.front() / error.back()) / 4 > 1.4);
  CHECK(error.back() < 1e-3);
}

TEST_CASE("illuminator: a map is its pixels", "[unit][illuminator]") {
  IlluminatorParameters p = shape(Shape::map);
  p.map = pixels(10);
  p.map(7, 2) = 3;
  p.map(4, 8) = 1;
  const PupilFill fill = make_pupil_fill(p, line());
  REQUIRE(fill.points.size() == 2);
  CHECK(fill.points[0].sigma_x == Approx(0.7));
  CHECK(fill.points[0].sigma_y == Approx(-0.1));
  CHECK(fill.points[0].weight == Approx(0.25));
  CHECK(fill.points[1].sigma_x == Approx(-0.5));
  CHECK(fill.points[1].sigma_y == Approx(0.5));
  CHECK(fill.fill_ratio == Approx(2 * 0.04 / kPi));
  CHECK(fill.sigma_max == Approx(std::hypot(0.7, 0.1)));
  // A white map is the unit disc, whatever lies outside of it.
  p.map = pixels(32, 1);
  const PupilFill white = make_pupil_fill(p, line());
  CHECK(white.fill_ratio == Approx(1).epsilon(1e-9));
  IlluminatorParameters disc = shape(Shape::conventional, 32);
  disc.sigma_outer = 1;
  const PupilFill same = make_pupil_fill(disc, line());
  REQUIRE(white.points.size() == same.points.size());
  for (std::size_t i = 0; i < same.points.size(); ++i) {
    CHECK(white.points[i].sigma_x == Approx(same.points[i].sigma_x).margin(1e-9));
    CHECK(white.points[i].weight == Approx(same.points[i].weight).epsilon(1e-9));
  }
}

TEST_CASE("illuminator: maps that cannot be used", "[unit][illuminator]") {
  IlluminatorParameters p = shape(Shape::map);
  CHECK_THROWS_WITH(make_pupil_fill(p, line()), Contains("illuminator.map is empty"));
  p.map = pixels(8);
  CHECK_THROWS_WITH(make_pupil_fill(p, line()), Contains("dark"));
  p.map(0, 0) = 1;  // outside the unit disc
  CHECK_THROWS_WITH(make_pupil_fill(p, line()), Contains("dark"));
  p.map(3, 4) = -1;
  CHECK_THROWS_WITH(make_pupil_fill(p, line()), Contains("row 3, column 4"));
  p.map(3, 4) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(make_pupil_fill(p, line()), InputError);
  Grid2D half = pixels(8).grid();
  half.nx = 4;
  p.map = Field2D<double>(half, 1.0);
  CHECK_THROWS_WITH(make_pupil_fill(p, line()), Contains("must cover [-1, 1]"));
  half = pixels(8).grid();
  half.plane = Plane::wafer;
  p.map = Field2D<double>(half, 1.0);
  CHECK_THROWS_AS(make_pupil_fill(p, line()), InputError);
}

TEST_CASE("illuminator: explicit points", "[unit][illuminator]") {
  IlluminatorParameters p = shape(Shape::points);
  p.points = {{.sigma_x = 0.5, .sigma_y = 0, .weight = 3, .stokes = {}},
              {.sigma_x = 0, .sigma_y = -1, .weight = 1, .stokes = {}}};
  source::SourceOutput light = line();
  light.stokes = {.s0 = 1, .s1 = 0.8, .s2 = 0, .s3 = 0.1};
  const PupilFill fill = make_pupil_fill(p, light);
  CHECK(fill.points[0].weight == 0.75);
  CHECK(fill.points[1].weight == 0.25);
  CHECK(fill.fill_ratio == 0);
  CHECK(fill.sigma_max == 1);
  // No row names a polarisation: all take that of the light.
  CHECK(fill.points[0].stokes == light.stokes);
  // One row does: then every row speaks for itself.
  p.points[1].stokes.s3 = -1;
  const PupilFill own = make_pupil_fill(p, light);
  CHECK(own.points[0].stokes == optics::Stokes{});
  CHECK(own.points[1].stokes == optics::Stokes{.s0 = 1, .s1 = 0, .s2 = 0, .s3 = -1});
}

TEST_CASE("illuminator: points that cannot be used are named by row", "[unit][illuminator]") {
  const auto fails = [](SourcePoint second, const char* words) {
    IlluminatorParameters p = shape(Shape::points);
    p.points = {SourcePoint{}, second};
    CHECK_THROWS_WITH(make_pupil_fill(p, line()), Contains("row 2") && Contains(words));
    CHECK_THROWS_AS(make_pupil_fill(p, line()), InputError);
  };
  fails({.sigma_x = 0.8, .sigma_y = 0.7, .weight = 1, .stokes = {}}, "unit disc");
  fails({.sigma_x = std::numeric_limits<double>::quiet_NaN(), .sigma_y = 0, .weight = 1, .stokes = {}},
        "unit disc");
  fails({.sigma_x = 0, .sigma_y = 0, .weight = 0, .stokes = {}}, "weight = 0");
  fails({.sigma_x = 0, .sigma_y = 0, .weight = std::numeric_limits<double>::infinity(), .stokes = {}},
        "weight");
  fails({.sigma_x = 0, .sigma_y = 0, .weight = 1, .stokes = {.s0 = 1, .s1 = 0.9, .s2 = 0.9, .s3 = 0}},
        "s1, s2, s3");
  CHECK_THROWS_WITH(make_pupil_fill(shape(Shape::points), line()), Contains("illuminator.points is empty"));
}

TEST_CASE("illuminator: parameters out of range are named", "[unit][illuminator]") {
  const auto fails = [](Shape kind, auto change, const char* words) {
    IlluminatorParameters p = shape(kind);
    change(p);
    CHECK_THROWS_WITH(make_pupil_fill(p, line()), Contains(words));
    CHECK_THROWS_AS(make_pupil_fill(p, line()), InputError);
  };
  fails(
      Shape::annular, [](auto& p) { p.sigma_outer = 0; }, "illuminator.sigma_outer = 0");
  fails(
      Shape::annular, [](auto& p) { p.sigma_outer = 1.01; }, "illuminator.sigma_outer = 1.01");
  fails(
      Shape::annular, [](auto& p) { p.sigma_inner = 0.9; }, "illuminator.sigma_inner = 0.9");
  fails(
      Shape::dipole, [](auto& p) { p.sigma_inner = -0.1; }, "illuminator.sigma_inner = -0.1");
  fails(
      Shape::dipole, [](auto& p) { p.opening_deg = 181; }, "illuminator.opening_deg = 181");
  fails(
      Shape::quasar, [](auto& p) { p.opening_deg = 91; }, "illuminator.opening_deg = 91");
  fails(
      Shape::leaf_dipole, [](auto& p) { p.leaf_offset_sigma = 1.8; }, "illuminator.leaf_offset_sigma = 1.8");
  fails(
      Shape::leaf_dipole, [](auto& p) { p.leaf_offset_sigma = 0; }, "illuminator.leaf_offset_sigma = 0");
  fails(
      Shape::quasar, [](auto& p) { p.grid_points = 2; }, "illuminator.grid_points = 2");
  fails(
      Shape::dipole, [](auto& p) { p.rotation_deg = std::numeric_limits<double>::quiet_NaN(); },
      "illuminator.rotation_deg");
  // Conventional light has no inner radius to be wrong.
  IlluminatorParameters p = shape(Shape::conventional);
  p.sigma_outer = 0.4;
  CHECK(make_pupil_fill(p, line()).fill_ratio == Approx(0.16));
}

TEST_CASE("illuminator: light gives its polarisation, never the pupil", "[unit][illuminator]") {
  source::SourceOutput light = line();
  light.photon_energy_ev = {90, 91, 93};
  light.spectral_flux = {2, 4, 6};
  light.stokes = {.s0 = 1, .s1 = 1, .s2 = 0, .s3 = 0};
  const PupilFill fill = make_pupil_fill(shape(Shape::annular), light);
  for (const SourcePoint& point : fill.points) CHECK(point.stokes == light.stokes);
  // A different machine, the same pupil.
  const PupilFill other = make_pupil_fill(shape(Shape::annular), line());
  REQUIRE(other.points.size() == fill.points.size());
  for (std::size_t i = 0; i < fill.points.size(); ++i) {
    CHECK(other.points[i].sigma_x == fill.points[i].sigma_x);
    CHECK(other.points[i].weight == fill.points[i].weight);
  }
  light.stokes.s1 = 2;
  CHECK_THROWS_WITH(make_pupil_fill(shape(Shape::annular), light), Contains("Stokes"));
}

TEST_CASE("spectrum: power shares by the trapezoidal rule", "[unit][illuminator]") {
  source::SourceOutput light = line();
  CHECK(make_spectrum(light).power_share == std::vector<double>{1});
  light.photon_energy_ev = {90, 91, 93};
  light.spectral_flux = {2, 4, 6};
  const Spectrum spectrum = make_spectrum(light);
  CHECK(spectrum.photon_energy_ev == light.photon_energy_ev);
  // Widths 0.5, 1.5, 1 eV times the flux.
  REQUIRE(spectrum.power_share.size() == 3);
  CHECK(spectrum.power_share[0] == Approx(1.0 / 13));
  CHECK(spectrum.power_share[1] == Approx(6.0 / 13));
  CHECK(spectrum.power_share[2] == Approx(6.0 / 13));
  light.photon_energy_ev = {90, 89, 88};
  CHECK_THROWS_WITH(make_spectrum(light), Contains("does not ascend"));
  light.photon_energy_ev = {90, 91, 93};
  light.spectral_flux = {0, 0, 0};
  CHECK_THROWS_WITH(make_spectrum(light), Contains("no flux"));
  light.photon_energy_ev.clear();
  CHECK_THROWS_WITH(make_spectrum(light), Contains("no spectrum"));
}

TEST_CASE("points and maps: only the ratio of weights counts, whatever their size",
          "[property][illuminator]") {
  for (const double unit : {1.0, 1e308, 1e-320}) {
    IlluminatorParameters points = shape(Shape::points);
    points.points = {{.sigma_x = -0.5, .sigma_y = 0, .weight = unit},
                     {.sigma_x = 0.5, .sigma_y = 0, .weight = unit}};
    for (const SourcePoint& point : make_pupil_fill(points, line()).points) CHECK(point.weight == 0.5);
    IlluminatorParameters map = shape(Shape::map);
    map.map = pixels(9, unit);
    double sum = 0;
    for (const SourcePoint& point : make_pupil_fill(map, line()).points) sum += point.weight;
    CHECK(std::abs(sum - 1) < kRounding);
  }
}

TEST_CASE("illuminator: directions given one by one are scaled to unit weight", "[unit][illuminator]") {
  const auto fill =
      make_pupil_fill({{.sigma_x = 0.3, .sigma_y = 0.4, .weight = 1}, {.sigma_x = -0.1, .weight = 3}});
  REQUIRE(fill.points.size() == 2);
  CHECK(fill.points[0].weight == 0.25);
  CHECK(fill.points[1].weight == 0.75);
  CHECK(fill.sigma_max == Approx(0.5));
}

TEST_CASE("illuminator: light left out is within its share, and equal points go together",
          "[property][illuminator]") {
  // Nearly polarised, nearly unpolarised and faint points.
  std::vector<SourcePoint> points;
  for (int i = 0; i < 40; ++i) {
    const double x = 0.02 * i;
    points.push_back({.sigma_x = x, .weight = 1, .stokes = {1, 0.9998, 0, 0}});
    points.push_back({.sigma_x = -x, .weight = 1, .stokes = {1, 0, 0, 0.0001}});
    points.push_back({.sigma_y = x, .weight = 1e-4, .stokes = {1, 1, 0, 0}});
    points.push_back({.sigma_y = -x, .weight = 1e-4, .stokes = {1, 1, 0, 0}});
  }
  const illuminator::PupilFill whole = make_pupil_fill(points);
  const auto degree = [](const SourcePoint& point) {
    return std::hypot(point.stokes.s1, point.stokes.s2, point.stokes.s3);
  };
  for (const double share : {0.0, 1e-5, 6e-5, 1e-4, 1e-3}) {
    CAPTURE(share);
    const illuminator::PupilFill part = omit_faint_light(whole, share);
    CHECK(part.omitted_light <= share);
    double sum = 0;
    for (const SourcePoint& point : part.points) sum += point.weight;
    CHECK(std::abs(sum - 1) < kRounding);
    const auto polarised =
        std::ranges::count_if(part.points, [&](const auto& p) { return degree(p) > 0.99999; });
    const auto unpolarised =
        std::ranges::count_if(part.points, [&](const auto& p) { return degree(p) == 0; });
    // All or none of each kind: half of the light is nearly polarised, with 1e-4 of its power in the weak
    // state.
    CHECK(part.points.size() == (share > 4e-4 ? 80U : 160U));
    CHECK(polarised - (part.points.size() > 80 ? 80 : 0) == (share > 5.1e-5 ? 40 : 0));
    CHECK(unpolarised == (share > 8e-5 ? 40 : 0));
  }
  CHECK_THROWS_AS(omit_faint_light(whole, -1), std::invalid_argument);
}
