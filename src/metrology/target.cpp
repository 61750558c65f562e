// SPDX-License-Identifier: MIT
#include "metrology/target.hpp"

#include "undulith/math/direction.hpp"

namespace undulith::metrology {
namespace {

/// Edges of the layout along the cut that bound the feature at its centre; absent when the centre is not in
/// such a feature or the feature is longer than the cut.
std::optional<Interval> layout_edges(const DrawnShapes& shapes, const Line& line, const Gauge& gauge,
                                     Feature drawn) {
  const double half = gauge.length_nm / 2;
  const auto intervals = shapes.along(line, -half, half);
  std::optional<Interval> found;
  if (drawn == gauge.feature) {
    for (const DrawnInterval& interval : intervals)
      if (interval.from.s < 0 && interval.to.s > 0) found = {interval.from.s, interval.to.s};
  } else {
    for (std::size_t k = 0; k + 1 < intervals.size(); ++k)
      if (intervals[k].to.s < 0 && intervals[k + 1].from.s > 0)
        found = {intervals[k].to.s, intervals[k + 1].from.s};
  }
  if (!found) return found;
  const bool left_out = gauge.edges != GaugeEdges::right && found->from < -half - kSameEdgeNm,
             right_out = gauge.edges != GaugeEdges::left && found->to > half + kSameEdgeNm;
  if (left_out || right_out) found.reset();
  return found;
}

}  // namespace

Target target_of(const DrawnShapes& shapes, const Line& line, const Gauge& gauge, Feature drawn) {
  Target target{gauge.target_cd_nm, layout_edges(shapes, line, gauge, drawn)};
  if (!target.edges) return target;
  if (!target.cd_nm) {
    target.cd_nm = target.edges->to - target.edges->from;
  } else {  // a CD asked for is meant about the centre of the drawn feature
    const double centre = (target.edges->from + target.edges->to) / 2;
    target.edges = {centre - *target.cd_nm / 2, centre + *target.cd_nm / 2};
  }
  return target;
}

std::optional<double> target_cd_nm(const layout::Clip& clip, Feature drawn, const Gauge& gauge) {
  const math::Direction along = math::direction_of(gauge.angle_deg);
  const Line line{{gauge.x_nm, gauge.y_nm}, {along.x, along.y}};
  return target_of(DrawnShapes(clip), line, gauge, drawn).cd_nm;
}

}  // namespace undulith::metrology
