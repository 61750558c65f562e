// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <sstream>

#include "support/mask_geometries.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/mask/multislice.hpp"
#include "undulith/math/vector_width.hpp"

using namespace undulith;
using namespace undulith::mask;
using namespace undulith::masks;
using optics::Polarisation;
using Complex = std::complex<double>;

namespace {

// Some tens of transforms; at 6 degrees the table of the mirror is as good.
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

TEST_CASE("multislice mask: both polarisations at once are each of them", "[unit][mask]") {
  const TangentialVector bloch = tangential_vector(6, 70);
  const MultisliceSolver solver(contact(160), kWavelengthNm, bloch);
  const Order incident{1, -1};
  const TangentialVector k{bloch.x + kWavelengthNm / 160, bloch.y - kWavelengthNm / 160};
  const MaskJones jones = solver.reflect_all(incident, 3, 2);
  const MaskJones same = MultisliceSolver(contact(160), kWavelengthNm, {}).reflect_direction(k, 3, 2);
  REQUIRE(jones.orders.size() == 35);
  const double sine = std::hypot(k.x, k.y), cosine = std::sqrt(1 - sine * sine);
  for (const Polarisation polarisation : kBoth) {
    const Reflection reflection = solver.reflect(incident, polarisation);
    const bool is_s = polarisation == Polarisation::s;
    const double ex = is_s ? -k.y / sine : cosine * k.x / sine, ey = is_s ? k.x / sine : cosine * k.y / sine;
    for (int n = -2; n <= 2; ++n)
      for (int m = -3; m <= 3; ++m) {
        const ReflectedOrder& wave = reflection(incident.m + m, incident.n + n);
        for (const OrderJones& matrix : {jones(m, n), same(m, n)}) {
          CHECK(std::abs(matrix.xx * ex + matrix.xy * ey - wave.ex) < kRounding);
          CHECK(std::abs(matrix.yx * ex + matrix.yy * ey - wave.ey) < kRounding);
        }
      }
  }
}

TEST_CASE("multislice mask: orders that do not leave are 0", "[unit][mask]") {
  const MultisliceSolver solver(lines(128), kWavelengthNm, tangential_vector(6, 0));
  const MaskJones jones = solver.reflect_all({0, 0}, 12, 1);
  CHECK(std::abs(jones(1, 0).xx) > 0.01);
  CHECK(jones(12, 0).xx == 0.0);
  CHECK(jones(0, 1).yy == 0.0);
}

TEST_CASE("multislice mask: threads change no bit", "[property][mask]") {
  const int before = thread_count();
  const auto run = [](int n_threads) {
    set_thread_count(n_threads);
    const MultisliceSolver solver(contact(160), kWavelengthNm, {});
    std::vector<MaskJones> all(6);
    parallel_for(6, [&](int i) {
      all[static_cast<std::size_t>(i)] = solver.reflect_direction(tangential_vector(2.0 * i, 80), 2, 2);
    });
    return all;
  };
  const auto one = run(1), two = run(2);
  set_thread_count(before);
  for (std::size_t i = 0; i < one.size(); ++i)
    for (std::size_t j = 0; j < one[i].orders.size(); ++j) {
      CHECK(one[i].orders[j].xx == two[i].orders[j].xx);
      CHECK(one[i].orders[j].xy == two[i].orders[j].xy);
      CHECK(one[i].orders[j].yy == two[i].orders[j].yy);
    }
}

TEST_CASE("multislice mask: single precision is a thousandth of the error of the model",
          "[validation][mask]") {
  constexpr double kSingle = 3e-6;  // of the largest order; some tens of transforms
  MaskGeometry two_films = contact(160);
  two_films.layers.push_back(two_films.layers.front());
  two_films.layers[0].thickness_nm = 4;
  const SurfaceDefect bump{.x_nm = 80, .y_nm = 60, .height_nm = 2, .fwhm_nm = 60};
  for (const MaskGeometry& geometry : {lines(128), contact(160), two_films})
    for (const bool has_bump : {false, true}) {
      MultisliceParameters parameters;
      if (has_bump) parameters.defects = {bump};
      const auto orders = [&](Precision precision) {
        parameters.precision = precision;
        return MultisliceSolver(geometry, kWavelengthNm, {}, parameters)
            .reflect_direction(tangential_vector(8, 70), 4, 0);
      };
      const MaskJones a = orders(Precision::float64), b = orders(Precision::float32);
      double largest = 0, difference = 0;
      for (std::size_t i = 0; i < a.orders.size(); ++i) {
        largest = std::max(largest, std::abs(a.orders[i].xx));
        difference =
            std::max({difference, std::abs(a.orders[i].xx - b.orders[i].xx),
                      std::abs(a.orders[i].yy - b.orders[i].yy), std::abs(a.orders[i].xy - b.orders[i].xy)});
      }
      CHECK(difference < kSingle * largest);
      CHECK(difference > 0);
    }
}

TEST_CASE("multislice mask: the same bytes at every vector width", "[property][mask]") {
  for (const Precision precision : {Precision::float32, Precision::float64}) {
    std::vector<MaskJones> all;
    for (const std::string& width : math::supported_vector_widths()) {
      math::set_vector_width(width);
      all.push_back(MultisliceSolver(contact(160), kWavelengthNm, {}, {.precision = precision})
                        .reflect_direction(tangential_vector(6, 80), 3, 3));
    }
    for (const MaskJones& jones : all)
      for (std::size_t i = 0; i < jones.orders.size(); ++i) {
        CHECK(jones.orders[i].xx == all.front().orders[i].xx);
        CHECK(jones.orders[i].xy == all.front().orders[i].xy);
        CHECK(jones.orders[i].yy == all.front().orders[i].yy);
      }
  }
}

TEST_CASE("multislice mask: slices and pixels converge", "[validation][mask]") {
  const TangentialVector k = tangential_vector(6, 90);
  for (const MaskGeometry& geometry : {lines(128), contact(160)}) {
    const auto change = [&](const MultisliceParameters& a, const MultisliceParameters& b) {
      return relative_error(MultisliceSolver(geometry, kWavelengthNm, k, a).reflect({0, 0}, Polarisation::s),
                            MultisliceSolver(geometry, kWavelengthNm, k, b).reflect({0, 0}, Polarisation::s));
    };
    // Between first and second order: the edges of the pattern are sharp.
    const double at_10 = change({6, 10}, {6, 0.25}), at_5 = change({6, 5}, {6, 0.25}),
                 at_2p5 = change({6, 2.5}, {6, 0.25});
    CHECK(at_10 / at_5 > 2.8);
    CHECK(at_5 / at_2p5 > 2.8);
    CHECK(at_5 < 1.5e-3);
    CHECK(change({6, 7.5}, {2, 7.5}) < 3e-3);
  }
}

TEST_CASE("multislice mask: a bump everywhere is a mirror that lies higher", "[validation][mask]") {
  // Light has the shorter way: the phase is that of a thinner layer of vacuum above the mirror.
  const double kHeightNm = 2;
  MaskGeometry open = contact(160);
  open.layers[0].index_outside = kVacuum;
  MaskGeometry higher = open;
  higher.layers[0].thickness_nm -= kHeightNm;
  // Four cells wide, it is flat to 1e-25; its volume is that of the height wanted.
  SurfaceDefect everywhere{.x_nm = 30, .y_nm = 50, .fwhm_nm = 640};
  everywhere.height_nm = kHeightNm * 160 * 160 / (640 * 640 * constants::kPi / (4 * std::numbers::ln2));
  for (const double incidence_deg : {0.0, 6.0, 20.0}) {
    const TangentialVector k = tangential_vector(incidence_deg, 65);
    const auto zero_order = [&](const MaskGeometry& geometry, const MultisliceParameters& parameters) {
      return MultisliceSolver(geometry, kWavelengthNm, k, parameters).reflect_all({0, 0}, 0, 0)(0, 0);
    };
    const OrderJones bent = zero_order(open, {.defects = {everywhere}}), moved = zero_order(higher, {});
    CHECK(std::abs(bent.xx - moved.xx) < kRounding);
    CHECK(std::abs(bent.yx - moved.yx) < kRounding);
    CHECK(std::abs(bent.yy - moved.yy) < kRounding);
  }
}

TEST_CASE("multislice mask: a shallow bump scatters its Fourier coefficients", "[validation][mask]") {
  MaskGeometry bare = contact(160);
  bare.layers.clear();
  const SurfaceDefect bump{.x_nm = 0, .y_nm = 0, .height_nm = 1e-4, .fwhm_nm = 40};
  const TangentialVector k = tangential_vector(6, 90);
  const MaskJones jones =
      MultisliceSolver(bare, kWavelengthNm, k, {.defects = {bump}}).reflect_all({0, 0}, 2, 2);
  const double cosine = std::cos(6 * constants::kPi / 180), gauss = 4 * std::numbers::ln2;
  for (int n = 0; n <= 2; ++n)
    for (int m = 1; m <= 2; ++m) {
      const double coefficient =
          bump.height_nm * 40 * 40 * constants::kPi / gauss / (160 * 160) *
          std::exp(-constants::kPi * constants::kPi * (m * m + n * n) * 40 * 40 / gauss / (160 * 160));
      const Complex expected =
          Complex(0, -2) * (2 * constants::kPi / kWavelengthNm) * cosine * coefficient * jones(0, 0).xx;
      // Of second order: the largest phase, 1e-4.
      CHECK(std::abs(jones(m, n).xx - expected) < 2e-4 * std::abs(expected));
      CHECK(std::abs(jones(-m, -n).xx - expected) < 2e-4 * std::abs(expected));
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
  CHECK_THROWS_AS(make({}).reflect_all({0, 0}, -1, 0), InputError);
  CHECK_THROWS_AS(make({.pixel_nm = 20}).reflect_all({0, 0}, 5, 0), InputError);
  CHECK_THROWS_AS(make({.defects = {{.height_nm = 1, .fwhm_nm = 0}}}), InputError);
  CHECK_THROWS_AS(make({.defects = {{.height_nm = 1, .fwhm_nm = 3}}}), InputError);
  CHECK_THROWS_AS(make({.defects = {{.height_nm = NAN, .fwhm_nm = 30}}}), InputError);
  MaskGeometry gain = lines(128);
  gain.layers[0].index_outside = {0.9, -0.1};
  CHECK_THROWS_AS(MultisliceSolver(gain, kWavelengthNm, {}), InputError);
}
