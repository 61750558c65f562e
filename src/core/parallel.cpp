// SPDX-License-Identifier: MIT
#include "undulith/core/parallel.hpp"

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "undulith/core/error.hpp"
#include "undulith/core/stop.hpp"

namespace undulith {
namespace {

// The threads of the program. The global limit allows more threads than processors in the arena, which the
// tests of reproducibility use. The arena separates our loops from those of a host program.
class Threads {
 public:
  explicit Threads(int count)
      : limit_(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(count)),
        arena_(count) {}
  [[nodiscard]] tbb::task_arena& arena() { return arena_; }

 private:
  tbb::global_control limit_;
  tbb::task_arena arena_;
};

struct Shared {
  std::mutex mutex;
  std::shared_ptr<Threads> threads;
  int count = 0;  // 0: not set yet
};

Shared& shared() {
  static Shared instance;
  return instance;
}

std::shared_ptr<Threads> current_threads() {
  Shared& s = shared();
  const std::scoped_lock lock(s.mutex);
  if (!s.threads) {
    if (s.count == 0) s.count = tbb::info::default_concurrency();
    s.threads = std::make_shared<Threads>(s.count);
  }
  return s.threads;
}

}  // namespace

void set_thread_count(int n_threads) {
  constexpr int kMost = 4096;  // far above any machine; catches a mistake such as -j 100000
  if (n_threads < 0 || n_threads > kMost)
    throw InputError("number of threads = " + std::to_string(n_threads) +
                     " (must be in [0, 4096]); use 0 for all processors");
  Shared& s = shared();
  const std::scoped_lock lock(s.mutex);
  s.count = n_threads == 0 ? tbb::info::default_concurrency() : n_threads;
  s.threads.reset();
}

int thread_count() {
  Shared& s = shared();
  const std::scoped_lock lock(s.mutex);
  return s.count == 0 ? tbb::info::default_concurrency() : s.count;
}

void parallel_for(int n, const std::function<void(int)>& body) {
  if (n <= 0) return;
  const std::shared_ptr<Threads> threads = current_threads();
  // oneTBB orders what comes before, within and after the loop, but the thread sanitizer does not see into it.
  std::atomic<int> begun = 0, done = 0;
  begun.store(1, std::memory_order_release);
  threads->arena().execute([&] {
    // Isolated: a thread that waits for an inner loop must not start an iteration of the outer loop, which
    // would share the thread-local buffers of the waiting iteration.
    tbb::this_task_arena::isolate([&] {
      tbb::parallel_for(
          tbb::blocked_range<int>(0, n, 1),
          [&](const tbb::blocked_range<int>& range) {
            static_cast<void>(begun.load(std::memory_order_acquire));
            for (int i = range.begin(); i < range.end(); ++i) {
              stop_if_requested();
              body(i);
            }
            done.fetch_add(1, std::memory_order_release);
          },
          tbb::simple_partitioner{});
    });
  });
  static_cast<void>(done.load(std::memory_order_acquire));
}

}  // namespace undulith
