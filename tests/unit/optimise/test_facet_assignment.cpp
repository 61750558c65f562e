// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <random>
#include <set>

#include "undulith/core/error.hpp"
#include "undulith/optimise/facet_assignment.hpp"
#include "unit/optimise/source_cases.hpp"

namespace {

using namespace undulith;
using optimise::FacetMap;
using optimise::FacetSource;

// Random responses of a few pupil facets, and field facets that reach some of them.
struct RandomCase {
  FacetMap map;
  optimise::SourceResponses responses;
  RandomCase(unsigned seed, std::size_t n_field, std::size_t n_pupil, std::size_t n_reach,
             std::size_t n_sites) {
    std::mt19937_64 engine(seed);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::vector<illuminator::SourcePoint> points;
    for (std::size_t p = 0; p < n_pupil; ++p)
      points.push_back({.sigma_x = uniform(engine) - 0.5, .sigma_y = uniform(engine) - 0.5});
    map.pupil_facets = illuminator::make_pupil_fill(points);
    for (std::size_t f = 0; f < n_field; ++f) {
      std::set<std::size_t> reach = {f};  // so that all can be placed
      while (reach.size() < n_reach)
        reach.insert(static_cast<std::size_t>(uniform(engine) * static_cast<double>(n_pupil)));
      map.reach.emplace_back(reach.begin(), reach.end());
    }
    responses.n_points = n_pupil;
    responses.sites.resize(n_sites, {.cd_nm = 16});
    responses.conditions.resize(1);
    for (std::size_t i = 0; i < n_sites * n_pupil; ++i) {
      responses.intensity.push_back(0.2 + uniform(engine));
      responses.slope_per_nm.push_back(0.1 * uniform(engine));
    }
    responses.clear.assign(n_pupil, 1.0);
  }
};

double smallest_nils(const RandomCase& random, const std::vector<std::size_t>& assignment) {
  std::vector<double> weights(random.responses.n_points);
  for (const std::size_t p : assignment) weights[p] = 1;
  double smallest = 1e9;
  for (const optimise::EdgeRow& row : optimise::evaluate_edges(random.responses, weights, 1))
    smallest = std::min(smallest, row.nils);
  return smallest;
}

void for_each_assignment(const FacetMap& map, std::vector<std::size_t>& chosen, std::vector<bool>& taken,
                         const std::function<void()>& visit) {
  if (chosen.size() == map.reach.size()) return visit();
  for (const std::size_t p : map.reach[chosen.size()]) {
    if (taken[p]) continue;
    taken[p] = true;
    chosen.push_back(p);
    for_each_assignment(map, chosen, taken, visit);
    chosen.pop_back();
    taken[p] = false;
  }
}

void check_places(const FacetMap& map, const FacetSource& source) {
  REQUIRE(source.pupil_facet.size() == map.reach.size());
  const std::set<std::size_t> places(source.pupil_facet.begin(), source.pupil_facet.end());
  CHECK(places.size() == map.reach.size());
  for (std::size_t f = 0; f < map.reach.size(); ++f)
    CHECK(std::ranges::binary_search(map.reach[f], source.pupil_facet[f]));
}

}  // namespace

TEST_CASE("facet assignment: all assignments of a few facets", "[validation][optimise]") {
  int n_best = 0;
  for (unsigned seed = 0; seed < 20; ++seed) {
    const RandomCase random(seed, 5, 10, 5, 3);
    const FacetSource source =
        optimise::assign_facets(random.responses, random.map, {.centre_tolerance_sigma = 1});
    check_places(random.map, source);
    double best = 0;
    std::vector<std::size_t> chosen;
    std::vector<bool> taken(random.responses.n_points, false);
    for_each_assignment(random.map, chosen, taken,
                        [&] { best = std::max(best, smallest_nils(random, chosen)); });
    CAPTURE(seed, source.min_nils, best, source.bound_nils);
    CHECK(source.bound_converged);
    CHECK(source.min_nils == Approx(smallest_nils(random, source.pupil_facet)).epsilon(1e-12));
    CHECK(source.bound_nils >= best - 1e-6);
    CHECK(source.min_nils > 0.9 * best);
    n_best += source.min_nils > best - 1e-9 ? 1 : 0;
  }
  CHECK(n_best >= 10);  // moves of single facets end in a local optimum at times
}

TEST_CASE("facet assignment: facets of lines, by their reach", "[validation][optimise]") {
  const illuminator::FacetParameters facets{.n_field_facets = 100, .n_pupil_facets = 500};
  const mask::Diffraction mask = test::line_mask(32, 16);
  const auto sites = test::edges_of_opening(32, 16);
  double last_bound = 0;
  for (const double reach : {0.15, 0.4, 2.0}) {
    const FacetMap map = optimise::make_facet_map(facets, reach, {});
    REQUIRE(map.reach.size() == 100);
    REQUIRE(map.pupil_facets.points.size() == 500);
    const auto responses = test::in_two_planes(mask, map.pupil_facets, sites);
    const FacetSource source = optimise::assign_facets(responses, map, {});
    CAPTURE(reach, source.min_nils, source.bound_nils, source.n_exchanges, source.centre_sigma);
    check_places(map, source);
    CHECK(source.bound_converged);
    CHECK(source.min_nils <= source.bound_nils + 1e-6);
    CHECK(source.min_nils > source.bound_nils - 0.005);
    CHECK(source.centre_sigma < 0.015);
    CHECK(source.bound_nils >= last_bound - 1e-6);
    last_bound = source.bound_nils;
    if (reach < 2) continue;
    // Facets that reach everything are pixels that are bright or dark.
    const auto free = optimise::optimise_source(responses, map.pupil_facets,
                                                {.symmetry = optimise::SourceSymmetry::none,
                                                 .min_pupil_fill = map.pupil_facets.fill_ratio * 0.2,
                                                 .balance = optimise::SourceSettings::Balance::free});
    CHECK(source.bound_nils == Approx(free.min_nils).margin(2e-3));  // the centre of mass costs the rest
  }
}

TEST_CASE("facet assignment: what cannot be placed is refused", "[unit][optimise]") {
  RandomCase random(1, 3, 6, 2, 2);
  random.map.reach = {{0, 1}, {0, 1}, {0, 1}};
  CHECK_THROWS_AS(optimise::assign_facets(random.responses, random.map, {}), InputError);
  random.map.reach = {{0, 1}, {}, {2}};
  CHECK_THROWS_AS(optimise::assign_facets(random.responses, random.map, {}), InputError);
  random.map.reach = {{0, 7}};
  CHECK_THROWS_AS(optimise::assign_facets(random.responses, random.map, {}), InputError);
  CHECK_THROWS_AS(optimise::make_facet_map({}, 0, {}), InputError);
}
