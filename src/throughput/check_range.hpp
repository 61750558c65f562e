#pragma once

#include <string_view>

namespace undulith::throughput {

/// (low, high] or [low, high].
struct Range {
  double low = 0, high = 0;
  bool with_low = true;
  [[nodiscard]] static Range above(double low, double high) { return {low, high, false}; }
  [[nodiscard]] static Range closed(double low, double high) { return {low, high, true}; }
};

/// @param key     in full, as in a job
/// @param advice  what to do
/// @throws InputError  the value lies outside the range, or is NaN
void require(double value, Range range, std::string_view key, std::string_view advice);

/// @throws InputError  always
[[noreturn]] void refuse(double value, std::string_view demand, std::string_view key,
                         std::string_view advice);

}  // namespace undulith::throughput
