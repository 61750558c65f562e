// SPDX-License-Identifier: MIT
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "undulith/core/constants.hpp"
#include "undulith/mask/polygon_spectrum.hpp"

namespace {

using undulith::Box;
using undulith::layout::Point;
using undulith::layout::Polygon;
using Complex = std::complex<double>;
constexpr double kPi = undulith::constants::kPi;

// Sums of some tens of terms of order one, each good to eps.
constexpr double kRounding = 1e-14;

struct Spectrum {
  std::vector<Complex> half;
  int mx, my;
  Complex operator()(int m, int n) const { return half[n * (2 * mx + 1) + m + mx]; }
};

Spectrum spectrum_of(const std::vector<Polygon>& rings, const Box& cell, int mx, int my) {
  return {undulith::mask::polygon_spectrum(rings, cell, mx, my), mx, my};
}

Polygon rectangle(double x0, double y0, double x1, double y1) {
  return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
}

Complex line_coefficient(double a, double b, double period, int order) {
  if (order == 0) return (b - a) / period;
  const double k = 2 * kPi * order / period;
  return (std::polar(1.0, -k * a) - std::polar(1.0, -k * b)) / Complex(0, k * period);
}

}  // namespace

TEST_CASE("polygon_spectrum: rectangles have the closed form", "[validation][mask]") {
  const Box cell{100, -50, 220, 40};
  const auto spectrum = spectrum_of({rectangle(110, -41, 150, 7), rectangle(180, 10, 220, 40)}, cell, 9, 6);
  for (int n = 0; n <= 6; ++n)
    for (int m = -9; m <= 9; ++m) {
      const Complex expected = line_coefficient(10, 50, 120, m) * line_coefficient(9, 57, 90, n) +
                               line_coefficient(80, 120, 120, m) * line_coefficient(60, 90, 90, n);
      CHECK(std::abs(spectrum(m, n) - expected) < kRounding);
    }
}

TEST_CASE("polygon_spectrum: any polygon equals its cut into two, and its transpose", "[property][mask]") {
  std::mt19937_64 engine(17);
  std::uniform_real_distribution<double> uniform(5, 95);
  const Box cell{0, 0, 100, 100};
  for (int trial = 0; trial < 20; ++trial) {
    // A convex quadrilateral around the centre, cut along a diagonal.
    const Polygon quad = {
        {uniform(engine), 5}, {95, uniform(engine)}, {uniform(engine), 95}, {5, uniform(engine)}};
    const auto whole = spectrum_of({quad}, cell, 7, 7);
    const auto parts = spectrum_of({{quad[0], quad[1], quad[2]}, {quad[0], quad[2], quad[3]}}, cell, 7, 7);
    Polygon transposed;
    for (auto it = quad.rbegin(); it != quad.rend(); ++it) transposed.push_back({it->y, it->x});
    const auto swapped = spectrum_of({transposed}, cell, 7, 7);
    double area = 0;
    for (int i = 0; i < 4; ++i)
      area += (quad[i].x * quad[(i + 1) % 4].y - quad[(i + 1) % 4].x * quad[i].y) / 2;
    CHECK(whole(0, 0).real() == Approx(area / 1e4).epsilon(1e-13));
    for (int n = 0; n <= 7; ++n)
      for (int m = -7; m <= 7; ++m) {
        CHECK(std::abs(whole(m, n) - parts(m, n)) < kRounding);
        const Complex mirror = m >= 0 ? swapped(n, m) : std::conj(swapped(-n, -m));
        CHECK(std::abs(whole(m, n) - mirror) < kRounding);
      }
  }
}

TEST_CASE("polygon_spectrum: a circle tends to the Airy form with the square of the edge length",
          "[validation][mask]") {
  const Box cell{0, 0, 100, 100};
  const double radius = 30;
  const auto error = [&](int n_vertices) {
    Polygon circle;
    for (int i = 0; i < n_vertices; ++i)
      circle.push_back({50 + radius * std::cos(2 * kPi * i / n_vertices),
                        50 + radius * std::sin(2 * kPi * i / n_vertices)});
    const auto spectrum = spectrum_of({circle}, cell, 3, 3);
    double worst = 0;
    for (int n = 0; n <= 3; ++n)
      for (int m = -3; m <= 3; ++m) {
        const double q = 2 * kPi * std::hypot(m, n) / 100;
        const double disc =
            q == 0 ? kPi * radius * radius : 2 * kPi * radius * std::cyl_bessel_j(1, q * radius) / q;
        const double sign = (m + n) % 2 == 0 ? 1 : -1;
        worst = std::max(worst, std::abs(spectrum(m, n) - sign * disc / 1e4));
      }
    return worst;
  };
  CHECK(error(64) / error(128) == Approx(4).epsilon(0.02));
  CHECK(error(2048) < 1e-6);
}

TEST_CASE("polygon_spectrum: holes subtract, shifts turn the phase", "[property][mask]") {
  const Box cell{0, 0, 50, 40};
  Polygon hole = rectangle(15, 12, 25, 20);
  std::reverse(hole.begin(), hole.end());
  const auto frame = spectrum_of({rectangle(10, 10, 30, 30), hole}, cell, 4, 4);
  const auto outer = spectrum_of({rectangle(10, 10, 30, 30)}, cell, 4, 4);
  const auto inner = spectrum_of({rectangle(15, 12, 25, 20)}, cell, 4, 4);
  const auto moved = spectrum_of({rectangle(13, 17, 33, 37)}, cell, 4, 4);
  for (int n = 0; n <= 4; ++n)
    for (int m = -4; m <= 4; ++m) {
      CHECK(std::abs(frame(m, n) - (outer(m, n) - inner(m, n))) < kRounding);
      const Complex turn = std::polar(1.0, -2 * kPi * (3.0 * m / 50 + 7.0 * n / 40));
      CHECK(std::abs(moved(m, n) - outer(m, n) * turn) < kRounding);
    }
}
