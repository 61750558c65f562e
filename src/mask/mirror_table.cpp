// SPDX-License-Identifier: MIT
#include "mask/mirror_table.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/core/parallel.hpp"

namespace undulith::mask {
namespace {

constexpr int kIntervals = 2048, kBlock = 64;

}  // namespace

MirrorTable::MirrorTable(const optics::FlatStack& mirror) : nodes_(kIntervals + 1) {
  parallel_for(kIntervals / kBlock + 1, [&](int block) {
    for (int i = block * kBlock; i < std::min((block + 1) * kBlock, kIntervals + 1); ++i) {
      const double sine = static_cast<double>(i) / kIntervals;
      const std::complex<double> s = mirror.reflection(sine, optics::Polarisation::s),
                                 p = mirror.reflection(sine, optics::Polarisation::p);
      nodes_[static_cast<std::size_t>(i)] = {s.real(), s.imag(), p.real(), p.imag()};
    }
  });
}

MirrorTable::Reflection MirrorTable::operator()(double sine) const {
  // Nodes -2 .. 3 about the interval, moved inwards at the ends.
  const double x = sine * kIntervals;
  const int first = std::clamp(static_cast<int>(x) - 2, 0, kIntervals - 5);
  const double a = x - first, b = a - 1, c = a - 2, d = a - 3, e = a - 4, f = a - 5;
  const double ab = a * b, ef = e * f, abc = ab * c, def = d * ef;
  const double weights[6] = {-b * c * def / 120, a * c * def / 24,  -ab * def / 12,
                             abc * ef / 12,      -abc * d * f / 24, abc * d * e / 120};
  double sums[4] = {};  // s and p, real and imaginary parts side by side
  for (int k = 0; k < 6; ++k) {
    const double* node = nodes_[static_cast<std::size_t>(first + k)].data();
    for (int i = 0; i < 4; ++i) sums[i] += weights[k] * node[i];
  }
  return {{sums[0], sums[1]}, {sums[2], sums[3]}};
}

}  // namespace undulith::mask
