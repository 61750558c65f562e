// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "undulith/mask/mirror_curves.hpp"
#include "undulith/report/pictures.hpp"

/// Pictures of a multilayer mirror and of the absorber on it. What each one shows: docs/theory/report.md
namespace undulith::report {

/// A marked value of the axis.
struct AxisMark {
  double x = 0;
  std::string label;
};

/// Reflectance above, phase below, against wavelength, angle or thickness.
struct ReflectionPlot {
  std::string title, x_label;
  std::string reflectance_label = "reflectance", phase_label = "phase (deg)";
  mask::ReflectionCurve curve;
  std::optional<AxisMark> mark;        ///< a dashed line
  double band_low = 0, band_high = 0;  ///< shaded where band_low < band_high
  std::string band_label;
  bool logarithmic = false;  ///< the reflectance
  bool with_mean = false;    ///< also the mean of s and p, if the two differ visibly
};

/// @throws std::invalid_argument  fewer than two samples, vectors of different lengths
[[nodiscard]] Picture draw_reflection(const ReflectionPlot& plot, const PictureOptions& options);

/// The curve in front of bands in the colours of the materials.
/// @throws std::invalid_argument  fewer than two samples
[[nodiscard]] Picture draw_standing_wave(const mask::StandingWave& wave, const PictureOptions& options);

}  // namespace undulith::report
