// SPDX-License-Identifier: MIT
#include "optimise/pixel_sets.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace undulith::optimise {
namespace {

using Short = std::int16_t;

// Distance along y to the nearest pixel of the set, at most `cap`.
std::vector<Short> column_distances(const PixelSet& set, Short cap, Beyond beyond) {
  const Short start = beyond == Beyond::full ? Short{0} : cap;
  const auto nx = static_cast<std::size_t>(set.nx);
  std::vector<Short> distance(set.values.size()), last(nx, start);
  for (int y = 0; y < set.ny; ++y) {
    const std::uint8_t* in = &set.values[set.place(0, y)];
    Short* out = &distance[set.place(0, y)];
    for (std::size_t x = 0; x < nx; ++x) {
      const Short next = last[x] < cap ? static_cast<Short>(last[x] + 1) : cap;
      last[x] = in[x] != 0 ? Short{0} : next;
      out[x] = last[x];
    }
  }
  std::ranges::fill(last, start);
  for (int y = set.ny - 1; y >= 0; --y) {
    Short* out = &distance[set.place(0, y)];
    for (std::size_t x = 0; x < nx; ++x) {
      const Short next = last[x] < cap ? static_cast<Short>(last[x] + 1) : cap;
      last[x] = std::min(next, out[x]);
      out[x] = last[x];
    }
  }
  return distance;
}

}  // namespace

PixelSet complement(const PixelSet& set) {
  PixelSet result(set.nx, set.ny);
  for (std::size_t i = 0; i < set.values.size(); ++i) result.values[i] = set.values[i] == 0;
  return result;
}

PixelSet grown(const PixelSet& set, double radius, Beyond beyond) {
  constexpr double kRound = 1e-9;  // squares of distances are whole numbers
  const int reach = static_cast<int>(std::ceil(radius));
  const auto limit = static_cast<Short>(std::ceil(radius * radius - kRound) - 1);
  const auto cap = static_cast<Short>(reach + 1);
  const std::vector<Short> distance = column_distances(set, cap, beyond);
  const auto nx = static_cast<std::size_t>(set.nx), pad = static_cast<std::size_t>(reach);
  std::vector<Short> square(nx + 2 * pad, static_cast<Short>(beyond == Beyond::full ? 0 : cap * cap)),
      least(nx);
  PixelSet result(set.nx, set.ny);
  for (int y = 0; y < set.ny; ++y) {
    const Short* from = &distance[set.place(0, y)];
    for (std::size_t x = 0; x < nx; ++x) square[pad + x] = static_cast<Short>(from[x] * from[x]);
    std::ranges::fill(least, std::numeric_limits<Short>::max());
    for (int u = -reach; u <= reach; ++u) {
      const Short* shifted = square.data() + (reach + u);
      const auto more = static_cast<Short>(u * u);
      for (std::size_t x = 0; x < nx; ++x)
        least[x] = std::min(least[x], static_cast<Short>(shifted[x] + more));
    }
    std::uint8_t* out = &result.values[result.place(0, y)];
    for (std::size_t x = 0; x < nx; ++x) out[x] = least[x] <= limit;
  }
  return result;
}

PixelSet opened(const PixelSet& set, double radius, double slack, Beyond beyond) {
  const Beyond opposite = beyond == Beyond::empty ? Beyond::full : Beyond::empty;
  const PixelSet middles = complement(grown(complement(set), radius, opposite));
  return grown(middles, radius + slack, beyond);
}

PixelSet closed(const PixelSet& set, double radius, double slack) {
  return complement(opened(complement(set), radius, slack, Beyond::full));
}

PixelSet without(const PixelSet& a, const PixelSet& b) {
  PixelSet result(a.nx, a.ny);
  for (std::size_t i = 0; i < a.values.size(); ++i) result.values[i] = a.values[i] != 0 && b.values[i] == 0;
  return result;
}

std::vector<std::vector<std::size_t>> pieces(const PixelSet& set) {
  const auto nx = static_cast<std::size_t>(set.nx), ny = static_cast<std::size_t>(set.ny);
  std::vector<std::uint8_t> left = set.values;
  std::vector<std::vector<std::size_t>> result;
  for (std::size_t start = 0; start < left.size(); ++start) {
    if (left[start] == 0) continue;
    std::vector<std::size_t>& piece = result.emplace_back(1, start);
    left[start] = 0;
    const auto take = [&](std::size_t place) {
      if (left[place] == 0) return;
      left[place] = 0;
      piece.push_back(place);
    };
    for (std::size_t i = 0; i < piece.size(); ++i) {
      const std::size_t place = piece[i], x = place % nx, y = place / nx;
      if (x > 0) take(place - 1);
      if (x + 1 < nx) take(place + 1);
      if (y > 0) take(place - nx);
      if (y + 1 < ny) take(place + nx);
    }
  }
  return result;
}

}  // namespace undulith::optimise
