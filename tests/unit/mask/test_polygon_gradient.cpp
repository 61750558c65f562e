// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "undulith/mask/polygon_gradient.hpp"
#include "undulith/mask/polygon_spectrum.hpp"

namespace {

using undulith::Box;
using undulith::layout::Point;
using undulith::layout::Polygon;
using Complex = std::complex<double>;

constexpr int kOrderX = 9, kOrderY = 7;
const Box kCell{-20, 10, 180, 150};

std::vector<Complex> random_sensitivity(unsigned seed, int mx, int my) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  std::vector<Complex> values;
  for (int i = 0; i < (2 * mx + 1) * (2 * my + 1); ++i) values.emplace_back(normal(engine), normal(engine));
  return values;
}

// L = Re sum over all orders of conj(d) c: linear in the coefficients.
double functional(const std::vector<Polygon>& rings, const std::vector<Complex>& d) {
  const auto half = undulith::mask::polygon_spectrum(rings, kCell, kOrderX, kOrderY);
  const std::size_t n = d.size(), middle = n / 2;
  double sum = 0;
  for (std::size_t i = kOrderX; i < half.size(); ++i) {
    const std::size_t up = middle - kOrderX + i, down = n - 1 - up;
    sum += std::real(std::conj(d[up]) * half[i]);
    if (up != down) sum += std::real(std::conj(d[down]) * std::conj(half[i]));
  }
  return sum;
}

// A Manhattan ring with a hole, a slanted ring, two rings of one height, and edges on the border of the cell.
std::vector<Polygon> mixed_rings(unsigned seed) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<double> jitter(-4, 4);
  const double x = 20 + jitter(engine), y = 40 + jitter(engine), top = 90 + jitter(engine);
  return {{{x, y}, {x + 60, y}, {x + 60, y + 20}, {x + 80, y + 20}, {x + 80, top}, {x, top}},
          {{x + 10, y + 10}, {x + 10, y + 30}, {x + 40, y + 30}, {x + 40, y + 10}},
          {{120 + jitter(engine), 30 + jitter(engine)},
           {160 + jitter(engine), 42 + jitter(engine)},
           {150 + jitter(engine), 80 + jitter(engine)},
           {125 + jitter(engine), 70 + jitter(engine)}},
          {{-20, 60}, {-5, 60}, {-5, top}, {-20, top}},
          {{100, 120}, {180, 120}, {180, 150}, {100, 150}}};
}

}  // namespace

TEST_CASE("polygon_gradient: the vertices by central differences", "[validation][mask]") {
  // The step leaves third derivatives (k step)^2 and rounding 1e-15 / step of terms of order one.
  constexpr double kStep = 1e-3, kTolerance = 2e-9;
  for (unsigned trial = 0; trial < 3; ++trial) {
    const std::vector<Polygon> rings = mixed_rings(trial);
    const auto d = random_sensitivity(50 + trial, kOrderX, kOrderY);
    const auto gradient = undulith::mask::polygon_gradient(rings, kCell, kOrderX, kOrderY, d);
    double largest = 0, worst = 0;
    for (std::size_t r = 0; r < rings.size(); ++r)
      for (std::size_t i = 0; i < rings[r].size(); ++i)
        for (double Point::*axis : {&Point::x, &Point::y}) {
          const auto moved = [&](double step) {
            auto copy = rings;
            copy[r][i].*axis += step;
            return functional(copy, d);
          };
          const double difference =
              (8 * (moved(kStep) - moved(-kStep)) - (moved(2 * kStep) - moved(-2 * kStep))) / (12 * kStep);
          worst = std::max(worst, std::abs(difference - gradient[r].d_vertex[i].*axis));
          largest = std::max(largest, std::abs(difference));
        }
    CHECK(largest > 1e-3);
    CHECK(worst < kTolerance * largest);
  }
}

TEST_CASE("polygon_gradient: an edge moves along its outward normal", "[validation][mask]") {
  constexpr double kStep = 1e-3, kTolerance = 2e-9;
  const std::vector<Polygon> rings = mixed_rings(7);
  const auto d = random_sensitivity(8, kOrderX, kOrderY);
  const auto gradient = undulith::mask::polygon_gradient(rings, kCell, kOrderX, kOrderY, d);
  double largest = 0, worst = 0;
  for (std::size_t r :
       {std::size_t{0}, std::size_t{1}, std::size_t{3}})  // the Manhattan ones: neighbours at right angles
    for (std::size_t i = 0; i < rings[r].size(); ++i) {
      const std::size_t next = (i + 1) % rings[r].size();
      const Point a = rings[r][i], b = rings[r][next];
      const double length = std::hypot(b.x - a.x, b.y - a.y);
      const auto moved = [&](double step) {
        auto copy = rings;
        for (const std::size_t end : {i, next}) {
          copy[r][end].x += step * (b.y - a.y) / length;
          copy[r][end].y -= step * (b.x - a.x) / length;
        }
        return functional(copy, d);
      };
      const double difference =
          (8 * (moved(kStep) - moved(-kStep)) - (moved(2 * kStep) - moved(-2 * kStep))) / (12 * kStep);
      worst = std::max(worst, std::abs(difference - gradient[r].d_offset[i]));
      largest = std::max(largest, std::abs(difference));
    }
  CHECK(worst < kTolerance * largest);
}

TEST_CASE("polygon_gradient: a shift of all vertices turns the phases", "[property][mask]") {
  const std::vector<Polygon> rings = mixed_rings(3);
  // L = 2 Im c_12 + 3 Re c_12: a shift by s multiplies c_12 by exp(-2 pi i s / Lx).
  std::vector<Complex> d((2 * kOrderX + 1) * (2 * kOrderY + 1));
  const std::size_t place = (kOrderY + 2) * (2 * kOrderX + 1) + kOrderX + 1;
  d[place] = {3, 2};
  const Complex c =
      undulith::mask::polygon_spectrum(rings, kCell, kOrderX, kOrderY)[2 * (2 * kOrderX + 1) + kOrderX + 1];
  const Complex per_nm = c * Complex(0, -2 * 3.14159265358979323846 / kCell.width());
  double sum = 0;
  for (const auto& ring : undulith::mask::polygon_gradient(rings, kCell, kOrderX, kOrderY, d))
    for (const Point& vertex : ring.d_vertex) sum += vertex.x;
  CHECK(sum == Approx(3 * per_nm.real() + 2 * per_nm.imag()).epsilon(1e-11));
}

TEST_CASE("polygon_gradient: refuses another number of orders", "[unit][mask]") {
  CHECK_THROWS_AS(undulith::mask::polygon_gradient({}, kCell, 3, 3, std::vector<Complex>(48)),
                  std::invalid_argument);
}
