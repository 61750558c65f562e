// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>

#include "undulith/core/random.hpp"

using namespace undulith;

TEST_CASE("random: Philox gives its known answers", "[validation][core]") {
  using Words = std::array<std::uint32_t, 4>;
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr std::uint32_t kAll = 0xffffffff;
  CHECK(philox({kAll, kAll, kAll, kAll}, {kAll, kAll}) ==
        Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("random: Box and Muller's normals", "[validation][core]") {
  const auto words = philox({0, 17, 0, 0}, {2026, 3});
  const auto normals = box_muller(words[0], words[1]);
  CHECK(normals[0] == Approx(-0.05017029662051012).margin(1e-14));
  CHECK(normals[1] == Approx(-0.13561313083550254).margin(1e-7));
}

TEST_CASE("random: normals from uniform numbers of 53 bits", "[validation][core]") {
  // The end: the smallest uniform number is 2^-54.
  CHECK(box_muller(std::ldexp(1.0, -54), 0.0)[0] == Approx(8.6525).epsilon(1e-4));
  // Numbers in the tail are close to each other: with 32 bits the step at 6 deviations is 2e-3.
  const double near = std::exp(-18.0), unit = std::ldexp(1.0, -53);
  CHECK(box_muller(near, 0.0)[0] - box_muller(near + unit, 0.0)[0] < 1e-8);
  // Shares beyond a number of deviations, and moments; both numbers of a pair are used.
  constexpr int kTrials = 400000;
  int beyond = 0;
  double sum = 0, squares = 0, neighbours = 0, last = 0;
  VoxelRandom random(11, 3, 5, 0);
  for (int i = 0; i < kTrials; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
    neighbours += x * last;
    last = x;
    beyond += std::abs(x) > 3 ? 1 : 0;
  }
  const double error = 1 / std::sqrt(kTrials);
  CHECK(std::abs(sum / kTrials) < 4 * error);
  CHECK(std::abs(squares / kTrials - 1) < 4 * std::sqrt(2.0) * error);
  CHECK(std::abs(neighbours / kTrials) < 4 * error);
  const double expected = kTrials * std::erfc(3 / std::sqrt(2.0));
  CHECK(std::abs(beyond - expected) < 4 * std::sqrt(expected));
}

TEST_CASE("random: Poisson numbers have their mean and variance", "[property][core]") {
  for (const double mean : {0.05, 3.0, 9.9, 10.1, 250.0}) {
    constexpr int kTrials = 40000;
    double sum = 0, squares = 0;
    for (int i = 0; i < kTrials; ++i) {
      VoxelRandom random(7, 6, static_cast<std::uint64_t>(i), 0);
      const double x = static_cast<double>(random.poisson(mean)) - mean;
      sum += x;
      squares += x * x;
    }
    const double error = std::sqrt(mean / kTrials);
    CHECK(std::abs(sum / kTrials) < 4 * error);
    // The variance of a squared deviation is mean (1 + 2 mean).
    CHECK(std::abs(squares / kTrials - mean) < 4 * std::sqrt(mean * (1 + 2 * mean) / kTrials));
  }
}

TEST_CASE("random: a place has its own numbers", "[property][core]") {
  VoxelRandom a(1, 0, 12, 3), b(1, 0, 12, 3), c(1, 2, 12, 3);
  const double first = a.uniform();
  CHECK(first == b.uniform());
  CHECK(first != c.uniform());
  CHECK_THROWS_AS(a.poisson(-1), std::invalid_argument);
}
