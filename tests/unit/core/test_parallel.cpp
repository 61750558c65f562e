// SPDX-License-Identifier: MIT
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"

namespace {

/// Puts the number of threads back, so that the order of the cases does not matter.
struct ThreadsFor {
  int before = undulith::thread_count();
  explicit ThreadsFor(int n) { undulith::set_thread_count(n); }
  ~ThreadsFor() { undulith::set_thread_count(before); }
};

/// A sum whose value depends on the order of its terms: each chunk sums its own, chunks are added in order.
std::vector<double> chunked_sums(int n_threads) {
  const ThreadsFor threads(n_threads);
  constexpr int kChunks = 64, kTerms = 5000;
  std::vector<double> partial(kChunks);
  undulith::parallel_for(kChunks, [&](int chunk) {
    double sum = 0;
    for (int i = 0; i < kTerms; ++i) sum += std::sin(chunk * kTerms + i) / (1.0 + i);
    partial[static_cast<std::size_t>(chunk)] = sum;
  });
  return partial;
}

}  // namespace

TEST_CASE("parallel_for calls every index once", "[unit][core]") {
  for (const int n_threads : {1, 2, 7}) {
    const ThreadsFor threads(n_threads);
    std::vector<std::atomic<int>> calls(1000);
    undulith::parallel_for(1000, [&](int i) { ++calls[static_cast<std::size_t>(i)]; });
    for (const auto& count : calls) REQUIRE(count == 1);
  }
  int calls = 0;
  undulith::parallel_for(0, [&](int) { ++calls; });
  CHECK(calls == 0);
}

TEST_CASE("parallel_for gives the same bytes for any number of threads", "[property][core]") {
  const std::vector<double> one = chunked_sums(1);
  for (const int n_threads : {2, 3, 8}) {
    const std::vector<double> many = chunked_sums(n_threads);
    REQUIRE(std::memcmp(one.data(), many.data(), one.size() * sizeof(double)) == 0);
  }
}

TEST_CASE("parallel_for really uses the threads it is given", "[unit][core]") {
  const ThreadsFor threads(2);
  // Each of the two iterations waits for the other one. On a single thread neither could end, so the wait gives up;
  // a loaded machine may start the second thread late.
  constexpr std::chrono::minutes kPatience{2};
  std::mutex mutex;
  std::condition_variable arrival;
  std::set<std::thread::id> at_work;
  undulith::parallel_for(2, [&](int) {
    std::unique_lock lock(mutex);
    at_work.insert(std::this_thread::get_id());
    arrival.notify_all();
    arrival.wait_for(lock, kPatience, [&] { return at_work.size() == 2; });
  });
  CHECK(at_work.size() == 2);
}

TEST_CASE("an exception leaves parallel_for with its type and message", "[unit][core]") {
  for (const int n_threads : {1, 2}) {
    const ThreadsFor threads(n_threads);
    CHECK_THROWS_AS(undulith::parallel_for(100,
                                           [](int i) {
                                             if (i == 37) throw undulith::NumericalError("did not converge");
                                           }),
                    undulith::NumericalError);
    CHECK_THROWS_WITH(undulith::parallel_for(100,
                                             [](int i) {
                                               if (i == 37) throw undulith::Interrupted("stopped");
                                             }),
                      "stopped");
    // The threads are still good for work.
    std::atomic<int> calls = 0;
    undulith::parallel_for(10, [&](int) { ++calls; });
    CHECK(calls == 10);
  }
}

TEST_CASE("nested parallel_for works and keeps thread-local buffers whole", "[unit][core]") {
  const ThreadsFor threads(4);
  std::atomic<int> calls = 0, clobbered = 0;
  undulith::parallel_for(64, [&](int outer) {
    thread_local int buffer = 0;
    buffer = outer;
    undulith::parallel_for(32, [&](int) { ++calls; });
    if (buffer != outer) ++clobbered;
  });
  CHECK(calls == 64 * 32);
  CHECK(clobbered == 0);
}

TEST_CASE("the number of threads is kept and checked", "[unit][core]") {
  const ThreadsFor threads(3);
  CHECK(undulith::thread_count() == 3);
  undulith::set_thread_count(0);
  CHECK(undulith::thread_count() >= 1);
  CHECK_THROWS_AS(undulith::set_thread_count(-1), undulith::InputError);
  CHECK_THROWS_AS(undulith::set_thread_count(1'000'000), undulith::InputError);
}
