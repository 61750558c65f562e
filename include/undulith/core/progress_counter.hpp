// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <mutex>

#include "undulith/core/progress.hpp"

namespace undulith {

/// Counts finished parts of a computation, on any thread, and reports the progress one call at a time.
class ProgressCounter {
 public:
  /// @param progress  must outlive the counter; may be empty
  ProgressCounter(const Progress& progress, std::size_t total) : progress_(progress), total_(total) {}

  void add_one() {
    if (!progress_) return;
    const std::scoped_lock lock(mutex_);
    progress_(static_cast<double>(++done_) / static_cast<double>(total_));
  }

 private:
  const Progress& progress_;
  std::size_t total_, done_ = 0;
  std::mutex mutex_;
};

}  // namespace undulith
