// SPDX-License-Identifier: MIT
#include "undulith/core/stop.hpp"

#include <atomic>

#include "undulith/core/error.hpp"

namespace undulith {
namespace {

std::atomic<bool> requested = false, finish = false;
static_assert(std::atomic<bool>::is_always_lock_free);  // a signal handler may write it

}  // namespace

void request_stop() noexcept {
  requested = true;
}

bool stop_requested() noexcept {
  return requested.load(std::memory_order_relaxed);
}

void stop_if_requested() {
  if (stop_requested()) throw Interrupted("stopped on request (signal); no results were written");
}

void request_finish() noexcept {
  finish = true;
}

bool finish_requested() noexcept {
  return finish.load(std::memory_order_relaxed);
}

}  // namespace undulith
