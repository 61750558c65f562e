// SPDX-License-Identifier: MIT
#include "mask/slices/mirror_table.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/core/parallel.hpp"
#include "undulith/core/simd.hpp"

namespace undulith::mask {
namespace {

constexpr int kIntervals = 2048, kBlock = 64;
constexpr int kReals = sizeof(MirrorParts) / sizeof(double);

UNDULITH_SIMD_CLONES
void interpolate_nodes(const double* nodes, const double* squares, std::size_t count, double* out) {
  for (std::size_t i = 0; i < count; ++i, out += kReals) {
    // Nodes -2 .. 3 about the interval, moved inwards at the ends.
    const double x = std::sqrt(squares[i]) * kIntervals;
    const int place = static_cast<int>(x) - 2,
              first = place < 0 ? 0 : (place > kIntervals - 5 ? kIntervals - 5 : place);
    const double a = x - first, b = a - 1, c = a - 2, d = a - 3, e = a - 4, f = a - 5;
    const double ab = a * b, ef = e * f, abc = ab * c, def = d * ef;
    const double weights[6] = {-b * c * def / 120, a * c * def / 24,  -ab * def / 12,
                               abc * ef / 12,      -abc * d * f / 24, abc * d * e / 120};
    double sums[kReals] = {};
    const double* node = nodes + kReals * first;
    for (int k = 0; k < 6; ++k, node += kReals)
      for (int j = 0; j < kReals; ++j) sums[j] += weights[k] * node[j];
    for (int j = 0; j < kReals; ++j) out[j] = sums[j];
  }
}

}  // namespace

MirrorTable::MirrorTable(const optics::FlatStack& mirror) : nodes_(kIntervals + 1) {
  parallel_for(kIntervals / kBlock + 1, [&](int block) {
    for (int i = std::max(1, block * kBlock); i < std::min((block + 1) * kBlock, kIntervals + 1); ++i) {
      const double sine = static_cast<double>(i) / kIntervals, square = sine * sine;
      const std::complex<double> s = mirror.reflection(sine, optics::Polarisation::s),
                                 p = mirror.reflection(sine, optics::Polarisation::p);
      nodes_[static_cast<std::size_t>(i)] = {(s + p) / 2.0, (p - s) / (2 * square), (s * s + p * p) / 2.0,
                                             (p * p - s * s) / (2 * square)};
    }
  });
  // At normal incidence both polarisations are one, and the differences are limits: the polynomial through the next six nodes.
  const std::complex<double> normal = mirror.reflection(0, optics::Polarisation::s);
  MirrorParts& zero = nodes_.front();
  zero = {.mean = normal, .mean_twice = normal * normal};
  constexpr double kWeights[] = {6, -15, 20, -15, 6, -1};
  for (std::size_t k = 0; k < 6; ++k) {
    zero.difference += kWeights[k] * nodes_[k + 1].difference;
    zero.difference_twice += kWeights[k] * nodes_[k + 1].difference_twice;
  }
}

void MirrorTable::interpolate(std::span<const double> squares, std::span<MirrorParts> parts) const {
  interpolate_nodes(reinterpret_cast<const double*>(nodes_.data()), squares.data(), squares.size(),
                    reinterpret_cast<double*>(parts.data()));
}

}  // namespace undulith::mask
