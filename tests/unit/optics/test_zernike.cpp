// SPDX-License-Identifier: MIT
#include <boost/math/quadrature/gauss.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/optics/zernike.hpp"

using namespace undulith;
using optics::fringe_zernike;
using optics::fringe_zernike_rms;

namespace {

/// Largest coefficient of the radial polynomials is 3150 (index 37): its rounding is 4e-13.
constexpr double kRounding = 1e-12;

}  // namespace

TEST_CASE("Fringe Zernike: values and rms of an independent quadrature", "[validation][optics]") {
  // Case I19 of tests/reference: index, rms, value at (0.6, 0.7 rad), value at (1, 2.1 rad).
  struct Row {
    int index;
    double rms, a, b;
  };
  for (const Row& row : std::vector<Row>{
           {1, 0.9999999999999999, 1, 1},
           {2, 0.5000000000000002, 0.4589053123706932, -0.5048461045998575},
           {3, 0.5000000000000002, 0.3865306123426146, 0.8632093666488737},
           {4, 0.5773502691896263, -0.28, 1},
           {5, 0.4082482904638634, 0.06118817144408677, -0.4902608213406994},
           {6, 0.4082482904638634, 0.3547619027958456, -0.8715757724135881},
           {7, 0.3535533905932742, -0.4221928873810378, -0.5048461045998575},
           {8, 0.3535533905932742, -0.3556081633552055, 0.8632093666488737},
           {9, 0.4472135954999586, -0.3824000000000001, 1},
           {10, 0.3535533905932743, -0.1090467585935691, 0.9998586363834152},
           {11, 0.3535533905932741, 0.1864532231961567, 0.0168139004843506},
           {12, 0.3162277660168384, -0.09545354745277539, -0.4902608213406994},
           {13, 0.3162277660168384, -0.5534285683615193, -0.8715757724135881},
           {14, 0.2886751345948134, -0.01101372749689661, -0.5048461045998575},
           {15, 0.2886751345948135, -0.009276734696222731, 0.8632093666488737},
           {16, 0.377964473009228, 0.3651200000000001, 1},
           {17, 0.3162277660168384, -0.1221120153506581, -0.5192886541166855},
           {18, 0.3162277660168385, 0.0434144642602053, 0.8545989080882804},
       }) {
    CAPTURE(row.index);
    CHECK(std::abs(fringe_zernike_rms(row.index) - row.rms) < kRounding);
    CHECK(std::abs(fringe_zernike(row.index, 0.6, 0.7) - row.a) < kRounding);
    CHECK(std::abs(fringe_zernike(row.index, 1.0, 2.1) - row.b) < kRounding);
  }
}

TEST_CASE("Fringe Zernike: the written-out polynomials of the higher terms", "[validation][optics]") {
  for (const double r : {0.0, 0.3, 0.77, 1.0}) {
    const double t = 0.4;
    const auto p = [r](int k) { return std::pow(r, k); };
    CAPTURE(r);
    CHECK(fringe_zernike(19, r, t) == Approx((5 * p(5) - 4 * p(3)) * std::cos(3 * t)).margin(kRounding));
    CHECK(fringe_zernike(22, r, t) ==
          Approx((15 * p(6) - 20 * p(4) + 6 * p(2)) * std::sin(2 * t)).margin(kRounding));
    CHECK(fringe_zernike(25, r, t) ==
          Approx(70 * p(8) - 140 * p(6) + 90 * p(4) - 20 * p(2) + 1).margin(kRounding));
    CHECK(fringe_zernike(26, r, t) == Approx(p(5) * std::cos(5 * t)).margin(kRounding));
    CHECK(fringe_zernike(34, r, t) ==
          Approx((126 * p(9) - 280 * p(7) + 210 * p(5) - 60 * p(3) + 5 * r) * std::cos(t)).margin(kRounding));
    CHECK(fringe_zernike(36, r, t) ==
          Approx(252 * p(10) - 630 * p(8) + 560 * p(6) - 210 * p(4) + 30 * p(2) - 1).margin(kRounding));
    CHECK(fringe_zernike(37, r, t) ==
          Approx(924 * p(12) - 2772 * p(10) + 3150 * p(8) - 1680 * p(6) + 420 * p(4) - 42 * p(2) + 1)
              .margin(kRounding));
  }
}

TEST_CASE("Fringe Zernike: orthogonal on the disc, rms as stated, unit peak on the rim",
          "[property][optics]") {
  // Exact for degree 39 in rho and frequency 31 in theta; the products reach 25 and 10.
  using Radial = boost::math::quadrature::gauss<double, 20>;
  const int n_angles = 32;
  const auto mean_product = [&](int i, int j) {
    const auto on_circle = [&](double rho) {
      double sum = 0;
      for (int a = 0; a < n_angles; ++a) {
        const double t = 2 * constants::kPi * a / n_angles;
        sum += fringe_zernike(i, rho, t) * fringe_zernike(j, rho, t) / n_angles;
      }
      return 2 * rho * sum;
    };
    return Radial::integrate(on_circle, 0, 1);
  };
  for (int i = 1; i <= 37; ++i) {
    for (int j = 1; j < i; ++j) {
      CAPTURE(i, j);
      CHECK(std::abs(mean_product(i, j)) < kRounding);
    }
    CAPTURE(i);
    CHECK(mean_product(i, i) == Approx(fringe_zernike_rms(i) * fringe_zernike_rms(i)).epsilon(1e-11));
    double peak = 0;
    for (int a = 0; a < 360 * 4; ++a)
      peak = std::max(peak, std::abs(fringe_zernike(i, 1, 2 * constants::kPi * a / (360 * 4))));
    CHECK(peak == Approx(1).epsilon(1e-4));  // sampled at a quarter degree
  }
}

TEST_CASE("Fringe Zernike: index out of range", "[unit][optics]") {
  for (const int index : {-1, 0, 38, 100}) {
    CHECK_THROWS_AS(fringe_zernike(index, 0.5, 0), InputError);
    CHECK_THROWS_AS(fringe_zernike_rms(index), InputError);
  }
}

TEST_CASE("Wavefront: the polynomial equals the sum of its terms", "[property][optics]") {
  std::vector<optics::ZernikeTerm> terms;
  for (int index = 1; index <= 37; ++index) terms.push_back({index, 0.01 * (index % 7 - 3)});
  for (int index = 1; index <= 37; ++index) {
    const std::vector<optics::ZernikeTerm> one = {{index, 1}};
    const optics::Wavefront wavefront(one);
    for (const auto& [rho, theta] : {std::pair{0.0, 0.0}, {0.37, 1.1}, {0.9, -2.6}, {1.0, 3.0}})
      CHECK(std::abs(wavefront.waves(rho * std::cos(theta), rho * std::sin(theta)) -
                     fringe_zernike(index, rho, theta)) < kRounding);
  }
  const optics::Wavefront all(terms);
  double sum = 0;
  for (const auto& term : terms) sum += term.waves * fringe_zernike(term.index, 0.8, 0.3);
  CHECK(std::abs(all.waves(0.8 * std::cos(0.3), 0.8 * std::sin(0.3)) - sum) < kRounding);
  const std::vector<optics::ZernikeTerm> none = {{9, 0.0}}, beyond = {{38, 0.1}};
  CHECK(optics::Wavefront(none).is_flat());
  CHECK(optics::Wavefront().waves(0.5, 0.5) == 0);
  CHECK_THROWS_AS(optics::Wavefront(beyond), InputError);
}
