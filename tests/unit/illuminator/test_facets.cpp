// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <set>

#include "illuminator/pupil_lattice.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/illuminator/facets.hpp"

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

IlluminatorParameters shape(Shape kind) {
  IlluminatorParameters p;
  p.shape = kind;
  return p;
}

double sum_of_weights(const std::vector<SourcePoint>& points) {
  double sum = 0;
  for (const SourcePoint& point : points) sum += point.weight;
  return sum;
}

}  // namespace

TEST_CASE("facets: lattice has all its facets within the pupil", "[property][illuminator]") {
  for (const int n : {1, 2, 7, 19, 100, 1620, 20000}) {
    const PupilLattice lattice(n);
    REQUIRE(lattice.size() == static_cast<std::size_t>(n));
    double furthest = 0, x = 0, y = 0;
    for (std::size_t i = 0; i < lattice.size(); ++i) {
      const Vector2 c = lattice.centre(i);
      furthest = std::max(furthest, std::hypot(c.x, c.y) + lattice.facet_radius());
      x += c.x / n;
      y += c.y / n;
      if (i > 0) {
        const Vector2 first = lattice.centre(0);
        CHECK(std::hypot(c.x - first.x, c.y - first.y) > 1.9 * lattice.facet_radius());
      }
      if (n <= 1620) CHECK(lattice.nearest(c) == i);
    }
    CHECK(furthest == Approx(1).epsilon(kRounding));
    // Balanced but for the last shell of an odd number of facets.
    CHECK(std::hypot(x, y) < 1.0 / n + kRounding);
    // They fill the pupil but for the ragged rim, one facet wide at most.
    const double filled = n * lattice.facet_radius() * lattice.facet_radius();
    CHECK(filled <= 1 + kRounding);
    CHECK(filled > std::pow(std::max(0.0, 1 - 2 * lattice.facet_radius()), 2));
  }
}

TEST_CASE("facets: nearest facet against a look at all", "[property][illuminator]") {
  const PupilLattice lattice(300);
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> number(-1, 1);
  for (int trial = 0; trial < 500; ++trial) {
    const Vector2 place{number(random), number(random)};
    const auto distance = [&](std::size_t i) {
      return std::hypot(lattice.centre(i).x - place.x, lattice.centre(i).y - place.y);
    };
    double least = distance(0);
    for (std::size_t i = 1; i < lattice.size(); ++i) least = std::min(least, distance(i));
    CHECK(distance(lattice.nearest(place)) <= least + kRounding);
  }
}

TEST_CASE("facets: what is picked of many is spread evenly", "[property][illuminator]") {
  const PupilLattice lattice(1620);
  std::vector<std::size_t> all(lattice.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  double inner_share = 0;
  for (const std::size_t i : all)
    if (std::hypot(lattice.centre(i).x, lattice.centre(i).y) < std::sqrt(0.5))
      inner_share += 1.0 / static_cast<double>(all.size());
  for (const std::size_t n : {std::size_t{7}, std::size_t{200}, std::size_t{336}, std::size_t{1000}}) {
    const std::vector<std::size_t> picked = lattice.spread(all, n);
    REQUIRE(picked.size() == n);
    CHECK(std::set<std::size_t>(picked.begin(), picked.end()).size() == n);
    double x = 0, y = 0, inner = 0;
    for (const std::size_t i : picked) {
      const Vector2 c = lattice.centre(i);
      x += c.x;
      y += c.y;
      if (std::hypot(c.x, c.y) < std::sqrt(0.5)) inner += 1;
    }
    const auto count = static_cast<double>(n);
    // Four mirror images go together, but for the last few.
    CHECK(std::hypot(x, y) <= 4);
    // The inner half of the pupil has its share, to two groups of four mirror images and 1 %.
    CAPTURE(n, inner);
    CHECK(std::abs(inner - inner_share * count) < 8 + 0.01 * count);
  }
}

TEST_CASE("facets: random settings keep light in the pupil and the books", "[property][illuminator]") {
  std::mt19937_64 random(9);
  std::uniform_real_distribution<double> number(0, 1);
  for (int trial = 0; trial < 60; ++trial) {
    FacetParameters p;
    p.n_field_facets = 1 + static_cast<int>(random() % 300);
    p.n_pupil_facets = p.n_field_facets + static_cast<int>(random() % 900);
    p.spot_radius_sigma = trial % 3 == 0 ? 0 : 0.2 * number(random);
    p.pointing = trial % 2 == 0 ? Pointing::repoint : Pointing::block;
    p.points_per_spot = trial % 3 == 0 ? 1 : trial % 3 == 1 ? 7 : 19;
    IlluminatorParameters s = shape(static_cast<Shape>(random() % 4));
    s.sigma_inner = 0.4 * number(random);
    s.sigma_outer = s.sigma_inner + 0.5 + 0.1 * number(random);
    s.rotation_deg = 90 * number(random);
    FacetFill fill;
    try {
      fill = make_facet_fill(p, s, line());
    } catch (const InputError&) {
      continue;  // so few facets that none is lit
    }
    CHECK(fill.n_used_field_facets <= p.n_field_facets);
    CHECK(fill.n_used_field_facets <= fill.n_illuminated_pupil_facets);
    CHECK(fill.transmission > 0);
    CHECK(fill.transmission <= 1 + kRounding);
    CHECK(fill.spots.size() == static_cast<std::size_t>(fill.n_used_field_facets));
    CHECK(sum_of_weights(fill.spots) == Approx(1).epsilon(kRounding));
    CHECK(sum_of_weights(fill.pupil_fill.points) == Approx(1).epsilon(kRounding));
    CHECK(fill.pupil_fill.sigma_max <= 1);
    CHECK(fill.pupil_fill.fill_ratio > 0);
    CHECK(fill.pupil_fill.fill_ratio <= 1);
    CHECK(fill.pupil_fill.points.size() <= fill.spots.size() * static_cast<std::size_t>(p.points_per_spot));
  }
}

TEST_CASE("facets: repointing keeps the light that blocking loses", "[unit][illuminator]") {
  IlluminatorParameters annular = shape(Shape::annular);
  FacetParameters p;
  const FacetFill repointed = make_facet_fill(p, annular, line());
  CHECK(repointed.transmission == Approx(1).epsilon(kRounding));
  CHECK(repointed.n_used_field_facets == 336);
  // Lit facets as the ring's share of the lattice, to a facet's width along both rims.
  CHECK(std::abs(repointed.n_illuminated_pupil_facets / 1620.0 - (0.81 - 0.25)) < 0.06);
  CHECK(repointed.pupil_fill.fill_ratio ==
        Approx(336 * std::pow(repointed.spot_radius_sigma, 2)).epsilon(kRounding));
  p.pointing = Pointing::block;
  const FacetFill blocked = make_facet_fill(p, annular, line());
  CHECK(blocked.n_illuminated_pupil_facets == repointed.n_illuminated_pupil_facets);
  CHECK(std::abs(blocked.transmission - 0.56) < 0.08);
  for (const SourcePoint& spot : blocked.spots) {
    const double radius = std::hypot(spot.sigma_x, spot.sigma_y);
    CHECK(radius >= 0.5 - 1e-5);
    CHECK(radius <= 0.9 + 1e-5);
  }
}

TEST_CASE("facets: field facets beyond the lit ones are switched off", "[unit][illuminator]") {
  IlluminatorParameters small = shape(Shape::conventional);
  small.sigma_outer = 0.3;
  const FacetFill fill = make_facet_fill({}, small, line());
  CHECK(fill.n_used_field_facets == fill.n_illuminated_pupil_facets);
  CHECK(fill.n_illuminated_pupil_facets < 336);
  CHECK(fill.transmission == Approx(fill.n_illuminated_pupil_facets / 336.0).epsilon(kRounding));
}

TEST_CASE("facets: points of a spot have its second moment", "[unit][illuminator]") {
  IlluminatorParameters one = shape(Shape::points);
  one.points = {SourcePoint{}};
  FacetParameters p;
  p.spot_radius_sigma = 0.1;
  for (const int n : {7, 19}) {
    p.points_per_spot = n;
    const FacetFill fill = make_facet_fill(p, one, line());
    REQUIRE(fill.pupil_fill.points.size() == static_cast<std::size_t>(n));
    double second = 0;
    for (const SourcePoint& point : fill.pupil_fill.points) {
      const double radius = std::hypot(point.sigma_x, point.sigma_y);
      CHECK(radius <= 0.1);
      second += point.weight * radius * radius;
    }
    CHECK(second == Approx(0.01 / 2).epsilon(kRounding));
  }
}

TEST_CASE("facets: a spot cut by the rim keeps the share within", "[unit][illuminator]") {
  // One facet about the centre, its light as wide as the pupil; then a spot far over the rim.
  IlluminatorParameters one = shape(Shape::points);
  one.points = {{.sigma_x = 1, .sigma_y = 0, .stokes = {}}};
  FacetParameters p;
  p.n_field_facets = 1;
  p.spot_radius_sigma = 0.1;
  p.points_per_spot = 19;
  const FacetFill fill = make_facet_fill(p, one, line());
  REQUIRE(fill.spots.size() == 1);
  const double d = std::hypot(fill.spots[0].sigma_x, fill.spots[0].sigma_y);
  // By brute force.
  int within = 0, all = 0;
  for (int iy = -500; iy <= 500; ++iy)
    for (int ix = -500; ix <= 500; ++ix) {
      if (ix * ix + iy * iy > 500 * 500) continue;
      ++all;
      within += std::hypot(d + 0.1 * ix / 500, 0.1 * iy / 500) <= 1 ? 1 : 0;
    }
  CHECK(fill.transmission == Approx(static_cast<double>(within) / all).epsilon(2e-3));
  CHECK(fill.transmission < 0.75);
  CHECK(fill.pupil_fill.points.size() < 19);
  CHECK(fill.pupil_fill.sigma_max <= 1);
}

TEST_CASE("facets: polarisation as in a continuous pupil", "[unit][illuminator]") {
  source::SourceOutput light = line();
  light.stokes = {.s0 = 1, .s3 = 0.5};
  IlluminatorParameters annular = shape(Shape::annular);
  for (const SourcePoint& point : make_facet_fill({}, annular, light).pupil_fill.points)
    CHECK(point.stokes == light.stokes);
  annular.polarisation = PolarisationSetting::tangential;
  for (const SourcePoint& point : make_facet_fill({}, annular, light).pupil_fill.points) {
    const double radius2 = point.sigma_x * point.sigma_x + point.sigma_y * point.sigma_y;
    CHECK(
        point.stokes.s1 ==
        Approx((point.sigma_y * point.sigma_y - point.sigma_x * point.sigma_x) / radius2).margin(kRounding));
  }
  // A list keeps its own.
  IlluminatorParameters list = shape(Shape::points);
  list.points = {{.sigma_x = 0.5, .sigma_y = 0, .stokes = {.s0 = 1, .s1 = 1}},
                 {.sigma_x = -0.5, .sigma_y = 0, .stokes = {.s0 = 1, .s1 = -1}}};
  const FacetFill fill = make_facet_fill({}, list, light);
  CHECK(fill.n_illuminated_pupil_facets == 2);
  for (const SourcePoint& spot : fill.spots) CHECK(spot.stokes.s1 == (spot.sigma_x > 0 ? 1 : -1));
}

TEST_CASE("facets: a map lights the facets below its pixels", "[unit][illuminator]") {
  IlluminatorParameters p = shape(Shape::map);
  p.map = Field2D<double>(
      Grid2D{.plane = Plane::pupil, .nx = 201, .ny = 201, .x0 = -1, .y0 = -1, .dx = 0.01, .dy = 0.01});
  for (int iy = 0; iy < 201; ++iy)
    for (int ix = 0; ix < 201; ++ix) {
      const double radius = std::hypot(0.01 * ix - 1, 0.01 * iy - 1);
      p.map(iy, ix) = radius >= 0.5 && radius <= 0.9 ? 1 : 0;
    }
  const int ring = make_facet_fill({}, shape(Shape::annular), line()).n_illuminated_pupil_facets;
  const int mapped = make_facet_fill({}, p, line()).n_illuminated_pupil_facets;
  // A facet that the ring only touches is lit as well: half a facet more along both rims.
  CHECK(mapped >= ring);
  CHECK(mapped < 1.2 * ring);
}

TEST_CASE("facets: refuses what cannot be", "[unit][illuminator]") {
  const auto fails = [](const FacetParameters& p, const IlluminatorParameters& s, const char* text) {
    CHECK_THROWS_WITH(make_facet_fill(p, s, line()), Contains(text));
  };
  const IlluminatorParameters annular = shape(Shape::annular);
  FacetParameters p;
  p.n_field_facets = 0;
  fails(p, annular, "facets.n_field_facets = 0");
  p = {};
  p.n_pupil_facets = 300;
  fails(p, annular, "facets.n_pupil_facets = 300");
  p = {};
  p.points_per_spot = 5;
  fails(p, annular, "facets.points_per_spot = 5");
  p = {};
  p.spot_radius_sigma = -0.1;
  fails(p, annular, "facets.spot_radius_sigma = -0.1");
  p = {};
  p.n_field_facets = 1;
  p.n_pupil_facets = 1;
  fails(p, annular, "illuminates none");
  p.n_pupil_facets = 100;
  p.pointing = Pointing::block;
  fails(p, annular, "block");
}
