// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "optimise/pixels.hpp"

/// Shapes as sets of pixels, and the discs that fit into them. Beyond the border of the cell a set is empty.
namespace undulith::optimise {

[[nodiscard]] PixelSet complement(const PixelSet& set);

/// What lies beyond the border.
enum class Beyond { empty, full };

/// Pixels whose middle is nearer than `radius` (in pixels) to the middle of a pixel of the set.
/// Exact. Cost O(pixels (2 radius + 1)), vectorised.
[[nodiscard]] PixelSet grown(const PixelSet& set, double radius, Beyond beyond = Beyond::empty);

/// The union of the discs that fit into the set. The discs are grown by `slack` again (in pixels): a slack of 1.5 forgives
/// the rounding of corners by pixels.
[[nodiscard]] PixelSet opened(const PixelSet& set, double radius, double slack = 0,
                              Beyond beyond = Beyond::empty);
/// The complement of opened(complement).
[[nodiscard]] PixelSet closed(const PixelSet& set, double radius, double slack = 0);

/// Pixels of a that are not in b.
[[nodiscard]] PixelSet without(const PixelSet& a, const PixelSet& b);

/// Connected pieces (neighbours along x or y): the places of their pixels.
[[nodiscard]] std::vector<std::vector<std::size_t>> pieces(const PixelSet& set);

}  // namespace undulith::optimise
