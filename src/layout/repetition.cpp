// SPDX-License-Identifier: MIT
#include "layout/repetition.hpp"

namespace undulith::layout {

void PlaceList::encode(std::int64_t v) {
  auto raw = static_cast<std::uint64_t>(v) << 1 ^ static_cast<std::uint64_t>(v >> 63);
  for (; raw > 0x7F; raw >>= 7) steps_.push_back(static_cast<std::uint8_t>(raw | 0x80U));
  steps_.push_back(static_cast<std::uint8_t>(raw));
}

void PlaceList::add(DbuPoint step) {
  if (kind_ != Kind::along_y) encode(step.x);
  if (kind_ != Kind::along_x) encode(step.y);
  ++size_;
}

std::vector<RealPoint> Repetition::hull() const {
  if (!is_lattice()) return list->hull();
  std::vector<RealPoint> corners;
  for (const double column : {0.0, columns - 1.0}) {
    for (const double row : {0.0, rows - 1.0}) {
      corners.push_back(
          {column * static_cast<double>(column_step.x) + row * static_cast<double>(row_step.x),
           column * static_cast<double>(column_step.y) + row * static_cast<double>(row_step.y)});
    }
  }
  return corners;
}

}  // namespace undulith::layout
