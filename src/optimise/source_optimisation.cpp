// SPDX-License-Identifier: MIT
#include "undulith/optimise/source_optimisation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "optimise/source_program.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"

namespace undulith::optimise {
namespace {

// Light below this share of a pixel's largest brightness is rounding of the linear program.
constexpr double kDark = 1e-7;

void check_settings(const SourceResponses& responses, const illuminator::PupilFill& candidates,
                    const SourceSettings& settings) {
  if (candidates.points.empty() || candidates.points.size() != responses.n_points)
    throw InputError(fmt::format(
        "the source has {} candidate points and the responses are of {} (must be equal, and not 0); compute the responses "
        "for these candidates",
        candidates.points.size(), responses.n_points));
  require_in(Range::above(0, 1), "min_pupil_fill", settings.min_pupil_fill, "use 0.2");
  require_in(Range::below(0, 1), "min_threshold", settings.min_threshold, "use 0");
  require_in(Range::closed(0, 1e3), "min_nils", settings.min_nils, "use 0");
  if (settings.max_placement_error_nm)
    require_in(Range::closed(0, 1e3), "max_placement_error_nm", *settings.max_placement_error_nm, "use 1");
  constexpr double kRounding = 1e-9;
  const double covered = candidates.fill_ratio > 0 ? candidates.fill_ratio : 1;
  require(settings.min_pupil_fill <= covered * (1 + kRounding), "min_pupil_fill", settings.min_pupil_fill,
          fmt::format("is above the share {} of the pupil that the candidates cover", covered),
          "use a smaller fill or more candidates");
  if (!settings.site_weights.empty() && settings.site_weights.size() != responses.sites.size())
    throw InputError(fmt::format("site_weights has {} numbers (there are {} edges); give one per edge",
                                 settings.site_weights.size(), responses.sites.size()));
  double sum = settings.site_weights.empty() ? 1 : 0;
  for (const double weight : settings.site_weights) {
    require_in(Range::closed(0, 1e9), "site_weights", weight, "use 1");
    sum += weight;
  }
  require(sum > 0, "site_weights", sum, "all are 0", "give at least one edge a weight above 0");
}

void describe(OptimisedSource& source, const SourceResponses& responses,
              const illuminator::PupilFill& candidates, const OrbitResponses& orbits) {
  const double covered = candidates.fill_ratio > 0 ? candidates.fill_ratio : 1;
  std::vector<illuminator::SourcePoint> points;
  double brightness = 0;  // largest
  for (std::size_t o = 0; o < orbits.n_orbits(); ++o) {
    const Orbit& orbit = orbits.orbits()[o];
    double weight = 0;
    for (const std::size_t member : orbit.members) weight += source.weights[member];
    const double share = weight / orbits.cap(o);
    const int count = static_cast<int>(orbit.members.size());
    if (share <= kDark) continue;
    (share >= 1 - kDark ? source.n_bright : source.n_partial) += count;
    source.illuminated_area += covered * orbit.area;
    brightness = std::max(brightness, weight / (covered * orbit.area));
  }
  const double largest = std::ranges::max(source.weights);
  for (std::size_t i = 0; i < candidates.points.size(); ++i) {
    if (source.weights[i] <= kDark * largest) continue;
    points.push_back(candidates.points[i]);
    points.back().weight = source.weights[i];
  }
  source.fill = illuminator::make_pupil_fill(std::move(points));
  source.pupil_fill = 1 / brightness;
  source.fill.fill_ratio = std::min(1.0, source.illuminated_area);

  const double clear = inner_product(source.weights, responses.clear_of(0));
  source.threshold /= clear;
  source.rows = evaluate_edges(responses, source.weights, source.threshold);
  source.min_nils = std::ranges::min_element(source.rows, {}, &EdgeRow::nils)->nils;
  double squares = 0;
  for (const EdgeRow& row : source.rows) {
    squares += row.placement_error_nm * row.placement_error_nm;
    source.max_placement_error_nm = std::max(source.max_placement_error_nm, std::abs(row.placement_error_nm));
  }
  source.rms_placement_error_nm = std::sqrt(squares / static_cast<double>(source.rows.size()));
}

}  // namespace

OptimisedSource optimise_source(const SourceResponses& responses, const illuminator::PupilFill& candidates,
                                const SourceSettings& settings) {
  check_settings(responses, candidates, settings);
  require_light(responses);
  const OrbitResponses orbits(responses, candidates, settings);
  std::vector<double> even;
  for (const Orbit& orbit : orbits.orbits()) even.push_back(orbit.area);

  OptimisedSource source;
  OrbitSource found;
  switch (settings.goal) {
    case SourceGoal::max_min_nils:
      found = maximise_smallest_nils(orbits, settings);
      break;
    case SourceGoal::least_dose:
      found = maximise_threshold(orbits, settings);
      break;
    case SourceGoal::edge_placement: {
      SourceSettings contrast = settings;
      contrast.goal = SourceGoal::max_min_nils;
      contrast.max_placement_error_nm.reset();
      const OrbitSource start = maximise_smallest_nils(orbits, contrast);
      found = fit_edges(orbits, settings, start.weights.empty() ? even : start.weights);
      break;
    }
  }
  if (found.weights.empty()) {
    source.feasible = false;
    SourceSettings loose = settings;
    loose.max_placement_error_nm.reset();
    loose.min_nils = loose.min_threshold = 0;
    found = fit_edges(orbits, loose, even);
  }
  if (found.weights.empty())
    throw InputError(
        "no source keeps its centre of mass in the centre of the pupil with these candidates and this fill; use a smaller "
        "min_pupil_fill, or balance = free");
  source.converged = found.converged;
  source.steps = found.steps;
  source.weights = orbits.spread(found.weights);
  source.threshold = found.threshold / std::accumulate(found.weights.begin(), found.weights.end(), 0.0);
  describe(source, responses, candidates, orbits);
  return source;
}

illuminator::PupilFill make_candidates(int grid_points, const optics::Stokes& stokes) {
  source::SourceOutput light;
  light.stokes = stokes;
  return illuminator::make_pupil_fill(
      {.shape = illuminator::Shape::conventional, .sigma_outer = 1, .grid_points = grid_points}, light);
}

}  // namespace undulith::optimise
