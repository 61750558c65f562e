// SPDX-License-Identifier: MIT
#include "undulith/core/random.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace undulith {
namespace {

// Poisson numbers by transformed rejection, for means of 10 and more.
template <class Uniform>
std::int64_t poisson_by_rejection(double mean, const Uniform& uniform) {
  const double root = std::sqrt(mean), log_mean = std::log(mean);
  const double b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = uniform() - 0.5, v = uniform();
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= v_r) return static_cast<std::int64_t>(k);
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v) + std::log(inverse_alpha) - std::log(a / (us * us) + b) <=
        -mean + k * log_mean - std::lgamma(k + 1))
      return static_cast<std::int64_t>(k);
  }
}

}  // namespace

std::array<std::uint32_t, 4> philox(const std::array<std::uint32_t, 4>& counter,
                                    const std::array<std::uint32_t, 2>& key) {
  const r123::Philox4x32 generator;
  const auto words = generator({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
  return {words[0], words[1], words[2], words[3]};
}

std::array<double, 2> box_muller(std::uint32_t r0, std::uint32_t r1) {
  constexpr double kUnit = 1.0 / 4294967296.0;
  return box_muller((r0 + 0.5) * kUnit, (r1 + 0.5) * kUnit);
}

std::array<double, 2> box_muller(double u1, double u2) {
  const double radius = std::sqrt(-2 * std::log(u1)), angle = 2 * std::numbers::pi * u2;
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

VoxelRandom::VoxelRandom(std::uint32_t seed, std::uint32_t stream, std::uint64_t voxel,
                         std::uint32_t realisation)
    : key_{seed, stream},
      counter_{static_cast<std::uint32_t>(voxel), static_cast<std::uint32_t>(voxel >> 32), 0, realisation} {}

std::uint64_t VoxelRandom::bits() {
  if (left_ == 0) {
    words_ = philox(counter_, key_);
    ++counter_[2];
    left_ = 4;
  }
  left_ -= 2;
  const auto first = static_cast<std::size_t>(2 - left_);
  return (static_cast<std::uint64_t>(words_[first]) << 32) | words_[first + 1];
}

double VoxelRandom::uniform() {
  constexpr double kUnit = 1.0 / 9007199254740992.0;  // 2^-53
  // The largest sum is rounded to 1.
  return std::min((static_cast<double>(bits() >> 11) + 0.5) * kUnit, 1 - kUnit);
}

double VoxelRandom::normal() {
  if (second_normal_) {
    const double normal = *second_normal_;
    second_normal_.reset();
    return normal;
  }
  const double u1 = uniform();
  const auto pair = box_muller(u1, uniform());
  second_normal_ = pair[1];
  return pair[0];
}

std::int64_t VoxelRandom::poisson(double mean) {
  constexpr double kMost = 1e9, kFewest = 10;
  if (!(mean >= 0) || mean > kMost)
    throw std::invalid_argument("VoxelRandom::poisson: the mean must be in [0, 1e9]");
  if (mean == 0) return 0;
  if (mean >= kFewest) return poisson_by_rejection(mean, [this] { return uniform(); });
  // Inversion: adds terms until the sum exceeds the uniform number.
  const double u = uniform();
  double term = std::exp(-mean), sum = term;
  std::int64_t k = 0;
  while (u > sum && k < 200) {
    ++k;
    term *= mean / static_cast<double>(k);
    sum += term;
  }
  return k;
}

}  // namespace undulith
