// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "support/fast_marching.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/resist/development.hpp"

using namespace undulith;
using namespace undulith::resist;
using test::FastMarching;
using test::MarchingOrder;

namespace {

constexpr double kSideNm = 24, kDepthNm = 12;

// 2 nm/s times the exponential of four waves: smooth, positive, by a factor of some ten between extremes.
class RandomRate {
 public:
  RandomRate(std::mt19937_64& random, bool three_dimensional) : three_dimensional_(three_dimensional) {
    std::uniform_real_distribution<double> uniform(0, 1);
    const double k0 = 2 * std::numbers::pi / kSideNm;
    for (Wave& wave : waves_) {
      wave.kx = k0 * std::floor(3 * uniform(random));
      wave.ky = three_dimensional ? k0 * std::floor(3 * uniform(random)) : 0;
      wave.kz = 0.3 * uniform(random);
      wave.phase = 2 * std::numbers::pi * uniform(random);
      wave.size = 0.1 + 0.3 * uniform(random);
    }
  }
  [[nodiscard]] Field3D<double> on_nodes(int per_nm) const {
    const double h = 1.0 / per_nm;
    const int n = static_cast<int>(kSideNm) * per_nm;
    Field3D<double> rate(Grid3D{.nx = n,
                                .ny = three_dimensional_ ? n : 1,
                                .nz = static_cast<int>(kDepthNm) * per_nm + 1,
                                .dx = h,
                                .dy = h,
                                .dz = h});
    const Grid3D& grid = rate.grid();
    for (int iz = 0; iz < grid.nz; ++iz)
      for (int iy = 0; iy < grid.ny; ++iy)
        for (int ix = 0; ix < grid.nx; ++ix) {
          double sum = 0;
          for (const Wave& w : waves_)
            sum += w.size * std::cos(w.kx * grid.x(ix) + w.ky * grid.y(iy) + w.kz * grid.z(iz) + w.phase);
          rate(iz, iy, ix) = 2 * std::exp(sum);
        }
    return rate;
  }

 private:
  struct Wave {
    double kx, ky, kz, phase, size;
  };
  std::array<Wave, 4> waves_{};
  bool three_dimensional_;
};

struct Difference {
  double mean = 0, largest = 0;
};
// On the nodes of `coarse`, which are every few of those of `fine`.
Difference difference(const Field3D<double>& coarse, const Field3D<double>& fine) {
  const Grid3D& grid = coarse.grid();
  const int every = (fine.nz() - 1) / (grid.nz - 1), every_y = grid.ny == 1 ? 0 : every;
  Difference out;
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix) {
        const double d = std::abs(coarse(iz, iy, ix) - fine(iz * every, iy * every_y, ix * every));
        out.mean += d / static_cast<double>(grid.size());
        out.largest = std::max(out.largest, d);
      }
  return out;
}

Field3D<double> marched(const RandomRate& rate, int per_nm, MarchingOrder order) {
  const Field3D<double> field = rate.on_nodes(per_nm);
  return FastMarching(field, order).run();
}

// Two discretisations of one equation differ by no more than both together are wrong. How wrong each is, it
// says itself: on average by what halving its step changes (second order); the reference anywhere by what
// second order changes of first (both fall back to first order where fronts meet).
void compare(const RandomRate& rate, int per_nm) {
  const Field3D<double> front = front_arrival(rate.on_nodes(per_nm)).arrival_time_s;
  const Field3D<double> second = marched(rate, per_nm, MarchingOrder::second);
  const Difference seen = difference(front, second);
  CHECK(seen.mean <= difference(second, marched(rate, 2 * per_nm, MarchingOrder::second)).mean +
                         difference(front, front_arrival(rate.on_nodes(2 * per_nm)).arrival_time_s).mean);
  CHECK(seen.largest <= difference(marched(rate, per_nm, MarchingOrder::first), second).largest);
}

}  // namespace

TEST_CASE("front: fast marching finds the same arrival in two dimensions", "[validation][resist]") {
  std::mt19937_64 random(1);
  double apart = 0, closer = 0;
  for (int i = 0; i < 6; ++i) {
    const RandomRate rate(random, false);
    for (const int per_nm : {1, 2, 4}) compare(rate, per_nm);
    const Field3D<double> fine = marched(rate, 16, MarchingOrder::second);
    const auto error = [&](int per_nm) {
      return difference(front_arrival(rate.on_nodes(per_nm)).arrival_time_s, fine).mean;
    };
    // 4 for second order; a front that meets itself costs a little.
    CHECK(error(1) / error(2) > 2.8);
    CHECK(error(2) / error(4) > 2.8);
    const auto from_reference = [&](int per_nm) {
      return difference(front_arrival(rate.on_nodes(per_nm)).arrival_time_s,
                        marched(rate, per_nm, MarchingOrder::second))
          .mean;
    };
    apart += from_reference(1);
    closer += from_reference(4);
  }
  CHECK(apart / closer > 8);  // 16 for a quarter of the step
}

TEST_CASE("front: fast marching finds the same arrival in three dimensions", "[validation][resist]") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 3; ++i) {
    const RandomRate rate(random, true);
    compare(rate, 1);
    const Field3D<double> fine = marched(rate, 4, MarchingOrder::second);
    const auto error = [&](int per_nm) {
      return difference(front_arrival(rate.on_nodes(per_nm)).arrival_time_s, fine).mean;
    };
    CHECK(error(1) / error(2) > 3);
  }
}

TEST_CASE("front: random rates give the same bits on one and two threads", "[property][resist]") {
  std::mt19937_64 random(3);
  for (const bool three_dimensional : {false, true}) {
    const Field3D<double> rate = RandomRate(random, three_dimensional).on_nodes(2);
    set_thread_count(1);
    const Front one = front_arrival(rate);
    set_thread_count(2);
    const Front two = front_arrival(rate);
    set_thread_count(0);
    CHECK(std::ranges::equal(one.arrival_time_s.values(), two.arrival_time_s.values()));
  }
}
