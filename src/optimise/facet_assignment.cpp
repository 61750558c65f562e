// SPDX-License-Identifier: MIT
#include "undulith/optimise/facet_assignment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "optimise/facet_search.hpp"
#include "optimise/linear_program.hpp"
#include "optimise/source_program.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"

namespace undulith::optimise {
namespace {

// The best mixture of the assignments that are columns so far.
class Mixture {
 public:
  explicit Mixture(const FacetObjective& objective) : objective_(objective) {}

  void add(const FacetSums& column) { columns_.push_back(column); }

  struct Best {
    std::vector<double> share;  // of each column
    FacetSums sums;
    double score = 0;                                     // smallest NILS less the price of the centre
    std::vector<double> price;                            // of the rows
    double price_x = 0, price_y = 0, price_of_share = 0;  // of the centre, and of sum m = 1
  };
  // By Dinkelbach's rounds from the last solution, whose score is `best.score`.
  [[nodiscard]] Best solve(Best best) const {
    constexpr int kMostRounds = 30;
    constexpr double kGap = 1e-9;
    for (int round = 0; round < kMostRounds; ++round)
      if (solve_round(best) <= kGap) break;
    return best;
  }

 private:
  // max d - price times excess:  N_r - score D_r >= d D_r(last),  |centre| <= tolerance + excess.
  // @return  the value of the program: 0 where no mixture has a better score
  double solve_round(Best& best) const {
    LinearProgram program;
    std::vector<LinearProgram::Term> sum, x, y;
    std::vector<std::vector<LinearProgram::Term>> rows(objective_.n_rows());
    for (const FacetSums& column : columns_) {
      const int place = program.add_variable(0, LinearProgram::kInfinity, 0);
      sum.push_back({place, 1});
      x.push_back({place, column.sigma_x});
      y.push_back({place, column.sigma_y});
      for (std::size_t row = 0; row < rows.size(); ++row)
        rows[row].push_back({place, column.slope[row] - best.score * column.intensity[row]});
    }
    const int gain = program.add_variable(-LinearProgram::kInfinity, LinearProgram::kInfinity, -1);
    const int excess = program.add_variable(0, LinearProgram::kInfinity, kCentrePrice);
    const auto sum_row = static_cast<std::size_t>(program.add_row(sum, 1, 1));
    for (std::size_t row = 0; row < rows.size(); ++row) {
      rows[row].push_back({gain, -best.sums.intensity[row]});
      program.add_row(rows[row], 0, LinearProgram::kInfinity);
    }
    for (auto* axis : {&x, &y})
      for (const double sign : {1.0, -1.0}) {
        std::vector<LinearProgram::Term> terms;
        for (const LinearProgram::Term& term : *axis) terms.push_back({term.variable, sign * term.factor});
        terms.push_back({excess, -1});
        program.add_row(terms, -LinearProgram::kInfinity, objective_.tolerance());
      }
    const LinearProgram::Solution solution = program.solve();
    if (solution.outcome != LinearProgram::Outcome::optimal)
      throw NumericalError(
          "the mixture of facet assignments has no solution; check the responses of the pupil facets");
    best.share.assign(solution.values.begin(),
                      solution.values.begin() + static_cast<std::ptrdiff_t>(columns_.size()));
    best.sums = objective_.none();
    for (std::size_t j = 0; j < columns_.size(); ++j) best.sums.add(columns_[j], best.share[j]);
    const auto first = solution.row_prices.begin() + static_cast<std::ptrdiff_t>(sum_row) + 1;
    best.price.assign(first, first + static_cast<std::ptrdiff_t>(rows.size()));
    const auto side = first + static_cast<std::ptrdiff_t>(rows.size());
    best.price_x = side[0] - side[1];
    best.price_y = side[2] - side[3];
    best.price_of_share = solution.row_prices[sum_row];
    best.score = objective_.score(best.sums);
    return -solution.objective;
  }

  const FacetObjective& objective_;
  std::vector<FacetSums> columns_;
};

// What light on each pupil facet is worth at the prices of the best mixture.
std::vector<double> values_of(const FacetObjective& objective, const Mixture::Best& best,
                              std::size_t n_pupil_facets) {
  std::vector<double> values;
  for (std::size_t p = 0; p < n_pupil_facets; ++p) {
    FacetSums one = objective.none();
    objective.add(one, p, 1);
    double value = best.price_x * one.sigma_x + best.price_y * one.sigma_y;
    for (std::size_t row = 0; row < objective.n_rows(); ++row)
      value += best.price[row] * (one.slope[row] - best.score * one.intensity[row]);
    values.push_back(value);
  }
  return values;
}

void check(const SourceResponses& responses, const FacetMap& map, const FacetSettings& settings) {
  if (responses.n_points != map.pupil_facets.points.size() || map.reach.empty())
    throw InputError(fmt::format(
        "the responses are of {} points (the map has {} pupil facets and {} field facets); compute the responses for "
        "the pupil facets of the map",
        responses.n_points, map.pupil_facets.points.size(), map.reach.size()));
  require_in(Range::closed(0, 1), "centre_tolerance_sigma", settings.centre_tolerance_sigma, "use 0.01");
  require_in(Range::closed(1, 10000), "max_columns", settings.max_columns, "use 300");
  for (std::size_t f = 0; f < map.reach.size(); ++f)
    if (map.reach[f].empty() || map.reach[f].back() >= map.pupil_facets.points.size())
      throw InputError(fmt::format("field facet {} reaches no pupil facet of the map; widen its reach", f));
}

}  // namespace

FacetMap make_facet_map(const illuminator::FacetParameters& facets, double reach_sigma,
                        const source::SourceOutput& light) {
  require(reach_sigma > 0, "reach_sigma", reach_sigma, "must be > 0", "use 0.3");
  const illuminator::IlluminatorParameters whole{.shape = illuminator::Shape::conventional, .sigma_outer = 1};
  illuminator::FacetParameters every = facets, spread = facets;
  every.n_field_facets = facets.n_pupil_facets;
  every.points_per_spot = spread.points_per_spot = 1;
  const illuminator::FacetFill all = illuminator::make_facet_fill(every, whole, light);
  FacetMap map{illuminator::make_pupil_fill(all.spots), {}};
  map.pupil_facets.fill_ratio = all.pupil_fill.fill_ratio;
  for (const illuminator::SourcePoint& rest : illuminator::make_facet_fill(spread, whole, light).spots) {
    std::vector<std::size_t>& reach = map.reach.emplace_back();
    for (std::size_t p = 0; p < map.pupil_facets.points.size(); ++p) {
      const illuminator::SourcePoint& point = map.pupil_facets.points[p];
      if (std::hypot(point.sigma_x - rest.sigma_x, point.sigma_y - rest.sigma_y) <= reach_sigma)
        reach.push_back(p);
    }
  }
  return map;
}

FacetSource assign_facets(const SourceResponses& responses, const FacetMap& map,
                          const FacetSettings& settings) {
  check(responses, map, settings);
  require_light(responses);
  const FacetObjective objective(responses, map, settings.centre_tolerance_sigma);
  FacetPlaces places(map);
  places.place_best(std::vector<double>(responses.n_points, 0.0));
  Mixture mixture(objective);
  Mixture::Best best{.sums = objective.sums(places.pupil_facets())};
  best.score = objective.score(best.sums);
  std::vector<std::vector<std::size_t>> columns;

  FacetSource source{.bound_converged = false};
  for (int round = 0; round < settings.max_columns && !source.bound_converged; ++round) {
    columns.push_back(places.pupil_facets());
    mixture.add(objective.sums(columns.back()));
    best = mixture.solve(best);
    const std::vector<double> value = values_of(objective, best, responses.n_points);
    places.place_best(value);
    double worth = 0;
    for (const std::size_t p : places.pupil_facets()) worth += value[p];
    constexpr double kGap = 1e-6;  // NILS
    source.bound_converged = worth + best.price_of_share <= kGap;
  }
  source.bound_nils = best.score;

  std::vector<double> light(responses.n_points);
  for (std::size_t j = 0; j < columns.size(); ++j)
    for (const std::size_t p : columns[j]) light[p] += best.share[j];
  places.place_best(light);
  source.n_exchanges = places.improve(objective);
  source.pupil_facet = places.pupil_facets();

  std::vector<illuminator::SourcePoint> points;
  std::vector<double> weights(responses.n_points);
  for (const std::size_t p : source.pupil_facet) {
    weights[p] = 1 / static_cast<double>(map.reach.size());
    points.push_back(map.pupil_facets.points[p]);
    points.back().weight = 1;
  }
  source.fill = illuminator::make_pupil_fill(std::move(points));
  source.fill.fill_ratio = map.pupil_facets.fill_ratio * static_cast<double>(map.reach.size()) /
                           static_cast<double>(responses.n_points);
  const FacetSums sums = objective.sums(source.pupil_facet);
  source.centre_sigma = std::hypot(sums.sigma_x, sums.sigma_y);
  for (const EdgeRow& row : evaluate_edges(responses, weights, 0)) {
    if (row.condition > 0) break;
    source.threshold += row.intensity / static_cast<double>(responses.sites.size());
  }
  source.rows = evaluate_edges(responses, weights, source.threshold);
  source.min_nils = std::ranges::min_element(source.rows, {}, &EdgeRow::nils)->nils;
  return source;
}

}  // namespace undulith::optimise
