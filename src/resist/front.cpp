// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "resist/arrival_buckets.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/large_buffer.hpp"
#include "undulith/core/stop.hpp"
#include "undulith/resist/development.hpp"

namespace undulith::resist {
namespace {

constexpr double kNever = std::numeric_limits<double>::max();

// First-order times err by a few per cent: nodes that second order reaches before the stop are among those that
// first order reaches by this many times the stop.
constexpr double kLater = 2;

// Equation of one axis for the time T at a node: (T - t)^2 inverse_nm^2 of the sum, for T later than `from`.
struct Upwind {
  double inverse_nm = 1, t = 0, from = kNever;
};

// Slowness changes by whole factors from node to node, and T is no parabola there. Between nodes its
// logarithm is nearly straight. Along an axis the one-sided differences of the T that this makes are phi
// times its slope s(0):
//   first order phi = m(e1),   second order phi = (3 m(e1) - e1 m(e2)) / 2,
// with e1 = s(-1)/s(0), e2 = s(-2)/s(-1) and the mean of a step over its end m(e) = (e - 1)/ln e. Dividing by
// phi = 1 + O(h) and 1 + O(h^2) keeps the order and makes the path along an axis exact.

// m(e); q = -ln e.
double mean_of_step(double e, double q) {
  return std::abs(q) < 1e-3 ? 1 - q / 2 * (1 - q / 3 * (1 - q / 4)) : (1 - e) / q;
}
// 1 / m(e)
double inverse_mean_of_step(double e, double q) {
  return std::abs(q) < 1e-3 ? 1 / (1 - q / 2 * (1 - q / 3 * (1 - q / 4))) : q / (1 - e);
}

// T with sum (T - t)^2 inverse^2 = slowness^2 over the axes that the front has passed before.
double solve(std::array<Upwind, 3>& axes, double slowness) {
  if (axes[1].from < axes[0].from) std::swap(axes[0], axes[1]);
  if (axes[2].from < axes[1].from) std::swap(axes[1], axes[2]);
  if (axes[1].from < axes[0].from) std::swap(axes[0], axes[1]);
  if (axes[0].from == kNever) return kNever;
  const double start = axes[0].t;  // times relative to it lose no digits
  double a = axes[0].inverse_nm * axes[0].inverse_nm, b = 0, c = -slowness * slowness;
  for (std::size_t k = 1; k < axes.size() && axes[k].from < kNever; ++k) {
    // The front comes from elsewhere before this axis matters where its node is later than the larger root.
    const double from = axes[k].from - start;
    if (a * from >= b && (a * from - 2 * b) * from + c >= 0) break;
    const double alpha = axes[k].inverse_nm * axes[k].inverse_nm, t = axes[k].t - start;
    const double more_a = a + alpha, more_b = b + alpha * t, more_c = c + alpha * t * t;
    if (more_b * more_b < more_a * more_c) break;  // no root
    a = more_a, b = more_b, c = more_c;
  }
  return start + (b + std::sqrt(b * b - a * c)) / a;
}

// What the front needs of a node, in one piece of memory: it comes from any direction.
struct Node {
  double first = kNever;  // arrival of first order
  double time = kNever;   // arrival
  double rate = 0, log_rate = 0;
};

// Fast marching: of all nodes that the front may reach next, the earliest is final. First-order times give the
// order of the nodes; second order then visits each node once, in that order, and looks at earlier ones only.
// Nodes lie column by column, the depth fastest: most of a front's neighbours are near in memory.
class Marcher {
 public:
  Marcher(const Field3D<double>& rate, const FrontParameters& parameters)
      : grid_(rate.grid()),
        parameters_(parameters),
        nodes_(grid_.size()),
        strides_{grid_.nz, static_cast<std::ptrdiff_t>(grid_.nz) * grid_.nx, 1},
        counts_{grid_.nx, grid_.ny, grid_.nz},
        inverse_steps_{1 / grid_.dx, 1 / grid_.dy, 1 / grid_.dz} {
    for_columns([&](std::size_t column, Node* nodes) {
      for (int iz = 0; iz < grid_.nz; ++iz) nodes[iz].rate = rate.plane(iz)[column];
    });
    start();
  }

  Front run() {
    const bool stops = parameters_.seeds.empty() && parameters_.stop_s < kNever;
    march(stops ? kLater * parameters_.stop_s : kNever);
    if (stops) {
      find_margin();
      march(kNever);
    }
    for (std::size_t k = 0; k < order_.size(); ++k) {
      if (k + kAhead < order_.size()) prefetch(order_[k + kAhead]);
      refine(order_[k]);
    }
    if (stops) bound_rest();
    Front front{.arrival_time_s = Field3D<double>(grid_)};
    front.report.n_nodes = static_cast<double>(order_.size());
    for_columns([&](std::size_t column, const Node* nodes) {
      for (int iz = 0; iz < grid_.nz; ++iz) front.arrival_time_s.plane(iz)[column] = nodes[iz].time;
    });
    return front;
  }

 private:
  using Place = std::array<int, 3>;
  static constexpr std::size_t kAhead = 6;  // nodes between the one that is fetched and the one in work

  template <class Action>
  void for_columns(const Action& action) {
    Node* nodes = nodes_.data();
    for (std::size_t column = 0; column < grid_.plane_size(); ++column, nodes += grid_.nz)
      action(column, nodes);
  }

  void start() {
    const auto begin_at = [&](std::size_t i, double time_s) {
      Node& node = nodes_[i];
      node.first = node.time = time_s;
      node.log_rate = std::log(node.rate);
      waiting_.push({time_s, static_cast<std::uint32_t>(i)});
    };
    if (parameters_.seeds.empty()) {
      for (std::size_t column = 0; column < grid_.plane_size(); ++column)
        begin_at(column * static_cast<std::size_t>(grid_.nz), 0);
      return;
    }
    fixed_.assign(grid_.size(), 0);
    for (const FrontSeed& seed : parameters_.seeds) {
      const std::size_t i = (static_cast<std::size_t>(seed.iy) * static_cast<std::size_t>(grid_.nx) +
                             static_cast<std::size_t>(seed.ix)) *
                                static_cast<std::size_t>(grid_.nz) +
                            static_cast<std::size_t>(seed.iz);
      begin_at(i, seed.time_s);
      fixed_[i] = 1;
    }
  }

  // Makes nodes final up to a time. Within a bucket a node may be improved after it was passed on; then it comes
  // into the bucket again.
  void march(double until_s) {
    while (waiting_.advance(until_s)) {
      stop_if_requested();
      std::vector<Arrival> passed;
      for (std::vector<Arrival> now = waiting_.take(); !now.empty(); now = waiting_.take()) {
        for (std::size_t k = 0; k < now.size(); ++k) {
          if (k + kAhead < now.size()) prefetch(now[k + kAhead].node);
          if (now[k].time == nodes_[now[k].node].first) pass_on(now[k]);
        }
        passed.insert(passed.end(), now.begin(), now.end());
      }
      std::ranges::sort(passed, {}, &Arrival::time);
      for (const Arrival& one : passed)
        if (one.time == nodes_[one.node].first) order_.push_back(one.node);
    }
  }

  void pass_on(const Arrival& from) {
    const Node* const node = &nodes_[from.node];
    const Place place = place_of(from.node);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (counts_[axis] == 1) continue;
      for (const int step : {-1, 1}) {
        const std::ptrdiff_t to = beside(axis, place[axis], step);
        if (to == 0 || node[to].first <= from.time) continue;
        // On its other side the front came earlier: nothing new from here.
        const int there_place = place[axis] + static_cast<int>(to / strides_[axis]);
        const std::ptrdiff_t beyond = beside(axis, there_place, step);
        if (beyond != 0 && node[to + beyond].first < from.time) continue;
        const auto next = static_cast<std::uint32_t>(from.node + to);
        if (!allowed_.empty() && !allowed_[next]) continue;
        if (!fixed_.empty() && fixed_[next]) continue;
        Place there = place;
        there[axis] = there_place;
        reach(next, there);
      }
    }
  }

  // A node and its neighbours will be needed soon.
  void prefetch(std::uint32_t i) const {
    const Node* const node = &nodes_[i];
    __builtin_prefetch(node);
    for (std::size_t axis = 0; axis < 2; ++axis) {
      if (counts_[axis] == 1) continue;
      const auto stride = static_cast<std::size_t>(strides_[axis]);
      if (i >= stride) __builtin_prefetch(node - stride);
      if (i + stride < nodes_.size()) __builtin_prefetch(node + stride);
    }
  }

  // First order at a node beside one that has become final.
  void reach(std::uint32_t i, const Place& place) {
    Node& node = nodes_[i];
    if (node.first == kNever) node.log_rate = std::log(node.rate);
    std::array<Upwind, 3> axes;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const std::ptrdiff_t near = earlier(axis, place[axis], &node);
      if (near == 0) continue;
      const double time = (&node)[near].first;
      axes[axis] = {.inverse_nm = inverse_steps_[axis] * inverse_mean_of_step(node, (&node)[near]),
                    .t = time,
                    .from = time};
    }
    const double arrival = solve(axes, 1 / node.rate);
    if (arrival >= node.first) return;
    node.first = arrival;
    waiting_.push({arrival, i});
  }

  // Second order where two nodes in a row are earlier, first order where one is.
  void refine(std::uint32_t i) {
    Node& node = nodes_[i];
    if (node.time != kNever) return;  // where the front starts
    const Place place = place_of(i);
    std::array<Upwind, 3> axes;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const std::ptrdiff_t to_near = earlier(axis, place[axis], &node);
      if (to_near == 0) continue;
      const Node& near = (&node)[to_near];
      if (near.first >= node.first) continue;
      const double m1 = mean_of_step(node, near);
      axes[axis] = {.inverse_nm = inverse_steps_[axis] / m1, .t = near.time, .from = near.time};
      const bool before = to_near == beside(axis, place[axis], -1);
      const std::ptrdiff_t to_next = counts_[axis] > 3 ? beside(axis, place[axis], before ? -2 : 2) : 0;
      if (to_next == 0 || (&node)[to_next].first >= near.first) continue;
      constexpr double kLeast = 0.25, kMost = 4;  // beyond, two steps back say nothing about this one
      const Node& next = (&node)[to_next];
      const double m2 = mean_of_step(near, next);
      const double phi = std::clamp((3 * m1 - node.rate / near.rate * m2) / 2, kLeast, kMost);
      axes[axis].inverse_nm = inverse_steps_[axis] * 1.5 / phi;
      axes[axis].t = (4 * near.time - next.time) / 3;
    }
    const double time = solve(axes, 1 / node.rate);
    node.time = time == kNever ? node.first : time;
  }

  // Way to the earlier of both nodes beside a place along an axis; 0 where the front has reached neither.
  [[nodiscard]] std::ptrdiff_t earlier(std::size_t axis, int place, const Node* node) const {
    if (counts_[axis] == 1) return 0;
    const std::ptrdiff_t before = beside(axis, place, -1), after = beside(axis, place, 1);
    const double early = before != 0 ? node[before].first : kNever,
                 late = after != 0 ? node[after].first : kNever;
    if (early <= late) return early == kNever ? 0 : before;
    return after;
  }

  // From a node back to one beside it.
  [[nodiscard]] static double mean_of_step(const Node& node, const Node& near) {
    return resist::mean_of_step(node.rate / near.rate, near.log_rate - node.log_rate);
  }

  [[nodiscard]] static double inverse_mean_of_step(const Node& node, const Node& near) {
    return resist::inverse_mean_of_step(node.rate / near.rate, near.log_rate - node.log_rate);
  }

  // Nodes around the front at the stop, as far as interpolation between nodes looks.
  void find_margin() {
    constexpr std::array<int, 3> kMargin{2, 2, 1};
    const std::array<int, 3> read_every{parameters_.read_every.x, parameters_.read_every.y,
                                        parameters_.read_every.z};
    allowed_.assign(grid_.size(), 0);
    for (const std::uint32_t i : order_) allowed_[i] = 1;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (counts_[axis] == 1) continue;
      const std::vector<std::uint8_t> core = allowed_;
      const int margin = kMargin[axis] * read_every[axis];
      for (std::uint32_t i = 0; i < core.size(); ++i) {
        if (!core[i]) continue;
        const int place = place_of(i)[axis];
        for (int step = 1; step <= margin; ++step)
          for (const int side : {-step, step})
            if (const std::ptrdiff_t to = beside(axis, place, side))
              allowed_[static_cast<std::uint32_t>(i + to)] = 1;
      }
    }
  }

  // Straight down at the slower rate of each step: no front is later.
  void bound_rest() {
    const double after_stop = std::nextafter(parameters_.stop_s, kNever);
    for_columns([&](std::size_t, Node* nodes) {
      for (int iz = 1; iz < grid_.nz; ++iz)
        if (nodes[iz].first == kNever)
          nodes[iz].time = std::max(after_stop, nodes[iz - 1].time) +
                           grid_.dz / std::min(nodes[iz].rate, nodes[iz - 1].rate);
    });
  }

  [[nodiscard]] Place place_of(std::uint32_t i) const {
    const auto nx = static_cast<std::uint32_t>(grid_.nx), nz = static_cast<std::uint32_t>(grid_.nz);
    const std::uint32_t column = i / nz, row = column / nx;
    return {static_cast<int>(column - row * nx), static_cast<int>(row), static_cast<int>(i - column * nz)};
  }

  // Way to the node `step` further along an axis, or 0 beyond a border.
  [[nodiscard]] std::ptrdiff_t beside(std::size_t axis, int place, int step) const {
    const int n = counts_[axis];
    int to = place + step;
    if (to < 0 || to >= n) {
      if (axis == 2 || !parameters_.periodic) return 0;
      to = ((to % n) + n) % n;
    }
    return (to - place) * strides_[axis];
  }

  Grid3D grid_;
  const FrontParameters& parameters_;
  LargeVector<Node> nodes_;
  std::vector<std::uint8_t> fixed_;    // seeds
  std::vector<std::uint8_t> allowed_;  // after the stop; empty: all
  std::vector<std::uint32_t> order_;   // of arrival
  ArrivalBuckets waiting_;
  std::array<std::ptrdiff_t, 3> strides_;
  std::array<int, 3> counts_;
  std::array<double, 3> inverse_steps_;
};

}  // namespace

Front front_arrival(const Field3D<double>& rate_nm_s, const FrontParameters& parameters) {
  for (const double rate : rate_nm_s.values())
    if (!std::isfinite(rate) || rate <= 0)
      throw InputError(
          fmt::format("development rate = {} nm/s (must be positive and finite); give "
                      "resist.development.r_min_nm_s a value above 0",
                      rate));
  if (rate_nm_s.grid().size() > std::numeric_limits<std::uint32_t>::max())
    throw InputError(fmt::format(
        "the front has {:.2g} nodes (at most 4.2e9 fit into memory); make resist.film.front_step_nm "
        "larger",
        static_cast<double>(rate_nm_s.grid().size())));
  return Marcher(rate_nm_s, parameters).run();
}

}  // namespace undulith::resist
