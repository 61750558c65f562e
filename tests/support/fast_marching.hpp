// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <queue>
#include <utility>
#include <vector>

#include "undulith/core/volume.hpp"

namespace undulith::test {

enum class MarchingOrder { first, second };

/// Fast marching from the top surface, laterally periodic, by its definition: of all nodes that the front
/// may reach next, the earliest is final; its neighbours are worked out again from final nodes alone, with
/// one-sided differences over one step, or over two where the farther node is final and not later. An axis
/// whose node turns out later than the result is dropped.
///
/// Slow and plain: it is held against resist::front_arrival, and shares nothing with it but its question.
class FastMarching {
 public:
  FastMarching(const Field3D<double>& rate_nm_s, MarchingOrder order)
      : rate_(rate_nm_s),
        grid_(rate_nm_s.grid()),
        order_(order),
        time_(grid_, std::numeric_limits<double>::infinity()),
        final_(grid_.size(), false) {}

  [[nodiscard]] Field3D<double> run() {
    for (int iy = 0; iy < grid_.ny; ++iy)
      for (int ix = 0; ix < grid_.nx; ++ix) {
        time_(0, iy, ix) = 0;
        waiting_.push({0, {0, iy, ix}});
      }
    while (!waiting_.empty()) {
      const auto [time, node] = waiting_.top();
      waiting_.pop();
      if (final_[index(node)] || time > at(node)) continue;  // an older entry of the same node
      final_[index(node)] = true;
      for (int axis = 0; axis < 3; ++axis)
        for (const int step : {-1, 1}) {
          Node next;
          if (beside(node, axis, step, next) && !final_[index(next)]) work_out(next);
        }
    }
    return time_;
  }

 private:
  using Node = std::array<int, 3>;  // iz, iy, ix
  struct Waiting {
    double time;
    Node node;
    bool operator<(const Waiting& other) const { return time > other.time; }  // the earliest on top
  };
  // (d T / d axis)^2 = weight (T - value)^2
  struct Difference {
    double nearest, value, weight;
  };

  [[nodiscard]] double at(const Node& n) const { return time_(n[0], n[1], n[2]); }
  [[nodiscard]] std::size_t index(const Node& n) const {
    return (static_cast<std::size_t>(n[0]) * static_cast<std::size_t>(grid_.ny) +
            static_cast<std::size_t>(n[1])) *
               static_cast<std::size_t>(grid_.nx) +
           static_cast<std::size_t>(n[2]);
  }
  [[nodiscard]] bool beside(const Node& from, int axis, int step, Node& to) const {
    const std::array<int, 3> counts{grid_.nz, grid_.ny, grid_.nx};
    const int n = counts[static_cast<std::size_t>(axis)];
    if (n == 1) return false;
    to = from;
    int& place = to[static_cast<std::size_t>(axis)];
    place += step;
    if (axis > 0) place = (place + n) % n;
    return place >= 0 && place < n;
  }

  void work_out(const Node& node) {
    const std::array<double, 3> steps{grid_.dz, grid_.dy, grid_.dx};
    std::vector<Difference> differences;
    for (int axis = 0; axis < 3; ++axis) {
      const double h = steps[static_cast<std::size_t>(axis)];
      Difference best{std::numeric_limits<double>::infinity(), 0, 0};
      for (const int side : {-1, 1}) {
        Node near, far;
        if (!beside(node, axis, side, near) || !final_[index(near)] || at(near) >= best.nearest) continue;
        best = {at(near), at(near), 1 / (h * h)};
        if (order_ == MarchingOrder::second && beside(near, axis, side, far) && final_[index(far)] &&
            at(far) <= at(near))
          best = {at(near), (4 * at(near) - at(far)) / 3, 9 / (4 * h * h)};
      }
      if (best.weight > 0) differences.push_back(best);
    }
    std::ranges::sort(differences, {}, &Difference::nearest);
    while (!differences.empty()) {
      const double slowness = 1 / rate_(node[0], node[1], node[2]);
      double a = 0, b = 0, c = -slowness * slowness;
      for (const Difference& d : differences) {
        a += d.weight;
        b += d.weight * d.value;
        c += d.weight * d.value * d.value;
      }
      const double root = b * b - a * c;
      const double time = root >= 0 ? (b + std::sqrt(root)) / a : -1;
      if (time >= differences.back().nearest) {
        if (time < at(node)) {
          time_(node[0], node[1], node[2]) = time;
          waiting_.push({time, node});
        }
        return;
      }
      differences.pop_back();
    }
  }

  const Field3D<double>& rate_;
  Grid3D grid_;
  MarchingOrder order_;
  Field3D<double> time_;
  std::vector<bool> final_;
  std::priority_queue<Waiting> waiting_;
};

}  // namespace undulith::test
