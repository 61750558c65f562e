// SPDX-License-Identifier: MIT
#include "math/line_plan.hpp"

#include <cmath>
#include <stdexcept>

#include "undulith/core/constants.hpp"

namespace undulith::math {
namespace {

// Eights, then fours, fives and threes; a two only where there is no eight to make two fours of. Empty for 1
// and for lengths with other factors.
std::vector<int> radices_of(int n) {
  int bits = 0;
  std::vector<int> odd;
  for (; n % 2 == 0; n /= 2) ++bits;
  for (const int factor : {5, 3})
    for (; n % factor == 0; n /= factor) odd.push_back(factor);
  if (n != 1) return {};
  const bool split = bits % 3 == 1 && bits > 3;
  std::vector<int> radices(static_cast<std::size_t>(bits / 3 - (split ? 1 : 0)), 8);
  radices.insert(radices.end(), split ? 2U : (bits % 3 == 2 ? 1U : 0U), 4);
  radices.insert(radices.end(), odd.begin(), odd.end());
  if (bits == 1) radices.push_back(2);
  return radices;
}

}  // namespace

bool has_line_plan(int n) {
  return n == 1 || (n > 1 && !radices_of(n).empty());
}

template <class T>
LinePlan<T>::LinePlan(int n_, int n_in_) : n(n_), n_in(n_in_) {
  if (!has_line_plan(n) || n_in < 1 || n_in > n)
    throw std::invalid_argument("LinePlan: needs a length of factors 2, 3 and 5 and an input within it");
  int length = n;
  for (const int radix : radices_of(n)) {
    const int m = length / radix;
    passes.push_back({radix, m, twiddles.size()});
    for (int j = 0; j < m; ++j)
      for (int q = 1; q < radix; ++q) {
        const double angle =
            2 * constants::kPi * static_cast<double>(static_cast<long long>(j) * q % length) / length;
        twiddles.push_back(static_cast<T>(std::cos(angle)));
        twiddles.push_back(static_cast<T>(std::sin(angle)));
      }
    length = m;
  }
  for (int p = 0; p < n; ++p) {
    int rest = p, weight = 1, sample = 0;
    for (const LinePass& pass : passes) {
      sample += rest / pass.m * weight;
      rest %= pass.m;
      weight *= pass.radix;
    }
    order.push_back(sample);
  }
}

template struct LinePlan<double>;
template struct LinePlan<float>;

}  // namespace undulith::math
