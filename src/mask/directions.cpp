// SPDX-License-Identifier: MIT
#include "mask/directions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "mask/polygons/pattern_coefficients.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"

namespace undulith::mask {
namespace {

// Of the multislice model, times direction_step_deg: steps between directions with fine slices, and between those with
// coarse ones. Orders of tracks of 36 nm pitch then are within 1.5e-4 (rms) and 1e-2 (weak ones at the rim of the
// pupil) of the largest.
constexpr double kCoarser = 2, kFiner = 0.5;

Sigma largest_step(const MaskParameters& parameters, const MaskOptics& optics) {
  const double step = std::sin(parameters.solver.direction_step_deg * constants::kPi / 180) / optics.na;
  return {step * optics.magnification_x, step * optics.magnification_y};
}

// Nodes along one axis: first, first + step, ...
struct Axis {
  double first = 0, step = 0;
  int count = 1;
  int stencil = 4;
  bool on_lattice = false;
  int sublattices = 1;
};

Axis lay_axis(double low, double high, const std::optional<double>& unit, double largest_step, int stencil) {
  constexpr double kSame = 1e-12;
  if (high - low <= kSame) return {.first = low};
  if (!unit) {
    constexpr double kMost = 1e6;  // far more than there are source points
    const int count =
        std::max(stencil, static_cast<int>(std::min(kMost, std::ceil((high - low) / largest_step))) + 1);
    return {.first = low, .step = (high - low) / (count - 1), .count = count, .stencil = stencil};
  }
  Axis axis{.stencil = stencil, .on_lattice = true};
  if (*unit > largest_step) {
    axis.sublattices = static_cast<int>(std::ceil(*unit / largest_step));
    axis.step = *unit / axis.sublattices;
  } else {
    axis.step = *unit * std::floor(largest_step / *unit);
  }
  int begin = static_cast<int>(std::floor(low / axis.step + 1e-9)),
      end = static_cast<int>(std::ceil(high / axis.step - 1e-9));
  // On both sides: a source that is its own mirror image keeps a grid that is.
  while (end - begin + 1 < stencil) {
    --begin;
    ++end;
  }
  axis.first = begin * axis.step;
  axis.count = end - begin + 1;
  return axis;
}

// Lagrange weights of the nodes around `at`.
struct AxisShare {
  int node;
  double weight;
};
std::vector<AxisShare> shares_along(const Axis& axis, double at) {
  if (axis.count == 1) return {{0, 1}};
  const double place = (at - axis.first) / axis.step;
  const int begin = std::clamp(static_cast<int>(std::floor(place - (axis.stencil / 2.0 - 1))), 0,
                               axis.count - axis.stencil),
            end = begin + axis.stencil;
  std::vector<AxisShare> shares;
  for (int i = begin; i < end; ++i) {
    if (std::abs(place - i) < 1e-9) return {{i, 1}};
    double weight = 1;
    for (int j = begin; j < end; ++j)
      if (j != i) weight *= (place - j) / (i - j);
    shares.push_back({i, weight});
  }
  return shares;
}

// Numbers the directions in the order of their first use.
class Nodes {
 public:
  explicit Nodes(std::vector<Sigma>& nodes) : nodes_(nodes) {}
  int operator()(std::pair<long long, long long> key, Sigma at) {
    const auto [found, is_new] = numbers_.emplace(key, static_cast<int>(nodes_.size()));
    if (is_new) nodes_.push_back(at);
    return found->second;
  }

 private:
  std::vector<Sigma>& nodes_;
  std::map<std::pair<long long, long long>, int> numbers_;
};

Directions one_by_one(const std::vector<illuminator::SourcePoint>& points) {
  constexpr double kResolution = 1e-12;
  Directions directions;
  Nodes number(directions.nodes);
  const auto key = [](double sigma) { return std::llround(sigma / kResolution); };
  number({0, 0}, {0, 0});
  for (const auto& point : points)
    directions.shares.push_back(
        {{number({key(point.sigma_x), key(point.sigma_y)}, {point.sigma_x, point.sigma_y}), 1}});
  return directions;
}

}  // namespace

Directions lay_directions(const std::vector<illuminator::SourcePoint>& points, const Lattice& lattice,
                          Sigma largest_step, int stencil) {
  const auto [left, right] = std::ranges::minmax(points, {}, &illuminator::SourcePoint::sigma_x);
  const auto [low, high] = std::ranges::minmax(points, {}, &illuminator::SourcePoint::sigma_y);
  const Axis x = lay_axis(left.sigma_x, right.sigma_x, lattice.x, largest_step.x, stencil),
             y = lay_axis(low.sigma_y, high.sigma_y, lattice.y, largest_step.y, stencil);

  Directions directions{.step_x = x.step,
                        .step_y = y.step,
                        .on_lattice_x = x.on_lattice,
                        .on_lattice_y = y.on_lattice,
                        .sublattices_x = x.sublattices,
                        .sublattices_y = y.sublattices};
  Nodes number(directions.nodes);
  // The chief ray represents the mask as a whole; it is a node of its own if the grid has none there.
  constexpr std::pair<long long, long long> kChief{-1, -1};
  const auto at_chief = [](const Axis& axis) {
    const double place = axis.step > 0 ? -axis.first / axis.step : (axis.first == 0 ? 0.0 : -1.0);
    const double nearest = std::round(place);
    return std::abs(place - nearest) < 1e-9 && nearest >= 0 && nearest < axis.count
               ? std::optional(static_cast<long long>(nearest))
               : std::nullopt;
  };
  const auto chief_x = at_chief(x), chief_y = at_chief(y);
  number(chief_x && chief_y ? std::pair{*chief_x, *chief_y} : kChief, {0, 0});
  for (const auto& point : points) {
    auto& shares = directions.shares.emplace_back();
    for (const AxisShare& b : shares_along(y, point.sigma_y))
      for (const AxisShare& a : shares_along(x, point.sigma_x))
        shares.push_back({number({a.node, b.node}, {x.first + a.node * x.step, y.first + b.node * y.step}),
                          a.weight * b.weight});
  }
  Directions each = one_by_one(points);
  return each.nodes.size() <= directions.nodes.size() ? each : directions;
}

Directions lay_directions(const MaskGeometry& geometry, const MaskParameters& parameters,
                          const MaskOptics& optics, double wavelength_nm,
                          const illuminator::PupilFill& pupil_fill) {
  Lattice lattice;
  if (parameters.model == Model::rigorous) {
    const Variation variation = variation_of(geometry);
    if (variation == Variation::x || variation == Variation::both)
      lattice.x = wavelength_nm / geometry.cell.width() * optics.magnification_x / optics.na;
    if (variation == Variation::y || variation == Variation::both)
      lattice.y = wavelength_nm / geometry.cell.height() * optics.magnification_y / optics.na;
  }
  const Sigma step = largest_step(parameters, optics);
  const double share = parameters.model == Model::rigorous ? 1 : kFiner;
  return lay_directions(pupil_fill.points, lattice, {share * step.x, share * step.y});
}

Directions lay_corrections(const Directions& directions, const MaskParameters& parameters,
                           const MaskOptics& optics) {
  constexpr int kQuadratic = 3;
  std::vector<illuminator::SourcePoint> points;
  for (const Sigma& node : directions.nodes) points.push_back({.sigma_x = node.x, .sigma_y = node.y});
  const Sigma step = largest_step(parameters, optics);
  return lay_directions(points, {}, {kCoarser * step.x, kCoarser * step.y}, kQuadratic);
}

std::vector<BlochGroup> group_by_bloch(const MaskGeometry& geometry, const PupilAxes& axes,
                                       const Directions& directions, double wavelength_nm) {
  const Variation variation = variation_of(geometry);
  const TangentialVector step{wavelength_nm / geometry.cell.width(), wavelength_nm / geometry.cell.height()};
  const bool along_x = variation == Variation::x || variation == Variation::both,
             along_y = variation == Variation::y || variation == Variation::both;
  // Whole orders and the rest; rounding must not separate equal Bloch vectors.
  constexpr double kResolution = 1e-9;
  const auto split = [](double value, double unit, bool periodic) {
    if (!periodic) return std::pair(0, value);
    const double whole = std::floor(value / unit + kResolution);
    return std::pair(static_cast<int>(whole), value - whole * unit);
  };
  std::map<std::pair<long long, long long>, std::size_t> numbers;
  std::vector<BlochGroup> groups;
  for (std::size_t i = 0; i < directions.nodes.size(); ++i) {
    const Sigma sigma = directions.nodes[i];
    const TangentialVector t = axes.direction(sigma.x, sigma.y);
    const auto [m, x] = split(t.x, step.x, along_x);
    const auto [n, y] = split(t.y, step.y, along_y);
    const std::pair key{std::llround(x / kResolution), std::llround(y / kResolution)};
    const auto [found, is_new] = numbers.emplace(key, groups.size());
    if (is_new) groups.push_back({.bloch = {x, y}, .nodes = {}});
    groups[found->second].nodes.push_back({i, Order{m, n}});
  }
  return groups;
}

void require_directions(const PupilAxes& axes, const Directions& directions) {
  for (const Sigma sigma : directions.nodes)
    if (const TangentialVector t = axes.direction(sigma.x, sigma.y); !(std::hypot(t.x, t.y) < 0.99))
      throw InputError(fmt::format(
          "mask.stack.incidence_deg (the light of source point ({:.3f}, {:.3f}) meets the mask at more than "
          "80 degrees from its normal); make it or imaging.na smaller, or the reduction larger",
          sigma.x, sigma.y));
}

}  // namespace undulith::mask
