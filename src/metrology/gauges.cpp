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
#include "metrology/layout_edges.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/require.hpp"
#include "undulith/core/stop.hpp"
#include "undulith/metrology/metrology.hpp"

namespace undulith::metrology {
namespace {

using layout::Point;

/// A cut reaches this far beyond the drawn edges: half way to the neighbour, within these bounds; more where
/// wavelength / NA is larger than kResolutionNm.
constexpr double kLeastReachNm = 15, kMostReachNm = 60, kResolutionNm = 13.5 / 0.33;
/// Facing edges may be this far from parallel (cosine of 20 degrees): a taper still has a width.
constexpr double kFacingCosine = 0.94;
/// Curved edges face each other over this share of the least length: chords are shorter than arcs.
constexpr double kCurvedShare = 0.6;
/// A cut is tried beside the middle too, this far within the ends of the shortest edge.
constexpr double kBesideNm = 0.02;
/// Layout coordinates are multiples of a database unit; below this they are one.
constexpr double kRoundNm = 1e-6;
/// Sides shorter than this many least edges are taken as pieces of a curve; a curve is divided into edges of
/// at most this many wavelength / NA.
constexpr double kShortEdges = 3, kLongestCurve = 3;
/// Ends narrower than this (nm at kResolutionNm) of features longer than twice their width are line ends: each
/// has a gauge of its own, for the length of a line is no critical dimension.
constexpr double kLineEndNm = 20, kLineLengths = 2;

/// What a line through an edge, along its inward normal, says of the feature behind the edge.
struct Shot {
  Line line;
  Crossing far_edge;
  double width_nm = 0;
  double space_nm = 0;        ///< to the nearer neighbour; infinite if there is none in sight
  double outer_space_nm = 0;  ///< to the neighbour on the side of the edge
};

/// line_end: has a gauge of its own edge, if it has room.
enum class Skip { none, too_short, near_border, not_facing, line_end };

class GaugePlacer {
 public:
  GaugePlacer(const layout::Clip& clip, double min_edge_nm, double resolution_nm)
      : clip_(clip),
        shapes_(clip),
        edges_(clip, kShortEdges * min_edge_nm, kLongestCurve * resolution_nm),
        min_edge_nm_(min_edge_nm),
        scale_(std::max(1.0, resolution_nm / kResolutionNm)),
        periodic_(layout::periodic_axes(clip.cell, clip.window)),
        max_width_nm_(std::max(clip.window.width(), clip.window.height())),
        skips_(edges_.edges().size(), Skip::none),
        has_gauge_(edges_.edges().size(), false) {}

  [[nodiscard]] std::vector<Gauge> place_across(Feature drawn, const Progress& progress) {
    std::vector<Gauge> gauges;
    for (int id = 0; id < static_cast<int>(edges_.edges().size()); ++id) {
      poll(id, progress);
      if (auto gauge = place(id, drawn)) gauges.push_back(std::move(*gauge));
    }
    return gauges;
  }

  /// After place_across: line ends, and ends whose feature has no other end in the window.
  [[nodiscard]] std::vector<Gauge> place_at_ends(Feature drawn, const Progress& progress) {
    std::vector<Gauge> gauges;
    for (int id = 0; id < static_cast<int>(edges_.edges().size()); ++id) {
      poll(id, progress);
      if (auto gauge = place_at_end(id, drawn)) gauges.push_back(std::move(*gauge));
    }
    return gauges;
  }

  /// Edges in the window without a gauge, by reason.
  [[nodiscard]] SkippedEdges skipped() const {
    SkippedEdges skipped;
    for (std::size_t i = 0; i < skips_.size(); ++i) {
      if (has_gauge_[i] || !is_in_window(edges_.edges()[i].middle)) continue;
      if (skips_[i] == Skip::too_short) ++skipped.too_short;
      if (skips_[i] == Skip::near_border) ++skipped.near_border;
      if (skips_[i] == Skip::not_facing) ++skipped.not_facing;
    }
    return skipped;
  }

 private:
  void poll(int id, const Progress& progress) const {
    constexpr int kEvery = 1024;
    if (id % kEvery != 0) return;
    stop_if_requested();
    if (progress) progress(static_cast<double>(id) / static_cast<double>(edges_.edges().size()));
  }

  /// The gauge of the feature behind one edge, unless it has none or its other edge gave it before.
  [[nodiscard]] std::optional<Gauge> place(int id, Feature drawn) {
    const auto skip = [&](Skip reason, int of_pair = -1) {
      skips_[static_cast<std::size_t>(id)] = reason;
      if (of_pair >= 0) skips_[static_cast<std::size_t>(of_pair)] = reason;
      return std::nullopt;
    };
    const LayoutEdge& edge = edges_.edges()[static_cast<std::size_t>(id)];
    const double least_nm = least_edge_nm(edge);
    if (edge.length_nm < least_nm - kRoundNm) return skip(Skip::too_short);
    const Point middle = edge.middle;
    auto shot = shoot({middle, edge.inward});
    if (!shot) return skip(Skip::not_facing);

    const int far_id = edges_.edge_at(shot->far_edge.ring, shot->far_edge.edge);
    const LayoutEdge& far = edges_.edges()[static_cast<std::size_t>(far_id)];
    const bool curved = edge.curved || far.curved;
    const double facing_nm = (curved ? kCurvedShare : kFacingCosine) * least_nm;
    const double cosine = edge.along.x * far.along.x + edge.along.y * far.along.y;
    if (far.length_nm < least_nm - kRoundNm || cosine > -kFacingCosine) return skip(Skip::not_facing);

    if (edge.is_end && !is_endless(edge) && edge.length_nm < kLineEndNm * scale_ - kRoundNm &&
        shot->width_nm > kLineLengths * edge.length_nm)
      return skip(Skip::line_end);

    // The cut goes through the middle of the stretch on which the two edges face each other.
    const auto project = [&](const Point& p) {
      return (p.x + shot->far_edge.shift.x - middle.x) * edge.along.x +
             (p.y + shot->far_edge.shift.y - middle.y) * edge.along.y;
    };
    const auto own = [&](const Point& p) {
      return (p.x - middle.x) * edge.along.x + (p.y - middle.y) * edge.along.y;
    };
    const double from = std::max(own(edge.a), std::min(project(far.a), project(far.b)));
    const double to = std::min(own(edge.b), std::max(project(far.a), project(far.b)));
    if (to - from < facing_nm - kRoundNm) return skip(Skip::not_facing);
    if (pairs_.contains(std::minmax(id, far_id))) return std::nullopt;
    if (!curved && !centre_shot(shot, edge, far_id, (from + to) / 2, facing_nm)) {
      pairs_.insert(std::minmax(id, far_id));
      return skip(Skip::not_facing, far_id);
    }
    pairs_.insert(std::minmax(id, far_id));
    auto gauge = gauge_of(*shot, drawn);
    if (!gauge) return skip(Skip::near_border, far_id);
    has_gauge_[static_cast<std::size_t>(id)] = has_gauge_[static_cast<std::size_t>(far_id)] = true;
    return gauge;
  }

  /// Moves the shot to the middle of the facing stretch; false if something stands between the two edges
  /// there: beside an elbow two far edges face each other over its width only, and the middle of the stretch
  /// may lie on the edge of an arm.
  [[nodiscard]] bool centre_shot(std::optional<Shot>& shot, const LayoutEdge& edge, int far_id, double offset,
                                 double facing_nm) const {
    const auto shoot_at = [&](double s) {
      return shoot({{edge.middle.x + s * edge.along.x, edge.middle.y + s * edge.along.y}, edge.inward});
    };
    const auto meets_far = [&](const std::optional<Shot>& other) {
      return other && edges_.edge_at(other->far_edge.ring, other->far_edge.edge) == far_id;
    };
    if (std::abs(offset) > kRoundNm)
      if (const auto centred = shoot_at(offset); meets_far(centred)) shot = centred;
    return meets_far(shoot_at(offset - 0.5 * (facing_nm - kBesideNm))) &&
           meets_far(shoot_at(offset + 0.5 * (facing_nm - kBesideNm)));
  }

  /// A gauge of one edge alone, with its centre in the feature.
  [[nodiscard]] std::optional<Gauge> place_at_end(int id, Feature drawn) {
    const LayoutEdge& edge = edges_.edges()[static_cast<std::size_t>(id)];
    const Skip reason = skips_[static_cast<std::size_t>(id)];
    if (has_gauge_[static_cast<std::size_t>(id)] || !edge.is_end || is_endless(edge) ||
        reason == Skip::none || reason == Skip::too_short)
      return std::nullopt;
    const auto shot = shoot({edge.middle, edge.inward}, std::numeric_limits<double>::infinity());
    if (!shot || shot->width_nm < edge.length_nm) return std::nullopt;
    const double depth = std::min(kLeastReachNm * scale_, shot->width_nm / 2);
    Gauge gauge;
    const Point centre = shot->line.at(depth);
    gauge.x_nm = wrapped(centre.x, clip_.window.x0, clip_.window.x1, periodic_.x);
    gauge.y_nm = wrapped(centre.y, clip_.window.y0, clip_.window.y1, periodic_.y);
    gauge.angle_deg = direction_deg(edge.inward);
    gauge.feature = drawn;
    const double along = std::cos(gauge.angle_deg * constants::kPi / 180) * edge.inward.x +
                         std::sin(gauge.angle_deg * constants::kPi / 180) * edge.inward.y;
    gauge.edges = along > 0 ? GaugeEdges::left : GaugeEdges::right;
    const double room = room_nm(gauge, edge.inward);
    if (room < depth + kLeastReachNm * scale_) {
      skips_[static_cast<std::size_t>(id)] = Skip::near_border;
      return std::nullopt;
    }
    gauge.length_nm = 2 * std::min(depth + reach_nm(shot->outer_space_nm), room);
    has_gauge_[static_cast<std::size_t>(id)] = true;
    return gauge;
  }

  [[nodiscard]] bool is_in_window(const Point& p) const {
    const Box& w = clip_.window;
    return p.x >= w.x0 - kRoundNm && p.x <= w.x1 + kRoundNm && p.y >= w.y0 - kRoundNm &&
           p.y <= w.y1 + kRoundNm;
  }

  /// Half way to the neighbour, within bounds.
  [[nodiscard]] double reach_nm(double space_nm) const {
    return std::clamp(space_nm / 2, kLeastReachNm * scale_, kMostReachNm * scale_);
  }

  /// An edge that runs through a whole period is endless, however short the period.
  [[nodiscard]] bool is_endless(const LayoutEdge& edge) const {
    if (edge.curved) return false;
    return (periodic_.x && edge.along.y == 0 && edge.length_nm > clip_.cell.width() - kRoundNm) ||
           (periodic_.y && edge.along.x == 0 && edge.length_nm > clip_.cell.height() - kRoundNm);
  }
  [[nodiscard]] double least_edge_nm(const LayoutEdge& edge) const {
    double least = min_edge_nm_;
    if (edge.curved) return least;
    if (periodic_.x && edge.along.y == 0) least = std::min(least, clip_.cell.width());
    if (periodic_.y && edge.along.x == 0) least = std::min(least, clip_.cell.height());
    return least;
  }

  [[nodiscard]] std::optional<Shot> shoot(const Line& line) const { return shoot(line, max_width_nm_); }

  [[nodiscard]] std::optional<Shot> shoot(const Line& line, double max_width_nm) const {
    // Neighbours further than the margin do not change a gauge: a short line that shows the feature and the
    // margin behind it says all that a long one does.
    const double margin = 2 * kMostReachNm * scale_, whole = max_width_nm_ + margin;
    for (double reach = 2 * margin; reach < whole; reach *= 4) {
      const auto shot = shoot_within(reach, line);
      if (!shot || shot->width_nm + margin <= reach) return shot;
    }
    const auto shot = shoot_within(whole, line);
    return shot && shot->width_nm > max_width_nm ? std::nullopt : shot;
  }

  /// From what lies within a reach: a feature that ends beyond it may end elsewhere.
  [[nodiscard]] std::optional<Shot> shoot_within(double reach, const Line& line) const {
    const auto intervals = shapes_.along(line, -2 * kMostReachNm * scale_, reach);
    for (std::size_t k = 0; k < intervals.size(); ++k) {
      // An edge inside a longer interval is the border of the cell within a feature, not an edge of it.
      if (std::abs(intervals[k].from.s) > kRoundNm) continue;
      Shot shot{line, intervals[k].to, intervals[k].to.s, std::numeric_limits<double>::infinity(),
                std::numeric_limits<double>::infinity()};
      if (k > 0) shot.space_nm = shot.outer_space_nm = -intervals[k - 1].to.s;
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
    const double least = shot.width_nm / 2 + kLeastReachNm * scale_;
    const double wanted = shot.width_nm / 2 + reach_nm(shot.space_nm);
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
  LayoutEdges edges_;
  double min_edge_nm_, scale_;
  layout::PeriodicAxes periodic_;
  double max_width_nm_;
  std::set<std::pair<int, int>> pairs_;
  std::vector<Skip> skips_;  // by edge
  std::vector<bool> has_gauge_;
};

/// By position, so that names do not depend on the order of the shapes in the file; each once.
std::vector<Gauge> sorted(std::vector<Gauge> gauges) {
  const auto key = [](const Gauge& g) {
    return std::array{std::round(g.y_nm / kRoundNm), std::round(g.x_nm / kRoundNm),
                      std::round(g.angle_deg / kRoundNm)};
  };
  std::sort(gauges.begin(), gauges.end(), [&](const Gauge& a, const Gauge& b) { return key(a) < key(b); });
  gauges.erase(std::unique(gauges.begin(), gauges.end(),
                           [&](const Gauge& a, const Gauge& b) { return key(a) == key(b); }),
               gauges.end());
  return gauges;
}

/// At most `limit` of them, spread over the window, with their names.
std::vector<Gauge> spread(std::vector<Gauge> gauges, std::size_t limit, const char* prefix) {
  if (gauges.size() > limit) {
    std::vector<Gauge> kept;
    for (std::size_t k = 0; k < limit; ++k) kept.push_back(gauges[k * gauges.size() / limit]);
    gauges = std::move(kept);
  }
  for (std::size_t k = 0; k < gauges.size(); ++k) gauges[k].name = fmt::format("{}{:03}", prefix, k + 1);
  return gauges;
}

}  // namespace

double least_edge_nm(const MetrologyParameters& parameters) {
  constexpr double kLeastK1 = 0.25;  // half the pitch that two beams from the rim of the pupil just resolve
  return parameters.min_edge_nm.value_or(kLeastK1 * parameters.resolution_nm);
}

PlacedGauges place_gauges(const layout::Clip& clip, Feature drawn, const MetrologyParameters& parameters,
                          const Progress& progress) {
  const double min_edge_nm = least_edge_nm(parameters);
  require_in(kMinEdgeNm, "metrology.min_edge_nm", min_edge_nm, "use 10");
  require_in(kMaxGauges, "metrology.max_gauges", parameters.max_gauges, "use 200");

  if (parameters.max_gauges == 0) return {};
  GaugePlacer placer(clip, min_edge_nm, parameters.resolution_nm);
  const auto limit = static_cast<std::size_t>(parameters.max_gauges);
  std::vector<Gauge> across = sorted(placer.place_across(drawn, part_of(progress, 0, 0.9))),
                     ends = sorted(placer.place_at_ends(drawn, part_of(progress, 0.9, 1)));
  const std::size_t n_placed = across.size() + ends.size();
  PlacedGauges placed{.gauges = spread(std::move(across), limit, "g"), .skipped = placer.skipped()};
  ends = spread(std::move(ends), limit, "end");
  placed.gauges.insert(placed.gauges.end(), ends.begin(), ends.end());
  placed.skipped.over_limit = static_cast<int>(n_placed - placed.gauges.size());
  placed.skipped.least_edge_nm = min_edge_nm;
  return placed;
}

}  // namespace undulith::metrology
