// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/illuminator/illuminator.hpp"

namespace {

using namespace undulith;
using illuminator::IlluminatorParameters;
using illuminator::PolarisationSetting;
using illuminator::PupilFill;
using illuminator::PupilRim;
using illuminator::Shape;

const source::SourceOutput kLight = source::compute_source({.kind = source::SourceKind::monochromatic});

// Share of a source whose light passes all rims.
double passing(const PupilFill& fill, const std::vector<PupilRim>& rims) {
  double sum = 0;
  for (const auto& point : fill.points) {
    bool passes = true;
    for (const PupilRim& rim : rims)
      passes = passes && std::hypot(point.sigma_x - rim.sigma_x, point.sigma_y - rim.sigma_y) <= rim.radius;
    if (passes) sum += point.weight;
  }
  return sum;
}

// Area that discs of radii a and 1 share, their centres d apart.
double lens(double a, double d) {
  if (d <= 1 - a) return constants::kPi * a * a;
  const double x = (d * d + a * a - 1) / (2 * d);
  return a * a * std::acos(x / a) + std::acos(d - x) - d * std::sqrt(a * a - x * x);
}

}  // namespace

TEST_CASE("rims: a source cut by one rim has the exact share", "[validation][illuminator]") {
  const IlluminatorParameters disc{.shape = Shape::conventional, .sigma_outer = 0.5, .grid_points = 31};
  for (const double shift : {0.6, 0.9, 1.2}) {
    const std::vector<PupilRim> rim = {{.sigma_x = -shift}};
    const double exact = lens(0.5, shift) / (constants::kPi * 0.25);
    const auto error = [&](int levels) {
      return std::abs(passing(illuminator::make_pupil_fill(disc, kLight, {rim, levels, 1000000}), rim) -
                      exact);
    };
    // Cells on the edge of the shape and the rim alike are left; they are few, and a level makes them a
    // quarter.
    CHECK(error(3) < 2e-4);
    CHECK(error(9) < 1e-6);
    const double plain = std::abs(passing(illuminator::make_pupil_fill(disc, kLight), rim) - exact);
    CHECK(error(3) < plain + 1e-12);
  }
}

TEST_CASE("rims: the price is bounded, and lists are left alone", "[unit][illuminator]") {
  const IlluminatorParameters annulus{.grid_points = 41};
  std::vector<PupilRim> rims;
  for (int i = -5; i <= 5; ++i) rims.push_back({.sigma_x = 0.31 * i, .sigma_y = 0.1});
  const std::size_t plain = illuminator::make_pupil_fill(annulus, kLight).points.size();
  const PupilFill cut = illuminator::make_pupil_fill(annulus, kLight, {rims, 6, 5000});
  CHECK(cut.points.size() > plain);
  CHECK(cut.points.size() <= 5000);
  CHECK(illuminator::make_pupil_fill(annulus, kLight, {rims, 6, 10}).points.size() == plain);
  double sum = 0;
  for (const auto& point : cut.points) {
    sum += point.weight;
    CHECK(std::hypot(point.sigma_x, point.sigma_y) <= 1);
  }
  CHECK(sum == Approx(1).epsilon(1e-12));
  const IlluminatorParameters list{.shape = Shape::points, .points = {{.sigma_x = 0.3}, {.sigma_y = 0.2}}};
  CHECK(illuminator::make_pupil_fill(list, kLight, {rims, 6, 5000}).points.size() == 2);
  CHECK_THROWS_AS(illuminator::make_pupil_fill(annulus, kLight, {rims, 13, 5000}), InputError);
}

TEST_CASE("rims: a fine grid has its points where rims and edges are", "[validation][illuminator]") {
  // The product of a smooth function, as of an image out of focus, and the step of one order.
  const IlluminatorParameters annulus{.sigma_inner = 0.4, .sigma_outer = 0.8, .grid_points = 1201};
  const std::vector<PupilRim> rims = {{.sigma_x = -0.93}, {.sigma_x = 0.93}};
  const auto mean = [&](const PupilFill& fill) {
    double sum = 0;
    for (const auto& point : fill.points)
      if (std::hypot(point.sigma_x + 0.93, point.sigma_y) <= 1)
        sum += point.weight * std::cos(9 * point.sigma_x + 4 * point.sigma_y * point.sigma_y);
    return sum;
  };
  constexpr int kBudget = 2000000;
  const PupilFill wide = illuminator::make_pupil_fill(annulus, kLight, {rims, 6, kBudget});
  const PupilFill uniform = illuminator::make_pupil_fill(
      annulus, kLight,
      {.rims = rims, .levels = 6, .max_points = kBudget, .interior = illuminator::Interior::uniform});
  CHECK(wide.rim_levels == 6);
  CHECK(wide.points.size() < uniform.points.size() / 5);
  // The uniform grid has h^2/24 of the second derivative, 1e-7 times 81 / 24 at most.
  CHECK(std::abs(mean(wide) - mean(uniform)) < 5e-7);
  CHECK(illuminator::make_pupil_fill(annulus, kLight, {rims, 6, 10}).rim_levels == 0);
}

TEST_CASE("polarisation: what the illuminator sets at each point", "[unit][illuminator]") {
  IlluminatorParameters p{
      .shape = Shape::points,
      .points = {{.sigma_x = 0.5}, {.sigma_y = 0.5}, {.sigma_x = 0.3, .sigma_y = 0.3}, {}}};
  const auto stokes = [&](PolarisationSetting setting, std::size_t i) {
    p.polarisation = setting;
    return illuminator::make_pupil_fill(p, kLight).points[i].stokes;
  };
  CHECK(stokes(PolarisationSetting::x, 0).s1 == 1);
  CHECK(stokes(PolarisationSetting::y, 1).s1 == -1);
  CHECK(stokes(PolarisationSetting::circular, 2).s3 == 1);
  // Tangential at +x is along y, at +y along x, on the diagonal along -45 deg.
  CHECK(stokes(PolarisationSetting::tangential, 0).s1 == Approx(-1));
  CHECK(stokes(PolarisationSetting::tangential, 1).s1 == Approx(1));
  CHECK(stokes(PolarisationSetting::tangential, 2).s2 == Approx(-1));
  CHECK(stokes(PolarisationSetting::radial, 2).s2 == Approx(1));
  CHECK(stokes(PolarisationSetting::tangential, 3).s1 == 0);
  CHECK(stokes(PolarisationSetting::unpolarised, 0) == optics::Stokes{});
  CHECK(stokes(PolarisationSetting::source, 0) == kLight.stokes);
}
