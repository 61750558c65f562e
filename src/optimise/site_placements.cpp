// SPDX-License-Identifier: MIT
#include "undulith/optimise/site_placements.hpp"

#include <algorithm>
#include <cmath>

#include "optimise/print_loss.hpp"
#include "undulith/core/parallel.hpp"

namespace undulith::optimise {
namespace {

// A mean with weights.
struct Mean {
  double sum = 0, weight = 0;
  void add(double value, double by) {
    sum += by * value;
    weight += by;
  }
  [[nodiscard]] std::optional<double> value() const {
    return weight > 0 ? std::optional(sum / weight) : std::nullopt;
  }
};

}  // namespace

std::vector<Condition> conditions_of(const PrintGoal& goal) {
  std::vector<Condition> conditions{goal.nominal};
  const auto add = [&](const Condition& wanted) {
    const auto same = [&](const Condition& known) {
      return known.plane == wanted.plane && known.dose == wanted.dose;
    };
    if (std::ranges::none_of(conditions, same)) conditions.push_back(wanted);
  };
  for (const Band& band : goal.bands) {
    add(band.outer);
    add(band.inner);
  }
  return conditions;
}

std::vector<SitePlacement> place_sites(const Images& images, const ModelGrid& grid, const layout::Clip& drawn,
                                       const PrintGoal& goal, double reach_nm) {
  const std::vector<Condition> conditions = conditions_of(goal);
  const PlacementSearch search{.printed = goal.drawn, .reach_nm = reach_nm};
  std::vector<SitePlacement> sites;
  for (const ControlSite& site : sites_in(drawn, goal.sites))
    sites.push_back({site, std::vector<EdgePlacement>(conditions.size())});
  parallel_for(static_cast<int>(sites.size()), [&](int i) {
    auto& [site, placements] = sites[static_cast<std::size_t>(i)];
    for (std::size_t c = 0; c < conditions.size(); ++c)
      placements[c] = place_edge(grid, images[static_cast<std::size_t>(conditions[c].plane)],
                                 {site.x_nm, site.y_nm, site.normal_x, site.normal_y},
                                 goal.threshold / conditions[c].dose, search);
  });
  return sites;
}

PlacementStatistics statistics_of(std::span<const SitePlacement> sites, std::size_t condition,
                                  double threshold) {
  constexpr double kPerUm = 1000;
  PlacementStatistics result;
  Mean square, vertical, horizontal, along_x, along_y;
  for (const SitePlacement& place : sites) {
    const EdgePlacement& edge = place.placements[condition];
    if (!edge.printed) {
      ++result.n_unprinted;
      continue;
    }
    const double error = edge.offset_nm, length = place.site.length_nm;
    const double nx = place.site.normal_x, ny = place.site.normal_y;
    square.add(error * error, length);
    (std::abs(nx) > std::abs(ny) ? vertical : horizontal).add(error, length);
    if (nx != 0) along_x.add(error / nx, length * nx * nx);
    if (ny != 0) along_y.add(error / ny, length * ny * ny);
    result.largest_nm = std::max(result.largest_nm.value_or(0), std::abs(error));
    const double ils = kPerUm * image_log_slope(edge, threshold);
    result.least_ils_per_um = std::min(result.least_ils_per_um.value_or(ils), ils);
  }
  if (square.value()) result.rms_nm = std::sqrt(*square.value());
  if (vertical.value() && horizontal.value())
    result.vertical_horizontal_nm = *vertical.value() - *horizontal.value();
  result.shift_x_nm = along_x.value();
  result.shift_y_nm = along_y.value();
  return result;
}

}  // namespace undulith::optimise
