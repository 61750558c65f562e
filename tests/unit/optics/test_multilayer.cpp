// SPDX-License-Identifier: MIT
#include <cmath>
#include <complex>
#include <fstream>
#include <functional>
#include <limits>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/materials/optical_constants.hpp"
#include "undulith/optics/mirror.hpp"
#include "undulith/optics/multilayer.hpp"

using namespace undulith;
using optics::Film;
using optics::Polarisation;
using optics::reflection_amplitude;
using Complex = std::complex<double>;

namespace {

/// Rounding of a few hundred complex operations.
constexpr double kRounding = 1e-12;
/// The reference took n and k to 8 decimals: 5e-9 in n over twice 280 nm of mirror is 1.3e-6 rad at worst,
/// and less where the wave does not reach the bottom.
constexpr double kReference = 1e-6;

struct ReferenceRow {
  double wavelength_nm, incidence_deg;
  Polarisation polarisation;
  double reflectance;
  Complex r;
};

std::vector<ReferenceRow> read_reference(const std::string& id) {
  std::ifstream stream(UNDULITH_SOURCE_DIR "/tests/reference/mask/ml_" + id + ".csv");
  std::vector<ReferenceRow> rows;
  std::string line;
  std::getline(stream, line);
  while (std::getline(stream, line)) {
    std::stringstream cells(line);
    std::vector<std::string> cell(7);
    for (auto& c : cell) std::getline(cells, c, ',');
    rows.push_back({std::stod(cell[0]), std::stod(cell[1]),
                    cell[2] == "s" ? Polarisation::s : Polarisation::p, std::stod(cell[3]),
                    Complex(std::stod(cell[4]), std::stod(cell[5]))});
  }
  REQUIRE(rows.size() > 50);
  return rows;
}

struct Stack {
  std::vector<Film> films;
  Film substrate;
};

Stack bilayers(double wavelength_nm, int count, double si_nm, double mo_nm, double ru_nm,
               double roughness_nm) {
  const auto n = [&](const char* name) { return materials::refractive_index(name, wavelength_nm); };
  Stack stack;
  if (ru_nm > 0) stack.films.push_back({n("Ru"), ru_nm, roughness_nm});
  for (int i = 0; i < count; ++i) {
    stack.films.push_back({n("Si"), si_nm, roughness_nm});
    stack.films.push_back({n("Mo"), mo_nm, roughness_nm});
  }
  stack.substrate = {n("SiO2"), 0, roughness_nm};
  return stack;
}

double worst_deviation(const std::string& id, const std::function<Stack(double)>& make) {
  double worst = 0;
  for (const ReferenceRow& row : read_reference(id)) {
    const Stack stack = make(row.wavelength_nm);
    const Complex r = reflection_amplitude(stack.films, stack.substrate, row.wavelength_nm, row.incidence_deg,
                                           row.polarisation);
    worst = std::max({worst, std::abs(r - row.r), std::abs(std::norm(r) - row.reflectance)});
  }
  return worst;
}

/// Independent of the recursion: the characteristic matrix of each film, with admittances of the tangential
/// fields. Returns r and the transmitted share of the power flux.
struct MatrixResult {
  Complex r;
  double transmittance;
};
MatrixResult characteristic_matrix(const Stack& stack, double wavelength_nm, double incidence_deg,
                                   Polarisation pol) {
  const double k = 2 * constants::kPi / wavelength_nm, sine = std::sin(incidence_deg * constants::kPi / 180);
  const auto cosine_of = [&](Complex n) {
    Complex q = std::sqrt(n * n - sine * sine);
    return q.imag() < 0 ? -q : q;
  };
  const auto admittance = [&](Complex n) {
    return pol == Polarisation::s ? cosine_of(n) : n * n / cosine_of(n);
  };
  Complex e = 1, h = admittance(stack.substrate.index);
  for (std::size_t j = stack.films.size(); j-- > 0;) {
    const Complex n = stack.films[j].index, phase = k * cosine_of(n) * stack.films[j].thickness_nm,
                  y = admittance(n);
    const Complex c = std::cos(phase), s = std::sin(phase), i(0, 1);
    const Complex e_top = c * e - i * s / y * h;
    h = c * h - i * s * y * e;
    e = e_top;
  }
  const Complex y0 = admittance(1.0);
  const Complex r = (y0 * e - h) / (y0 * e + h);
  const Complex t = 2.0 * y0 / (y0 * e + h);
  return {r, admittance(stack.substrate.index).real() / y0.real() * std::norm(t)};
}

Stack random_stack(std::mt19937& random, bool lossless) {
  std::uniform_real_distribution<double> n(0.85, 1.0), k(0, 0.08), t(0.1, 12);
  std::uniform_int_distribution<int> count(0, 12);
  const auto index = [&] { return Complex(n(random), lossless ? 0.0 : k(random)); };
  Stack stack;
  for (int i = count(random); i > 0; --i) stack.films.push_back({index(), t(random)});
  stack.substrate = {index()};
  return stack;
}

}  // namespace

TEST_CASE("multilayer: Mo/Si mirrors against two independent codes", "[validation][optics]") {
  CHECK(worst_deviation("M01", [](double w) { return bilayers(w, 40, 4.14, 2.76, 0, 0); }) < kReference);
  CHECK(worst_deviation("M02", [](double w) { return bilayers(w, 40, 4.17, 2.78, 2.5, 0); }) < kReference);
  CHECK(worst_deviation("M03", [](double w) { return bilayers(w, 40, 4.17, 2.78, 2.5, 0); }) < kReference);
  CHECK(worst_deviation("M08", [](double w) { return bilayers(w, 60, 4.14, 2.76, 0, 0); }) < kReference);
}

TEST_CASE("mirror: the model without roughness is the reference mirror", "[validation][optics]") {
  // M01 is on SiO2 instead of silicon: the wave from the bottom differs by (n - n')/(n + n') = 0.011.
  // Absorption in 276 nm of mean k = 0.0036, twice, leaves 0.4 of it, beside r up to 0.45 off the band.
  const double substrate = 2 * 0.45 * 0.4 * 0.011;
  const optics::MoSiMirror mirror{.period_nm = 6.9, .roughness_nm = 0};
  for (const ReferenceRow& row : read_reference("M01")) {
    CAPTURE(row.wavelength_nm);
    CHECK(std::abs(reflectance(mirror, row.wavelength_nm, row.incidence_deg) - row.reflectance) < substrate);
  }
}

TEST_CASE("multilayer: with the same n and k the recursion agrees to all printed digits",
          "[validation][optics]") {
  Stack stack{{{Complex(.88635723, .01706603), 2.5}}, {Complex(.9780317, .01077354)}};
  for (int i = 0; i < 40; ++i) {
    stack.films.push_back({Complex(.99900165, .0018265), 4.17});
    stack.films.push_back({Complex(.92379172, .00643571), 2.78});
  }
  const double printed = 1e-9;
  CHECK(worst_deviation("M03", [&](double) { return stack; }) < printed);
}

TEST_CASE("multilayer: rough interfaces by Nevot-Croce", "[validation][optics]") {
  CHECK(worst_deviation("M05", [](double w) { return bilayers(w, 40, 4.17, 2.78, 2.5, 0.7); }) < kReference);
}

TEST_CASE("multilayer: Nevot-Croce against a finely sliced profile", "[validation][optics]") {
  // The permittivity of every interface graded by an error function, in slices of 0.01 nm.
  const auto sliced = [](const Stack& stack, double sigma_nm) {
    constexpr double kSliceNm = 0.01;
    const double beyond_nm = 10 * sigma_nm;
    Stack graded{{}, stack.substrate};
    std::vector<Complex> index{1.0};
    std::vector<double> depth_nm{0};
    for (const Film& film : stack.films) {
      index.push_back(film.index);
      depth_nm.push_back(depth_nm.back() + film.thickness_nm);
    }
    index.push_back(stack.substrate.index);
    const int count = static_cast<int>((depth_nm.back() + 2 * beyond_nm) / kSliceNm);
    for (int i = 0; i < count; ++i) {
      const double z = -beyond_nm + (i + 0.5) * kSliceNm;
      Complex permittivity = 1.0;
      for (std::size_t j = 0; j < depth_nm.size(); ++j)
        permittivity += (index[j + 1] * index[j + 1] - index[j] * index[j]) * 0.5 *
                        std::erfc((depth_nm[j] - z) / (std::sqrt(2.0) * sigma_nm));
      graded.films.push_back({std::sqrt(permittivity), kSliceNm});
    }
    return graded;
  };
  const auto error = [&](double wavelength_nm, double sigma_nm) {
    const Stack rough = bilayers(wavelength_nm, 40, 4.17, 2.78, 2.5, sigma_nm);
    const auto reflectance_of = [&](const Stack& stack) {
      return std::norm(reflection_amplitude(stack.films, stack.substrate, wavelength_nm, 6, Polarisation::s));
    };
    return std::abs(reflectance_of(rough) - reflectance_of(sliced(rough, sigma_nm)));
  };
  CHECK(error(13.5, 0.4) < 1e-4);
  const auto worst = [&](double sigma_nm) {
    double largest = 0;
    for (const double flank_nm : {13.1, 13.2, 13.3, 13.6, 13.7, 13.8})
      largest = std::max(largest, error(flank_nm, sigma_nm));
    return largest;
  };
  CHECK(worst(0.4) < 1e-3);
  // What the factor leaves out falls as the third power of the roughness.
  CHECK(std::log2(worst(0.4) / worst(0.2)) == Approx(3).margin(0.3));
}

TEST_CASE("multilayer: grazing incidence on ruthenium", "[validation][optics]") {
  CHECK(worst_deviation("M13", [](double w) {
          return Stack{{{materials::refractive_index("Ru", w), 30}}, {materials::refractive_index("Si", w)}};
        }) < kReference);
}

TEST_CASE("multilayer: equals the characteristic-matrix method", "[validation][optics]") {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> angle(0, 75);
  for (int trial = 0; trial < 300; ++trial) {
    const Stack stack = random_stack(random, false);
    const double degrees = angle(random);
    for (const Polarisation pol : {Polarisation::s, Polarisation::p}) {
      const Complex r = reflection_amplitude(stack.films, stack.substrate, 13.5, degrees, pol);
      CHECK(std::abs(r - characteristic_matrix(stack, 13.5, degrees, pol).r) < kRounding);
    }
  }
}

TEST_CASE("multilayer: no passive stack returns more than it gets, lossless ones lose nothing",
          "[property][optics]") {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> angle(0, 89.5);
  for (int trial = 0; trial < 500; ++trial) {
    const double degrees = angle(random);
    const Stack lossy = random_stack(random, false), lossless = random_stack(random, true);
    for (const Polarisation pol : {Polarisation::s, Polarisation::p}) {
      CHECK(std::norm(reflection_amplitude(lossy.films, lossy.substrate, 13.5, degrees, pol)) <=
            1 + kRounding);
      const double reflectance =
          std::norm(reflection_amplitude(lossless.films, lossless.substrate, 13.5, degrees, pol));
      CHECK(reflectance <= 1 + kRounding);
      if (degrees < 55)  // below every critical angle of n > 0.85: light leaves through the substrate
        CHECK(reflectance + characteristic_matrix(lossless, 13.5, degrees, pol).transmittance ==
              Approx(1).epsilon(kRounding));
    }
  }
  // Beyond the critical angle of a lossless substrate all light returns.
  const double total = std::norm(reflection_amplitude({}, {0.9}, 13.5, 70, Polarisation::p));
  CHECK(total == Approx(1).epsilon(kRounding));
}

TEST_CASE("multilayer: a film of no thickness, a split film, and a stack of vacuum", "[property][optics]") {
  std::mt19937 random(3);
  for (int trial = 0; trial < 100; ++trial) {
    const Stack stack = random_stack(random, false);
    for (const Polarisation pol : {Polarisation::s, Polarisation::p}) {
      const Complex r = reflection_amplitude(stack.films, stack.substrate, 13.5, 30, pol);
      auto with_nothing = stack.films;
      with_nothing.insert(with_nothing.begin() + with_nothing.size() / 2, Film{Complex(0.9, 0.02), 0});
      CHECK(std::abs(reflection_amplitude(with_nothing, stack.substrate, 13.5, 30, pol) - r) < kRounding);
      if (stack.films.empty()) continue;
      auto split = stack.films;
      split[0].thickness_nm *= 0.3;
      split.insert(split.begin() + 1, Film{split[0].index, 0.7 * stack.films[0].thickness_nm});
      CHECK(std::abs(reflection_amplitude(split, stack.substrate, 13.5, 30, pol) - r) < kRounding);
    }
  }
  // Vacuum on vacuum does not reflect, rough or not; vacuum above a mirror is a pure phase 2 kz t.
  const std::vector<Film> empty = {{1.0, 5, 0.7}};
  CHECK(std::abs(reflection_amplitude(empty, {1.0, 0, 0.7}, 13.5, 30, Polarisation::p)) < kRounding);
  const Complex bare = reflection_amplitude({}, {Complex(0.9, 0.02)}, 13.5, 30, Polarisation::s);
  const Complex lifted = reflection_amplitude(empty, {Complex(0.9, 0.02)}, 13.5, 30, Polarisation::s);
  const double phase = 2 * 2 * constants::kPi / 13.5 * std::cos(constants::kPi / 6) * 5;
  CHECK(std::abs(lifted - bare * std::polar(1.0, phase)) < kRounding);
}

TEST_CASE("multilayer: Fresnel, Brewster and equal signs at normal incidence", "[validation][optics]") {
  const Complex n(0.9, 0.03);
  for (const Polarisation pol : {Polarisation::s, Polarisation::p})
    CHECK(std::abs(reflection_amplitude({}, {n}, 13.5, 0, pol) - (1.0 - n) / (1.0 + n)) < kRounding);
  const double brewster_deg = std::atan(0.93) * 180 / constants::kPi;
  CHECK(std::abs(reflection_amplitude({}, {0.93}, 13.5, brewster_deg, Polarisation::p)) < kRounding);
  CHECK(std::abs(reflection_amplitude({}, {0.93}, 13.5, brewster_deg, Polarisation::s)) > 0.05);
}

TEST_CASE("multilayer: the factor of a rough surface", "[validation][optics]") {
  const double wavelength_nm = 13.5, sigma_nm = 0.7, k = 2 * constants::kPi / wavelength_nm;
  const Complex n(0.9, 0.03), smooth = (1.0 - n) / (1.0 + n);
  const Complex rough = reflection_amplitude({}, {n, 0, sigma_nm}, wavelength_nm, 0, Polarisation::s);
  CHECK(std::abs(rough - smooth * std::exp(-2.0 * k * k * n * sigma_nm * sigma_nm)) < kRounding);
}

TEST_CASE("multilayer: each interface has the roughness of the film below it", "[validation][optics]") {
  const double wavelength_nm = 13.5, k = 2 * constants::kPi / wavelength_nm, thickness_nm = 4;
  const Complex a(0.9, 0.03), b(0.97, 0.01), i(0, 1);
  for (const double top : {0.0, 0.5})
    for (const double bottom : {0.0, 0.8}) {
      const Complex f0 = (1.0 - a) / (1.0 + a) * std::exp(-2.0 * k * k * a * top * top);
      const Complex f1 = (a - b) / (a + b) * std::exp(-2.0 * k * k * a * b * bottom * bottom);
      const Complex below = f1 * std::exp(2.0 * i * k * a * thickness_nm);
      const std::vector<Film> film = {{a, thickness_nm, top}};
      const Complex r = reflection_amplitude(film, {b, 0, bottom}, wavelength_nm, 0, Polarisation::p);
      CHECK(std::abs(r - (f0 + below) / (1.0 + f0 * below)) < kRounding);
    }
}

TEST_CASE("multilayer: extreme stacks stay finite", "[unit][optics]") {
  // A film as thick as a wafer hides what lies below; a film at its critical angle is no exception.
  const std::vector<Film> thick = {{Complex(0.92, 0.03), 1e6}};
  const Complex hidden = reflection_amplitude(thick, {Complex(0.7, 0.4)}, 13.5, 80, Polarisation::p);
  CHECK(std::abs(hidden - reflection_amplitude({}, {thick[0].index}, 13.5, 80, Polarisation::p)) < kRounding);

  const double sine = std::sin(60 * constants::kPi / 180);
  const std::vector<Film> critical = {{sine, 7}}, beside = {{sine * (1 + 1e-7), 7}};
  const Complex at = reflection_amplitude(critical, {Complex(0.95, 0.01)}, 13.5, 60, Polarisation::s);
  const Complex near = reflection_amplitude(beside, {Complex(0.95, 0.01)}, 13.5, 60, Polarisation::s);
  CHECK(std::abs(at - near) < 1e-5);
}

TEST_CASE("multilayer: arguments out of range", "[unit][optics]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Film> none;
  const auto call = [&](std::vector<Film> films, Film substrate, double wavelength_nm, double degrees) {
    return reflection_amplitude(films, substrate, wavelength_nm, degrees, Polarisation::s);
  };
  CHECK_THROWS_WITH(call({{Complex(0.9, -0.01), 5}}, {1.0}, 13.5, 6), Catch::Contains("gain"));
  CHECK_THROWS_AS(call(none, {Complex(0.9, -0.01)}, 13.5, 6), InputError);
  CHECK_THROWS_AS(call({{0.9, -1}}, {1.0}, 13.5, 6), InputError);
  CHECK_THROWS_AS(call({{0.9, 1, -0.1}}, {1.0}, 13.5, 6), InputError);
  CHECK_THROWS_AS(call({{nan, 1}}, {1.0}, 13.5, 6), InputError);
  CHECK_THROWS_AS(call(none, {1.0}, 0, 6), InputError);
  CHECK_THROWS_AS(call(none, {1.0}, nan, 6), InputError);
  CHECK_THROWS_AS(call(none, {1.0}, 13.5, 90), InputError);
  CHECK_THROWS_AS(call(none, {1.0}, 13.5, -1), InputError);
  CHECK_THROWS_AS(call(none, {1.0}, 13.5, nan), InputError);
}

TEST_CASE("flat stack: admittance and reflection are those of the recursion", "[property][optics]") {
  std::vector<Film> films = {{.index = {0.886, 0.017}, .thickness_nm = 2.5}};
  for (int i = 0; i < 40; ++i) {
    films.push_back({.index = {0.999, 0.0018}, .thickness_nm = 4.17});
    films.push_back({.index = {0.924, 0.0064}, .thickness_nm = 2.78});
  }
  const Film substrate{.index = {0.978, 0.011}};
  for (const double roughness_nm : {0.0, 0.7}) {
    for (Film& film : films) film.roughness_nm = roughness_nm;
    const optics::FlatStack stack(films, substrate, 13.5);
    for (const double incidence_deg : {0.0, 6.0, 40.0, 89.0})
      for (const Polarisation polarisation : {Polarisation::s, Polarisation::p}) {
        const double angle = incidence_deg * constants::kPi / 180;
        const Complex r = reflection_amplitude(films, substrate, 13.5, incidence_deg, polarisation);
        CHECK(std::abs(stack.reflection(std::sin(angle), polarisation) - r) < kRounding);
        const double y0 = polarisation == Polarisation::s ? std::cos(angle) : 1 / std::cos(angle);
        const Complex y = stack.admittance(std::sin(angle), polarisation);
        CHECK(std::abs((y0 - y) / (y0 + y) - r) < kRounding);
      }
    // Evanescent waves, however steep.
    for (const double sine : {1.0, 1.5, 8.0, 60.0})
      for (const Polarisation polarisation : {Polarisation::s, Polarisation::p}) {
        const Complex y = stack.admittance(sine, polarisation);
        CHECK(std::isfinite(std::abs(y)));
        CHECK(y.real() >= -kRounding);  // a passive mirror gives no power
      }
  }
}

TEST_CASE("flat stack: depth at which the light seems to turn", "[validation][optics]") {
  std::vector<Film> films = {{.index = {0.88635723, 0.01706603}, .thickness_nm = 2.5}};
  for (int i = 0; i < 40; ++i) {
    films.push_back({.index = {0.99900165, 0.0018265}, .thickness_nm = 4.17});
    films.push_back({.index = {0.92379172, 0.00643571}, .thickness_nm = 2.78});
  }
  const Film substrate{.index = {0.9780317, 0.01077354}};
  const double sine = std::sin(6 * constants::kPi / 180);
  // An independent recursion gives 45.6 nm (three digits).
  const optics::FlatStack mirror(films, substrate, 13.5);
  CHECK(mirror.effective_depth_nm(sine, Polarisation::s) == Approx(45.6).margin(0.06));
  // Below 100 nm of vacuum, by as much deeper.
  std::vector<Film> below = films;
  below.insert(below.begin(), {.index = 1.0, .thickness_nm = 100});
  const optics::FlatStack deep(below, substrate, 13.5);
  for (const Polarisation polarisation : {Polarisation::s, Polarisation::p})
    CHECK(deep.effective_depth_nm(sine, polarisation) - mirror.effective_depth_nm(sine, polarisation) ==
          Approx(100).margin(1e-4));
  CHECK_THROWS_AS(mirror.effective_depth_nm(0, Polarisation::s), InputError);
}

TEST_CASE("flat stack: diffuse interfaces as films, and roughness of the same width",
          "[validation][optics]") {
  // Mo-Si interfaces graded by an error function of 0.4 nm in slices, against the factor of Nevot and Croce.
  const Complex si(0.99900165, 0.0018265), mo(0.92379172, 0.00643571);
  const double sigma_nm = 0.4, step_nm = 0.05;
  const Film substrate{.index = mo};
  std::vector<Film> rough, graded;
  for (int i = 0; i < 40; ++i) {
    rough.push_back({.index = si, .thickness_nm = 4.17, .roughness_nm = i == 0 ? 0 : sigma_nm});
    rough.push_back({.index = mo, .thickness_nm = 2.78, .roughness_nm = sigma_nm});
    for (double z = step_nm / 2; z < 6.95; z += step_nm) {
      const auto share = [&](double at) { return std::erfc((z - at) / (sigma_nm * std::sqrt(2.0))) / 2; };
      const double of_mo = (i == 0 ? 0 : share(0)) + share(6.95) - share(4.17);
      const Complex permittivity = si * si + (mo * mo - si * si) * of_mo;
      graded.push_back({.index = std::sqrt(permittivity), .thickness_nm = step_nm});
    }
  }
  const optics::FlatStack by_factor(rough, substrate, 13.5), by_slices(graded, substrate, 13.5);
  for (const Polarisation polarisation : {Polarisation::s, Polarisation::p}) {
    const double sine = std::sin(6 * constants::kPi / 180);
    CHECK(std::abs(std::norm(by_factor.reflection(sine, polarisation)) -
                   std::norm(by_slices.reflection(sine, polarisation))) < 1e-3);
  }
}
