// SPDX-License-Identifier: MIT
#include "undulith/core/process.hpp"

#include <sys/resource.h>

#include <chrono>

namespace undulith {
namespace {

using Clock = std::chrono::steady_clock;

const Clock::time_point kLoaded = Clock::now();

rusage usage() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return used;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

}  // namespace

double process_wall_s() {
  return std::chrono::duration<double>(Clock::now() - kLoaded).count();
}

double process_cpu_s() {
  const rusage used = usage();
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double process_peak_memory_mb() {
  return 1.024e-3 * static_cast<double>(usage().ru_maxrss);
}

}  // namespace undulith
