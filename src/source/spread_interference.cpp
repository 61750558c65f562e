// SPDX-License-Identifier: MIT
#include "source/spread_interference.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "source/period_integral.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/simd.hpp"

namespace undulith::source {
namespace {

constexpr std::size_t kBlock = 64;  // values that stay in the first cache while the sum runs

/// Re of the polynomial with these coefficients in z, by Horner, for a block of z.
UNDULITH_SIMD_CLONES
void sum_block(const std::complex<double>* terms, std::size_t n_terms, const double* z_re, const double* z_im,
               double* p_re, double* p_im) {
  for (std::size_t i = 0; i < kBlock; ++i) p_re[i] = p_im[i] = 0;
  for (std::size_t k = n_terms; k-- > 0;) {
    const double c_re = terms[k].real(), c_im = terms[k].imag();
    for (std::size_t i = 0; i < kBlock; ++i) {
      const double re = p_re[i] * z_re[i] - p_im[i] * z_im[i] + c_re;
      p_im[i] = p_re[i] * z_im[i] + p_im[i] * z_re[i] + c_im;
      p_re[i] = re;
    }
  }
}

}  // namespace

SpreadInterference::SpreadInterference(int n_periods, double turns_on_axis, double energy_spread)
    : n_periods_(n_periods), closed_form_(energy_spread == 0) {
  if (closed_form_) return;
  constexpr double kNothing = 1e-12;
  const double variance = energy_spread * energy_spread;
  terms_.emplace_back(n_periods);
  for (int k = 1; k < n_periods; ++k) {
    const double phase = 2 * constants::kPi * k * turns_on_axis;
    const std::complex<double> width(1, -6 * phase * variance);
    const std::complex<double> damping = std::exp(-2 * phase * phase * variance / width) / std::sqrt(width);
    if (std::abs(damping) < kNothing) break;
    terms_.push_back(2.0 * (n_periods - k) * damping);
  }
}

void SpreadInterference::evaluate(std::span<const double> turns, std::span<double> result) const {
  if (closed_form_) {
    std::ranges::transform(turns, result.begin(), [&](double h) { return interference(n_periods_, h); });
    return;
  }
  std::array<double, kBlock> z_re{}, z_im{}, p_re{}, p_im{};
  for (std::size_t first = 0; first < turns.size(); first += kBlock) {
    const std::size_t n = std::min(kBlock, turns.size() - first);
    for (std::size_t i = 0; i < n; ++i) {
      const double angle = 2 * constants::kPi * (turns[first + i] - std::floor(turns[first + i]));
      z_re[i] = std::cos(angle);
      z_im[i] = std::sin(angle);
    }
    sum_block(terms_.data(), terms_.size(), z_re.data(), z_im.data(), p_re.data(), p_im.data());
    // The average of a square is not negative; its truncated sum may be, by rounding.
    for (std::size_t i = 0; i < n; ++i) result[first + i] = std::max(0.0, p_re[i]);
  }
}

}  // namespace undulith::source
