// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "undulith/core/error.hpp"
#include "undulith/imaging/imaging.hpp"

namespace {

using namespace undulith;
using imaging::ImagingParameters;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

const Box kCell{0, 0, 60, 60};

illuminator::PupilFill one_point(illuminator::SourcePoint point = {.sigma_x = 0.5}) {
  return illuminator::make_pupil_fill({point});
}

// What plan_imaging() says against these parameters; empty: nothing.
std::string objection(const ImagingParameters& parameters, const illuminator::PupilFill& fill = one_point()) {
  try {
    static_cast<void>(imaging::plan_imaging(kCell, kCell, 13.5, fill, parameters));
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

template <class Change>
std::string objection_to(Change change) {
  ImagingParameters parameters;
  change(parameters);
  return objection(parameters);
}

using Catch::Matchers::StartsWith;

}  // namespace

TEST_CASE("plan: accepts the defaults", "[unit][imaging]") {
  CHECK(objection({}).empty());
}

TEST_CASE("plan: names the key of each bad parameter", "[unit][imaging]") {
  using P = ImagingParameters;
  CHECK_THAT(objection_to([](P& p) { p.na = 1.2; }), StartsWith("imaging.na = 1.2 (must be below"));
  CHECK_THAT(objection_to([](P& p) { p.medium_index = kNan; }), StartsWith("imaging.medium_index"));
  CHECK_THAT(objection_to([](P& p) { p.depth_nm = 3; }), StartsWith("imaging.depth_nm"));
  CHECK_THAT(objection_to([](P& p) { p.vibration_x_nm = -1; }), StartsWith("imaging.vibration_x_nm"));
  CHECK_THAT(objection_to([](P& p) { p.flare.tis = 1; }), StartsWith("imaging.flare.tis"));
  CHECK_THAT(objection_to([](P& p) { p.flare.clear_density = 2; }),
             StartsWith("imaging.flare.clear_density"));
  CHECK_THAT(objection_to([](P& p) {
               p.aberrations = {{9, kNan}};
             }),
             StartsWith("imaging.aberration[1].waves"));
  CHECK_THAT(objection_to([](P& p) { p.aberrations = {{38, 0.01}}; }), StartsWith("Fringe Zernike index"));
  CHECK_THAT(objection_to([](P& p) {
               p.field_positions = {{1, {{38, 0.1}}}};
             }),
             StartsWith("Fringe Zernike index"));
  CHECK_THAT(objection_to([](P& p) { p.jones = {{4, 1, 0.1}}; }), StartsWith("imaging.jones[1].pauli"));
  CHECK_THAT(objection_to([](P& p) {
               p.jones = {{0, 1, kNan}};
             }),
             StartsWith("imaging.jones[1].coefficient"));
  CHECK_THAT(objection_to([](P& p) { p.mirrors = {{.incidence_deg = 85, .spread_deg = 10}}; }),
             StartsWith("imaging.mirror[1].incidence_deg"));
  CHECK_THAT(objection_to([](P& p) { p.socs.requested_error = kNan; }), StartsWith("imaging.socs_error"));
  CHECK_THAT(
      objection_to([](P& p) { p.films = {{.thickness_nm = 10, .index = std::complex<double>(1, -0.1)}}; }),
      StartsWith("imaging.film index"));
  CHECK_THAT(objection_to([](P& p) {
               p.phase_map = Field2D<double>(Grid2D{Plane::pupil, 5, 5, -0.8, -0.8, 0.4, 0.4});
               p.phase_map(2, 2) = kNan;
             }),
             StartsWith("imaging.phase_map_file: the pupil map"));
}

TEST_CASE("plan: refuses source points without light or without a zero order", "[unit][imaging]") {
  auto fill = one_point();
  fill.points[0].weight = kNan;
  CHECK_THAT(objection({}, fill), StartsWith("a source point has the weight"));
  fill = one_point();
  fill.points[0].sigma_x = 1.1;
  CHECK_THAT(objection({}, fill), StartsWith("a source point lies at sigma"));
  fill = one_point();
  fill.points[0].stokes.s1 = 1.1;
  CHECK_THAT(objection({}, fill), StartsWith("a source point has the Stokes vector"));
  ImagingParameters hole;
  hole.obscuration.radius = 0.5;  // closed: a zero order on its rim passes
  CHECK(objection(hole).empty());
  hole.obscuration.radius = 0.51;
  CHECK_THAT(objection(hole),
             StartsWith("imaging.obscuration_radius = 0.51 (the zero order of every source point falls"));
}

TEST_CASE("planes: refused where they are nowhere or without films", "[unit][imaging]") {
  const imaging::SpectralMask mask{
      .diffraction = {
          .cell = kCell, .window = kCell, .max_order_x = 0, .max_order_y = 0, .amplitudes = {1.0}}};
  const auto image_in = [&](imaging::ImagePlane plane) {
    return imaging::compute_images(std::span(&mask, 1), one_point(), {}, std::span(&plane, 1));
  };
  CHECK(image_in({}).size() == 1);
  CHECK_THROWS_AS(image_in({.focus_nm = kNan}), InputError);
  CHECK_THROWS_AS(image_in({.depth_nm = 5}), InputError);
}

TEST_CASE("planes: progress never falls, for either method", "[unit][imaging]") {
  const imaging::SpectralMask mask{
      .diffraction = {
          .cell = kCell, .window = kCell, .max_order_x = 0, .max_order_y = 0, .amplitudes = {1.0}}};
  const std::vector<imaging::ImagePlane> planes{{0, 0}, {20, 0}, {40, 0}};
  for (const auto method : {imaging::Method::abbe, imaging::Method::socs}) {
    ImagingParameters parameters;
    parameters.method = method;
    parameters.field_positions = {{1, {}}, {2, {{7, 0.02}}}};
    double last = 0;
    bool falls = false;
    static_cast<void>(
        imaging::compute_images(std::span(&mask, 1), one_point(), parameters, planes, [&](double fraction) {
          falls = falls || fraction < last;
          last = fraction;
        }));
    CHECK(!falls);
    CHECK(last == Approx(1).epsilon(1e-12));
  }
}
