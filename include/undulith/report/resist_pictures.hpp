// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "undulith/math/isosurface.hpp"
#include "undulith/metrology/process_window.hpp"
#include "undulith/metrology/profile.hpp"
#include "undulith/metrology/roughness.hpp"
#include "undulith/report/pictures.hpp"
#include "undulith/resist/resist.hpp"

/// Pictures of the film from exposure to profile, of its roughness and of its process window.
/// What each one shows: docs/theory/report.md. The same rules as in pictures.hpp.
namespace undulith::report {

/// A vertical cut through the film, along x (at one y) or along y (at one x).
struct FilmCut {
  bool along_x = true;
  double at_nm = 0;  ///< y of a cut along x, x of a cut along y
};

/// Sections through the film, one panel per stage: dose, acid (or conversion), inhibitor, arrival time of the
/// front; the profile is a line in all panels. Depth downwards, nm; a narrow lateral cell is repeated.
[[nodiscard]] Picture draw_film_sections(const resist::ResistResult& result, const FilmCut& cut,
                                         const PictureOptions& options);

/// The remaining resist as a shaded parallel view, with scale and film thickness.
[[nodiscard]] Picture draw_profile(const resist::ResistProfile& profile, const PictureOptions& options);

/// Top-down: height of the resist in colour, its contour at cd_height, the target and the gauges.
[[nodiscard]] Picture draw_top_down(const resist::ResistProfile& profile, const layout::Clip& target,
                                    const metrology::ProfileMeasurement& measurement,
                                    const PictureOptions& options);

/// Mean periodogram against frequency (log, log) with the unbiased fit, sigma, xi, H and the analytic
/// estimate in the legend.
[[nodiscard]] Picture draw_roughness(const metrology::RoughnessResult& roughness,
                                     const std::optional<resist::LerEstimate>& estimate,
                                     const PictureOptions& options);

/// CD against focus, one curve per dose, with target, tolerance band and dose to size.
[[nodiscard]] Picture draw_bossung(const metrology::FeatureWindow& feature,
                                   const metrology::WindowParameters& parameters,
                                   const PictureOptions& options);
/// Exposure-defocus windows of all features, their overlap, its largest rectangle and ellipse.
[[nodiscard]] Picture draw_ed_window(const metrology::WindowResult& result, const PictureOptions& options);
/// Exposure latitude against depth of focus: each feature and the overlap, rectangle and ellipse.
[[nodiscard]] Picture draw_el_dof(const metrology::WindowResult& result, const PictureOptions& options);

/// Remaining thickness against dose (log), with dose to clear and contrast.
struct ContrastPicture {
  std::span<const double> dose_mj_cm2, remaining_nm;
  double thickness_nm = 0, dose_to_clear_mj_cm2 = 0, gamma = 0;  ///< 0 = not given
};
[[nodiscard]] Picture draw_contrast_curve(const ContrastPicture& curve, const PictureOptions& options);

/// Measured against calculated CD and the residuals, before and after a calibration.
struct CalibrationPicture {
  std::span<const double> measured_nm, before_nm, after_nm;
};
[[nodiscard]] Picture draw_calibration(const CalibrationPicture& fit, const PictureOptions& options);

/// CDs of many equal features (holes, or lines of many films) with the normal distribution of their mean and
/// sigma.
/// @param cd_nm  not empty;  @param target_cd_nm  0 = not drawn
[[nodiscard]] Picture draw_cd_histogram(std::span<const double> cd_nm, double target_cd_nm,
                                        const PictureOptions& options);

/// Share of failures against dose with its confidence band.
struct FailureCurve {
  std::vector<double> dose_mj_cm2, mean_cd_nm, estimate, low, high;
};
[[nodiscard]] Picture draw_failure_curve(const FailureCurve& curve, const PictureOptions& options);

}  // namespace undulith::report
