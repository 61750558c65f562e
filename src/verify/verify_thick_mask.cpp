// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/layout/layout_file.hpp"
#include "undulith/layout/make_clip.hpp"
#include "undulith/mask/multislice.hpp"
#include "undulith/mask/rigorous.hpp"
#include "verify/verify_cases.hpp"

// The multi-slice mask against the rigorous one, and so against nothing from outside: its accuracy is a
// matter of the model, and L01 to D01 say how good the rigorous solver is.
namespace undulith::verify {
namespace {

using optics::Polarisation;

constexpr double kMaskWavelengthNm = 13.5, kIncidenceDeg = 6, kReduction = 4;
constexpr double kPupil = 0.33 / kReduction;  // sine of its half-angle at the mask
constexpr double kSigma = 0.9;

void add_mirror(mask::MaskGeometry& geometry) {
  geometry.films.push_back({.index = {0.88635723, 0.01706603}, .thickness_nm = 2.5});
  for (int i = 0; i < 40; ++i) {
    geometry.films.push_back({.index = {0.99900165, 0.0018265}, .thickness_nm = 4.17});
    geometry.films.push_back({.index = {0.92379172, 0.00643571}, .thickness_nm = 2.78});
  }
  geometry.substrate = {.index = {0.9780317, 0.01077354}};
}

// Openings in 60 nm of TaBN.
mask::MaskGeometry absorber(const Box& cell, std::vector<layout::Polygon> openings) {
  mask::MaskGeometry geometry{.cell = cell};
  geometry.layers.push_back({.thickness_nm = 60,
                             .index_outside = {0.95, 0.031},
                             .index_inside = 1.0,
                             .polygons = std::move(openings)});
  add_mirror(geometry);
  return geometry;
}

layout::Polygon rectangle(double x0, double y0, double x1, double y1) {
  return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
}

// Largest difference of an order within the pupil, over the largest order, for s and p light of one source
// point.
double largest_error(const mask::RigorousSolver& rigorous, const mask::MultisliceSolver& multislice,
                     mask::TangentialVector chief) {
  double worst = 0;
  for (const Polarisation polarisation : {Polarisation::s, Polarisation::p}) {
    const mask::Reflection exact = rigorous.reflect({0, 0}, polarisation),
                           fast = multislice.reflect({0, 0}, polarisation);
    double error = 0, largest = 0;
    for (const mask::ReflectedOrder& wave : exact.orders) {
      if (std::hypot(wave.direction.x - chief.x, wave.direction.y - chief.y) > kPupil) continue;
      const mask::ReflectedOrder& other = fast(wave.order.m, wave.order.n);
      error = std::max(
          {error, std::abs(wave.ex - other.ex), std::abs(wave.ey - other.ey), std::abs(wave.ez - other.ez)});
      largest = std::max({largest, std::abs(wave.ex), std::abs(wave.ey), std::abs(wave.ez)});
    }
    worst = std::max(worst, error / largest);
  }
  return worst;
}

struct Allowed {
  double truncation;   // error of the rigorous solver
  double middle, rim;  // of the source
};

// What the model leaves out is of this size, and most at 10 degrees, where the mirror's reflection falls.
constexpr Allowed kLines{1e-4, 0.04, 0.04}, kTwoDimensional{1e-3, 0.02, 0.03};

// The chief ray, and the rim of the source in the plane of incidence and across it.
std::vector<CheckResult> compare(const mask::MaskGeometry& geometry, const Allowed& allowed) {
  const mask::TangentialVector chief = mask::tangential_vector(kIncidenceDeg, 90);
  const double rim = kSigma * kPupil;
  int n_orders = 0;
  const auto error_at = [&](double x, double y) {
    const mask::TangentialVector source{chief.x + x, chief.y + y};
    const mask::RigorousSolver rigorous(
        geometry, kMaskWavelengthNm, source,
        mask::suggested_truncation(geometry, kMaskWavelengthNm, allowed.truncation));
    n_orders = rigorous.n_orders();
    return largest_error(rigorous, mask::MultisliceSolver(geometry, kMaskWavelengthNm, source), chief);
  };
  const double at_middle = error_at(0, 0);
  const double at_rim = std::max({error_at(rim, 0), error_at(0, rim), error_at(0, -rim)});
  const std::string note =
      fmt::format("relative to the largest order; rigorous solver with {} orders", n_orders);
  return {compared("orders in the pupil, chief ray", at_middle, allowed.middle, note),
          compared("orders in the pupil, sigma 0.9", at_rim, allowed.rim, note)};
}

// A line with its end, and the end of the next, in a square of 70 nm at wafer scale that repeats.
std::vector<CheckResult> compare_clip(const Folders& folders) {
  const std::filesystem::path file = "layouts/asap7/asap7sc7p5t_28_R_220121a.gds";
  if (!folders.has(file))
    return {skipped("orders in the pupil", "needs the layout of ASAP7, which is not part of Undulith")};
  const layout::Clip clip = layout::make_clip(layout::read_layout(folders.third_party / file),
                                              {.cell = "INVx1_ASAP7_75t_R",
                                               .layer = 19,
                                               .window_nm = {12, 15, 82, 85},
                                               .boundary = layout::Boundary::periodic});
  const auto at_mask = [](double nm) { return kReduction * nm; };
  std::vector<layout::Polygon> openings = clip.rings;
  for (layout::Polygon& ring : openings)
    for (layout::Point& point : ring) point = {at_mask(point.x), at_mask(point.y)};
  return compare(
      absorber({at_mask(clip.cell.x0), at_mask(clip.cell.y0), at_mask(clip.cell.x1), at_mask(clip.cell.y1)},
               std::move(openings)),
      kTwoDimensional);
}

}  // namespace

std::vector<Case> thick_mask_cases(const Folders&) {
  const std::filesystem::path data = "mask";  // reads no file of it
  const auto lines = [](const Box& cell, const layout::Polygon& opening) {
    return compare(absorber(cell, {opening}), kLines);
  };
  return {
      {"MS01", "multi-slice mask, vertical TaBN lines, pitch 128 nm", data,
       [lines](const Folders&) {
         return lines({0, 0, 128, 10}, rectangle(32, 0, 96, 10));
       }},
      {"MS02", "multi-slice mask, horizontal TaBN lines, pitch 128 nm", data,
       [lines](const Folders&) {
         return lines({0, 0, 10, 128}, rectangle(0, 32, 10, 96));
       }},
      {"MS03", "multi-slice mask, 80 nm TaBN contact in a 160 nm cell", data,
       [](const Folders&) {
         return compare(absorber({0, 0, 160, 160}, {rectangle(40, 40, 120, 120)}), kTwoDimensional);
       }},
      {"MS04", "multi-slice mask, line ends of INVx1 of ASAP7, metal 1", data, compare_clip},
  };
}

}  // namespace undulith::verify
