// SPDX-License-Identifier: MIT
#pragma once

#include <complex>

#include "undulith/mask/rigorous.hpp"

/// Masks that tests and timings share; lengths at mask scale, indices at 13.5 nm.
namespace undulith::masks {

inline constexpr double kWavelengthNm = 13.5;
inline const std::complex<double> kTaBN{0.95, 0.031}, kLowN{0.90, 0.035}, kVacuum{1, 0};

inline layout::Polygon rectangle(double x0, double x1, double y0, double y1) {
  return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
}

/// Ru 2.5 / (Si 4.17 / Mo 2.78) x 40 on SiO2.
inline void add_mirror(mask::MaskGeometry& geometry) {
  geometry.films.push_back({.index = {0.88635723, 0.01706603}, .thickness_nm = 2.5});
  for (int i = 0; i < 40; ++i) {
    geometry.films.push_back({.index = {0.99900165, 0.0018265}, .thickness_nm = 4.17});
    geometry.films.push_back({.index = {0.92379172, 0.00643571}, .thickness_nm = 2.78});
  }
  geometry.substrate = {.index = {0.9780317, 0.01077354}};
}

/// Openings of half the pitch in 60 nm of TaBN.
inline mask::MaskGeometry lines(double pitch_nm) {
  mask::MaskGeometry geometry{.cell = {0, 0, pitch_nm, 10}};
  geometry.layers.push_back({.thickness_nm = 60,
                             .index_outside = kTaBN,
                             .index_inside = kVacuum,
                             .polygons = {rectangle(pitch_nm / 4, 3 * pitch_nm / 4, 0, 10)}});
  add_mirror(geometry);
  return geometry;
}

/// Square opening of half the pitch in 60 nm of TaBN.
inline mask::MaskGeometry contact(double pitch_nm) {
  mask::MaskGeometry geometry = lines(pitch_nm);
  geometry.cell = {0, 0, pitch_nm, pitch_nm};
  geometry.layers[0].polygons = {rectangle(pitch_nm / 4, 3 * pitch_nm / 4, pitch_nm / 4, 3 * pitch_nm / 4)};
  return geometry;
}

}  // namespace undulith::masks
