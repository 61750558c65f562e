#include "undulith/core/memory.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace undulith {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::infinity();

// The first number of a file; "max" and a missing file are no number.
double number_in(const char* file) {
  std::ifstream stream(file);
  double value = 0;
  return stream >> value ? value : kUnknown;
}

double system_bytes() {
  std::ifstream stream("/proc/meminfo");
  for (std::string word; stream >> word;) {
    double kibibytes = 0;
    if (word == "MemAvailable:" && stream >> kibibytes) return kibibytes * 1024;
  }
  return kUnknown;
}

double control_group_bytes(const char* limit_file, const char* usage_file) {
  const double limit = number_in(limit_file), usage = number_in(usage_file);
  return limit < kUnknown && usage < kUnknown ? std::max(0.0, limit - usage) : limit;
}

}  // namespace

double available_memory_mb() {
  const double version_2 = control_group_bytes("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current");
  const double version_1 = control_group_bytes("/sys/fs/cgroup/memory/memory.limit_in_bytes",
                                               "/sys/fs/cgroup/memory/memory.usage_in_bytes");
  return std::min({system_bytes(), version_2, version_1}) / 1e6;
}

}  // namespace undulith
