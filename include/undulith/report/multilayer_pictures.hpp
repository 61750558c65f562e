#pragma once

#include <optional>
#include <string>
#include <vector>

#include "undulith/report/pictures.hpp"

/// Pictures of a multilayer mirror and of the absorber on it. What each one shows: docs/theory/report.md
namespace undulith::report {

/// What is reflected along an axis, for both polarisations; all vectors are of one length.
struct ReflectionCurve {
  std::vector<double> x;  ///< rising
  std::vector<double> reflectance_s, reflectance_p;
  std::vector<double> phase_s_deg, phase_p_deg;  ///< without jumps
};

/// A value of the axis to look at.
struct AxisMark {
  double x = 0;
  std::string label;
};

/// Reflectance above, phase below, against wavelength, angle or thickness.
struct ReflectionPlot {
  std::string title, x_label;
  std::string reflectance_label = "reflectance", phase_label = "phase (deg)";
  ReflectionCurve curve;
  std::optional<AxisMark> mark;        ///< a dashed line
  double band_low = 0, band_high = 0;  ///< shaded where band_low < band_high
  std::string band_label;
  bool logarithmic = false;  ///< the reflectance
  bool with_mean = false;    ///< the mean of s and p as well: where they differ to the eye
};

/// @throws std::invalid_argument  fewer than two samples, vectors of unlike length
[[nodiscard]] Picture draw_reflection(const ReflectionPlot& plot, const PictureOptions& options);

/// |E|^2 against depth in films.
struct StandingWave {
  std::vector<double> depth_nm;   ///< from the top of the mirror, downwards; < 0: in vacuum
  std::vector<double> intensity;  ///< of the incident wave: 1
  struct Layer {
    std::string material;
    double top_nm = 0, bottom_nm = 0;
  };
  std::vector<Layer> layers;
};

/// The curve over bands in the colours of the materials.
/// @throws std::invalid_argument  fewer than two samples
[[nodiscard]] Picture draw_standing_wave(const StandingWave& wave, const PictureOptions& options);

}  // namespace undulith::report
