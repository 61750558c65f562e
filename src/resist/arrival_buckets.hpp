// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace undulith::resist {

/// A front that may reach a node, and when.
struct Arrival {
  double time = 0;
  std::uint32_t node = 0;
};

/// Arrivals by their time, in buckets of 0.1 % of it: a heap takes a logarithm of its size per arrival, with a
/// miss of the cache for most of it.
class ArrivalBuckets {
 public:
  /// An arrival that is earlier than the bucket being worked on comes into that bucket.
  void push(Arrival arrival) {
    buckets_[std::max(bucket_of(arrival.time), current_)].push_back(arrival);
    ++count_;
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }

  /// Goes to the first bucket that has arrivals; false if all that are left are later than a time.
  [[nodiscard]] bool advance(double until) {
    const std::size_t last = bucket_of(until);
    while (current_ < last && buckets_[current_].empty()) ++current_;
    return !buckets_[current_].empty();
  }
  /// All arrivals of the current bucket, the earliest first. More may be pushed into it meanwhile.
  [[nodiscard]] std::vector<Arrival> take() {
    std::vector<Arrival> taken = std::exchange(buckets_[current_], {});
    count_ -= taken.size();
    std::ranges::sort(taken, {}, &Arrival::time);
    return taken;
  }

 private:
  // The first bits of a number are its exponent and the first digits of its mantissa: 1024 buckets for each
  // factor of two between 2^-40 s and 2^40 s; what lies outside shares the first or the last one.
  static constexpr int kDigits = 10, kShift = 52 - kDigits;
  static constexpr std::uint64_t kLow = (1023ULL - 40) << kDigits, kHigh = (1023ULL + 40) << kDigits;
  [[nodiscard]] static std::size_t bucket_of(double time) {
    return std::clamp(std::bit_cast<std::uint64_t>(std::max(time, 0.0)) >> kShift, kLow, kHigh) - kLow;
  }

  std::vector<std::vector<Arrival>> buckets_ = std::vector<std::vector<Arrival>>(kHigh - kLow + 1);
  std::size_t current_ = 0, count_ = 0;
};

}  // namespace undulith::resist
