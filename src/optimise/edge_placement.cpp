// SPDX-License-Identifier: MIT
#include "undulith/optimise/edge_placement.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "optimise/feature_sign.hpp"

namespace undulith::optimise {
namespace {

// F = sign (I - T) along the normal of a site: positive inside the printed shape.
class EdgeProfile {
 public:
  using Evaluate = std::function<ImageJet(double x, double y)>;
  EdgeProfile(Evaluate evaluate, const PlacementSite& site, double threshold, double sign)
      : evaluate_(std::move(evaluate)), site_(site), threshold_(threshold), sign_(sign) {}

  [[nodiscard]] ImageJet operator()(double offset) const {
    const ImageJet jet = evaluate_(site_.x + offset * site_.normal_x, site_.y + offset * site_.normal_y);
    return {sign_ * (jet.value - threshold_), sign_ * jet.slope, sign_ * jet.curvature};
  }

 private:
  Evaluate evaluate_;
  const PlacementSite& site_;
  double threshold_, sign_;
};

struct Crossing {
  double offset = 0;
  ImageJet jet;
};

constexpr double kAtEdgeNm = 1e-10;

// Newton's method, with steps of at most `step`, while the slope has the sign of an edge.
std::optional<Crossing> follow(const EdgeProfile& profile, ImageJet jet, double reach, double step) {
  constexpr int kMostSteps = 20;
  double offset = 0;
  for (int i = 0; i < kMostSteps; ++i) {
    if (jet.slope >= 0) return {};
    const double move = -jet.value / jet.slope;
    if (std::abs(move) < kAtEdgeNm) return Crossing{offset, jet};
    offset += std::clamp(move, -step, step);
    if (std::abs(offset) > reach) return {};
    jet = profile(offset);
  }
  return {};
}

// Bisection between a point inside and one outside the shape, then Newton's method.
Crossing refine(const EdgeProfile& profile, double inside, double outside) {
  constexpr int kMostSteps = 80;
  double offset = (inside + outside) / 2;
  ImageJet jet = profile(offset);
  for (int i = 0; i < kMostSteps && std::abs(outside - inside) > kAtEdgeNm; ++i) {
    (jet.value > 0 ? inside : outside) = offset;
    const double newton = jet.slope < 0 ? offset - jet.value / jet.slope : inside;
    if (jet.slope < 0 && std::abs(newton - offset) < kAtEdgeNm) break;
    const bool within = newton > std::min(inside, outside) && newton < std::max(inside, outside);
    offset = within ? newton : (inside + outside) / 2;
    jet = profile(offset);
  }
  return {offset, jet};
}

// The nearest edge among steps to both sides.
std::optional<Crossing> scan(const EdgeProfile& profile, double at_site, double reach, double step) {
  double out = at_site, in = at_site;  // the last values on either side
  for (double distance = step; distance <= reach; distance += step) {
    const double further_out = profile(distance).value, further_in = profile(-distance).value;
    const bool outside_found = out > 0 && further_out <= 0, inside_found = in <= 0 && further_in > 0;
    if (outside_found) return refine(profile, distance - step, distance);
    if (inside_found) return refine(profile, -distance, -distance + step);
    out = further_out;
    in = further_in;
  }
  return {};
}

EdgePlacement place(const EdgeProfile& profile, const PlacementSite& site, double period_nm,
                    const PlacementSearch& search) {
  const ImageJet at_site = profile(0);
  std::optional<Crossing> edge = follow(profile, at_site, search.reach_nm, period_nm / 4);
  if (!edge) edge = scan(profile, at_site.value, search.reach_nm, period_nm / 16);

  EdgePlacement result;
  double place = 0;
  if (edge) {
    result = {.printed = true,
              .offset_nm = edge->offset,
              .slope_per_nm = -edge->jet.slope,
              .curvature_per_nm2 = edge->jet.curvature * sign_of(search.printed)};
    place = edge->offset;
  } else {
    const double slope = std::max(-at_site.slope, search.least_slope_per_nm);
    result = {.printed = false,
              .offset_nm = std::clamp(at_site.value / slope, -search.reach_nm, search.reach_nm),
              .slope_per_nm = slope,
              .curvature_per_nm2 = at_site.curvature * sign_of(search.printed)};
  }
  result.x = site.x + place * site.normal_x;
  result.y = site.y + place * site.normal_y;
  return result;
}

}  // namespace

EdgePlacement place_edge(const ModelGrid& grid, const imaging::CellSamples& image, const PlacementSite& site,
                         double threshold, const PlacementSearch& search) {
  const double period_nm =
      std::min(grid.cell.width() / grid.image_order_x, grid.cell.height() / grid.image_order_y);
  const auto evaluate = [&](double x, double y) {
    return ImagePoint(grid, x, y, site.normal_x, site.normal_y).jet(image);
  };
  return place({evaluate, site, threshold, sign_of(search.printed)}, site, period_nm, search);
}

EdgePlacement place_edge(const FineImage& image, const PlacementSite& site, double threshold,
                         const PlacementSearch& search) {
  const auto evaluate = [&](double x, double y) { return image.jet(x, y, site.normal_x, site.normal_y); };
  return place({evaluate, site, threshold, sign_of(search.printed)}, site, image.shortest_period_nm(),
               search);
}

void add_placement_adjoint(const ModelGrid& grid, const PlacementSite& site, const EdgePlacement& placement,
                           metrology::Feature printed, double d_offset, double d_slope,
                           imaging::CellSamples& sensitivity) {
  const double sign = sign_of(printed);
  const ImagePoint point(grid, placement.x, placement.y, site.normal_x, site.normal_y);
  double d_value = sign * d_offset / placement.slope_per_nm;
  if (!placement.printed) {
    point.add_adjoint(d_value, 0, sensitivity);
    return;
  }
  // slope = -dF/dn at the edge, which moves by dF / slope.
  d_value -= d_slope * placement.curvature_per_nm2 / placement.slope_per_nm;
  point.add_adjoint(d_value, -sign * d_slope, sensitivity);
}

}  // namespace undulith::optimise
