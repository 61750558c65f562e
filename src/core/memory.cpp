// SPDX-License-Identifier: MIT
#include "undulith/core/memory.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace undulith {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::infinity();

// The first number of a file; "max" and a missing file give none.
double number_in(const std::string& file) {
  std::ifstream stream(file);
  double value = 0;
  return stream >> value ? value : kUnknown;
}

// Sum of the values of two words in a file of "word value" lines; a missing word counts as 0.
double sum_of_words(const std::string& file, const char* first, const char* second) {
  std::ifstream stream(file);
  double sum = 0, value = 0;
  for (std::string word; stream >> word >> value;)
    if (word == first || word == second) sum += value;
  return sum;
}

double system_bytes() {
  std::ifstream stream("/proc/meminfo");
  for (std::string word; stream >> word;) {
    double kibibytes = 0;
    if (word == "MemAvailable:" && stream >> kibibytes) return kibibytes * 1024;
  }
  return kUnknown;
}

// Files of a control group: its limit, its use, and the part of that taken by cached files, which is freed
// when needed.
double control_group_bytes(const std::string& folder, const char* limit_file, const char* usage_file,
                           const char* inactive_cache, const char* active_cache) {
  const double limit = number_in(folder + limit_file), usage = number_in(folder + usage_file);
  if (limit == kUnknown || usage == kUnknown) return limit;
  const double cache = sum_of_words(folder + "memory.stat", inactive_cache, active_cache);
  return std::max(0.0, limit - usage + cache);
}

}  // namespace

double available_memory_mb() {
  const double version_2 =
      control_group_bytes("/sys/fs/cgroup/", "memory.max", "memory.current", "inactive_file", "active_file");
  const double version_1 =
      control_group_bytes("/sys/fs/cgroup/memory/", "memory.limit_in_bytes", "memory.usage_in_bytes",
                          "total_inactive_file", "total_active_file");
  return std::min({system_bytes(), version_2, version_1}) / 1e6;
}

}  // namespace undulith
