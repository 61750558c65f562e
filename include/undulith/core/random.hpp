// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>

/// Random numbers that belong to a place, not to the order of calls: the same for any number of threads or
/// tiles.
namespace undulith {

/// Philox4x32-10: four words of 32 bits from a counter and a key. Bit-exact to [Salmon2011].
[[nodiscard]] std::array<std::uint32_t, 4> philox(const std::array<std::uint32_t, 4>& counter,
                                                  const std::array<std::uint32_t, 2>& key);

/// Two independent standard normal numbers from two uniform ones in (0, 1), by Box and Muller:
/// (sqrt(-2 ln u1) cos 2 pi u2, sqrt(-2 ln u1) sin 2 pi u2). They end where the smallest u1 ends.
[[nodiscard]] std::array<double, 2> box_muller(double u1, double u2);

/// The same from two words, u = (r + 1/2) / 2^32: ends at 6.76 standard deviations, with gaps before.
[[nodiscard]] std::array<double, 2> box_muller(std::uint32_t r0, std::uint32_t r1);

/// The numbers of one voxel (or sample) in one realisation.
///
/// key = (seed, stream), counter = (voxel low, voxel high, draw, realisation). Two objects with the same
/// arguments give the same numbers, independent of other draws. A caller that draws for several purposes gives
/// each purpose a stream of its own.
class VoxelRandom {
 public:
  VoxelRandom(std::uint32_t seed, std::uint32_t stream, std::uint64_t voxel, std::uint32_t realisation);

  /// Uniform in (0, 1) with 53 bits: 2^-54 to 1 - 2^-53.
  [[nodiscard]] double uniform();
  /// Standard normal from two uniform() by Box and Muller; each pair is used. The largest number is
  /// sqrt(-2 ln 2^-54) = 8.65 standard deviations, beyond which a normal number lies with a probability of
  /// 5e-18. In the tails numbers are 1e-6 apart at 7 standard deviations and 1e-3 at 8.
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
  std::optional<double> second_normal_;  ///< of the last pair
};

}  // namespace undulith
