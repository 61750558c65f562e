// SPDX-License-Identifier: MIT
#include "undulith/optimise/source_responses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/imaging/point_responses.hpp"

namespace undulith::optimise {
namespace {

void check_window(std::span<const mask::Diffraction> masks, std::span<const EdgeSite> sites,
                  std::span<const WindowCondition> conditions) {
  if (masks.empty() || sites.empty() || conditions.empty())
    throw InputError(fmt::format(
        "the optimisation of the source has {} masks, {} edges and {} conditions (each must be at least 1); add a "
        "gauge and a condition of the window",
        masks.size(), sites.size(), conditions.size()));
  for (const EdgeSite& site : sites) {
    require(site.cd_nm > 0, "cd_nm", site.cd_nm, "must be > 0", "give the width of the gauge");
    const double length = std::hypot(site.normal_x, site.normal_y);
    require(std::abs(length - 1) < 1e-9, "normal", length, "must have the length 1",
            "give a unit vector towards the bright side");
  }
  for (const WindowCondition& condition : conditions) {
    require(condition.relative_dose > 0, "relative_dose", condition.relative_dose, "must be > 0", "use 1");
    require(condition.mask < masks.size(), "mask", static_cast<double>(condition.mask),
            "is no mask of the list", "count masks from 0");
  }
}

bool same_position(const imaging::FieldPosition& a, const imaging::FieldPosition& b) {
  const auto same_term = [](const imaging::ZernikeTerm& x, const imaging::ZernikeTerm& y) {
    return x.index == y.index && x.waves == y.waves && x.set == y.set;
  };
  return a.chief_ray_azimuth_deg == b.chief_ray_azimuth_deg &&
         std::ranges::equal(a.aberrations, b.aberrations, same_term);
}

// Conditions that share mask and slit position, so that one pass over the points serves their focus planes.
std::vector<std::vector<std::size_t>> groups_of_conditions(std::span<const WindowCondition> conditions) {
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t c = 0; c < conditions.size(); ++c) {
    const auto found = std::ranges::find_if(groups, [&](const std::vector<std::size_t>& group) {
      const WindowCondition& first = conditions[group.front()];
      return first.mask == conditions[c].mask && same_position(first.position, conditions[c].position);
    });
    if (found == groups.end())
      groups.push_back({c});
    else
      found->push_back(c);
  }
  return groups;
}

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

}  // namespace

std::vector<EdgeSite> make_edge_sites(const std::vector<metrology::GaugeResult>& gauges) {
  double smallest_nm = std::numeric_limits<double>::infinity();
  for (const metrology::GaugeResult& result : gauges)
    if (result.target_cd_nm && *result.target_cd_nm > 0)
      smallest_nm = std::min(smallest_nm, *result.target_cd_nm);
  std::vector<EdgeSite> sites;
  for (const metrology::GaugeResult& result : gauges) {
    const double angle = result.gauge.angle_deg * constants::kPi / 180, x = std::cos(angle),
                 y = std::sin(angle);
    const auto add = [&](const std::optional<double>& target_nm, metrology::GaugeEdges other,
                         double inwards) {
      if (!target_nm || result.gauge.edges == other) return;
      const double bright = result.gauge.feature == metrology::Feature::bright ? inwards : -inwards;
      sites.push_back({.x_nm = result.gauge.x_nm + *target_nm * x,
                       .y_nm = result.gauge.y_nm + *target_nm * y,
                       .normal_x = bright * x,
                       .normal_y = bright * y,
                       .cd_nm = result.target_cd_nm.value_or(smallest_nm)});
    };
    add(result.target_left_nm, metrology::GaugeEdges::right, 1);
    add(result.target_right_nm, metrology::GaugeEdges::left, -1);
  }
  if (sites.empty() || !std::isfinite(smallest_nm))
    throw InputError(
        "no gauge has an edge and a width in the layout (there is nothing to optimise); add a gauge across a "
        "feature");
  return sites;
}

SourceResponses compute_source_responses(std::span<const mask::Diffraction> masks,
                                         const illuminator::PupilFill& candidates,
                                         const imaging::ImagingParameters& optics,
                                         std::span<const EdgeSite> sites,
                                         std::span<const WindowCondition> conditions) {
  check_window(masks, sites, conditions);
  std::vector<imaging::ResponseSite> places;
  for (const EdgeSite& site : sites) places.push_back({site.x_nm, site.y_nm, site.normal_x, site.normal_y});

  SourceResponses result{.n_points = candidates.points.size(),
                         .sites = {sites.begin(), sites.end()},
                         .conditions = {conditions.begin(), conditions.end()}};
  const std::size_t block = sites.size() * result.n_points;
  result.intensity.resize(conditions.size() * block);
  result.slope_per_nm.resize(conditions.size() * block);
  result.clear.resize(conditions.size() * result.n_points);
  for (const std::vector<std::size_t>& group : groups_of_conditions(conditions)) {
    // Doses of one focus share its plane.
    std::vector<imaging::ImagePlane> planes;
    std::vector<std::size_t> plane_of;
    for (const std::size_t c : group) {
      const auto found = std::ranges::find(planes, conditions[c].focus_nm, &imaging::ImagePlane::focus_nm);
      plane_of.push_back(static_cast<std::size_t>(found - planes.begin()));
      if (found == planes.end())
        planes.push_back({.focus_nm = conditions[c].focus_nm, .depth_nm = optics.depth_nm});
    }
    const WindowCondition& first = conditions[group.front()];
    const imaging::PointResponses part = imaging::compute_point_responses(
        masks[first.mask], candidates, optics, first.position, planes, places);
    for (std::size_t i = 0; i < group.size(); ++i) {
      const auto from = static_cast<std::ptrdiff_t>(plane_of[i] * block),
                 to = static_cast<std::ptrdiff_t>(group[i] * block);
      std::copy_n(part.intensity.begin() + from, block, result.intensity.begin() + to);
      std::copy_n(part.slope_per_nm.begin() + from, block, result.slope_per_nm.begin() + to);
      std::ranges::copy(part.clear,
                        result.clear.begin() + static_cast<std::ptrdiff_t>(group[i] * result.n_points));
    }
  }
  return result;
}

std::vector<EdgeRow> evaluate_edges(const SourceResponses& responses, std::span<const double> weights,
                                    double threshold) {
  if (weights.size() != responses.n_points)
    throw std::invalid_argument("evaluate_edges: one weight per candidate point is needed");
  std::vector<EdgeRow> rows;
  for (std::size_t c = 0; c < responses.conditions.size(); ++c) {
    const double clear = dot(weights, responses.clear_of(c)), dose = responses.conditions[c].relative_dose;
    if (!(clear > 0))
      throw InputError(
          "the source has no light that an open mask sends to the wafer; use other points of the pupil");
    for (std::size_t s = 0; s < responses.sites.size(); ++s) {
      const double intensity = dose * dot(weights, responses.intensities(c, s)) / clear,
                   slope = dose * dot(weights, responses.slopes(c, s)) / clear;
      const double ils = intensity > 0 ? slope / intensity : 0;
      rows.push_back({.condition = c,
                      .site = s,
                      .intensity = intensity,
                      .ils_per_nm = ils,
                      .nils = ils * responses.sites[s].cd_nm,
                      .placement_error_nm = slope != 0 ? (intensity - threshold) / slope : 0});
    }
  }
  return rows;
}

std::vector<double> nils_gradient(const SourceResponses& responses, std::span<const double> weights,
                                  std::size_t condition, std::size_t site) {
  const std::span<const double> intensity = responses.intensities(condition, site),
                                slope = responses.slopes(condition, site);
  const double i = dot(weights, intensity), ils = dot(weights, slope) / i;
  std::vector<double> gradient(responses.n_points);
  for (std::size_t s = 0; s < gradient.size(); ++s)
    gradient[s] = responses.sites[site].cd_nm * (slope[s] - ils * intensity[s]) / i;
  return gradient;
}

}  // namespace undulith::optimise
