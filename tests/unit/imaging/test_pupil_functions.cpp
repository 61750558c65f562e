// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>

#include "imaging/pupil_functions.hpp"

using namespace undulith;
using namespace undulith::imaging;

namespace {

struct Optics {
  double na, wavelength_nm, medium_index;
};

// Frequencies from the centre to the rim along both axes, of one row.
constexpr int kColumns = 77;  // no multiple of a vector
std::vector<double> row_to_rim(const Optics& optics, double gy) {
  const double rim = optics.na / optics.wavelength_nm, most = std::sqrt(rim * rim - gy * gy);
  std::vector<double> gx(kColumns);
  for (int i = 0; i < kColumns; ++i) gx[static_cast<std::size_t>(i)] = most * (2.0 * i / (kColumns - 1) - 1);
  return gx;
}

}  // namespace

TEST_CASE("pupil functions: polynomials and roots agree with the formulas", "[validation][imaging]") {
  // The second and third optics need roots in the image, the first and the fourth none.
  for (const Optics& optics :
       {Optics{0.33, 13.5, 1}, Optics{0.9, 193, 1}, Optics{1.35, 193, 1.436}, Optics{0.55, 13.5, 1}}) {
    ImagingParameters parameters{.na = optics.na, .medium_index = optics.medium_index};
    parameters.magnification_x = 4;
    parameters.magnification_y = 8;
    const PupilFunctions functions(parameters, optics.wavelength_nm);
    const double wavenumber = optics.medium_index / optics.wavelength_nm;
    for (const double share : {0.0, 0.4, 0.999}) {
      const double gy = share * optics.na / optics.wavelength_nm;
      const std::vector<double> gx = row_to_rim(optics, gy);
      std::vector<double> amplitude(gx.size(), 2.0), waves(gx.size()), xx(gx.size()), xy(gx.size()),
          yy(gx.size()), zx(gx.size()), zy(gx.size());
      functions.multiply_obliquity(gx.data(), gy, amplitude.data(), gx.size());
      functions.focus_waves(gx.data(), gy, waves.data(), gx.size());
      functions.rotate(gx.data(), gy, xx.data(), xy.data(), yy.data(), zx.data(), zy.data(), gx.size());
      for (std::size_t i = 0; i < gx.size(); ++i) {
        const double x = gx[i] / wavenumber, y = gy / wavenumber, cosine = std::sqrt(1 - x * x - y * y);
        const double object =
            1 - std::pow(optics.wavelength_nm * gx[i] / 4, 2) - std::pow(optics.wavelength_nm * gy / 8, 2);
        // Near a root of zero an error of g grows by 1/cosine^2.
        const double tolerance = 1e-15 * (4 + 1 / (cosine * cosine));
        CHECK(amplitude[i] == Approx(2 * std::pow(object, 0.25) / std::sqrt(cosine)).epsilon(tolerance));
        CHECK(waves[i] == Approx(wavenumber * (cosine - 1)).margin(1e-15 * wavenumber));
        const double q = 1 / (1 + cosine);
        CHECK(xx[i] == Approx(1 - q * x * x).margin(2e-15));
        CHECK(xy[i] == Approx(-q * x * y).margin(2e-15));
        CHECK(yy[i] == Approx(1 - q * y * y).margin(2e-15));
        CHECK(zx[i] == Approx(-x).margin(1e-16));
        CHECK(zy[i] == Approx(-y).margin(1e-16));
      }
    }
  }
}

TEST_CASE("pupil functions: a polynomial is short, or there is none", "[unit][imaging]") {
  const auto root = [](double x) { return std::sqrt(1 - x); };
  const ShortPolynomial low(root, 0.1), high(root, 0.9);
  CHECK(low.coefficients().size() < 13);
  CHECK(high.empty());
  CHECK(ShortPolynomial(root, 1).empty());
  CHECK(ShortPolynomial().empty());
}

TEST_CASE("pupil functions: beyond the rim values are finite", "[unit][imaging]") {
  ImagingParameters parameters{.na = 0.55};
  const PupilFunctions functions(parameters, 13.5);
  const std::vector<double> gx{0.1, -0.1, 1};  // 1.35 and 13.5 direction cosines
  std::vector<double> amplitude(3, 1.0), waves(3);
  functions.multiply_obliquity(gx.data(), 0.06, amplitude.data(), 3);
  functions.focus_waves(gx.data(), 0.06, waves.data(), 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(std::isfinite(amplitude[static_cast<std::size_t>(i)]));
    CHECK(std::isfinite(waves[static_cast<std::size_t>(i)]));
  }
}
