#include "throughput/check_range.hpp"

#include <fmt/format.h>

#include <cmath>

#include "undulith/core/error.hpp"

namespace undulith::throughput {

void require(double value, Range range, std::string_view key, std::string_view advice) {
  // Comparing NaN would trap where floating-point exceptions are on.
  if (std::isfinite(value) && value <= range.high &&
      (range.with_low ? value >= range.low : value > range.low))
    return;
  refuse(value, fmt::format("in {}{}, {}]", range.with_low ? '[' : '(', range.low, range.high), key, advice);
}

void refuse(double value, std::string_view demand, std::string_view key, std::string_view advice) {
  throw InputError(fmt::format("{} = {} (must be {}); {}", key, value, demand, advice));
}

}  // namespace undulith::throughput
