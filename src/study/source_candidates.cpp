// SPDX-License-Identifier: MIT
#include "study/source_candidates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/core/error.hpp"

namespace undulith::study {
namespace {

Field2D<double> empty_map(int n) {
  const double step = 2.0 / n;
  return Field2D<double>(Grid2D{.plane = Plane::pupil,
                                .nx = n,
                                .ny = n,
                                .x0 = -1 + step / 2,
                                .y0 = -1 + step / 2,
                                .dx = step,
                                .dy = step});
}

int pixel_of(double sigma, int n) {
  return std::clamp(static_cast<int>(std::floor((sigma + 1) / 2 * n)), 0, n - 1);
}

optimise::SourceGoal goal_of(job::OptimiseSourceGoal goal) {
  switch (goal) {
    case job::OptimiseSourceGoal::max_min_nils:
      return optimise::SourceGoal::max_min_nils;
    case job::OptimiseSourceGoal::edge_placement:
      return optimise::SourceGoal::edge_placement;
    case job::OptimiseSourceGoal::least_dose:
      break;
  }
  return optimise::SourceGoal::least_dose;
}

optimise::SourceSymmetry symmetry_of(job::OptimiseSymmetry symmetry) {
  switch (symmetry) {
    case job::OptimiseSymmetry::none:
      return optimise::SourceSymmetry::none;
    case job::OptimiseSymmetry::x_axis:
      return optimise::SourceSymmetry::x_axis;
    case job::OptimiseSymmetry::y_axis:
      return optimise::SourceSymmetry::y_axis;
    case job::OptimiseSymmetry::both_axes:
      return optimise::SourceSymmetry::both_axes;
    case job::OptimiseSymmetry::opposite:
      break;
  }
  return optimise::SourceSymmetry::opposite;
}

// Pixels and facets belong to the source where their centre lies between the radii; at the rim of the pupil all do.
bool is_within(double sigma, const job::OptimiseSourceTable& table) {
  return sigma >= table.min_sigma && (table.max_sigma >= 1 || sigma <= table.max_sigma);
}

void check_radii(const job::OptimiseSourceTable& table) {
  if (table.min_sigma < table.max_sigma) return;
  throw InputError(fmt::format(
      "optimise.source.min_sigma = {} (must be below optimise.source.max_sigma = {}); use a smaller one",
      table.min_sigma, table.max_sigma));
}

void check_any(bool any) {
  if (!any)
    throw InputError(
        "optimise.source.min_sigma and max_sigma leave no point of the pupil between them; move them apart, or use more "
        "optimise.source.grid_points");
}

}  // namespace

illuminator::PupilFill pixel_candidates(const flow::Prepared& prepared) {
  const job::OptimiseSourceTable& table = prepared.job.optimise.source;
  check_radii(table);
  illuminator::IlluminatorParameters pixels = prepared.job.illuminator;
  pixels.shape = illuminator::Shape::map;
  pixels.map = empty_map(table.grid_points);
  bool any = false;
  for (int iy = 0; iy < table.grid_points; ++iy)
    for (int ix = 0; ix < table.grid_points; ++ix) {
      const Grid2D& grid = pixels.map.grid();
      const bool within = is_within(std::hypot(grid.x0 + ix * grid.dx, grid.y0 + iy * grid.dy), table);
      pixels.map(iy, ix) = within ? 1 : 0;
      any = any || within;
    }
  check_any(any);
  return illuminator::make_pupil_fill(pixels, flow::light_behind(prepared.light, prepared.chain.beamline));
}

optimise::FacetMap facet_candidates(const flow::Prepared& prepared) {
  const source::SourceOutput light = flow::light_behind(prepared.light, prepared.chain.beamline);
  optimise::FacetMap map =
      optimise::make_facet_map(prepared.job.facets, prepared.job.optimise.source.facet_reach_sigma, light);
  // The illuminator polarises facets as it does a list of points.
  illuminator::IlluminatorParameters list = prepared.job.illuminator;
  list.shape = illuminator::Shape::points;
  list.points = map.pupil_facets.points;
  for (illuminator::SourcePoint& point : list.points) point.stokes = {};
  const double covered = map.pupil_facets.fill_ratio;
  map.pupil_facets = illuminator::make_pupil_fill(list, light);
  map.pupil_facets.fill_ratio = covered;
  return map;
}

Field2D<double> brightness_map(const illuminator::PupilFill& candidates, const std::vector<double>& weights,
                               int grid_points) {
  Field2D<double> map = empty_map(grid_points);
  double largest = 0;
  for (std::size_t s = 0; s < weights.size(); ++s)
    largest = std::max(largest, weights[s] / candidates.points[s].weight);
  for (std::size_t s = 0; s < weights.size(); ++s) {
    const illuminator::SourcePoint& point = candidates.points[s];
    const double brightness = weights[s] / point.weight / largest;
    constexpr double kRounding = 1e-7;  // of the linear program
    map(pixel_of(point.sigma_y, grid_points), pixel_of(point.sigma_x, grid_points)) =
        brightness < kRounding ? 0 : std::min(1.0, brightness);
  }
  return map;
}

optimise::SourceSettings source_settings(const job::OptimiseSourceTable& table, double edge_bound_nm) {
  optimise::SourceSettings settings{.goal = goal_of(table.goal),
                                    .symmetry = symmetry_of(table.symmetry),
                                    .min_pupil_fill = table.min_pupil_fill,
                                    .min_nils = table.min_nils};
  if (edge_bound_nm > 0) settings.max_placement_error_nm = edge_bound_nm;
  return settings;
}

}  // namespace undulith::study
