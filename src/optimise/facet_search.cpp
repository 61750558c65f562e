// SPDX-License-Identifier: MIT
#include "optimise/facet_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "undulith/core/error.hpp"

namespace undulith::optimise {

void FacetSums::add(const FacetSums& other, double factor) {
  for (std::size_t row = 0; row < slope.size(); ++row) {
    slope[row] += factor * other.slope[row];
    intensity[row] += factor * other.intensity[row];
  }
  sigma_x += factor * other.sigma_x;
  sigma_y += factor * other.sigma_y;
}

FacetObjective::FacetObjective(const SourceResponses& responses, const FacetMap& map, double tolerance_sigma)
    : responses_(responses),
      map_(map),
      tolerance_(tolerance_sigma),
      weight_(1 / static_cast<double>(map.reach.size())),
      parts_(2 * responses.n_rows() * responses.n_points) {
  for (std::size_t p = 0; p < responses.n_points; ++p)
    for (std::size_t row = 0; row < n_rows(); ++row) {
      const std::size_t at = row * responses.n_points + p;
      double* part = parts_.data() + p * 2 * n_rows();
      part[row] = weight_ * responses.sites[row % responses.sites.size()].cd_nm * responses.slope_per_nm[at];
      part[n_rows() + row] = weight_ * responses.intensity[at];
    }
}

FacetSums FacetObjective::none() const {
  return {std::vector<double>(n_rows()), std::vector<double>(n_rows()), 0, 0};
}

void FacetObjective::add(FacetSums& sums, std::size_t pupil_facet, double factor) const {
  const double* one = part(pupil_facet);
  for (std::size_t row = 0; row < n_rows(); ++row) {
    sums.slope[row] += factor * one[row];
    sums.intensity[row] += factor * one[n_rows() + row];
  }
  sums.sigma_x += factor * weight_ * map_.pupil_facets.points[pupil_facet].sigma_x;
  sums.sigma_y += factor * weight_ * map_.pupil_facets.points[pupil_facet].sigma_y;
}

FacetSums FacetObjective::sums(const std::vector<std::size_t>& pupil_facets) const {
  FacetSums sums = none();
  for (const std::size_t p : pupil_facets) add(sums, p, 1);
  return sums;
}

double FacetObjective::smallest_nils(const FacetSums& sums) const {
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t row = 0; row < n_rows(); ++row)
    smallest = std::min(smallest, sums.intensity[row] > 0 ? sums.slope[row] / sums.intensity[row] : 0);
  return smallest;
}

double FacetObjective::centre_cost(double sigma_x, double sigma_y) const {
  return kCentrePrice * std::max({0.0, std::abs(sigma_x) - tolerance_, std::abs(sigma_y) - tolerance_});
}

double FacetObjective::score(const FacetSums& sums) const {
  return smallest_nils(sums) - centre_cost(sums.sigma_x, sums.sigma_y);
}

double FacetObjective::score_after(const FacetSums& sums, std::size_t from, std::size_t to,
                                   double sharpness) const {
  const double *less = part(from), *more = part(to);
  const auto nils = [&](std::size_t row) {
    const double intensity = sums.intensity[row] + more[n_rows() + row] - less[n_rows() + row];
    return intensity > 0 ? (sums.slope[row] + more[row] - less[row]) / intensity : 0;
  };
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t row = 0; row < n_rows(); ++row) smallest = std::min(smallest, nils(row));
  double sum = 0;
  for (std::size_t row = 0; row < n_rows(); ++row)
    sum += std::exp(-std::min(700.0, sharpness * (nils(row) - smallest)));
  const illuminator::SourcePoint &a = map_.pupil_facets.points[from], &b = map_.pupil_facets.points[to];
  return smallest - std::log(sum) / sharpness -
         centre_cost(sums.sigma_x + weight_ * (b.sigma_x - a.sigma_x),
                     sums.sigma_y + weight_ * (b.sigma_y - a.sigma_y));
}

FacetPlaces::FacetPlaces(const FacetMap& map)
    : map_(map),
      reached_by_(map.pupil_facets.points.size()),
      place_of_(map.reach.size(), kNone),
      came_from_(map.pupil_facets.points.size(), kNone) {
  for (std::size_t f = 0; f < map.reach.size(); ++f)
    for (const std::size_t p : map.reach[f]) reached_by_[p].push_back(f);
}

// By an augmenting path of the matching.
bool FacetPlaces::take(std::size_t place, std::vector<bool>& seen) {
  for (const std::size_t f : reached_by_[place]) {
    if (seen[f]) continue;
    seen[f] = true;
    if (place_of_[f] != kNone && !take(place_of_[f], seen)) continue;
    place_of_[f] = place;
    return true;
  }
  return false;
}

void FacetPlaces::place_best(const std::vector<double>& value) {
  std::vector<std::size_t> order(value.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>{}, [&](std::size_t p) { return value[p]; });
  std::ranges::fill(place_of_, kNone);
  std::size_t n_placed = 0;
  for (const std::size_t p : order) {
    if (n_placed == place_of_.size()) return;
    std::vector<bool> seen(place_of_.size(), false);
    if (take(p, seen)) ++n_placed;
  }
  if (n_placed < place_of_.size())
    throw InputError(
        "the field facets cannot all be placed (some reach only pupil facets that others need); widen their reach or use "
        "fewer field facets");
}

std::vector<std::size_t> FacetPlaces::exchanges(std::size_t free_place) {
  std::vector<bool> seen(place_of_.size(), false);
  std::vector<std::size_t> found, queue = {free_place};
  for (std::size_t next = 0; next < queue.size(); ++next)
    for (const std::size_t f : reached_by_[queue[next]]) {
      if (seen[f]) continue;
      seen[f] = true;
      came_from_[place_of_[f]] = queue[next];
      queue.push_back(place_of_[f]);
      found.push_back(place_of_[f]);
    }
  return found;
}

int FacetPlaces::improve(const FacetObjective& objective) {
  int n_moves = 0;
  for (const double sharpness : {30.0, 100.0, 300.0, 1e3, 1e4, 1e6}) {
    const std::vector<std::size_t> last = place_of_;
    const int moves = improve(objective, sharpness);
    if (objective.score(objective.sums(place_of_)) >= objective.score(objective.sums(last)))
      n_moves += moves;
    else
      place_of_ = last;
  }
  return n_moves;
}

int FacetPlaces::improve(const FacetObjective& objective, double sharpness) {
  constexpr double kGain = 1e-9;
  std::vector<std::size_t> facet_at(came_from_.size(), kNone);
  const auto list_places = [&] {
    std::ranges::fill(facet_at, kNone);
    for (std::size_t f = 0; f < place_of_.size(); ++f) facet_at[place_of_[f]] = f;
  };
  list_places();
  int n_moves = 0;
  for (bool improved = true; improved;) {
    improved = false;
    for (std::size_t to = 0; to < facet_at.size(); ++to) {
      if (facet_at[to] != kNone) continue;
      const FacetSums sums = objective.sums(place_of_);
      std::size_t from = kNone;
      double best = objective.score_after(sums, to, to, sharpness) + kGain;  // as it is
      for (const std::size_t candidate : exchanges(to))
        if (const double found = objective.score_after(sums, candidate, to, sharpness); found > best) {
          best = found;
          from = candidate;
        }
      if (from == kNone) continue;
      // Every field facet on the way moves one place.
      for (std::size_t place = from; place != to; place = came_from_[place])
        place_of_[facet_at[place]] = came_from_[place];
      list_places();
      improved = true;
      ++n_moves;
    }
  }
  return n_moves;
}

}  // namespace undulith::optimise
