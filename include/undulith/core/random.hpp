// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

/// Random numbers that belong to a place, not to the order of calls: the same for any number of threads or
/// tiles.
namespace undulith {

/// Philox4x32-10: four words of 32 bits from a counter and a key. Bit-exact to [Salmon2011].
[[nodiscard]] std::array<std::uint32_t, 4> philox(const std::array<std::uint32_t, 4>& counter,
                                                  const std::array<std::uint32_t, 2>& key);

/// Two independent standard normal numbers from two words, by Box and Muller:
/// u = (r + 1/2) / 2^32, (sqrt(-2 ln u1) cos 2 pi u2, sqrt(-2 ln u1) sin 2 pi u2).
[[nodiscard]] std::array<double, 2> box_muller(std::uint32_t r0, std::uint32_t r1);

/// The numbers of one voxel (or sample) in one realisation.
///
/// key = (seed, stream), counter = (voxel low, voxel high, draw, realisation). Two objects with the same
/// arguments give the same numbers, independent of other draws. A caller that draws for several purposes gives
/// each purpose a stream of its own.
class VoxelRandom {
 public:
  VoxelRandom(std::uint32_t seed, std::uint32_t stream, std::uint64_t voxel, std::uint32_t realisation);

  /// Uniform in (0, 1) with 53 bits.
  [[nodiscard]] double uniform();
  [[nodiscard]] double normal();
  /// Poisson number of the given mean, in [0, 1e9]. Mean below 10 by inversion of one uniform number, above
  /// by transformed rejection [Hoermann1993].
  /// @throws std::invalid_argument  mean is negative, too large or not a number
  [[nodiscard]] std::int64_t poisson(double mean);

 private:
  [[nodiscard]] std::uint64_t bits();
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> words_{};
  int left_ = 0;
};

}  // namespace undulith
