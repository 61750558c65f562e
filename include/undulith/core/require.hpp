// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "undulith/core/range.hpp"

/// Conditions of a stage on its parameters, beyond the ranges that keys declare.
namespace undulith {

/// "source.fel.harmonic = 2 (must be odd); use 1"
/// @throws InputError  always
[[noreturn]] void refuse(std::string_view name, double value, std::string_view why, std::string_view advice);
[[noreturn]] void refuse(std::string_view name, std::string_view value, std::string_view why,
                         std::string_view advice);

/// @param name    of the value: the key in full where it is one
/// @param why     "must be odd: a planar undulator has no even harmonics on axis"
/// @param advice  what to do: "use 1 or 3"
/// @throws InputError  the condition does not hold
inline void require(bool condition, std::string_view name, double value, std::string_view why,
                    std::string_view advice) {
  if (!condition) refuse(name, value, why, advice);
}

/// @throws InputError  the value is outside of the range, or not finite
void require_in(const Range& range, std::string_view name, double value, std::string_view advice);

}  // namespace undulith
