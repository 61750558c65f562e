// SPDX-License-Identifier: MIT
#include "optimise/width_rules.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace undulith::optimise {
namespace {

constexpr double kSlackPixels = 0.75;  // of the discs: corners of pixels
constexpr double kSmallestShare =
    0.12;  // of the square of a rule: smaller pieces are left to the last opening
constexpr double kCornersPixels = 1.5;  // that pixels take from the corners of a shape
constexpr double kRepairedShare = 0.2;  // of the square of a rule: a little less than what counts as narrow
constexpr double kNearlyWide = 0.7;  // of the least width: what is wider is grown, what is narrower removed

// Pieces that an opening took, if they are large enough to count.
std::vector<std::vector<std::size_t>> large_pieces(const PixelSet& lost, double least_area) {
  auto all = pieces(lost);
  std::erase_if(all, [&](const auto& piece) { return static_cast<double>(piece.size()) < least_area; });
  return all;
}

void force_widths(const PixelSet& shapes, double width, Pixels& force) {  // in pixels
  const double ridge = kNearlyWide * width / 2;
  const PixelSet lost = without(shapes, opened(shapes, width / 2, kSlackPixels));
  const PixelSet middles = complement(grown(complement(shapes), ridge, Beyond::full));
  const PixelSet nearly = grown(middles, ridge + kSlackPixels);
  PixelSet seeds(shapes.nx, shapes.ny);
  for (const auto& piece : large_pieces(lost, kSmallestShare * width * width)) {
    const auto wide = std::ranges::count_if(piece, [&](std::size_t i) { return nearly.values[i] != 0; });
    const bool grow = 2 * static_cast<std::size_t>(wide) > piece.size();
    for (const std::size_t i : piece)
      if (!grow)
        force.values[i] = -1;
      else if (middles.values[i] != 0)
        seeds.values[i] = 1;
  }
  const PixelSet wanted = grown(seeds, width / 2);
  for (std::size_t i = 0; i < force.values.size(); ++i)
    if (wanted.values[i] != 0) force.values[i] = 1;
}

void force_spaces(const PixelSet& shapes, double space, Pixels& force) {  // in pixels
  const PixelSet filled = without(closed(shapes, space / 2, kSlackPixels), shapes);
  for (const auto& piece : large_pieces(filled, kSmallestShare * space * space))
    for (const std::size_t i : piece) force.values[i] = 1;
}

NarrowPlace finding(const std::string& rule, const std::vector<std::size_t>& piece, const PixelSet& set,
                    double pixel_nm, const Box& cell) {
  NarrowPlace result{
      rule, {cell.x1, cell.y1, cell.x0, cell.y0}, static_cast<double>(piece.size()) * pixel_nm * pixel_nm};
  for (const std::size_t place : piece) {
    const double x = cell.x0 + static_cast<double>(place % static_cast<std::size_t>(set.nx)) * pixel_nm;
    const double y = cell.y0 + static_cast<double>(place / static_cast<std::size_t>(set.nx)) * pixel_nm;
    result.where = {std::min(result.where.x0, x), std::min(result.where.y0, y),
                    std::max(result.where.x1, x + pixel_nm), std::max(result.where.y1, y + pixel_nm)};
  }
  return result;
}

// Three rectangles around a disc, whose corners lie outside it: 0.6^2 + 0.8^2 = 1. A pixel wider than its diameter.
PixelSet stepped_disc(double diameter) {
  struct Shares {
    double x, y;
  };
  const int n = static_cast<int>(std::ceil(diameter)) + 1;
  PixelSet disc(n, n);
  for (const Shares& part : {Shares{1, 0.6}, Shares{0.8, 0.8}, Shares{0.6, 1}}) {
    const int skip_x = static_cast<int>((1 - part.x) / 2 * n),
              skip_y = static_cast<int>((1 - part.y) / 2 * n);
    for (int y = skip_y; y < n - skip_y; ++y)
      for (int x = skip_x; x < n - skip_x; ++x) disc(x, y) = 1;
  }
  return disc;
}

// Adds a disc near the middle of a piece, where it covers most of the piece and adds the fewest pixels; of equal places the
// nearest.
void add_disc(const PixelSet& disc, const std::vector<std::size_t>& piece, PixelSet& set) {
  const int n = disc.nx;
  double sum_x = 0, sum_y = 0;
  for (const std::size_t place : piece) {
    sum_x += static_cast<double>(place % static_cast<std::size_t>(set.nx));
    sum_y += static_cast<double>(place / static_cast<std::size_t>(set.nx));
  }
  const int first_x = static_cast<int>(std::lround(sum_x / static_cast<double>(piece.size()))) - n / 2,
            first_y = static_cast<int>(std::lround(sum_y / static_cast<double>(piece.size()))) - n / 2;
  PixelSet narrow(set.nx, set.ny);
  for (const std::size_t place : piece) narrow.values[place] = 1;
  struct Choice {
    int cost, distance, x, y;
  };
  constexpr int kCovered = 2;  // added pixels that a covered one of the piece is worth
  Choice best{n * n + 1, 0, 0, 0};
  for (int y = std::max(0, first_y - n / 4); y <= std::min(set.ny - n, first_y + n / 4); ++y)
    for (int x = std::max(0, first_x - n / 4); x <= std::min(set.nx - n, first_x + n / 4); ++x) {
      Choice here{0, std::abs(x - first_x) + std::abs(y - first_y), x, y};
      for (int v = 0; v < n; ++v)
        for (int u = 0; u < n; ++u)
          if (disc(u, v) != 0) here.cost += (set(x + u, y + v) == 0) - kCovered * (narrow(x + u, y + v) != 0);
      if (std::tie(here.cost, here.distance) < std::tie(best.cost, best.distance)) best = here;
    }
  if (best.cost > n * n) return;  // the set is smaller than the disc
  for (int v = 0; v < n; ++v)
    for (int u = 0; u < n; ++u)
      if (disc(u, v) != 0) set(best.x + u, best.y + v) = 1;
}

}  // namespace

Pixels rule_forces(const PixelSet& shapes, double pixel_nm, const FreeMaskRules& rules, double margin) {
  Pixels force(shapes.nx, shapes.ny);
  if (rules.min_width_nm > 0) force_widths(shapes, (1 + margin) * rules.min_width_nm / pixel_nm, force);
  if (rules.min_space_nm > 0) force_spaces(shapes, (1 + margin / 2) * rules.min_space_nm / pixel_nm, force);
  return force;
}

PixelSet obeying(const PixelSet& shapes, double pixel_nm, const FreeMaskRules& rules) {
  PixelSet result = shapes;
  if (rules.min_space_nm > 0) result = closed(result, rules.min_space_nm / pixel_nm / 2);
  if (rules.min_width_nm > 0) result = opened(result, rules.min_width_nm / pixel_nm / 2);
  if (rules.min_area_nm2 > 0)
    for (const auto& piece : pieces(result))
      if (static_cast<double>(piece.size()) * pixel_nm * pixel_nm < rules.min_area_nm2)
        for (const std::size_t i : piece) result.values[i] = 0;
  return result;
}

PixelSet with_stepped_discs(PixelSet shapes, double pixel_nm, const FreeMaskRules& rules) {
  constexpr int kPasses = 8, kWidened = 2;  // passes; those that widen gaps
  const auto lost = [&](const PixelSet& set, double least, Beyond beyond) {
    return large_pieces(without(set, opened(set, least / 2, kCornersPixels, beyond)),
                        kRepairedShare * least * least);
  };
  // Slivers that earlier discs cut off.
  const auto without_small = [&](PixelSet set, double least) {
    for (const auto& piece : pieces(set))
      if (static_cast<double>(piece.size()) < least * least / 2)
        for (const std::size_t i : piece) set.values[i] = 0;
    return set;
  };
  const double width = rules.min_width_nm / pixel_nm, space = rules.min_space_nm / pixel_nm;
  for (int pass = 0; pass < kPasses; ++pass) {
    bool changed = false;
    if (space > 0) {
      PixelSet gaps = complement(shapes);
      for (const auto& piece : lost(gaps, space, Beyond::full)) {
        changed = true;
        if (pass < kWidened) add_disc(stepped_disc(space), piece, gaps);
        // Where shapes meet at a corner, a wider gap and a wider neck would take turns.
        else
          for (const std::size_t i : piece) gaps.values[i] = 0;
      }
      shapes = complement(without_small(std::move(gaps), space));
    }
    if (width > 0) {
      shapes = without_small(std::move(shapes), width);
      for (const auto& piece : lost(shapes, width, Beyond::empty)) {
        changed = true;
        add_disc(stepped_disc(width), piece, shapes);
      }
    }
    if (!changed) break;
  }
  return shapes;
}

std::vector<NarrowPlace> find_narrow(const PixelSet& shapes, double pixel_nm, const Box& cell,
                                     const FreeMaskRules& rules) {
  // A disc leaves 0.05 of its square in a right angle, and more in the notch between two round shapes.
  constexpr double kNotch = 0.25;
  std::vector<NarrowPlace> findings;
  const auto look = [&](const std::string& rule, double least_nm, PixelSet set, const PixelSet& reached) {
    const double least = least_nm / pixel_nm;
    const auto report = [&](const std::vector<std::size_t>& piece) {
      findings.push_back(finding(rule, piece, shapes, pixel_nm, cell));
    };
    // A shape that no disc fits into is too narrow however small it is.
    for (const auto& whole : pieces(set)) {
      if (std::ranges::any_of(whole, [&](std::size_t i) { return reached.values[i] != 0; })) continue;
      report(whole);
      for (const std::size_t i : whole) set.values[i] = 0;
    }
    for (const auto& piece : large_pieces(without(set, reached), kNotch * least * least)) report(piece);
  };
  if (rules.min_width_nm > 0)
    look("min_width_nm", rules.min_width_nm, shapes,
         opened(shapes, rules.min_width_nm / pixel_nm / 2, kCornersPixels));
  if (rules.min_space_nm > 0)
    look("min_space_nm", rules.min_space_nm, complement(shapes),
         complement(closed(shapes, rules.min_space_nm / pixel_nm / 2, kCornersPixels)));
  if (rules.min_area_nm2 > 0)
    for (const auto& piece : pieces(shapes))
      if (static_cast<double>(piece.size()) * pixel_nm * pixel_nm < rules.min_area_nm2)
        findings.push_back(finding("min_area_nm2", piece, shapes, pixel_nm, cell));
  return findings;
}

}  // namespace undulith::optimise
