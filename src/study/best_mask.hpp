// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "undulith/layout/clip.hpp"

namespace undulith::study {

/// The best mask of a search so far: at its first step that of its start, then a better one every few seconds.
class BestMask {
 public:
  using Rings = std::vector<layout::Polygon>;
  /// @param keep    takes the best mask
  /// @param better  whether a mask is better than all before; empty: the search hands on its best one
  BestMask(std::function<void(const Rings&)> keep, Rings start, std::function<bool(const Rings&)> better)
      : keep_(std::move(keep)), best_(std::move(start)), better_(std::move(better)) {}

  /// For optimise::SearchWatch.
  void take(const std::function<Rings()>& make) {
    const Clock::time_point begin = Clock::now();
    if (begin < due_) return;
    if (is_first_) {
      is_first_ = false;
    } else if (Rings rings = make(); !better_ || better_(rings)) {
      best_ = std::move(rings);
    }
    keep_(best_);
    // At most a tenth of the time.
    constexpr auto kInterval = std::chrono::seconds(3);
    constexpr int kShare = 10;
    const Clock::time_point end = Clock::now();
    due_ = end + std::max<Clock::duration>(kInterval, kShare * (end - begin));
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::function<void(const Rings&)> keep_;
  Rings best_;
  std::function<bool(const Rings&)> better_;
  bool is_first_ = true;
  Clock::time_point due_{};
};

}  // namespace undulith::study
