// SPDX-License-Identifier: MIT
#include "illuminator/pupil_lattice.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <tuple>
#include <utility>

#include "undulith/core/constants.hpp"

namespace undulith::illuminator {
namespace {

using constants::kPi;

const double kRowStep = std::sqrt(3.0) / 2;  // in units of the pitch
/// Radius of the disc with the area of a lattice cell, in units of the pitch.
const double kCellRadius = std::sqrt(std::sqrt(3.0) / (2 * kPi));

/// Four times the distance from the centre squared, in units of the pitch.
int shell_of(int column, int row) {
  return column * column + 3 * row * row;
}

/// Place on Hilbert's curve through a square of 2^9 by 2^9: neighbours on it are neighbours in the plane.
std::uint32_t along_curve(std::uint32_t x, std::uint32_t y) {
  std::uint32_t distance = 0;
  for (std::uint32_t side = 1U << 8U; side > 0; side /= 2) {
    const std::uint32_t right = (x & side) > 0 ? 1 : 0, up = (y & side) > 0 ? 1 : 0;
    distance += side * side * ((3 * right) ^ up);
    if (up == 0) {
      if (right == 1) {
        x = side - 1 - (x & (side - 1));
        y = side - 1 - (y & (side - 1));
      }
      std::swap(x, y);
    }
  }
  return distance;
}

}  // namespace

PupilLattice::PupilLattice(int n_facets) {
  const auto n = static_cast<std::size_t>(n_facets);
  // A disc of this radius holds more than n places.
  const double reach = 1.2 * std::sqrt(static_cast<double>(n)) * kCellRadius + 2;
  const int rows = static_cast<int>(reach / kRowStep) + 1, columns = static_cast<int>(2 * reach) + 1;
  for (int row = -rows; row <= rows; ++row)
    for (int column = -columns; column <= columns; ++column)
      if (((column + row) % 2) == 0) sites_.push_back({column, row});
  std::ranges::sort(sites_, {}, [](const Site& s) {
    // Within a shell by direction, so that what is taken of the last one can be spread over it.
    return std::tuple(shell_of(s.column, s.row), std::atan2(kRowStep * 2 * s.row, s.column), s.row, s.column);
  });
  const auto shell = [](const Site& s) { return shell_of(s.column, s.row); };
  const int last = shell(sites_[n - 1]);
  const auto first =
                 static_cast<std::size_t>(std::ranges::lower_bound(sites_, last, {}, shell) - sites_.begin()),
             end =
                 static_cast<std::size_t>(std::ranges::upper_bound(sites_, last, {}, shell) - sites_.begin());
  const std::vector<Site> outer(sites_.begin() + static_cast<std::ptrdiff_t>(first),
                                sites_.begin() + static_cast<std::ptrdiff_t>(end));
  for (std::size_t i = first; i < n; ++i) sites_[i] = outer[(i - first) * outer.size() / (n - first)];
  sites_.resize(n);
  pitch_ = 1 / (0.5 * std::sqrt(static_cast<double>(last)) + kCellRadius);
  facet_radius_ = pitch_ * kCellRadius;
  reach_ = columns;
  const auto width = static_cast<std::size_t>(2 * reach_ + 1);
  facet_at_.assign(width * width, n);
  for (std::size_t i = 0; i < n; ++i)
    facet_at_[static_cast<std::size_t>(sites_[i].row + reach_) * width +
              static_cast<std::size_t>(sites_[i].column + reach_)] = i;
}

Vector2 PupilLattice::centre(std::size_t facet) const {
  const Site& site = sites_[facet];
  return {0.5 * pitch_ * site.column, pitch_ * kRowStep * site.row};
}

std::size_t PupilLattice::nearest(Vector2 place) const {
  const auto distance = [&](std::size_t i) {
    const Vector2 c = centre(i);
    return std::hypot(place.x - c.x, place.y - c.y);
  };
  // The nearest place of the endless lattice lies in one of the two rows about it.
  const auto row_below = static_cast<int>(std::floor(place.y / (pitch_ * kRowStep)));
  std::size_t best = size();
  for (const int row : {row_below, row_below + 1}) {
    const int odd = row & 1;
    const int column = 2 * static_cast<int>(std::lround(place.x / pitch_ - 0.5 * odd)) + odd;
    const std::size_t facet = facet_at(column, row);
    // Beyond the rim of the lattice all of them must be compared.
    if (facet == size()) {
      best = size();
      break;
    }
    if (best == size() || distance(facet) < distance(best)) best = facet;
  }
  if (best < size()) return best;
  best = 0;
  for (std::size_t i = 1; i < size(); ++i)
    if (distance(i) < distance(best)) best = i;
  return best;
}

std::size_t PupilLattice::facet_at(int column, int row) const {
  if (std::abs(column) > reach_ || std::abs(row) > reach_) return size();
  return facet_at_[static_cast<std::size_t>(row + reach_) * static_cast<std::size_t>(2 * reach_ + 1) +
                   static_cast<std::size_t>(column + reach_)];
}

std::vector<std::size_t> PupilLattice::spread(const std::vector<std::size_t>& facets, std::size_t n) const {
  std::vector<std::size_t> taken;
  if (n >= facets.size()) {
    taken = facets;
    std::ranges::sort(taken);
    return taken;
  }
  // Mirror images in the axes, in the order of a curve through the quadrant.
  std::vector<std::pair<std::uint32_t, std::size_t>> ordered;
  for (const std::size_t facet : facets) {
    const Site& s = sites_[facet];
    ordered.emplace_back(along_curve(static_cast<std::uint32_t>(std::abs(s.column)),
                                     static_cast<std::uint32_t>(2 * std::abs(s.row))),
                         facet);
  }
  std::ranges::sort(ordered);
  std::vector<std::size_t> spare;
  const double wanted = static_cast<double>(n) / static_cast<double>(facets.size());
  double due = 0;
  for (std::size_t begin = 0; begin < ordered.size();) {
    std::size_t end = begin;
    while (end < ordered.size() && ordered[end].first == ordered[begin].first) ++end;
    const auto images = static_cast<double>(end - begin);
    due += wanted * images;
    const bool take = due >= 0.5 * images && taken.size() + (end - begin) <= n;
    for (std::size_t i = begin; i < end; ++i) (take ? taken : spare).push_back(ordered[i].second);
    if (take) due -= images;
    begin = end;
  }
  // The few that rounding left over, again evenly.
  const std::size_t missing = n - taken.size();
  for (std::size_t i = 0; i < missing; ++i) taken.push_back(spare[i * spare.size() / missing]);
  std::ranges::sort(taken);
  return taken;
}

}  // namespace undulith::illuminator
