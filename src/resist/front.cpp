// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/resist/development.hpp"

namespace undulith::resist {
namespace {

constexpr double kNever = std::numeric_limits<double>::max();

// What one axis says of the time at a node: alpha (T - t)^2 of the sum, and from when on it counts.
struct Upwind {
  double alpha = 0, t = 0, from = kNever;
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

// T with sum alpha (T - t)^2 = slowness^2 over the axes that the front has passed before.
double solve(std::array<Upwind, 3> axes, double slowness) {
  if (axes[1].from < axes[0].from) std::swap(axes[0], axes[1]);
  if (axes[2].from < axes[1].from) std::swap(axes[1], axes[2]);
  if (axes[1].from < axes[0].from) std::swap(axes[0], axes[1]);
  double a = 0, b = 0, c = -slowness * slowness, time = kNever;
  for (const Upwind& axis : axes) {
    if (axis.from >= time) break;  // the front comes from elsewhere before this axis matters
    a += axis.alpha;
    b += axis.alpha * axis.t;
    c += axis.alpha * axis.t * axis.t;
    const double root = b * b - a * c;
    if (root < 0) break;
    time = (b + std::sqrt(root)) / a;
  }
  return time;
}

class Sweeper {
 public:
  Sweeper(const Field3D<double>& rate, const FrontParameters& parameters)
      : grid_(rate.grid()),
        parameters_(parameters),
        arrival_(grid_, kNever),
        slowness_(grid_),
        log_slowness_(grid_),
        fixed_(grid_.size(), 0),
        stale_(grid_.size(), 1),
        strides_{1, grid_.nx, static_cast<std::ptrdiff_t>(grid_.plane_size())},
        counts_{grid_.nx, grid_.ny, grid_.nz},
        steps_{grid_.dx, grid_.dy, grid_.dz} {
    for (std::size_t i = 0; i < grid_.size(); ++i) {
      slowness_.values()[i] = 1 / rate.values()[i];
      log_slowness_.values()[i] = -std::log(rate.values()[i]);
    }
    start();
  }

  Front run() {
    Front front;
    sweep_until_still(false, front.report);
    // Second order takes over who is upwind of whom from first order: what looks only at earlier nodes cannot
    // go in circles.
    order_ = arrival_;
    std::fill(stale_.begin(), stale_.end(), 1);
    sweep_until_still(true, front.report);
    front.arrival_time_s = std::move(arrival_);
    return front;
  }

 private:
  void start() {
    if (!parameters_.seeds.empty()) {
      for (const FrontSeed& seed : parameters_.seeds) {
        const std::size_t i = index(seed.ix, seed.iy, seed.iz);
        arrival_.values()[i] = seed.time_s;
        fixed_[i] = 1;
      }
      return;
    }
    // Straight down is the first guess, and no front is later.
    for (std::size_t k = 0; k < grid_.plane_size(); ++k) {
      double time = 0;
      for (int iz = 0; iz < grid_.nz; ++iz) {
        const std::size_t i = static_cast<std::size_t>(iz) * grid_.plane_size() + k;
        if (iz > 0)
          time += grid_.dz * slowness_.values()[i] *
                  mean_of_step(slowness_.values()[i - grid_.plane_size()] / slowness_.values()[i],
                               log_slowness_.values()[i] - log_slowness_.values()[i - grid_.plane_size()]);
        arrival_.values()[i] = time;
        fixed_[i] = iz == 0;
      }
    }
  }

  [[nodiscard]] std::size_t index(int ix, int iy, int iz) const {
    return (static_cast<std::size_t>(iz) * static_cast<std::size_t>(grid_.ny) +
            static_cast<std::size_t>(iy)) *
               static_cast<std::size_t>(grid_.nx) +
           static_cast<std::size_t>(ix);
  }

  // Place of the node `step` further along an axis, or none beyond a border.
  [[nodiscard]] std::ptrdiff_t beside(int axis, int place, int step) const {
    const int n = counts_[axis];
    int to = place + step;
    if (to < 0 || to >= n) {
      if (axis == 2 || !parameters_.periodic) return 0;
      to = ((to % n) + n) % n;
    }
    return (to - place) * strides_[axis];
  }

  // `when`: the times by which nodes are earlier or later, beside this node as `at`.
  // `slow` and `here`: the slowness and its logarithm, likewise.
  [[nodiscard]] Upwind upwind(int axis, int place, const double* at, const double* when, const double* slow,
                              const double* here, bool second) const {
    const int n = counts_[axis];
    if (n == 1) return {};
    const std::ptrdiff_t before = beside(axis, place, -1), after = beside(axis, place, 1);
    const double early = before != 0 ? when[before] : kNever, late = after != 0 ? when[after] : kNever;
    const bool from_before = early <= late;
    if ((from_before ? early : late) == kNever) return {};
    const std::ptrdiff_t near = from_before ? before : after;
    const double h = steps_[axis];
    if (second && when[near] >= *when) return {};
    const double e1 = slow[near] / *slow, m1 = mean_of_step(e1, here[0] - here[near]);
    const std::ptrdiff_t next = second && n > 3 ? beside(axis, place, from_before ? -2 : 2) : 0;
    if (next != 0 && when[next] < when[near]) {
      constexpr double kLeast = 0.25, kMost = 4;  // beyond, two steps of the past tell nothing
      const double m2 = mean_of_step(slow[next] / slow[near], here[near] - here[next]);
      const double phi = std::clamp((3 * m1 - e1 * m2) / 2, kLeast, kMost);
      return {.alpha = 9 / (4 * h * h * phi * phi), .t = (4 * at[near] - at[next]) / 3, .from = at[near]};
    }
    return {.alpha = 1 / (h * h * m1 * m1), .t = at[near], .from = at[near]};
  }

  // Nodes that look at this one are to be worked out again.
  void disturb(int ix, int iy, int iz, std::size_t i) {
    const std::array<int, 3> place{ix, iy, iz};
    for (int axis = 0; axis < 3; ++axis)
      for (const int step : {-2, -1, 1, 2})
        if (const std::ptrdiff_t to = counts_[axis] > 1 ? beside(axis, place[axis], step) : 0)
          stale_[i + static_cast<std::size_t>(to)] = 1;
  }

  // One row of nodes along x; returns the largest relative change.
  double sweep_row(int iy, int iz, bool backwards, bool second) {
    double largest = 0;
    for (int k = 0; k < grid_.nx; ++k) {
      const int ix = backwards ? grid_.nx - 1 - k : k;
      const std::size_t i = index(ix, iy, iz);
      if (!stale_[i] || fixed_[i]) continue;
      stale_[i] = 0;
      double* at = arrival_.values().data() + i;
      const double *slow = slowness_.values().data() + i, *here = log_slowness_.values().data() + i;
      const double* when = second ? order_.values().data() + i : at;
      double time =
          solve({upwind(0, ix, at, when, slow, here, second), upwind(1, iy, at, when, slow, here, second),
                 upwind(2, iz, at, when, slow, here, second)},
                *slow);
      if (time == kNever) continue;
      if (!second) time = std::min(time, *at);
      const double change = *at == kNever ? 1 : std::abs(time - *at) / std::max(time, 1e-300);
      if (change == 0) continue;
      *at = time;
      // What changes less than asked for is kept, but nobody else is told.
      if (change <= parameters_.tolerance) continue;
      disturb(ix, iy, iz, i);
      largest = std::max(largest, change);
    }
    return largest;
  }

  // All rows in one of eight orders. Rows (iy, iz) on a diagonal touch each other not at all: they run side
  // by side, and the order is that of one thread.
  double sweep(int order, bool second) {
    const bool back_x = order & 1, back_y = order & 2, back_z = order & 4;
    double largest = 0;
    for (int diagonal = 0; diagonal < grid_.ny + grid_.nz - 1; ++diagonal) {
      const int first = std::max(0, diagonal - grid_.nz + 1), last = std::min(diagonal, grid_.ny - 1);
      std::vector<double> changes(static_cast<std::size_t>(last - first + 1));
      const auto row = [&](int k) {
        const int y = first + k, z = diagonal - y;
        changes[static_cast<std::size_t>(k)] =
            sweep_row(back_y ? grid_.ny - 1 - y : y, back_z ? grid_.nz - 1 - z : z, back_x, second);
      };
      constexpr int kWorthThreads = 1024;  // nodes
      if (static_cast<int>(changes.size()) * grid_.nx >= kWorthThreads)
        parallel_for(static_cast<int>(changes.size()), row);
      else
        for (int k = 0; k < static_cast<int>(changes.size()); ++k) row(k);
      for (const double change : changes) largest = std::max(largest, change);
    }
    return largest;
  }

  void sweep_until_still(bool second, FrontReport& report) {
    report.converged = false;
    for (int round = 0; round < parameters_.max_rounds && !report.converged; ++round) {
      report.residual = 0;
      for (int order = 0; order < 8; ++order) {
        if ((order & 1 && grid_.nx == 1) || (order & 2 && grid_.ny == 1)) continue;
        report.residual = std::max(report.residual, sweep(order, second));
        ++report.n_sweeps;
      }
      report.converged = report.residual <= parameters_.tolerance;
    }
  }

  Grid3D grid_;
  const FrontParameters& parameters_;
  Field3D<double> arrival_, slowness_, log_slowness_, order_;
  std::vector<std::uint8_t> fixed_, stale_;
  std::array<std::ptrdiff_t, 3> strides_;
  std::array<int, 3> counts_;
  std::array<double, 3> steps_;
};

}  // namespace

Front front_arrival(const Field3D<double>& rate_nm_s, const FrontParameters& parameters) {
  for (const double rate : rate_nm_s.values())
    if (!std::isfinite(rate) || rate <= 0)
      throw InputError(
          fmt::format("development rate = {} nm/s (must be positive and finite); give "
                      "resist.development.r_min_nm_s a value above 0",
                      rate));
  return Sweeper(rate_nm_s, parameters).run();
}

}  // namespace undulith::resist
