// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "imaging/back_end.hpp"
#include "undulith/core/large_buffer.hpp"
#include "undulith/core/parallel.hpp"

namespace undulith::imaging {

/// Sums of chunks of work, added to one result in the order of the chunks, whichever is ready first: the result
/// does not depend on the threads. Memory: the result, and one part per thread that works or waits for its turn.
/// May be used by many threads.
template <class T>
class OrderedSum {
 public:
  using Part = std::vector<LargeBuffer<T>>;  ///< one per plane

  OrderedSum(int n_planes, std::size_t n_values) : n_planes_(n_planes), n_values_(n_values) {
    for (int plane = 0; plane < n_planes; ++plane) {
      result_.emplace_back(n_values);
      std::ranges::fill(result_.back().values(), 0.0);
    }
  }

  /// A part of zeros.
  [[nodiscard]] Part take() {
    {
      const std::scoped_lock lock(mutex_);
      if (!free_.empty()) {
        Part part = std::move(free_.back());
        free_.pop_back();
        return part;
      }
    }
    Part part;
    for (int plane = 0; plane < n_planes_; ++plane) {
      part.emplace_back(n_values_);
      std::ranges::fill(part.back().values(), T{});
    }
    return part;
  }

  /// The finished part of a chunk; each chunk from 0 on once.
  void give(int chunk, Part part) {
    const std::scoped_lock lock(mutex_);
    waiting_.emplace(chunk, std::move(part));
    for (; !waiting_.empty() && waiting_.begin()->first == next_; ++next_) {
      Part ready = std::move(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      for (std::size_t plane = 0; plane < ready.size(); ++plane) move_to(ready[plane], result_[plane]);
      free_.push_back(std::move(ready));
    }
  }

  /// One sum per plane, when all parts were given.
  [[nodiscard]] std::vector<LargeBuffer<double>> take_result() { return std::move(result_); }

 private:
  // Leaves zeros behind.
  static void move_to(LargeBuffer<T>& part, LargeBuffer<double>& sum) {
    T* from = part.data();
    double* to = sum.data();
    for (std::size_t i = 0; i < part.size(); ++i) {
      to[i] += static_cast<double>(from[i]);
      from[i] = T{};
    }
  }

  int n_planes_;
  std::size_t n_values_;
  std::mutex mutex_;
  std::vector<Part> free_;
  std::map<int, Part> waiting_;
  int next_ = 0;
  std::vector<LargeBuffer<double>> result_;
};

/// Sums over groups of fields, one per plane, the same bits for any number of threads. Each thread that works
/// makes one worker and calls worker(group, part), which adds a group to the sums of a chunk.
template <class T, class MakeWorker>
[[nodiscard]] std::vector<LargeBuffer<double>> sum_groups(int n_groups, int n_planes, std::size_t n_values,
                                                          const MakeWorker& make_worker) {
  OrderedSum<T> sum(n_planes, n_values);
  const int n_chunks = chunk_count(n_groups);
  std::atomic<int> next_chunk = 0;
  // Chunks are taken in their order, so that few finished ones wait for their turn.
  parallel_for(std::min(n_chunks, thread_count()), [&](int) {
    int chunk = next_chunk++;
    if (chunk >= n_chunks) return;
    auto worker = make_worker();
    for (; chunk < n_chunks; chunk = next_chunk++) {
      auto part = sum.take();
      const GroupRange range = groups_of(chunk, n_chunks, n_groups);
      for (int group = range.begin; group < range.end; ++group) worker(group, part);
      sum.give(chunk, std::move(part));
    }
  });
  return sum.take_result();
}

}  // namespace undulith::imaging
