// SPDX-License-Identifier: MIT
#include "mask/directions.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace undulith::mask {
namespace {

constexpr int kStencil = 4;  // nodes along an axis: third-order interpolation

// Nodes along one axis: first, first + step, ...
struct Axis {
  double first = 0, step = 0;
  int count = 1;
  bool on_lattice = false;
  int sublattices = 1;
};

Axis lay_axis(double low, double high, const std::optional<double>& unit, double largest_step) {
  constexpr double kSame = 1e-12;
  if (high - low <= kSame) return {.first = low};
  if (!unit) {
    const int count = std::max(kStencil, static_cast<int>(std::ceil((high - low) / largest_step)) + 1);
    return {.first = low, .step = (high - low) / (count - 1), .count = count};
  }
  Axis axis{.on_lattice = true};
  if (*unit > largest_step) {
    axis.sublattices = static_cast<int>(std::ceil(*unit / largest_step));
    axis.step = *unit / axis.sublattices;
  } else {
    axis.step = *unit * std::floor(largest_step / *unit);
  }
  int begin = static_cast<int>(std::floor(low / axis.step + 1e-9)),
      end = static_cast<int>(std::ceil(high / axis.step - 1e-9));
  // On both sides: a source that is its own mirror image keeps a grid that is.
  while (end - begin + 1 < kStencil) {
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
  const int begin =
      std::clamp(static_cast<int>(std::floor(place)) - (kStencil / 2 - 1), 0, axis.count - kStencil);
  std::vector<AxisShare> shares;
  for (int i = begin; i < begin + kStencil; ++i) {
    if (std::abs(place - i) < 1e-9) return {{i, 1}};
    double weight = 1;
    for (int j = begin; j < begin + kStencil; ++j)
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
                          Sigma largest_step) {
  const auto [left, right] = std::ranges::minmax(points, {}, &illuminator::SourcePoint::sigma_x);
  const auto [low, high] = std::ranges::minmax(points, {}, &illuminator::SourcePoint::sigma_y);
  const Axis x = lay_axis(left.sigma_x, right.sigma_x, lattice.x, largest_step.x),
             y = lay_axis(low.sigma_y, high.sigma_y, lattice.y, largest_step.y);

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

}  // namespace undulith::mask
