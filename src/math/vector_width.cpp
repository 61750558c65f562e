// SPDX-License-Identifier: MIT
#include "undulith/math/vector_width.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <utility>

#include "math/vector_targets.hpp"
// Highway comes after the choice of its targets.
#include <hwy/highway.h>

#include "undulith/core/error.hpp"

namespace undulith::math {
namespace {

struct NamedTarget {
  const char* name;
  std::int64_t bits;
};
// From the narrowest to the widest.
constexpr NamedTarget kTargets[] = {{"scalar", HWY_SCALAR | HWY_EMU128},
                                    {"neon", HWY_NEON},
                                    {"sse4", HWY_SSE4},
                                    {"avx2", HWY_AVX2},
                                    {"avx512", HWY_AVX3}};

// What the processor supports and this build was compiled for, before any choice.
std::int64_t all_targets() {
  static const std::int64_t targets = hwy::SupportedTargets() & (HWY_TARGETS);
  return targets;
}

void use(std::int64_t bits) {
  hwy::SetSupportedTargetsForTest(bits & all_targets());
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

// The name in use; the first call reads the environment.
std::string& current() {
  static std::string name = [] {
    const std::vector<std::string> names = supported_vector_widths();
    const char* wanted = std::getenv("UNDULITH_SIMD");
    if (wanted == nullptr || *wanted == '\0') return names.back();
    if (std::ranges::find(names, wanted) == names.end())
      throw InputError(
          fmt::format("UNDULITH_SIMD = {} (this processor and this build know {}); use one of them, "
                      "or unset the variable",
                      wanted, fmt::join(names, ", ")));
    return std::string(wanted);
  }();
  return name;
}

}  // namespace

std::vector<std::string> supported_vector_widths() {
  std::vector<std::string> names;
  for (const NamedTarget& target : kTargets)
    if ((target.bits & all_targets()) != 0) names.emplace_back(target.name);
  return names;
}

std::string vector_width() {
  static std::once_flag once;
  std::call_once(once, [] { set_vector_width(current()); });
  return current();
}

void set_vector_width(const std::string& name) {
  const std::vector<std::string> names = supported_vector_widths();
  if (std::ranges::find(names, name) == names.end())
    throw InputError(
        fmt::format("vector width \"{}\" (this processor and this build know {}); use one of them", name,
                    fmt::join(names, ", ")));
  use(std::ranges::find(kTargets, name, &NamedTarget::name)->bits);
  current() = name;
}

}  // namespace undulith::math
