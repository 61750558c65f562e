// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <complex>
#include <vector>

#include "undulith/imaging/socs.hpp"
#include "undulith/layout/clip.hpp"
#include "undulith/optimise/correct_edges.hpp"

/// Small models of real optics for tests of edges.
namespace edge_cases {

inline constexpr double kNa = 0.33, kWavelengthNm = 13.5;

/// Annular light of a few points.
inline undulith::illuminator::PupilFill annulus() {
  std::vector<undulith::illuminator::SourcePoint> points;
  constexpr int kAcross = 9;
  for (int j = 0; j < kAcross; ++j)
    for (int i = 0; i < kAcross; ++i) {
      const double x = (2 * i + 1.0) / kAcross - 1, y = (2 * j + 1.0) / kAcross - 1, r = std::hypot(x, y);
      if (r >= 0.4 && r <= 0.85) points.push_back({.sigma_x = x, .sigma_y = y});
    }
  return undulith::illuminator::make_pupil_fill(std::move(points));
}

/// Kernels of a square cell at two focus positions.
inline undulith::optimise::KernelModel model_of(const undulith::Box& cell,
                                                undulith::optimise::PatternAmplitudes amplitudes = {},
                                                int n_kernels = 12) {
  using namespace undulith;
  const imaging::ImagingParameters optics{.na = kNa, .field_model = imaging::FieldModel::scalar};
  const auto fill = annulus();
  const int order =
      static_cast<int>(cell.width() * imaging::max_mask_frequency_per_nm(kNa, kWavelengthNm, fill.sigma_max));
  std::vector<imaging::SocsKernels> planes;
  for (const double focus_nm : {0.0, 40.0})
    planes.push_back(
        imaging::make_kernels(cell, order, order, kWavelengthNm, fill, optics, {focus_nm, 0}, n_kernels));
  return optimise::KernelModel(cell, std::move(planes), amplitudes);
}

inline undulith::layout::Polygon rectangle(double x0, double y0, double x1, double y1) {
  return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
}

}  // namespace edge_cases
