// SPDX-License-Identifier: MIT
#include "undulith/core/require.hpp"

#include <fmt/format.h>

#include "undulith/core/error.hpp"

namespace undulith {

void refuse(std::string_view name, double value, std::string_view why, std::string_view advice) {
  refuse(name, fmt::format("{}", value), why, advice);
}

void refuse(std::string_view name, std::string_view value, std::string_view why, std::string_view advice) {
  throw InputError(fmt::format("{} = {} ({}); {}", name, value, why, advice));
}

void require_in(const Range& range, std::string_view name, double value, std::string_view advice) {
  if (!range.contains(value)) refuse(name, value, "must be " + range.text(), advice);
}

}  // namespace undulith
