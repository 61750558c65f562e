// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "mask/mirror_table.hpp"
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
      const double sine = std::sin((from_deg + (to_deg - from_deg) * i / kPoints) * constants::kPi / 180);
      const MirrorTable::Reflection r = table(sine);
      error = std::max({error, std::abs(r.s - stack.reflection(sine, Polarisation::s)),
                        std::abs(r.p - stack.reflection(sine, Polarisation::p))});
    }
    return error;
  };
  // What the header says.
  CHECK(largest_error(0, 30) < 2e-10);
  CHECK(largest_error(30, 75) < 2e-6);
  CHECK(table(1).s.real() == Approx(-1));
}
