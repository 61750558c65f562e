// SPDX-License-Identifier: MIT
#include "imaging/opposite_points.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace undulith::imaging {

std::optional<RealMask> real_mask(const mask::Diffraction& mask) {
  constexpr double kRounding = 1e-14;
  if (mask.thick) return std::nullopt;
  // Rows and columns run from -max to max: the opposite order is as far from the end.
  RealMask real{.orders = mask.amplitudes};
  const std::size_t n = real.orders.size(), zero = n / 2;
  const auto opposite = [n](std::size_t i) { return n - 1 - i; };
  double largest = 0, largest_off = 0;
  std::complex<double> product = 0;  // of two opposite orders: u^2 times a positive number
  for (std::size_t i = 0; i < zero; ++i) {
    const std::complex<double>& a = real.orders[i];
    if (std::norm(a) <= largest_off) continue;
    largest_off = std::norm(a);
    product = a * real.orders[opposite(i)];
  }
  largest = std::sqrt(std::max(largest_off, std::norm(real.orders[zero])));
  const bool is_uniform = std::abs(product) <= kRounding * largest * largest;
  // A real mask keeps its sign and its bytes.
  const bool turned = !is_uniform && std::abs(product.imag()) > kRounding * std::abs(product);
  const std::complex<double> u =
      !turned && product.real() >= 0 ? 1.0 : std::sqrt(product / std::abs(product));
  if (u != 1.0)
    for (std::complex<double>& order : real.orders) order *= std::conj(u);
  if (std::abs(real.orders[zero].imag()) > kRounding * largest) {
    real.constant = real.orders[zero].imag();
    real.orders[zero].imag(0);
  }
  for (std::size_t i = 0; i <= zero; ++i)
    if (std::abs(real.orders[i] - std::conj(real.orders[opposite(i)])) > kRounding * largest)
      return std::nullopt;
  return real;
}

PairedFill pair_opposites(const illuminator::PupilFill& fill) {
  constexpr double kSteps = 1e11, kWeightRounding = 1e-16;
  using Place = std::pair<long long, long long>;
  const auto place_of = [](double x, double y) {
    return Place(std::llround(x * kSteps), std::llround(y * kSteps));
  };
  double total = 0;
  std::map<Place, std::size_t> at;
  for (std::size_t i = 0; i < fill.points.size(); ++i) {
    total += fill.points[i].weight;
    at[place_of(fill.points[i].sigma_x, fill.points[i].sigma_y)] = i;
  }
  PairedFill parts{.paired = fill, .rest = fill};
  parts.paired.points.clear();
  parts.rest.points.clear();
  for (std::size_t i = 0; i < fill.points.size(); ++i) {
    const illuminator::SourcePoint& point = fill.points[i];
    const auto other = at.find(place_of(-point.sigma_x, -point.sigma_y));
    const bool is_paired =
        other != at.end() && at[place_of(point.sigma_x, point.sigma_y)] == i && point.stokes.s3 == 0 &&
        point.stokes == fill.points[other->second].stokes &&
        std::abs(point.weight - fill.points[other->second].weight) <= kWeightRounding * total;
    if (!is_paired) {
      parts.rest.points.push_back(point);
    } else if (other->second >= i) {
      parts.paired.points.push_back(point);
      if (other->second > i) parts.paired.points.back().weight += fill.points[other->second].weight;
    }
  }
  return parts;
}

}  // namespace undulith::imaging
