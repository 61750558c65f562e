// SPDX-License-Identifier: MIT
// The own transforms of the imaging sum beside FFTW.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "math/line_plan.hpp"
#include "undulith/core/error.hpp"
#include "undulith/math/vector_width.hpp"
#include "unit/imaging/random_fields.hpp"

namespace {

using namespace undulith;
using namespace undulith::imaging;
using Complex = std::complex<double>;

// Sums of n terms of random phase: rounding grows with the root of their number, and with the passes.
constexpr double kDoubleRounding = 2e-14, kSingleRounding = 2e-6;

// Leaves the widest vectors behind.
struct WidestAtTheEnd {
  WidestAtTheEnd() = default;
  WidestAtTheEnd(const WidestAtTheEnd&) = delete;
  ~WidestAtTheEnd() { math::set_vector_width(math::supported_vector_widths().back()); }
};

struct Case {
  BandGrid grid;
  int columns, rows;
};

// Largest difference from FFTW, relative to the largest intensity.
double error_of(const Case& c, bool with_spectrum, Precision precision) {
  RandomFields fields(3, 1, c.columns, c.rows, static_cast<unsigned>(c.grid.nx + 31 * c.grid.ny));
  const int order_x = c.columns + 4, order_y = c.rows + 4;  // so that some rectangles are cut, others not
  const std::vector<Complex> values =
      fields.random(static_cast<std::size_t>(2 * order_x + 1) * static_cast<std::size_t>(2 * order_y + 1));
  SpectrumView spectrum{values, order_x, order_y};
  if (!with_spectrum) spectrum.values = {};
  const auto expected = accumulate_by_fftw(spectrum, fields, c.grid, {}).front();
  const auto image = accumulate(spectrum, fields, c.grid, {}, precision).front();
  double largest = 0, difference = 0;
  for (std::size_t i = 0; i < image.size(); ++i) {
    largest = std::max(largest, expected[i]);
    difference = std::max(difference, std::abs(image[i] - expected[i]));
  }
  return largest > 0 ? difference / largest : difference;
}

}  // namespace

TEST_CASE("own transforms: every length, half full and full, as FFTW", "[validation][imaging]") {
  // Lengths along x; 4 samples along y, then the other way round.
  for (int n = 1; n <= 1024; ++n) {
    if (!math::has_line_plan(n) || (n > 128 && n % 8 != 0 && n % 25 != 0 && n != 243 && n != 486)) continue;
    for (const int n_in : {n, (n + 1) / 2, std::max(1, n / 3)}) {
      CAPTURE(n, n_in);
      CHECK(error_of({{n, 4}, n_in, 2}, true, Precision::float64) < kDoubleRounding);
      CHECK(error_of({{4, n}, 3, n_in}, false, Precision::float64) < kDoubleRounding);
      CHECK(error_of({{n, 4}, n_in, 4}, false, Precision::float32) < kSingleRounding);
      CHECK(error_of({{6, n}, 5, n_in}, true, Precision::float32) < kSingleRounding);
    }
  }
}

TEST_CASE("own transforms: a length with other factors is FFTW's", "[unit][imaging]") {
  CHECK_FALSE(math::has_line_plan(7));
  CHECK_FALSE(math::has_line_plan(0));
  CHECK_THROWS_AS(math::LinePlan<double>(7, 3), std::invalid_argument);
  CHECK_THROWS_AS(math::LinePlan<double>(8, 9), std::invalid_argument);
  CHECK(error_of({{14, 11}, 7, 6}, true, Precision::float64) == 0);
}

TEST_CASE("own transforms: the same bytes at every vector width", "[property][imaging]") {
  const WidestAtTheEnd at_the_end;
  for (const Case& c : {Case{{200, 72}, 104, 37}, Case{{135, 486}, 70, 250}, Case{{17, 13}, 9, 7}})
    for (const Precision precision : {Precision::float64, Precision::float32}) {
      RandomFields fields(20, 2, c.columns, c.rows, 5);
      const std::vector<Complex> values = fields.random(static_cast<std::size_t>(2 * c.columns + 21) *
                                                        static_cast<std::size_t>(2 * c.rows + 21));
      const SpectrumView spectrum{values, c.columns + 10, c.rows + 10};
      const auto run = [&](const std::string& width) {
        math::set_vector_width(width);
        return accumulate(spectrum, fields, c.grid, {}, precision);
      };
      const std::vector<std::string> widths = math::supported_vector_widths();
      const auto narrowest = run(widths.front());
      for (const std::string& width : widths) {
        CAPTURE(width, c.grid.nx);
        CHECK(run(width) == narrowest);
      }
    }
}

TEST_CASE("own transforms: an unknown vector width is refused", "[unit][imaging]") {
  CHECK_THROWS_AS(math::set_vector_width("mmx"), InputError);
  CHECK_FALSE(math::supported_vector_widths().empty());
}
