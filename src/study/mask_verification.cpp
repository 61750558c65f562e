// SPDX-License-Identifier: MIT
#include "undulith/study/mask_verification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/flow/spectral_masks.hpp"
#include "undulith/flow/stages.hpp"
#include "undulith/optimise/correct_edges.hpp"
#include "undulith/optimise/edge_placement.hpp"

namespace undulith::study {
namespace {

using Edges = std::vector<std::vector<optimise::EdgePlacement>>;  // of each condition and site

Edges edges_in(const std::vector<optimise::FineImage>& images, const std::vector<std::size_t>& image_of,
               const std::vector<VerifiedCondition>& conditions,
               const std::vector<optimise::ControlSite>& sites, const optimise::PrintGoal& goal) {
  Edges edges;
  for (std::size_t c = 0; c < conditions.size(); ++c) {
    std::vector<optimise::EdgePlacement>& found = edges.emplace_back();
    const optimise::FineImage& image = images[image_of[c]];
    const optimise::PlacementSearch search{goal.drawn, 2 * image.shortest_period_nm()};
    for (const optimise::ControlSite& site : sites)
      found.push_back(optimise::place_edge(image, {site.x_nm, site.y_nm, site.normal_x, site.normal_y},
                                           goal.threshold / conditions[c].dose, search));
  }
  return edges;
}

EdgeErrors errors_of(const Edges& edges, const std::vector<optimise::ControlSite>& sites) {
  EdgeErrors errors;
  double length = 0, along_x = 0, along_y = 0, width_x = 0, width_y = 0;
  for (const auto& condition : edges)
    for (std::size_t i = 0; i < sites.size(); ++i) {
      if (!condition[i].printed) {
        ++errors.n_unprinted;
        continue;
      }
      const optimise::ControlSite& site = sites[i];
      const double error = condition[i].offset_nm, weight = site.length_nm;
      const double to_x = site.normal_x * site.normal_x * weight,
                   to_y = site.normal_y * site.normal_y * weight;
      length += weight;
      along_x += to_x;
      along_y += to_y;
      errors.rms_nm += weight * error * error;
      errors.mean_nm += weight * error;
      errors.largest_nm = std::max(errors.largest_nm, std::abs(error));
      width_x += to_x * error;
      width_y += to_y * error;
      errors.shift_x_nm += weight * site.normal_x * error;
      errors.shift_y_nm += weight * site.normal_y * error;
    }
  const auto over = [](double sum, double by) { return by > 0 ? sum / by : 0; };
  errors.rms_nm = std::sqrt(over(errors.rms_nm, length));
  errors.mean_nm = over(errors.mean_nm, length);
  errors.shift_x_nm = over(errors.shift_x_nm, along_x);
  errors.shift_y_nm = over(errors.shift_y_nm, along_y);
  if (along_x > 0 && along_y > 0) errors.hv_bias_nm = 2 * (width_x / along_x - width_y / along_y);
  return errors;
}

std::vector<optimise::FineImage> searched_images(const optimise::ImageModel& model,
                                                 const std::vector<layout::Polygon>& rings) {
  std::vector<optimise::FineImage> images;
  for (const auto& image : model.images(optimise::pattern_of(rings, model.grid())))
    images.emplace_back(model.grid(), image);
  return images;
}

job::Job judging_job(job::Job job) {
  constexpr int kMostGridPoints = 2001;
  job.illuminator.grid_points = std::min(kMostGridPoints, 2 * job.illuminator.grid_points);
  job.imaging.method = imaging::Method::abbe;
  if (job.optimise.verify == job::OptimiseVerify::multislice) job.mask.model = mask::Model::multislice;
  if (job.optimise.verify == job::OptimiseVerify::rigorous) job.mask.model = mask::Model::rigorous;
  return job;
}

std::string name_of(const flow::Prepared& judge) {
  const std::string points = fmt::format("sum over {} source points", judge.pupil_fill.points.size());
  switch (mask::model_of(judge.job.mask)) {
    case mask::Model::thin:
      return "thin mask, " + points;
    case mask::Model::multislice:
      return "multi-slice mask, " + points;
    default:
      return "rigorous mask, " + points;
  }
}

}  // namespace

std::optional<MaskVerification> verify_mask(const flow::Prepared& prepared, const optimise::ImageModel& model,
                                            const optimise::PrintGoal& goal,
                                            const std::vector<VerifiedCondition>& conditions,
                                            const std::vector<layout::Polygon>& rings) {
  if (prepared.job.optimise.verify == job::OptimiseVerify::none) return {};
  flow::Prepared judge = flow::prepare(judging_job(prepared.job));
  judge.clip.rings = rings;
  judge.mask = mask::make_mask(judge.clip, judge.job.mask, flow::mask_optics(judge, 0));

  std::vector<imaging::ImagePlane> planes;
  std::vector<std::size_t> searched_of, judged_of;  // images of each condition
  for (const VerifiedCondition& condition : conditions) {
    const auto known = std::ranges::find(planes, condition.focus_nm, &imaging::ImagePlane::focus_nm);
    judged_of.push_back(static_cast<std::size_t>(known - planes.begin()));
    if (known == planes.end()) planes.push_back({condition.focus_nm, judge.job.imaging.depth_nm});
    searched_of.push_back(static_cast<std::size_t>(condition.plane));
  }
  std::vector<optimise::FineImage> judged;
  for (const imaging::AerialImage& image : flow::images_in_planes(judge, planes, {}).planes)
    judged.emplace_back(image.series);

  MaskVerification result{.model = name_of(judge), .conditions = conditions};
  const std::vector<optimise::ControlSite> sites =
      optimise::control_sites(prepared.clip.rings, prepared.clip.cell, goal.sites);
  const Edges drawn =
      edges_in(searched_images(model, prepared.clip.rings), searched_of, conditions, sites, goal);
  const Edges searched = edges_in(searched_images(model, rings), searched_of, conditions, sites, goal);
  const Edges verified = edges_in(judged, judged_of, conditions, sites, goal);
  result.drawn = errors_of(drawn, sites);
  result.searched = errors_of(searched, sites);
  result.verified = errors_of(verified, sites);
  double length = 0;
  for (std::size_t c = 0; c < conditions.size(); ++c)
    for (std::size_t i = 0; i < sites.size(); ++i) {
      if (!searched[c][i].printed || !verified[c][i].printed) continue;
      const double difference = verified[c][i].offset_nm - searched[c][i].offset_nm;
      length += sites[i].length_nm;
      result.difference_rms_nm += sites[i].length_nm * difference * difference;
      result.difference_largest_nm = std::max(result.difference_largest_nm, std::abs(difference));
    }
  if (length > 0) result.difference_rms_nm = std::sqrt(result.difference_rms_nm / length);
  return result;
}

}  // namespace undulith::study
