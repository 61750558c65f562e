// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "support/mask_geometries.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/mask/rigorous.hpp"

using namespace undulith;
using namespace undulith::mask;
using namespace undulith::masks;
using optics::Polarisation;
using Complex = std::complex<double>;

namespace {

// Matrices of a few hundred rows, conditioned like the modes of a weak grating.
constexpr double kRounding = 1e-10;
constexpr double kFilmRounding = 1e-12;
constexpr Polarisation kBoth[] = {Polarisation::s, Polarisation::p};

double difference(const ReflectedOrder& a, const ReflectedOrder& b) {
  return std::max({std::abs(a.ex - b.ex), std::abs(a.ey - b.ey), std::abs(a.ez - b.ez)});
}

// Over the orders of the first that leave the mask.
double difference(const Reflection& a, const Reflection& b) {
  double largest = 0;
  for (const ReflectedOrder& wave : a.orders)
    if (wave.efficiency > 0) largest = std::max(largest, difference(wave, b(wave.order.m, wave.order.n)));
  return largest;
}

double sum(const EnergyBalance& balance) {
  return balance.reflected + std::accumulate(balance.absorbed.begin(), balance.absorbed.end(), 0.0) +
         balance.into_films;
}

// Pattern without mirror lines, in two layers of different shape.
MaskGeometry skew(Complex index, Complex other_index) {
  MaskGeometry geometry{.cell = {0, 0, 90, 70}};
  geometry.layers = {{.thickness_nm = 23,
                      .index_outside = index,
                      .index_inside = kVacuum,
                      .polygons = {{{10, 8}, {61, 14}, {40, 55}}}},
                     {.thickness_nm = 31,
                      .index_outside = other_index,
                      .index_inside = kVacuum,
                      .polygons = {rectangle(12, 47, 5, 30), rectangle(60, 80, 33, 64)}}};
  geometry.films = {{.index = index, .thickness_nm = 9}};
  geometry.substrate = {.index = other_index};
  return geometry;
}

MaskGeometry skew_lines(Complex index, Complex other_index) {
  MaskGeometry geometry = skew(index, other_index);
  geometry.layers[0].polygons = {rectangle(10, 33, 0, 70), rectangle(41, 52, 0, 70)};
  geometry.layers[1].polygons = {rectangle(15, 80, 0, 70)};
  return geometry;
}

}  // namespace

TEST_CASE("rigorous mask: without loss, what is not reflected goes through", "[property][mask]") {
  for (const double azimuth_deg : {0.0, 35.0, 90.0})
    for (const Polarisation polarisation : kBoth) {
      const TangentialVector k = tangential_vector(11, azimuth_deg);
      const RigorousSolver lines(skew_lines(0.9, 0.97), kWavelengthNm, k, {12, 0}, Keep::fields);
      const EnergyBalance of_lines = lines.energy_balance({0, 0}, polarisation);
      CHECK(std::abs(of_lines.reflected + of_lines.into_films - 1) < kRounding);
      const RigorousSolver holes(skew(0.9, 0.97), kWavelengthNm, k, {7, 6}, Keep::fields);
      const EnergyBalance of_holes = holes.energy_balance({0, 0}, polarisation);
      CHECK(std::abs(of_holes.reflected + of_holes.into_films - 1) < kRounding);
      CHECK(std::abs(of_holes.absorbed[0]) < kRounding);
    }
}

TEST_CASE("rigorous mask: reflected, absorbed and transmitted light are all there is", "[property][mask]") {
  const Complex index(0.93, 0.04), other(0.96, 0.02);
  for (const double azimuth_deg : {0.0, -50.0})
    for (const Polarisation polarisation : kBoth) {
      const TangentialVector k = tangential_vector(9, azimuth_deg);
      const RigorousSolver lines(skew_lines(index, other), kWavelengthNm, k, {12, 0}, Keep::fields);
      CHECK(std::abs(sum(lines.energy_balance({1, 0}, polarisation)) - 1) < kRounding);
      const RigorousSolver holes(skew(index, other), kWavelengthNm, k, {6, 5}, Keep::fields);
      const EnergyBalance balance = holes.energy_balance({0, 1}, polarisation);
      CHECK(std::abs(sum(balance) - 1) < kRounding);
      CHECK(balance.absorbed[0] > 0.05);
    }
}

TEST_CASE("rigorous mask: exchanging source and order changes nothing", "[property][mask]") {
  const auto check = [](const MaskGeometry& geometry, const Truncation& truncation, Order to) {
    const TangentialVector k = tangential_vector(8, 25);
    const RigorousSolver forth(geometry, kWavelengthNm, k, truncation);
    const RigorousSolver back(geometry, kWavelengthNm, {-k.x, -k.y}, truncation);
    for (const Polarisation a : kBoth)
      for (const Polarisation b : kBoth) {
        const auto there = forth.reflect({0, 0}, a)(to.m, to.n);
        const auto here = back.reflect({-to.m, -to.n}, b)(0, 0);
        // On the way back the unit vectors of s and p are those of the way there, turned round.
        const Complex forward = (b == Polarisation::s ? there.s : there.p) * there.kz;
        const Complex backward = (a == Polarisation::s ? here.s : here.p) * here.kz;
        CHECK(std::abs(forward - backward) < kRounding);
      }
  };
  check(skew_lines(0.9, 0.97), {12, 0}, {2, 0});
  check(skew(0.9, 0.97), {7, 6}, {1, -2});
  check(skew_lines({0.93, 0.04}, 0.97), {12, 0}, {-1, 0});
}

TEST_CASE("rigorous mask: layers without a pattern are the film stack", "[validation][mask]") {
  MaskGeometry geometry = lines(100);
  const double thickness_nm = geometry.layers[0].thickness_nm;
  for (const bool covered : {true, false}) {
    geometry.layers[0].polygons =
        covered ? std::vector<layout::Polygon>{} : std::vector<layout::Polygon>{rectangle(0, 100, 0, 10)};
    std::vector<optics::Film> films = geometry.films;
    films.insert(films.begin(), {.index = covered ? kTaBN : kVacuum, .thickness_nm = thickness_nm});
    for (const double incidence_deg : {0.0, 6.0, 31.0})
      for (const Polarisation polarisation : kBoth) {
        const RigorousSolver solver(geometry, kWavelengthNm, tangential_vector(incidence_deg, 70), {3, 2});
        const ReflectedOrder wave = solver.reflect({0, 0}, polarisation)(0, 0);
        const Complex r = optics::reflection_amplitude(films, geometry.substrate, kWavelengthNm,
                                                       incidence_deg, polarisation);
        CHECK(std::abs((polarisation == Polarisation::s ? wave.s : wave.p) - r) < kFilmRounding);
        CHECK(std::abs(polarisation == Polarisation::s ? wave.p : wave.s) < kFilmRounding);
      }
  }
}

TEST_CASE("rigorous mask: rough and diffuse mirrors keep their reflectance", "[validation][mask]") {
  MaskGeometry geometry = lines(100);
  for (optics::Film& film : geometry.films) film.roughness_nm = 0.7;
  geometry.layers[0].thickness_nm = 0;
  const RigorousSolver solver(geometry, kWavelengthNm, tangential_vector(6, 0), {25, 0});
  for (const Polarisation polarisation : kBoth) {
    const ReflectedOrder wave = solver.reflect({0, 0}, polarisation)(0, 0);
    const Complex r =
        optics::reflection_amplitude(geometry.films, geometry.substrate, kWavelengthNm, 6, polarisation);
    CHECK(std::abs((polarisation == Polarisation::s ? wave.s : wave.p) - r) < kFilmRounding);
    CHECK(std::abs(solver.reflect({0, 0}, polarisation)(1, 0).ey) < kFilmRounding);
  }
}

TEST_CASE("rigorous mask: a thin weak absorber is the thin mask", "[validation][mask]") {
  const auto error = [&](double pitch_nm, double thickness_nm) {
    MaskGeometry geometry = lines(pitch_nm);
    geometry.layers[0].thickness_nm = thickness_nm;
    geometry.layers[0].index_outside = {0.995, 0.002};
    std::vector<optics::Film> open = geometry.films, covered = geometry.films;
    open.insert(open.begin(), {.index = 1.0, .thickness_nm = thickness_nm});
    covered.insert(covered.begin(), {.index = {0.995, 0.002}, .thickness_nm = thickness_nm});
    const auto r = [&](const std::vector<optics::Film>& films) {
      return optics::reflection_amplitude(films, geometry.substrate, kWavelengthNm, 0, Polarisation::s);
    };
    const RigorousSolver solver(geometry, kWavelengthNm, {}, {60, 0});
    const Reflection reflection = solver.reflect({0, 0}, Polarisation::s);
    double largest = 0;
    for (int m = -3; m <= 3; ++m) {
      const double x = constants::kPi * m / 2;
      const double sinc = m == 0 ? 0.5 : std::sin(x) / (2 * x);
      // The opening is centred in the cell.
      const Complex coefficient = sinc * std::polar(1.0, -constants::kPi * m);
      const Complex thin = (r(open) - r(covered)) * coefficient + (m == 0 ? r(covered) : 0.0);
      // s waves are measured along the one unit vector whatever the order; only E_y counts here.
      largest = std::max(largest, std::abs(reflection(m, 0).ey - thin));
    }
    return largest;
  };
  // The first order is 5e-3. A pattern that is coarser and thinner is nearer to the thin mask.
  const double coarse = error(800, 4), fine = error(1600, 2);
  CHECK(coarse < 1e-4);
  CHECK(fine < 0.35 * coarse);
}

TEST_CASE("rigorous mask: turning mask and light together changes nothing", "[property][mask]") {
  const Complex index(0.93, 0.04), other(0.96, 0.02);
  // Exchange of x and y: a mirror line at 45 degrees, in which s changes sign and p does not.
  const auto exchange = [](MaskGeometry geometry) {
    geometry.cell = {0, 0, geometry.cell.height(), geometry.cell.width()};
    for (PatternedLayer& layer : geometry.layers)
      for (layout::Polygon& polygon : layer.polygons) {
        for (layout::Point& point : polygon) std::swap(point.x, point.y);
        std::ranges::reverse(polygon);
      }
    return geometry;
  };
  for (const MaskGeometry& geometry : {skew(index, other), skew_lines(index, other)}) {
    const RigorousSolver one(geometry, kWavelengthNm, tangential_vector(8, 20), {8, 6});
    const RigorousSolver two(exchange(geometry), kWavelengthNm, tangential_vector(8, 70), {6, 8});
    for (const Polarisation polarisation : kBoth) {
      const double sign = polarisation == Polarisation::s ? -1 : 1;
      const Reflection a = one.reflect({0, 0}, polarisation), b = two.reflect({0, 0}, polarisation);
      for (const ReflectedOrder& wave : a.orders) {
        if (wave.efficiency == 0) continue;
        const ReflectedOrder& other_wave = b(wave.order.n, wave.order.m);
        CHECK(std::abs(wave.ex - sign * other_wave.ey) < kRounding);
        CHECK(std::abs(wave.ey - sign * other_wave.ex) < kRounding);
        CHECK(std::abs(wave.ez - sign * other_wave.ez) < kRounding);
      }
    }
  }
}

TEST_CASE("rigorous mask: a shift of the pattern turns phases alone", "[property][mask]") {
  MaskGeometry geometry = contact(100), moved = geometry;
  for (layout::Point& point : moved.layers[0].polygons[0]) {
    point.x += 11;
    point.y -= 7;
  }
  const TangentialVector k = tangential_vector(6, 90);
  const RigorousSolver a(geometry, kWavelengthNm, k, {6, 6}), b(moved, kWavelengthNm, k, {6, 6});
  for (const Polarisation polarisation : kBoth) {
    const Reflection one = a.reflect({0, 0}, polarisation), two = b.reflect({0, 0}, polarisation);
    for (const ReflectedOrder& wave : one.orders) {
      const Complex phase =
          std::polar(1.0, -2 * constants::kPi * (wave.order.m * 11 - wave.order.n * 7) / 100.0);
      CHECK(std::abs(two(wave.order.m, wave.order.n).ex - phase * wave.ex) < kRounding);
      CHECK(std::abs(two(wave.order.m, wave.order.n).ey - phase * wave.ey) < kRounding);
    }
  }
}

TEST_CASE("rigorous mask: classes by mirror lines change no number", "[property][mask]") {
  // A second layer of no thickness breaks the symmetry, and with it the classes.
  for (const TangentialVector k :
       {TangentialVector{}, tangential_vector(6, 90), TangentialVector{0.0675, 0.05}}) {
    MaskGeometry geometry = contact(100);
    const RigorousSolver split(geometry, kWavelengthNm, k, {6, 6});
    geometry.layers.push_back({.thickness_nm = 0,
                               .index_outside = kTaBN,
                               .index_inside = kVacuum,
                               .polygons = {{{3, 3}, {40, 8}, {21, 77}}}});
    const RigorousSolver whole(geometry, kWavelengthNm, k, {6, 6});
    for (const Polarisation polarisation : kBoth)
      CHECK(difference(split.reflect({0, 0}, polarisation), whole.reflect({0, 0}, polarisation)) < kRounding);
  }
}

TEST_CASE("rigorous mask: any representative of a Bloch vector gives the same orders", "[property][mask]") {
  const MaskGeometry geometry = lines(128);
  const TangentialVector k = tangential_vector(6, 30);
  const RigorousSolver a(geometry, kWavelengthNm, k, {14, 0});
  const RigorousSolver b(geometry, kWavelengthNm, {k.x + 3 * kWavelengthNm / 128, k.y}, {14, 0});
  const ReflectedOrder one = a.reflect({1, 0}, Polarisation::p)(2, 0),
                       two = b.reflect({-2, 0}, Polarisation::p)(-1, 0);
  CHECK(difference(one, two) < kRounding);
}

TEST_CASE("rigorous mask: many periods in one cell are one period", "[property][mask]") {
  // Sixteen lines of pitch 40: all orders but each sixteenth are empty.
  constexpr int kPeriods = 16;
  const TangentialVector k = tangential_vector(6, 30);
  const MaskGeometry one = lines(40);
  MaskGeometry many = one;
  many.cell.x1 = 40 * kPeriods;
  many.layers[0].polygons.clear();
  for (int i = 0; i < kPeriods; ++i)
    many.layers[0].polygons.push_back(rectangle(40 * i + 10, 40 * i + 30, 0, 10));
  const RigorousSolver a(one, kWavelengthNm, k, {5, 0}), b(many, kWavelengthNm, k, {5 * kPeriods + 7, 0});
  const MaskGeometry turned = [&] {
    MaskGeometry geometry = many;
    geometry.cell = {0, 0, 10, 40.0 * kPeriods};
    for (layout::Polygon& polygon : geometry.layers[0].polygons)
      polygon = rectangle(0, 10, polygon[0].x, polygon[1].x);
    return geometry;
  }();
  const RigorousSolver c(turned, kWavelengthNm, {k.y, k.x}, {0, 5 * kPeriods + 7});
  for (const Polarisation polarisation : kBoth) {
    const Reflection alone = a.reflect({0, 0}, polarisation), among = b.reflect({0, 0}, polarisation);
    const Reflection across = c.reflect({0, 0}, polarisation);
    const double sign = polarisation == Polarisation::s ? -1 : 1;
    for (const ReflectedOrder& wave : alone.orders) {
      if (wave.efficiency == 0) continue;
      CHECK(difference(wave, among(kPeriods * wave.order.m, 0)) < kRounding);
      CHECK(std::abs(wave.ex - sign * across(0, kPeriods * wave.order.m).ey) < kRounding);
    }
    CHECK(std::abs(among(1, 0).efficiency) < kRounding);
  }
}

TEST_CASE("rigorous mask: lines as a pattern in two dimensions tend to the lines", "[validation][mask]") {
  const TangentialVector k = tangential_vector(6, 40);
  MaskGeometry geometry = lines(60);
  geometry.cell.y1 = 30;
  geometry.layers[0].polygons = {rectangle(15, 45, 0, 30)};
  const RigorousSolver exact(geometry, kWavelengthNm, k, {30, 0});
  geometry.layers.push_back({.thickness_nm = 0,
                             .index_outside = kTaBN,
                             .index_inside = kVacuum,
                             .polygons = {rectangle(10, 20, 10, 20)}});
  const RigorousSolver general(geometry, kWavelengthNm, k, {30, 1, OrderShape::rectangle});
  // A layer in two dimensions applies the same rules, for all its unknowns at once.
  for (const Polarisation polarisation : kBoth)
    CHECK(difference(exact.reflect({0, 0}, polarisation), general.reflect({0, 0}, polarisation)) < kRounding);
}

TEST_CASE("rigorous mask: walls that slant, as polygons and as fine stairs", "[property][mask]") {
  // A rhombus, and the rectangles that cut it into 40 slices: 1.5 nm each, and mirrored as the rhombus is.
  const TangentialVector k = tangential_vector(6, 60);
  MaskGeometry rhombus = contact(100), stairs = rhombus;
  rhombus.layers[0].polygons = {{{20, 50}, {50, 20}, {80, 50}, {50, 80}}};
  constexpr int kSlices = 40;
  layout::Polygon outline;
  const auto half_width = [](int i) { return 30 - std::abs((i + 0.5) * 60.0 / kSlices - 30); };
  for (int i = 0; i < kSlices; ++i)
    for (const int side : {0, 1}) outline.push_back({50 + half_width(i), 20 + (i + side) * 60.0 / kSlices});
  for (int i = kSlices; i-- > 0;)
    for (const int side : {1, 0}) outline.push_back({50 - half_width(i), 20 + (i + side) * 60.0 / kSlices});
  stairs.layers[0].polygons = {outline};
  const RigorousSolver a(rhombus, kWavelengthNm, k, {7, 7}), b(stairs, kWavelengthNm, k, {7, 7});
  for (const Polarisation polarisation : kBoth)
    CHECK(difference(a.reflect({0, 0}, polarisation), b.reflect({0, 0}, polarisation)) < 3e-4);
}

TEST_CASE("rigorous mask: thick absorbers and many orders stay stable", "[property][mask]") {
  MaskGeometry geometry = lines(128);
  geometry.layers[0].thickness_nm = 2000;
  const TangentialVector k = tangential_vector(6, 20);
  const RigorousSolver solver(geometry, kWavelengthNm, k, {20, 0});
  const RigorousSolver fine(geometry, kWavelengthNm, k, {100, 0});
  for (const Polarisation polarisation : kBoth) {
    const Reflection reflection = fine.reflect({0, 0}, polarisation);
    CHECK(std::isfinite(reflection.reflectance));
    CHECK(difference(solver.reflect({0, 0}, polarisation), reflection) < 1e-3);
  }
}

TEST_CASE("rigorous mask: an order along the surface is no singularity", "[unit][mask]") {
  // 10 lambda at normal incidence: order 10 grazes.
  const MaskGeometry geometry = lines(135);
  const RigorousSolver on(geometry, kWavelengthNm, {}, {14, 0});
  const RigorousSolver near(geometry, kWavelengthNm, {1e-9, 0}, {14, 0});
  for (const Polarisation polarisation : kBoth) {
    const ReflectedOrder a = on.reflect({0, 0}, polarisation)(1, 0),
                         b = near.reflect({0, 0}, polarisation)(1, 0);
    CHECK(std::isfinite(a.efficiency));
    CHECK(difference(a, b) < 1e-4);
  }
}

TEST_CASE("rigorous mask: the error falls with the third power of the orders", "[property][mask]") {
  const MaskGeometry geometry = lines(128);
  const TangentialVector k = tangential_vector(6, 30);
  const RigorousSolver exact(geometry, kWavelengthNm, k, {70, 0});
  for (const Polarisation polarisation : kBoth) {
    const Reflection reference = exact.reflect({0, 0}, polarisation);
    const auto error = [&](int max_order) {
      const RigorousSolver solver(geometry, kWavelengthNm, k, {max_order, 0});
      return difference(solver.reflect({0, 0}, polarisation), reference);
    };
    const double coarse = error(15), fine = error(30);
    CHECK(coarse < 2e-4);
    CHECK(std::log2(coarse / fine) > 2.7);
  }
}

TEST_CASE("rigorous mask: the accuracy wanted is reached and measured", "[property][mask]") {
  const TangentialVector k = tangential_vector(6, 0);
  for (const double pitch_nm : {88.0, 300.0}) {
    const MaskGeometry geometry = lines(pitch_nm);
    const RigorousSolver exact(geometry, kWavelengthNm, k, {110, 0});
    for (const double error : {1e-2, 1e-3, 1e-4}) {
      const auto [solver, report] = solve_to_accuracy(geometry, kWavelengthNm, k, {0, 0}, {.error = error});
      CHECK(report.converged);
      CHECK(report.change <= error);
      CHECK(report.n_orders == solver.n_orders());
      for (const Polarisation polarisation : kBoth) {
        const Reflection reference = exact.reflect({0, 0}, polarisation);
        double largest = 0;
        for (const ReflectedOrder& wave : reference.orders)
          largest = std::max(largest, std::abs(wave.s + wave.p));
        CHECK(difference(solver.reflect({0, 0}, polarisation), reference) < error * largest);
      }
    }
  }
  // In two dimensions, for the orders that the optics may take in.
  const MaskGeometry hole = contact(80);
  const auto [of_hole, hole_report] =
      solve_to_accuracy(hole, kWavelengthNm, k, {0, 0}, {.error = 5e-3, .reach = 0.35});
  CHECK(hole_report.converged);
  const RigorousSolver finer(hole, kWavelengthNm, k, {13, 13});
  for (const Polarisation polarisation : kBoth) {
    const Reflection reference = finer.reflect({0, 0}, polarisation),
                     got = of_hole.reflect({0, 0}, polarisation);
    for (int m = -2; m <= 2; ++m)
      CHECK(difference(reference(m, 0), got(m, 0)) < 5e-3 * std::abs(reference(0, 0).s + reference(0, 0).p));
  }
  const auto [solver, report] =
      solve_to_accuracy(lines(128), kWavelengthNm, k, {0, 0}, {.error = 1e-6, .max_orders = 60});
  CHECK_FALSE(report.converged);
  CHECK(report.change > 1e-6);
  CHECK(solver.n_orders() <= 60);
}

TEST_CASE("rigorous mask: a mirror cut through its layers", "[property][mask]") {
  // Trench through ten bilayers: twenty layers, two eigenproblems.
  MaskGeometry geometry{.cell = {0, 0, 120, 10}};
  const auto trench = rectangle(40, 80, 0, 10);
  for (int i = 0; i < 10; ++i)
    for (const auto& [index, thickness_nm] :
         {std::pair(Complex(0.99900165, 0.0018265), 4.17), std::pair(Complex(0.92379172, 0.00643571), 2.78)})
      geometry.layers.push_back({.thickness_nm = thickness_nm,
                                 .index_outside = index,
                                 .index_inside = kVacuum,
                                 .polygons = {trench}});
  geometry.substrate = {.index = {0.978, 0.011}};
  const RigorousSolver solver(geometry, kWavelengthNm, tangential_vector(6, 15), {15, 0}, Keep::fields);
  for (const Polarisation polarisation : kBoth)
    CHECK(std::abs(sum(solver.energy_balance({0, 0}, polarisation)) - 1) < kRounding);
}

TEST_CASE("rigorous mask: sloped walls are slices", "[unit][mask]") {
  MaskGeometry geometry = lines(128);
  const PatternedLayer wall = geometry.layers[0];
  const auto upright = slice_side_walls(wall, geometry.cell, 90, 3);
  REQUIRE(upright.size() == 3);
  CHECK(upright[1].polygons == wall.polygons);
  // 60 nm at 80 degrees: 10.6 nm from top to bottom on each side.
  const auto sloped = slice_side_walls(wall, geometry.cell, 80, 2);
  const auto width = [](const PatternedLayer& layer) {
    const auto [low, high] = std::ranges::minmax(layer.polygons[0], {}, &layout::Point::x);
    return high.x - low.x;
  };
  CHECK(width(sloped[1]) - width(sloped[0]) == Approx(60 / std::tan(80 * constants::kPi / 180)).margin(2e-3));
  const TangentialVector k = tangential_vector(6, 0);
  const auto solve = [&](int n_slices) {
    geometry.layers = slice_side_walls(wall, geometry.cell, 84, n_slices);
    return RigorousSolver(geometry, kWavelengthNm, k, {18, 0}).reflect({0, 0}, Polarisation::s);
  };
  // Slices must be thin against half a wave of 6.75 nm before the rate shows.
  const Reflection fine = solve(64);
  const double coarse = difference(solve(12), fine), better = difference(solve(24), fine);
  CHECK(coarse < 2e-3);
  CHECK(better < 0.3 * coarse);
  CHECK_THROWS_AS(slice_side_walls(wall, geometry.cell, 180, 3), InputError);
  CHECK_THROWS_AS(slice_side_walls(wall, geometry.cell, 85, 0), InputError);
}

TEST_CASE("rigorous mask: one plan serves many threads", "[property][mask]") {
  const RigorousSolver solver(lines(128), kWavelengthNm, tangential_vector(6, 30), {14, 0});
  const Reflection alone = solver.reflect({0, 0}, Polarisation::s);
  std::vector<double> differences(16, 1);
  parallel_for(16, [&](int i) {
    differences[static_cast<std::size_t>(i)] = difference(solver.reflect({0, 0}, Polarisation::s), alone);
  });
  CHECK(std::ranges::all_of(differences, [](double d) { return d == 0; }));
}

TEST_CASE("rigorous mask: what it refuses", "[unit][mask]") {
  const MaskGeometry good = lines(128);
  const auto refuses = [](const MaskGeometry& geometry, double wavelength_nm = kWavelengthNm) {
    CHECK_THROWS_AS(RigorousSolver(geometry, wavelength_nm, {}, {5, 0}), InputError);
  };
  refuses(good, 0);
  MaskGeometry bad = good;
  bad.cell.x1 = bad.cell.x0;
  refuses(bad);
  bad = good;
  bad.layers[0].index_outside = {0.95, -0.01};
  refuses(bad);
  bad = good;
  bad.layers[0].thickness_nm = -1;
  refuses(bad);
  bad = good;
  bad.layers[0].polygons[0][0].x = -5;
  refuses(bad);
  bad = good;
  bad.films[0].thickness_nm = NAN;
  refuses(bad);
  const RigorousSolver solver(good, kWavelengthNm, {}, {12, 0});
  CHECK_THROWS_AS(solver.reflect({20, 0}, Polarisation::s), InputError);
  CHECK_THROWS_AS(solver.reflect({11, 0}, Polarisation::s), InputError);
  CHECK_THROWS_AS(solver.reflect({0, 0}, Polarisation::s)(13, 0), InputError);
  CHECK_THROWS_AS(solver.energy_balance({0, 0}, Polarisation::s), InputError);
  CHECK_THROWS_AS(solve_to_accuracy(good, kWavelengthNm, {}, {0, 0}, {.error = 0}), InputError);
  CHECK_THROWS_AS(suggested_truncation(good, kWavelengthNm, 1), InputError);
  CHECK_THROWS_AS(RigorousSolver(good, kWavelengthNm, {}, {100000, 0}), InputError);
  CHECK_THROWS_AS(tangential_vector(90, 0), InputError);
}
