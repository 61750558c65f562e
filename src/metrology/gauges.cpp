// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "metrology/drawn_shapes.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/require.hpp"
#include "undulith/metrology/metrology.hpp"

namespace undulith::metrology {
namespace {

using layout::Point;

/// A cut reaches this far beyond the drawn edges: half way to the neighbour, within these bounds.
constexpr double kLeastReachNm = 15, kMostReachNm = 60;
/// Facing edges may be this far from parallel (cosine of 20 degrees): a taper still has a width.
constexpr double kFacingCosine = 0.94;
/// A cut is tried beside the middle too, this far within the ends of the shortest edge.
constexpr double kBesideNm = 0.02;
/// Layout coordinates are multiples of a database unit; below this they are one.
constexpr double kRoundNm = 1e-6;

using EdgeId = std::pair<int, int>;  ///< ring, first vertex

struct Edge {
  Point a, b;
  double length = 0;
  Point along;   ///< unit vector from a to b
  Point inward;  ///< unit normal into the drawn side: rings have it on their left
};

Edge edge_of(const layout::Clip& clip, EdgeId id) {
  const auto& ring = clip.rings[static_cast<std::size_t>(id.first)];
  const auto first = static_cast<std::size_t>(id.second);
  Edge edge{ring[first], ring[(first + 1) % ring.size()], 0, {}, {}};
  edge.length = std::hypot(edge.b.x - edge.a.x, edge.b.y - edge.a.y);
  if (edge.length > 0) {
    edge.along = {(edge.b.x - edge.a.x) / edge.length, (edge.b.y - edge.a.y) / edge.length};
    edge.inward = {-edge.along.y, edge.along.x};
  }
  return edge;
}

/// What a line through an edge, along its inward normal, says of the feature behind the edge.
struct Shot {
  Line line;
  Crossing far_edge;
  double width_nm = 0;
  double space_nm = 0;  ///< to the nearer neighbour; infinite if there is none in sight
};

class GaugePlacer {
 public:
  GaugePlacer(const layout::Clip& clip, double min_edge_nm)
      : clip_(clip),
        shapes_(clip),
        min_edge_nm_(min_edge_nm),
        periodic_(layout::periodic_axes(clip.cell, clip.window)),
        max_width_nm_(std::max(clip.window.width(), clip.window.height())) {}

  /// The gauge of the feature behind one edge, unless it has none or its other edge gave it before.
  [[nodiscard]] std::optional<Gauge> place(EdgeId id, Feature drawn) {
    const Edge edge = edge_of(clip_, id);
    const double least_nm = least_edge_nm(edge);
    if (edge.length < least_nm - kRoundNm) return std::nullopt;
    const Point middle{(edge.a.x + edge.b.x) / 2, (edge.a.y + edge.b.y) / 2};
    auto shot = shoot({middle, edge.inward});
    if (!shot) return std::nullopt;

    const EdgeId far_id{shot->far_edge.ring, shot->far_edge.edge};
    const Edge far = edge_of(clip_, far_id);
    const double cosine = edge.along.x * far.along.x + edge.along.y * far.along.y;
    if (far.length < least_nm - kRoundNm || cosine > -kFacingCosine) return std::nullopt;

    // The cut goes through the middle of the stretch on which the two edges face each other.
    const auto project = [&](const Point& p) {
      return (p.x + shot->far_edge.shift.x - middle.x) * edge.along.x +
             (p.y + shot->far_edge.shift.y - middle.y) * edge.along.y;
    };
    const double from = std::max(-edge.length / 2, std::min(project(far.a), project(far.b)));
    const double to = std::min(edge.length / 2, std::max(project(far.a), project(far.b)));
    if (to - from < least_nm * kFacingCosine - kRoundNm) return std::nullopt;
    if (!pairs_.insert(std::minmax(id, far_id)).second) return std::nullopt;
    const double offset = (from + to) / 2;
    if (std::abs(offset) > kRoundNm) {
      const Point moved{middle.x + offset * edge.along.x, middle.y + offset * edge.along.y};
      const auto centred = shoot({moved, edge.inward});
      if (centred && EdgeId{centred->far_edge.ring, centred->far_edge.edge} == far_id) shot = centred;
    }
    // Nothing else stands between them there: beside an elbow two far edges face each other over its width
    // only, and the middle of the stretch may lie on the edge of an arm.
    for (const double side : {-0.5, 0.5}) {
      const double beside = offset + side * (least_nm * kFacingCosine - kBesideNm);
      const auto parallel =
          shoot({{middle.x + beside * edge.along.x, middle.y + beside * edge.along.y}, edge.inward});
      if (!parallel || EdgeId{parallel->far_edge.ring, parallel->far_edge.edge} != far_id)
        return std::nullopt;
    }
    return gauge_of(*shot, drawn);
  }

 private:
  /// An edge that runs through a whole period is endless, however short the period.
  [[nodiscard]] double least_edge_nm(const Edge& edge) const {
    double least = min_edge_nm_;
    if (periodic_.x && edge.along.y == 0) least = std::min(least, clip_.cell.width());
    if (periodic_.y && edge.along.x == 0) least = std::min(least, clip_.cell.height());
    return least;
  }

  [[nodiscard]] std::optional<Shot> shoot(const Line& line) const {
    const auto intervals = shapes_.along(line, -2 * kMostReachNm, max_width_nm_ + 2 * kMostReachNm);
    for (std::size_t k = 0; k < intervals.size(); ++k) {
      // An edge inside a longer interval is the border of the cell within a feature, not an edge of it.
      if (std::abs(intervals[k].from.s) > kRoundNm) continue;
      Shot shot{line, intervals[k].to, intervals[k].to.s, std::numeric_limits<double>::infinity()};
      if (shot.width_nm > max_width_nm_) return std::nullopt;
      if (k > 0) shot.space_nm = -intervals[k - 1].to.s;
      if (k + 1 < intervals.size())
        shot.space_nm = std::min(shot.space_nm, intervals[k + 1].from.s - shot.width_nm);
      return shot;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Gauge> gauge_of(const Shot& shot, Feature drawn) const {
    Gauge gauge;
    const Point centre = shot.line.at(shot.width_nm / 2);
    gauge.x_nm = wrapped(centre.x, clip_.window.x0, clip_.window.x1, periodic_.x);
    gauge.y_nm = wrapped(centre.y, clip_.window.y0, clip_.window.y1, periodic_.y);
    gauge.angle_deg = direction_deg(shot.line.direction);
    gauge.feature = drawn;
    gauge.target_cd_nm = shot.width_nm;
    const double least = shot.width_nm / 2 + kLeastReachNm;
    const double wanted = shot.width_nm / 2 + std::clamp(shot.space_nm / 2, kLeastReachNm, kMostReachNm);
    const double room = room_nm(gauge, shot.line.direction);
    if (room < least) return std::nullopt;
    gauge.length_nm = 2 * std::min(wanted, room);
    return gauge;
  }

  static double wrapped(double x, double x0, double x1, bool periodic) {
    if (!periodic) return x;
    const double moved = x - (x1 - x0) * std::floor((x - x0) / (x1 - x0));
    return moved > x1 - kRoundNm ? x0 : moved;
  }

  /// In (-90, 90], so that both edges of a feature give the same cut.
  static double direction_deg(const Point& direction) {
    double degrees = std::atan2(direction.y, direction.x) * 180 / constants::kPi;
    if (degrees <= -90 + kRoundNm) degrees += 180;
    if (degrees > 90 + kRoundNm) degrees -= 180;
    return degrees == 0 ? 0 : degrees;  // no negative zero
  }

  /// Half length of the longest cut through the centre that stays in the window.
  [[nodiscard]] double room_nm(const Gauge& gauge, const Point& direction) const {
    double room = std::numeric_limits<double>::infinity();
    const auto limit = [&room](double from_low, double from_high, double component) {
      const double distance = std::min(from_low, from_high);
      if (distance <= 0) room = 0;
      if (std::abs(component) > 1e-9) room = std::min(room, distance / std::abs(component));
    };
    const Box& w = clip_.window;
    if (!periodic_.x) limit(gauge.x_nm - w.x0, w.x1 - gauge.x_nm, direction.x);
    if (!periodic_.y) limit(gauge.y_nm - w.y0, w.y1 - gauge.y_nm, direction.y);
    return room;
  }

  const layout::Clip& clip_;
  DrawnShapes shapes_;
  double min_edge_nm_;
  layout::PeriodicAxes periodic_;
  double max_width_nm_;
  std::set<std::pair<EdgeId, EdgeId>> pairs_;
};

}  // namespace

std::vector<Gauge> place_gauges(const layout::Clip& clip, Feature drawn, double min_edge_nm, int max_gauges) {
  require_in(kMinEdgeNm, "metrology.min_edge_nm", min_edge_nm, "use 20");
  require_in(kMaxGauges, "metrology.max_gauges", max_gauges, "use 200");

  GaugePlacer placer(clip, min_edge_nm);
  std::vector<Gauge> gauges;
  for (std::size_t r = 0; r < clip.rings.size(); ++r)
    for (std::size_t i = 0; i < clip.rings[r].size(); ++i)
      if (auto gauge = placer.place({static_cast<int>(r), static_cast<int>(i)}, drawn))
        gauges.push_back(std::move(*gauge));

  // By position, so that names do not depend on the order of the shapes in the file.
  const auto key = [](const Gauge& g) {
    return std::array{std::round(g.y_nm / kRoundNm), std::round(g.x_nm / kRoundNm),
                      std::round(g.angle_deg / kRoundNm)};
  };
  std::sort(gauges.begin(), gauges.end(), [&](const Gauge& a, const Gauge& b) { return key(a) < key(b); });
  gauges.erase(std::unique(gauges.begin(), gauges.end(),
                           [&](const Gauge& a, const Gauge& b) { return key(a) == key(b); }),
               gauges.end());

  const auto limit = static_cast<std::size_t>(max_gauges);
  if (gauges.size() > limit) {  // spread over the window
    std::vector<Gauge> kept;
    for (std::size_t k = 0; k < limit; ++k) kept.push_back(gauges[k * gauges.size() / limit]);
    gauges = std::move(kept);
  }
  for (std::size_t k = 0; k < gauges.size(); ++k) gauges[k].name = fmt::format("g{:03}", k + 1);
  return gauges;
}

}  // namespace undulith::metrology
