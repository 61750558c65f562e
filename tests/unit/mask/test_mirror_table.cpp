// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "mask/slices/mirror_table.hpp"
#include "support/mask_geometries.hpp"
#include "undulith/core/constants.hpp"

using namespace undulith;
using namespace undulith::mask;
using optics::Polarisation;

TEST_CASE("mirror table: reflection of the stack", "[validation][mask]") {
  const MaskGeometry geometry = masks::lines(128);
  const optics::FlatStack stack(geometry.films, geometry.substrate, masks::kWavelengthNm);
  const MirrorTable table(stack);
  const auto largest_error = [&](double from_deg, double to_deg) {
    constexpr int kPoints = 997;  // at no node but by chance
    double error = 0;
    for (int i = 0; i <= kPoints; ++i) {
      const double sine = std::sin((from_deg + (to_deg - from_deg) * i / kPoints) * constants::kPi / 180),
                   square = sine * sine;
      MirrorParts r;
      table.interpolate(std::span(&square, 1), std::span(&r, 1));
      const auto s = stack.reflection(sine, Polarisation::s), p = stack.reflection(sine, Polarisation::p);
      error = std::max({error, std::abs(r.mean - square * r.difference - s),
                        std::abs(r.mean + square * r.difference - p),
                        std::abs(r.mean_twice - square * r.difference_twice - s * s),
                        std::abs(r.mean_twice + square * r.difference_twice - p * p)});
    }
    return error;
  };
  // What the header says.
  CHECK(largest_error(0, 30) < 2e-10);
  CHECK(largest_error(30, 75) < 2e-6);
  CHECK(largest_error(90, 90) < 1e-12);
}
