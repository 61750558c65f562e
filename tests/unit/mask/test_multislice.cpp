#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>

#include "support/mask_geometries.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/mask/multislice.hpp"

using namespace undulith;
using namespace undulith::mask;
using namespace undulith::masks;
using optics::Polarisation;
using Complex = std::complex<double>;

namespace {

// Some tens of transforms.
constexpr double kRounding = 1e-12;
constexpr Polarisation kBoth[] = {Polarisation::s, Polarisation::p};

double difference(const ReflectedOrder& a, const ReflectedOrder& b) {
  return std::max({std::abs(a.ex - b.ex), std::abs(a.ey - b.ey), std::abs(a.ez - b.ez)});
}

// Largest error of the orders -3 .. 3, of the largest order.
double relative_error(const Reflection& fast, const Reflection& exact) {
  double error = 0, largest = 0;
  for (const ReflectedOrder& wave : exact.orders) {
    if (std::abs(wave.order.m) > 3 || std::abs(wave.order.n) > 3) continue;
    error = std::max(error, difference(wave, fast(wave.order.m, wave.order.n)));
    largest = std::max({largest, std::abs(wave.ex), std::abs(wave.ey), std::abs(wave.ez)});
  }
  return error / largest;
}

MaskGeometry with_absorber(MaskGeometry geometry, Complex index, double thickness_nm) {
  geometry.layers[0].index_outside = index;
  geometry.layers[0].thickness_nm = thickness_nm;
  return geometry;
}

}  // namespace

TEST_CASE("multislice mask: errors against the rigorous solution", "[validation][mask]") {
  struct Entry {
    std::string name;
    MaskGeometry geometry;
    double incidence_deg, azimuth_deg, largest_error;
  };
  MaskGeometry pillar = contact(128);
  pillar.layers[0] = {.thickness_nm = 45,
                      .index_outside = kVacuum,
                      .index_inside = kLowN,
                      .polygons = {rectangle(28, 100, 28, 100)}};
  const double kLines = 0.04, kContacts = 0.02;
  const std::vector<Entry> entries = {
      {"TaBN lines, pitch 128, across", lines(128), 6, 0, kLines},
      {"TaBN lines, pitch 128, along", lines(128), 6, 90, kLines},
      {"TaBN lines, pitch 88, across", lines(88), 6, 0, kLines},
      {"TaBN lines, pitch 80, along", lines(80), 5.355, 90, kLines},
      {"TaBN lines, pitch 128, 9.5 deg", lines(128), 9.5, 0, kLines},
      {"low-n lines, pitch 128, across", with_absorber(lines(128), kLowN, 45), 6, 0, kLines},
      {"Ni lines, pitch 128, across", with_absorber(lines(128), {0.94822262, 0.07272313}, 35), 6, 0, kLines},
      {"TaBN contact of 80 in 160", contact(160), 6, 90, kContacts},
      {"low-n pillar of 72 in 128", pillar, 6, 90, kContacts},
  };
  std::ostringstream table;
  for (const Entry& entry : entries) {
    const TangentialVector k = tangential_vector(entry.incidence_deg, entry.azimuth_deg);
    const RigorousSolver rigorous(entry.geometry, kWavelengthNm, k,
                                  suggested_truncation(entry.geometry, kWavelengthNm, 1e-3));
    const MultisliceSolver fast(entry.geometry, kWavelengthNm, k);
    table << "\n  " << entry.name << ':';
    for (const Polarisation polarisation : kBoth) {
      const double error =
          relative_error(fast.reflect({0, 0}, polarisation), rigorous.reflect({0, 0}, polarisation));
      table << (polarisation == Polarisation::s ? " s " : ", p ") << 100 * error << " %";
      INFO(entry.name);
      CHECK(error < entry.largest_error);
    }
  }
  WARN("multi-slice mask, largest error of the orders -3 .. 3:" << table.str());
}

TEST_CASE("multislice mask: an open mask is the mirror", "[validation][mask]") {
  MaskGeometry geometry = lines(128);
  geometry.layers[0].index_outside = kVacuum;
  std::vector<optics::Film> films = geometry.films;
  films.insert(films.begin(), {.index = kVacuum, .thickness_nm = 60});
  MaskGeometry bare = geometry;
  bare.layers.clear();
  for (const Polarisation polarisation : kBoth) {
    const auto r = [&](const std::vector<optics::Film>& stack) {
      return optics::reflection_amplitude(stack, geometry.substrate, kWavelengthNm, 6, polarisation);
    };
    const auto amplitude = [&](const MaskGeometry& mask) {
      const MultisliceSolver solver(mask, kWavelengthNm, tangential_vector(6, 35));
      const ReflectedOrder wave = solver.reflect({0, 0}, polarisation)(0, 0);
      return polarisation == Polarisation::s ? wave.s : wave.p;
    };
    CHECK(std::abs(amplitude(geometry) - r(films)) < kRounding);
    CHECK(std::abs(amplitude(bare) - r(geometry.films)) < kRounding);
  }
}

TEST_CASE("multislice mask: shifts turn phases, exchange of axes changes nothing", "[property][mask]") {
  // By three pixels of 4 nm.
  const MultisliceParameters coarse{.pixel_nm = 4, .slice_nm = 10};
  MaskGeometry geometry = contact(160), moved = geometry;
  for (layout::Point& point : moved.layers[0].polygons[0]) point.x += 12;
  MaskGeometry lines_x = lines(96), lines_y = lines_x;
  lines_y.cell = {0, 0, 10, 96};
  lines_y.layers[0].polygons = {rectangle(0, 10, 24, 72)};
  const TangentialVector k = tangential_vector(6, 35), exchanged{k.y, k.x};
  for (const Polarisation polarisation : kBoth) {
    const Reflection a = MultisliceSolver(geometry, kWavelengthNm, k, coarse).reflect({0, 0}, polarisation);
    const Reflection b = MultisliceSolver(moved, kWavelengthNm, k, coarse).reflect({0, 0}, polarisation);
    for (const ReflectedOrder& wave : a.orders) {
      const Complex phase = std::polar(1.0, -2 * constants::kPi * wave.order.m * 12 / 160.0);
      CHECK(std::abs(b(wave.order.m, wave.order.n).ex - phase * wave.ex) < kRounding);
    }
    const Reflection x = MultisliceSolver(lines_x, kWavelengthNm, k, coarse).reflect({1, 0}, polarisation);
    const Reflection y =
        MultisliceSolver(lines_y, kWavelengthNm, exchanged, coarse).reflect({0, 1}, polarisation);
    const double sign = polarisation == Polarisation::s ? -1 : 1;
    for (const ReflectedOrder& wave : x.orders)
      CHECK(std::abs(wave.ex - sign * y(wave.order.n, wave.order.m).ey) < kRounding);
  }
}

TEST_CASE("multislice mask: what it refuses", "[unit][mask]") {
  const auto make = [](const MultisliceParameters& parameters) {
    return MultisliceSolver(lines(128), kWavelengthNm, {}, parameters);
  };
  CHECK_THROWS_AS(make({.pixel_nm = 0}), InputError);
  CHECK_THROWS_AS(make({.slice_nm = -1}), InputError);
  CHECK_THROWS_AS(make({.pixel_nm = 1e-7}), InputError);
  CHECK_THROWS_AS(make({}).reflect({10, 0}, Polarisation::s), InputError);
  MaskGeometry gain = lines(128);
  gain.layers[0].index_outside = {0.9, -0.1};
  CHECK_THROWS_AS(MultisliceSolver(gain, kWavelengthNm, {}), InputError);
}
