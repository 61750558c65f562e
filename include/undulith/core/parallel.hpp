// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

/// Threads. Work is cut into chunks fixed by the problem, never by the number of threads, and partial results
/// are combined in chunk order, so that every result is the same, bit for bit, for any number of threads.
namespace undulith {

/// Sets the number of threads of parallel_for; 0 = all processors. Also sets BLAS to one thread.
/// Call once from the program, before any work.
void set_thread_count(int n_threads);

/// Number of threads in use, >= 1.
[[nodiscard]] int thread_count();

/// Calls body(i) for every i in [0, n), in any order and on any thread. The first exception stops the others
/// and is rethrown here. body may write only what belongs to its i.
/// @throws Interrupted  after a request to stop (core/stop.hpp)
void parallel_for(int n, const std::function<void(int)>& body);

}  // namespace undulith
