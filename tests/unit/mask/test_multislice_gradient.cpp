// SPDX-License-Identifier: MIT
// The adjoint of the multi-slice mask beside central differences of the mask itself.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "support/mask_geometries.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/mask/multislice.hpp"

using namespace undulith;
using namespace undulith::mask;
using namespace undulith::masks;
using Complex = std::complex<double>;

namespace {

// Central differences of fourth order and step h = 1e-3 err by h^4, and by the rounding of a sum of some hundred numbers
// over h: 1e-12 / h.
constexpr double kStep = 1e-3, kTolerance = 1e-9;

double uniform(std::mt19937& generator) {
  return std::uniform_real_distribution<double>(-1, 1)(generator);
}
Complex random_number(std::mt19937& generator) {
  const double re = uniform(generator);
  return {re, uniform(generator)};
}

// A pattern of pixels between 0 and 1, roughly, of few orders.
PatternSpectrum random_pattern(int max_x, int max_y, unsigned seed) {
  std::mt19937 generator(seed);
  PatternSpectrum pattern{.max_order_x = max_x, .max_order_y = max_y, .values = {}};
  pattern.values.resize(static_cast<std::size_t>((2 * max_x + 1) * (2 * max_y + 1)));
  for (int n = 0; n <= max_y; ++n)
    for (int m = -max_x; m <= max_x; ++m) {
      const Complex value = m == 0 && n == 0 ? Complex(0.45) : 0.1 * random_number(generator);
      if (n == 0 && m < 0) continue;
      pattern.values[pattern.index(m, n)] = value;
      pattern.values[pattern.index(-m, -n)] = std::conj(value);
    }
  return pattern;
}

struct Case {
  std::string name;
  MaskGeometry geometry;
  std::vector<PatternSpectrum> patterns;
  MultisliceParameters parameters;
  std::vector<TangentialVector> incident;
};

MaskGeometry two_layers(double width_nm, double height_nm) {
  MaskGeometry geometry = lines(width_nm);
  geometry.cell = {0, 0, width_nm, height_nm};
  geometry.layers = {{.thickness_nm = 12, .index_outside = {0.93, 0.02}, .index_inside = kVacuum},
                     {.thickness_nm = 35, .index_outside = kTaBN, .index_inside = kVacuum}};
  return geometry;
}

std::vector<Case> cases() {
  const MultisliceParameters plain{.pixel_nm = 5, .slice_nm = 9};
  MultisliceParameters bump = plain;
  bump.defects = {{.x_nm = 30, .y_nm = 40, .height_nm = 1.4, .fwhm_nm = 40}};
  const std::vector<TangentialVector> oblique{tangential_vector(6, 90), tangential_vector(9, 25)},
      conical{tangential_vector(11, 70)};
  MaskGeometry bright = two_layers(88, 66);
  for (PatternedLayer& layer : bright.layers) std::swap(layer.index_inside, layer.index_outside);
  MaskGeometry gap = two_layers(88, 66);
  gap.layers.insert(gap.layers.begin() + 1,
                    {.thickness_nm = 0, .index_outside = kTaBN, .index_inside = kVacuum});
  MaskGeometry one = contact(70);
  const PatternSpectrum a = random_pattern(4, 3, 1), b = random_pattern(3, 5, 2), none{.values = {0.0}};
  return {{"one layer", one, {a}, plain, oblique},
          {"two layers of different patterns", two_layers(88, 66), {a, b}, plain, conical},
          {"bright field", bright, {b, a}, plain, oblique},
          {"a bump of the mirror", two_layers(88, 66), {a, b}, bump, oblique},
          {"a layer without thickness", gap, {a, none, b}, plain, conical},
          {"lines", two_layers(120, 30), {random_pattern(6, 0, 3), random_pattern(4, 0, 4)}, plain, conical},
          {"one slice per layer", two_layers(64, 64), {b, b}, {.pixel_nm = 8, .slice_nm = 40}, oblique}};
}

// L = sum of Re(conj(w) J) + |J|^2 / 2 over the four coefficients of some orders of some directions.
struct Loss {
  int max_x, max_y;
  std::vector<std::array<Complex, 4>> weights;

  Loss(int max_order_x, int max_order_y, std::size_t n_directions) : max_x(max_order_x), max_y(max_order_y) {
    std::mt19937 generator(9);
    weights.resize(n_directions * static_cast<std::size_t>((2 * max_x + 1) * (2 * max_y + 1)));
    for (auto& weight : weights)
      for (Complex& value : weight) value = random_number(generator);
  }
  static std::array<Complex, 4> elements(const OrderJones& j) { return {j.xx, j.xy, j.yx, j.yy}; }

  [[nodiscard]] double operator()(const MultisliceSolver& solver,
                                  const std::vector<TangentialVector>& incident) const {
    double sum = 0;
    auto weight = weights.begin();
    for (const TangentialVector& k : incident)
      for (const OrderJones& order : solver.reflect_direction(k, max_x, max_y).orders) {
        const auto j = elements(order);
        for (std::size_t i = 0; i < 4; ++i)
          sum += (std::conj((*weight)[i]) * j[i]).real() + std::norm(j[i]) / 2;
        ++weight;
      }
    return sum;
  }
  [[nodiscard]] std::vector<DirectionSensitivity> sensitivities(
      const MultisliceSolver& solver, const std::vector<TangentialVector>& incident) const {
    std::vector<DirectionSensitivity> result;
    auto weight = weights.begin();
    for (const TangentialVector& k : incident) {
      MaskJones d = solver.reflect_direction(k, max_x, max_y);
      for (OrderJones& order : d.orders) {
        order.xx += (*weight)[0];
        order.xy += (*weight)[1];
        order.yx += (*weight)[2];
        order.yy += (*weight)[3];
        ++weight;
      }
      result.push_back({k, d});
    }
    return result;
  }
};

double largest_of(const std::vector<PatternSpectrum>& gradients) {
  double largest = 0;
  for (const PatternSpectrum& gradient : gradients)
    for (const Complex& g : gradient.values) largest = std::max(largest, std::abs(g));
  return largest;
}

}  // namespace

TEST_CASE("multislice gradient: of every layer's coefficients as by differences", "[validation][mask]") {
  for (const Case& entry : cases()) {
    const MultisliceSolver solver(entry.geometry, entry.patterns, kWavelengthNm, entry.parameters);
    const Loss loss(3, entry.patterns.front().max_order_y > 0 ? 2 : 0, entry.incident.size());
    const auto gradients = solver.gradient(loss.sensitivities(solver, entry.incident));
    REQUIRE(gradients.size() == entry.patterns.size());
    const double largest = largest_of(gradients);
    REQUIRE(largest > 0);
    for (std::size_t l = 0; l < entry.patterns.size(); ++l) {
      const PatternSpectrum& gradient = gradients[l];
      const int max_x = std::min(5, gradient.max_order_x), max_y = std::min(5, gradient.max_order_y);
      for (int n = 0; n <= max_y; n += 1 + n)
        for (int m = -max_x; m <= max_x; m += 2)
          for (const Complex direction : {Complex(1, 0), Complex(0, 1)}) {
            const bool is_mean = m == 0 && n == 0;
            if (is_mean && direction.imag() != 0) continue;
            const auto value = [&](double h) {
              auto patterns = entry.patterns;
              PatternSpectrum& own = patterns[l];
              PatternSpectrum wide =
                  random_pattern(std::max(max_x, own.max_order_x), std::max(max_y, own.max_order_y), 0);
              std::ranges::fill(wide.values, 0.0);
              for (int j = -own.max_order_y; j <= own.max_order_y; ++j)
                for (int i = -own.max_order_x; i <= own.max_order_x; ++i)
                  wide.values[wide.index(i, j)] = own.values[own.index(i, j)];
              wide.values[wide.index(m, n)] += h * direction;
              if (!is_mean) wide.values[wide.index(-m, -n)] += h * std::conj(direction);
              own = wide;
              return loss(MultisliceSolver(entry.geometry, patterns, kWavelengthNm, entry.parameters),
                          entry.incident);
            };
            const double expected =
                (8 * (value(kStep) - value(-kStep)) - (value(2 * kStep) - value(-2 * kStep))) / (12 * kStep);
            const Complex g = gradient.values[gradient.index(m, n)];
            const double computed = (is_mean ? 1 : 2) * (std::conj(g) * direction).real();
            CAPTURE(entry.name, l, m, n, direction, expected, computed);
            CHECK(std::abs(computed - expected) < kTolerance * largest);
          }
    }
  }
}

TEST_CASE("multislice gradient: a pattern is real", "[property][mask]") {
  const Case entry = cases()[1];
  const MultisliceSolver solver(entry.geometry, entry.patterns, kWavelengthNm, entry.parameters);
  const Loss loss(3, 2, entry.incident.size());
  for (const PatternSpectrum& g : solver.gradient(loss.sensitivities(solver, entry.incident)))
    for (std::size_t k = 0; k < g.values.size(); ++k)
      CHECK(std::abs(g.values[k] - std::conj(g.values[g.values.size() - 1 - k])) < 1e-12);
}

TEST_CASE("multislice gradient: single precision, threads, no directions", "[unit][mask]") {
  const Case entry = cases()[3];
  MultisliceParameters single = entry.parameters;
  single.precision = Precision::float32;
  std::vector<TangentialVector> incident;
  for (int i = 0; i < 21; ++i) incident.push_back(tangential_vector(3 + 0.4 * i, 17.0 * i));
  const Loss loss(3, 2, incident.size());
  const MultisliceSolver solver(entry.geometry, entry.patterns, kWavelengthNm, entry.parameters),
      fast(entry.geometry, entry.patterns, kWavelengthNm, single);
  const auto sensitivities = loss.sensitivities(solver, incident);
  const auto exact = solver.gradient(sensitivities), quick = fast.gradient(sensitivities);
  const double largest = largest_of(exact);
  constexpr double kSingle = 1e-5;
  for (std::size_t l = 0; l < exact.size(); ++l)
    for (std::size_t k = 0; k < exact[l].values.size(); ++k)
      CHECK(std::abs(exact[l].values[k] - quick[l].values[k]) < kSingle * largest);
  const int before = thread_count();
  set_thread_count(before == 1 ? 3 : 1);
  const auto again = solver.gradient(sensitivities);
  set_thread_count(before);
  for (std::size_t l = 0; l < exact.size(); ++l) CHECK(again[l].values == exact[l].values);
  for (const PatternSpectrum& g : solver.gradient({})) CHECK(largest_of({g}) == 0);
}

TEST_CASE("multislice mask: patterns are the polygons that they come from", "[unit][mask]") {
  const MultisliceParameters parameters{.pixel_nm = 5, .slice_nm = 9};
  const MaskGeometry geometry = contact(70);
  PatternSpectrum pattern{.max_order_x = 20, .max_order_y = 20, .values = {}};
  for (int n = -20; n <= 20; ++n)
    for (int m = -20; m <= 20; ++m) {
      const auto line = [](int k) {  // of an opening from 1/4 to 3/4 of the period
        return k == 0 ? Complex(0.5)
                      : std::sin(constants::kPi * k / 2) / (constants::kPi * k) *
                            std::polar(1.0, -constants::kPi * k);
      };
      pattern.values.push_back(line(m) * line(n));
    }
  const TangentialVector k = tangential_vector(6, 35);
  const MaskJones a = MultisliceSolver(geometry, kWavelengthNm, {}, parameters).reflect_direction(k, 3, 3),
                  b = MultisliceSolver(geometry, std::vector{pattern}, kWavelengthNm, parameters)
                          .reflect_direction(k, 3, 3);
  for (std::size_t i = 0; i < a.orders.size(); ++i) CHECK(std::abs(a.orders[i].xx - b.orders[i].xx) < 1e-12);
  const auto wrong = [&](const std::vector<PatternSpectrum>& patterns) {
    return MultisliceSolver(geometry, patterns, kWavelengthNm, parameters);
  };
  CHECK_THROWS_AS(wrong({}), InputError);
  CHECK_THROWS_AS(wrong({{.max_order_x = 1, .max_order_y = 0, .values = {1.0}}}), InputError);
}
